import base64
import io
import json
import re

import numpy as np
import pytest

from tabs import vectors
from tabs.feature_extraction import TAB

HOSTILE = '<img src=x onerror="alert(1)">'


def files(html: str) -> dict[str, bytes]:
    """What the page's download links hold, by file name."""
    links = re.findall(r'download="([^"]+)" href="data:[^;]+;base64,([^"]+)"', html)
    return {name: base64.b64decode(content) for name, content in links}


class TestCollect:
    def test_lines_are_texts(self) -> None:
        assert TAB.collect({"text": " one \n\n two\n"}) == {"text": ["one", "two"]}
        assert TAB.collect({"text": "one\n"}) == {"text": "one"}
        assert TAB.collect({"text": None}) == {"text": ""}


class TestOneText:
    def test_size_and_length_are_said_and_no_wall_of_numbers(self) -> None:
        (html,) = TAB.show([3.0, -4.0] + [0.0] * 98, {"text": "x"}, True)
        assert "<dd>100</dd><dt>numbers" in html
        assert "<dd>5.00</dd><dt>length" in html
        assert html.count("<i ") == vectors.STRIP
        assert TAB.gist([3.0, -4.0], {"text": "x"}) == "2 numbers"

    def test_the_strip_points_where_the_numbers_do(self) -> None:
        html = vectors.strip(np.array([2.0, -1.0, 0.0]))
        assert re.findall(r'class="(\w+)" style="--tall:([\d.]+)%"', html) == [
            ("up", "50.0"),
            ("down", "25.0"),
            ("up", "0.0"),
        ]

    def test_a_vector_of_zeros_is_drawn(self) -> None:
        (html,) = TAB.show([0.0, 0.0], {"text": "x"}, True)
        assert "<dd>0.00</dd>" in html

    def test_the_files_are_the_answer(self) -> None:
        (html,) = TAB.show([1.5, -2.25], {"text": "x"}, True)
        saved = files(html)
        assert json.loads(saved["vectors.json"]) == [1.5, -2.25]
        loaded = np.load(io.BytesIO(saved["vectors.npy"]))
        assert loaded.dtype == np.float32
        assert loaded.tolist() == [1.5, -2.25]


class TestSeveralTexts:
    VALUE = ((1.0, 0.0, 0.0), (0.0, 2.0, 0.0), (3.0, 4.0, 0.0))
    TEXTS = ("east", "north", HOSTILE)

    @pytest.fixture
    def html(self) -> str:
        return TAB.show([list(v) for v in self.VALUE], {"text": list(self.TEXTS)}, True)[0]

    def test_the_closest_two_come_first(self, html: str) -> None:
        assert "<b>0.80</b><ul><li>north</li><li>&lt;img" in html
        value = [list(v) for v in self.VALUE]
        assert TAB.gist(value, {"text": list(self.TEXTS)}) == "Closest: 2 and 3 (0.80)"

    def test_the_heat_map_holds_every_cosine(self, html: str) -> None:
        cells = re.findall(r'<td class="(\w*)"[^>]*>([\d.]+)</td>', html)
        assert [float(number) for _, number in cells] == [1, 0, 0.6, 0, 1, 0.8, 0.6, 0.8, 1]
        assert [n for n, (kind, _) in enumerate(cells) if kind == "same"] == [0, 4, 8]

    def test_what_a_visitor_wrote_stays_text(self, html: str) -> None:
        assert "<img" not in html
        assert 'onerror="' not in html

    def test_the_files_are_the_answer(self, html: str) -> None:
        saved = files(html)
        assert json.loads(saved["vectors.json"]) == [list(v) for v in self.VALUE]
        assert np.load(io.BytesIO(saved["vectors.npy"])).tolist() == [list(v) for v in self.VALUE]

    def test_a_growing_answer_is_drawn_as_far_as_it_goes(self) -> None:
        (html,) = TAB.show([[1.0, 0.0], [1.0, 1.0]], {"text": ["a", "b", "c"]}, False)
        assert "<b>0.71</b><ul><li>a</li><li>b</li></ul>" in html
        assert html.count('scope="row"') == 2

    def test_the_same_text_twice_and_a_text_of_zeros(self) -> None:
        (html,) = TAB.show([[1.0, 2.0], [1.0, 2.0], [0.0, 0.0]], {"text": ["a", "a", "b"]}, True)
        assert "nan" not in re.sub(r'href="[^"]*"', "", html)
        assert "<b>1.00</b>" in html

    def test_of_many_texts_the_first_are_drawn_and_all_are_saved(self) -> None:
        value = np.random.default_rng(1).normal(size=(60, 8)).round(4).tolist()
        texts = [f"text {n}" for n in range(60)]
        (html,) = TAB.show(value, {"text": texts}, True)
        assert "Only the first 40 of 60 texts are drawn" in html
        assert html.count('scope="row"') == vectors.MOST_SHOWN
        assert len(json.loads(files(html)["vectors.json"])) == 60


class TestMap:
    def test_it_keeps_the_directions_in_which_texts_differ(self) -> None:
        flat = np.array([[0.0, 0, 5], [4, 0, 5], [0, 2, 5], [4, 2, 5]])
        points, share = vectors.plane(flat)
        assert share == pytest.approx(1)
        assert np.linalg.norm(points[0] - points[3]) == pytest.approx(np.sqrt(20))
        assert vectors.plane(np.eye(4))[1] == pytest.approx(2 / 3)

    def test_two_texts_lie_on_a_line(self) -> None:
        points, share = vectors.plane(np.array([[1.0, 0], [0, 1]]))
        assert share == pytest.approx(1)
        assert abs(points[0, 0] - points[1, 0]) == pytest.approx(np.sqrt(2))
        assert points[:, 1] == pytest.approx([0, 0])

    def test_dots_stay_inside_and_keep_their_shape(self) -> None:
        html = vectors.scatter(["a", "b", "c"], np.array([[0.0, 0], [8, 0], [0, 1]]))
        places = re.findall(r'dot" style="left:([\d.]+)%;top:([\d.]+)%', html)
        (ax, ay), (bx, by), (cx, cy) = ((float(x) * 5.2, float(y) * 3.2) for x, y in places)
        assert all(0 <= x <= 520 and 0 <= y <= 320 for x, y in ((ax, ay), (bx, by), (cx, cy)))
        assert (bx - ax) / (ay - cy) == pytest.approx(8, abs=0.2)

    def test_names_lie_over_no_other_name_or_dot(self) -> None:
        points = np.random.default_rng(3).normal(size=(14, 2))
        texts = [f"some text with number {n}" for n in range(14)]
        html = vectors.scatter(texts, points)
        dots = re.findall(r'dot" style="left:([\d.]+)%;top:([\d.]+)%', html)
        names = re.findall(r'name (\w+)" style="left:([\d.]+)%;top:([\d.]+)%', html)
        assert len(dots) == 14
        assert 4 <= len(names) <= 14
        boxes = [
            (
                float(x) * 5.2 + (vectors.DOT if side == "after" else -vectors.DOT - 150),
                float(y) * 3.2,
            )
            for side, x, y in names
        ]
        for n, (left, y) in enumerate(boxes):
            assert -1 <= left <= 371
            assert all(abs(left - a) >= 149 or abs(y - b) >= 21 for a, b in boxes[:n])


class TestTokens:
    def test_without_pooling_the_sizes_are_said(self) -> None:
        value = [[[[3.0, 4.0]] * 3], [[[0.0, 1.0]] * 2]]
        (html,) = TAB.show(value, {"text": ["a", HOSTILE]}, True)
        assert "<dd>5</dd><dt>tokens" in html
        assert "<td>a</td><td>3</td><td>5.00</td>" in html
        assert "<img" not in html
        assert set(files(html)) == {"vectors.json"}
        assert TAB.gist(value, {"text": ["a", "b"]}) == "2 numbers for each token"

    def test_one_text_s_tokens_are_an_array(self) -> None:
        (html,) = TAB.show([[[3.0, 4.0]] * 3], {"text": "a"}, True)
        assert np.load(io.BytesIO(files(html)["vectors.npy"])).shape == (1, 3, 2)


def test_an_example_of_several_lines_has_a_caption_of_one() -> None:
    assert TAB.caption("one\ntwo") == "one / two"
