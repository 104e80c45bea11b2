"""READMEs from strangers: readable, and harmless."""

import re

import pytest

from tabs.models.readme import render

HOME = "https://hub.example/org/model/blob/main/"

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<IMG SRC='https://evil.example/a.png'>",
    "![x](https://evil.example/a.png)",
    "[x](javascript:alert(1))",
    "[x](  jAvAsCrIpT&#58;alert(1))",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='vbscript:x' onclick=alert(1)>x</a>",
    "<iframe src='https://evil.example'></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<object data='https://evil.example'></object><embed src='https://evil.example'>",
    "<svg onload=alert(1)><image href='https://evil.example/a.png'/></svg>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<style>@import url(https://evil.example/a.css)</style>",
    "<p style='background:url(https://evil.example/a.png)'>x</p>",
    "<link rel=stylesheet href='https://evil.example/a.css'>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<base href='https://evil.example/'>",
    "<form action='https://evil.example'><input name=token><button>Sign in</button></form>",
    "<video src='https://evil.example/a.mp4' autoplay></video>",
    "<table background='https://evil.example/a.png'><tr><td>x</td></tr></table>",
    "<div id='root' class='problem' role='alert'>x</div>",
    "<input autofocus onfocus=alert(1)>",
    "<!--><script>alert(1)</script>-->",
    "[x]: javascript:alert(1)\n\n[x]",
]
FORBIDDEN = re.compile(
    r"<(?!/?(a|p|div|table|tbody|thead|tr|td|th|em|ul|li|pre|code)\b)[a-z]"
    r"|\s(on\w+|style|src|srcdoc|id|class|role|background|name|action)\s*="
    r"|href=[\"']?\s*(javascript|data|vbscript)",
    re.IGNORECASE,
)


@pytest.mark.parametrize("source", HOSTILE)
def test_nothing_of_it_acts_or_asks_another_host(source: str) -> None:
    drawn = render(source, HOME)
    tags = "".join(re.findall(r"<[^>]*>", drawn))
    assert not FORBIDDEN.search(tags), drawn


def test_markdown_is_drawn() -> None:
    drawn = render("# T\n\n| a |\n|---|\n| 1 |\n\n~~no~~ **yes**\n\n```python\nx < 1\n```\n", HOME)
    for part in ("<h1>T</h1>", "<td>1</td>", "<s>no</s>", "<strong>yes</strong>", "x &lt; 1"):
        assert part in drawn


def test_links_open_beside_the_page_and_files_are_the_models() -> None:
    drawn = render("[a](https://x.example/) [b](config.json) [c](#part)", HOME)
    assert 'href="https://x.example/"' in drawn
    assert f'href="{HOME}config.json"' in drawn
    assert drawn.count("noopener") == 3
    assert drawn.count('target="_blank"') == 3
    assert "#part" not in drawn


def test_pictures_become_what_they_are_called() -> None:
    assert render("![A chart](a.png)", HOME) == "<p>A chart</p>\n"


def test_what_is_no_address_is_no_link() -> None:
    assert "href" not in render("<a href='http://[x'>x</a>", HOME)
