import pytest

import tasks
from runtime.catalogue import Catalogue, Model
from runtime.errors import BadInput, ModelNotFound
from serving.served_models import ServedModels

TASKS = tasks.discover()


def row(model_id: str, source: str = "sample") -> Model:
    return Model(
        id=model_id, languages=["en"], licence="mit", size_mb=1, about="For tests.", source=source
    )


ROWS = {
    "text-classification": (row("sample/a"), row("org/name", "hub")),
    "fill-mask": (row("sample/b"), row("org/name", "hub")),
    "text-generation": (row("sample/c"),),
}
SHELF = ServedModels(Catalogue(ROWS), TASKS, any_model=False)
OPEN = ServedModels(Catalogue(ROWS), TASKS, any_model=True)


@pytest.mark.parametrize(
    ("model_id", "task_id", "found"),
    [
        ("sample/b", None, "fill-mask"),
        ("org/name", None, "text-classification"),
        ("org/name", "fill-mask", "fill-mask"),
    ],
)
def test_a_model_is_found_for_the_task_or_the_first_that_has_it(
    model_id: str, task_id: str | None, found: str
) -> None:
    task, model = SHELF.find(model_id, task_id)
    assert (task.id, model.id) == (found, model_id)


@pytest.mark.parametrize("shelf", [SHELF, OPEN])
@pytest.mark.parametrize(
    ("model_id", "task_id", "said"),
    [
        ("sample/b", "text-classification", "It is for: fill-mask"),
        ("sample/a", "nonsense", "There are: text-classification, fill-mask, text-generation"),
        ("sample/z", None, "sample/z is not served"),
        ("package/z", "fill-mask", "package/z is not served"),
    ],
)
def test_what_is_not_there_is_told(
    shelf: ServedModels, model_id: str, task_id: str | None, said: str
) -> None:
    with pytest.raises(ModelNotFound, match=said):
        shelf.find(model_id, task_id)


def test_others_of_the_hub_are_served_only_where_the_owner_allows_it() -> None:
    with pytest.raises(ModelNotFound, match="not served here"):
        SHELF.find("some/other", "fill-mask")
    task, model = OPEN.find("some/other", "fill-mask")
    assert (task.id, model.id) == ("fill-mask", "some/other")
    assert not model.listed  # so that its weights have to be safetensors
    with pytest.raises(ModelNotFound, match="/models/some/other/pipeline/TASK"):
        OPEN.find("some/other")


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a/b/c", "", "a b", "x" * 200])
def test_no_path_is_a_model(name: str) -> None:
    with pytest.raises(ModelNotFound):
        OPEN.find(name, "fill-mask")


def test_only_models_that_converse_are_talked_to() -> None:
    assert [model.id for _, model in SHELF.chat_models()] == ["sample/c"]
    assert SHELF.find_chat("sample/c")[0].id == "text-generation"
    assert OPEN.find_chat("some/other")[0].id == "text-generation"
    with pytest.raises(ModelNotFound, match="holds no conversations"):
        OPEN.find_chat("sample/a")
    with pytest.raises(ModelNotFound, match="not served here"):
        SHELF.find_chat("some/other")
    for nothing in (None, "", 7, ["a"]):
        with pytest.raises(BadInput, match="/v1/models"):
            SHELF.find_chat(nothing)
