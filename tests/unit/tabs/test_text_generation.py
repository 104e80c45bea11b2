from tabs.text_generation import GIST_CHARACTERS, TAB

TALK = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello <b>"}]


def generated(text: object) -> list[dict]:
    return [{"generated_text": text}]


def collected(text: str, system: str = "", history: list | None = None) -> object:
    values = {"text": text, "system": system, "history": history or [], "anew": "New"}
    return TAB.collect(values)["text"]


def test_a_text_alone_is_a_text() -> None:
    assert collected("Once") == "Once"


def test_instructions_make_it_a_conversation() -> None:
    assert collected("Hi", " Be kind. ") == [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": "Hi"},
    ]


def test_a_conversation_goes_on_under_the_instructions_of_now() -> None:
    old = [{"role": "system", "content": "Be rude."}, *TALK]
    next_message = {"role": "user", "content": "And?"}
    assert collected("And?", "", old) == [*TALK, next_message]
    assert collected("And?", "Be kind.", old)[0] == {"role": "system", "content": "Be kind."}


def test_what_is_new_is_marked_and_escaped() -> None:
    html, complete = TAB.show(generated("<i>Once upon"), {"text": "<i>Once"}, True)
    assert "&lt;i&gt;Once</span><mark> upon</mark>" in html
    assert "caret" not in html
    assert complete is None


def test_a_growing_text_shows_that_it_grows() -> None:
    html, _ = TAB.show(generated("Once upon"), {"text": "Once"}, False)
    assert "caret" in html


def test_a_conversation_shows_who_speaks_and_is_kept_once_complete() -> None:
    html, complete = TAB.show(generated(TALK), {"text": "Hi"}, True)
    assert "Hello &lt;b&gt;" in html
    assert html.index("You") < html.index("Model")
    assert complete == TALK
    assert TAB.show(generated(TALK), {"text": "Hi"}, False)[1] is None


def test_the_gist_is_what_is_new_in_one_line() -> None:
    assert TAB.gist(generated("Once\nupon  a"), {"text": "Once"}) == "upon a"
    assert TAB.gist(generated(TALK), {"text": "Hi"}) == "Hello <b>"
    assert len(TAB.gist(generated("a" * 1000), {"text": ""})) == GIST_CHARACTERS


def test_an_example_begins_anew() -> None:
    assert TAB.example("Once") == {"system": "", "history": [], "text": "Once"}
    talk = {"text": "Hi", "system": "Be kind."}
    assert TAB.example(talk) == {"history": [], **talk}
    assert TAB.caption(talk) == "Hi"
