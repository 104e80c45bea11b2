from tabs.text2text_generation import TAB

INPUTS = {"text": "fix: he go. She go. <b>"}


def show(text: str, done: bool) -> str:
    [html] = TAB.show([{"generated_text": text}], INPUTS, done)
    return html


def test_an_answer_without_a_whole_line_yet_is_not_called_empty() -> None:
    assert "will appear here" in show("", done=False)
    assert "nothing at all" in show("", done=True)


def test_what_changed_is_marked_and_escaped() -> None:
    html = show("He go. She go. <b>", done=True)
    assert "<ins>He</ins>" in html
    assert "<b>" not in html
