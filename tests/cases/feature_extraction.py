from tests.cases import Case, Exchange

VECTOR = [0.6, 0.8]

CASE = Case(
    given={
        "text": "Where is the station?",
        "normalize": True,
        "model": "package/all-minilm-l6-v2",
    },
    shape=list[float],
    bad=(
        ({"text": "  "}, "no text to read"),
        ({"text": []}, "no text to read"),
        ({"text": ["fine", ""]}, "Text 2 of 2 is empty"),
        ({"text": "x" * 20_001}, "has 20,001 characters"),
        ({"text": ["x"] * 201}, "These are 201 lines"),
        ({"text": 7}, "'text'"),
        ({"pooling": "max"}, "'pooling'"),
        ({"normalize": "perhaps"}, "'normalize'"),
        ({"text": ["a " * 300] * 2, "pooling": "none"}, "each of 604 tokens is too much"),
        ({"model": "sample/sentiment-fr"}, "no sample/sentiment-fr here"),
    ),
    exchanges=(
        Exchange({"text": "fine"}, {"pooling": "cls"}, VECTOR),
        Exchange({"text": ["a", "b"]}, {"normalize": True}, [VECTOR, VECTOR]),
        Exchange({"text": "fine"}, {"pooling": "none"}, [[[1.0, 0.0], [0.0, 1.0]]]),
    ),
    texts=("text",),
)
