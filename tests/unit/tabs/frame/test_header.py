"""What the top of the page says of the models in memory."""

from runtime.pool import Resident
from tabs.frame.header import in_memory


def models(*names: str) -> list[Resident]:
    return [Resident(("task", name, None), 1_500_000, False) for name in names]


def test_few_models_are_named() -> None:
    assert in_memory([]) == "<dd>no models yet</dd>"
    assert in_memory(models("a", "<b>")) == "<dd>a 2 MB, &lt;b&gt; 2 MB</dd>"


def test_many_models_are_counted_and_named_where_one_points() -> None:
    said = in_memory(models("a", "b", '"c"'))
    assert said == '<dd title="a 2 MB\nb 2 MB\n&quot;c&quot; 2 MB">3 models, 4 MB</dd>'
