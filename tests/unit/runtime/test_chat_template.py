"""Chat templates as transformers renders them; and what they are not allowed."""

from pathlib import Path

import pytest

from runtime.chat_template import has_template, render

MESSAGES = [
    {"role": "system", "content": " Be brief. "},
    {"role": "user", "content": 'Say "<好>"\n& go'},
]
VARIABLES = {
    "messages": MESSAGES,
    "tools": None,
    "documents": None,
    "add_generation_prompt": True,
    "bos_token": "<s>",
}
TEMPLATES = (
    "{{ bos_token }}{% for m in messages %}\n  {% if m.role == 'user' %}\nU {{ m.content | trim }}"
    "\n  {% endif %}\n{% endfor %}{% if add_generation_prompt %}A:{% endif %}",
    "{% for m in messages %}{% if loop.first %}{% continue %}{% endif %}{{ m | tojson }}"
    "{% break %}{% endfor %}",
    "{{ messages | tojson(indent=2, sort_keys=true) }}",
    "{% set ns = namespace(n=0) %}{% for m in messages %}{% set ns.n = ns.n + 1 %}{% endfor %}"
    "{{ ns.n }}",
    "{% for m in messages %}{% generation %}{% set x = m.content %}{{ x }}{{ m.role }}"
    "{% endgeneration %}{{ x is defined }}{% endfor %}",
    "{{ dict(a=1).items() | list }} {{ dict.fromkeys('ab', 1) }} {{ strftime_now('%Y') }}",
    "{% macro say(m) %}[{{ m['role'] }}]{{ caller() if caller else '' }}{% endmacro %}"
    "{% for m in messages %}{{ say(m) }}{% endfor %}{{ tools is none }}{{ nothing }}",
    "{% if not messages[5] %}{{ messages[1:] | length }}{% endif %}"
    "{{ messages.append is defined }}",
)


@pytest.mark.parametrize("template", TEMPLATES)
def test_it_is_what_transformers_renders(template: str) -> None:
    from transformers.utils.chat_template_utils import render_jinja_template

    (theirs,), _ = render_jinja_template(
        [MESSAGES], chat_template=template, add_generation_prompt=True, bos_token="<s>"
    )
    assert render({}, template, VARIABLES) == {"text": theirs}


@pytest.mark.parametrize(
    ("template", "refusal"),
    [
        ("{{ raise_exception('Only one system message') }}", "Only one system message"),
        ("{{ namespace(_a=1) }}", "a namespace holds no '_a'"),
        ("{% set ns = namespace() %}{% set ns._a = 1 %}", "a namespace holds no '_a'"),
        ("{{ messages.append(1) }}", "attribute 'append' of 'list' object is unsafe"),
        ("{{ ''.__class__.__mro__ }}", "attribute '__class__' of 'str' object is unsafe"),
        ("{% for m in messages %}", "Unexpected end of template"),
    ],
)
def test_what_it_refuses_is_told(template: str, refusal: str) -> None:
    assert refusal in render({}, template, VARIABLES)["refusal"]


def test_settings_nested_beyond_all_reading_have_none(tmp_path: Path) -> None:
    (tmp_path / "tokenizer_config.json").write_text("[" * 200_000)
    assert not has_template(tmp_path)
