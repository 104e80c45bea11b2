"""Rules beside a model: they win over fragments, and leave names that hold a date whole."""

from typing import Any

from tasks.rules.merging import added


def row(label: str, text: str, word: str, **more: Any) -> dict[str, Any]:
    start = text.index(word)
    place = {"word": word, "start": start, "end": start + len(word)}
    return {"entity_group": label, "score": 0.9, **place, **more}


def said(text: str, *found: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(e["entity_group"], e["word"], e.get("found_by", "model")) for e in added(text, found)]


def test_fragments_of_what_a_rule_found_go() -> None:
    text = "Write to maria@example.com."
    parts = row("EMAIL", text, "maria@"), row("ORG", text, "example"), row("EMAIL", text, "com")
    assert said(text, *parts) == [("EMAIL", "maria@example.com", "rules")]


def test_a_model_s_own_finding_of_the_same_is_not_doubled() -> None:
    text = "On Friday."
    assert said(text, row("DATE", text, "Friday")) == [("DATE", "Friday", "rules")]


def test_a_name_beside_it_is_kept_and_ends_where_the_rule_s_begins() -> None:
    text = "Ask Maria maria@example.com"
    assert said(text, row("PER", text, "Maria maria@")) == [
        ("PER", "Maria", "model"),
        ("EMAIL", "maria@example.com", "rules"),
    ]


def test_a_name_that_holds_a_date_is_the_model_s() -> None:
    text = "She reads the Sunday Times on Monday."
    assert said(text, row("ORG", text, "Sunday Times")) == [
        ("ORG", "Sunday Times", "model"),
        ("DATE", "Monday", "rules"),
    ]


def test_an_address_around_an_e_mail_is_cut_there() -> None:
    text = "12 High Street, ann@example.com, Leeds"
    assert said(text, row("ADDRESS", text, text)) == [
        ("ADDRESS", "12 High Street", "model"),
        ("EMAIL", "ann@example.com", "rules"),
        ("ADDRESS", "Leeds", "model"),
    ]


def test_a_model_without_offsets_loses_its_fragments_too() -> None:
    text = "Ann, ann@example.com"
    found = [row("PER", text, "Ann"), row("EMAIL", text, "ann@")]
    for entity in found:
        entity["start"] = entity["end"] = None
    words = [(e["entity_group"], e["word"]) for e in added(text, found)]
    assert words == [("PER", "Ann"), ("EMAIL", "ann@example.com")]


def test_pieces_get_the_rules_label_as_theirs() -> None:
    text = "at 3 pm"
    piece = {"entity": "B-DATE", "index": 2, "score": 0.5, "word": "3", "start": 3, "end": 4}
    assert added(text, [piece], raw=True) == [
        {"entity": "TIME", "score": 1.0, "word": "3 pm", "start": 3, "end": 7, "found_by": "rules"}
    ]


def test_what_nobody_can_place_stays() -> None:
    lost = {"entity_group": "PER", "score": 0.5, "word": "Zoë", "start": None, "end": None}
    assert added("at noon", [lost])[0] == lost
