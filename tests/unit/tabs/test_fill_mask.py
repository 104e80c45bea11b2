from tabs.fill_mask import TAB, filled


def row(token_str: str, score: float = 0.5, sequence: str = "") -> dict:
    return {"score": score, "token": 1, "token_str": token_str, "sequence": sequence}


def test_the_best_word_stands_in_the_gap() -> None:
    (html,) = TAB.show([row("cat"), row("dog", 0.2)], {"text": "My [MASK] sleeps."}, True)
    assert "My <mark>cat</mark> sleeps." in html
    assert html.index(">cat<") < html.index(">dog<")


def test_each_gap_has_its_word_and_its_bars() -> None:
    value = [[row("cat")], [row("sleeps")]]
    (html,) = TAB.show(value, {"text": "My ___ [MASK]."}, True)
    assert "My <mark>cat</mark> <mark>sleeps</mark>." in html
    assert "Gap 1" in html
    assert "Gap 2" in html


def test_endings_and_blanks_of_tokens_do_not_show() -> None:
    assert filled("play [MASK]", [[row("##ing")]]) == "play<mark>ing</mark>"
    assert filled("a <mask>", [[row(" cat")]]) == "a <mark>cat</mark>"


def test_what_was_not_read_stays() -> None:
    assert filled("a [MASK] b [MASK]", [[row("x")]]) == "a <mark>x</mark> b [MASK]"


def test_a_gap_that_only_the_model_knows_shows_the_models_sentence() -> None:
    assert filled("a <s1>", [[row("x", sequence="a <x>")]]) == "a &lt;x&gt;"


def test_text_and_words_are_escaped() -> None:
    (html,) = TAB.show([row("<b>")], {"text": "<i>[MASK]"}, True)
    assert "<i>" not in html
    assert "<mark>&lt;b&gt;</mark>" in html


def test_the_gist_names_the_best_words() -> None:
    assert TAB.gist([[row("cat")], [row(" sleeps")]], {"text": ""}) == "cat, sleeps"
    assert TAB.gist([row("cat"), row("dog")], {"text": ""}) == "cat"
