from tests.cases import Case

CASE = Case(
    given={"text": ["Where is the station?", "你好"], "model": "package/all-minilm-l6-v2"},
    shape=list[list[float]],
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
)
