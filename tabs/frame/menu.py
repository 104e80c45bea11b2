"""The models a visitor can choose from: the catalogue, seen from this machine."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from runtime.catalogue import Catalogue, Model, VisitorModel
from runtime.errors import ModelNotFound
from runtime.messages import Message
from runtime.model_files import ModelFiles
from tabs.frame import model_notes, order
from tabs.frame.examples import Examples
from tabs.frame.language_hint import LanguageHint, hint
from tabs.frame.model_notes import FILES, BackendKind
from tabs.markup import Html
from tasks.base import Options, Task


class Menu:
    """`device_kind` says "cpu", "cuda", ...: rows made for a GPU are the default on one only.

    `kind` is where the visitor wants to run; the Inference API cannot have this app's own samples.
    `language`: of the page, by its code. Rows that read it come first.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        weights: ModelFiles,
        device_kind: Callable[[], str],
        tasks: Mapping[str, Task],
        language: str = order.FILE_LANGUAGE,
    ) -> None:
        self._catalogue = catalogue
        self._weights = weights
        self._device_kind = device_kind
        self._tasks = tasks
        self._language = language

    def in_language(self, language: str) -> "Menu":
        """The same models for a page in `language`."""
        return Menu(self._catalogue, self._weights, self._device_kind, self._tasks, language)

    @cached_property
    def _rows(self) -> dict[str, list[Model]]:
        """Each task's rows, those that read the page's language first."""
        return {
            task_id: sorted(
                rows,
                key=lambda row, task=self._tasks[task_id]: order.rank(task, row, self._language),
            )
            for task_id, rows in self._catalogue.rows.items()
        }

    @cached_property
    def _examples(self) -> dict[str, Examples]:
        return {task_id: Examples(rows) for task_id, rows in self._catalogue.rows.items()}

    def choices(self, task_id: str, kind: BackendKind = "local") -> list[tuple[str, str]]:
        """(label, id) of every row; the label begins with where its files are."""
        if kind == "endpoint":
            return [(_label(row), row.id) for row in self._rows[task_id]]
        task, language = self._tasks[task_id], self._language
        groups = [(self._group(row, kind), row) for row in self._rows[task_id]]
        groups.sort(key=lambda pair: order.place(task, pair[1], language, pair[0]))
        return [(_label(row, group), row.id) for group, row in groups]

    def first(self, task_id: str) -> Model:
        """The first row, without a look at disk or Hub: what stands there until a visitor comes."""
        return self._rows[task_id][0]

    def default(self, task_id: str, kind: BackendKind = "local") -> Model:
        """The first row that can run there, or simply the first if none can.

        An endpoint has what it has; what can run here is the best guess.
        """
        rows = self._rows[task_id]
        return next((row for row in rows if self._runs(row, kind)), rows[0])

    def kept(self, task_id: str, model_id: str | None, kind: BackendKind) -> str:
        """The visitor's choice where it can run, else the default, once the switch is turned."""
        row = self._catalogue.find(task_id, (model_id or "").strip())
        if model_id and (row is None or kind == "endpoint" or self._runs(row, kind)):
            return model_id
        return self.default(task_id, kind).id

    def second(self, task_id: str, model_id: str | None, kind: BackendKind = "local") -> Model:
        """Another row to compare `model_id` with: one that can run there, if there is one."""
        others = [row for row in self._rows[task_id] if row.id != model_id]
        ready = [row for row in others if self._runs(row, kind)]
        return (ready or others or list(self._rows[task_id]))[0]

    def find(self, task_id: str, model_id: str | None) -> Model:
        """A row, a Hub model that the visitor typed, or the default. Raises ModelNotFound."""
        if model_id is not None and not isinstance(model_id, str):
            raise ModelNotFound(
                Message("The model is not named by a text."), Message("Choose one from the menu.")
            )
        if not model_id or not model_id.strip():
            return self.default(task_id)
        model_id = model_id.strip()
        row = self._catalogue.find(task_id, model_id)
        if row is None and model_id.split("/")[0] in ("sample", "package"):
            raise ModelNotFound(
                Message("There is no {name} here.", name=model_id),
                Message("Choose one from the menu."),
            )
        return row or VisitorModel(id=model_id)

    def row(self, model_id: str) -> Model:
        """The row of whatever task has this model, or one that a visitor named."""
        tasks = self.tasks_of(model_id)
        return self.find(tasks[0], model_id) if tasks else VisitorModel(id=model_id)

    def tasks_of(self, model_id: str) -> list[str]:
        """The tasks whose section of the catalogue has this model."""
        return [task_id for task_id in self._rows if self._catalogue.find(task_id, model_id)]

    def shipped(self) -> list[tuple[str, Model]]:
        """(task id, row) of what comes with this project and its packages, and can run here."""
        return [
            (task_id, row)
            for task_id, rows in self._rows.items()
            for row in rows
            if self._weights.location(row) in ("sample", "package")
        ]

    def options(self, task_id: str, model_id: str | None, usual: Options) -> dict[str, Any]:
        """Every option that some row of the task sets: as this model wants it, else as usual."""
        set_by_rows = dict.fromkeys(name for row in self._rows[task_id] for name in row.options)
        own = self.find(task_id, model_id).options
        return {name: own.get(name, getattr(usual, name)) for name in set_by_rows}

    def examples(self, task_id: str, kind: BackendKind = "local") -> list[int]:
        """The numbers of those that can be answered there, in the order of the page."""

        def able(row: Model) -> bool:
            return kind == "endpoint" or self._runs(row, kind)

        return self._examples[task_id].numbers(self._language, able)

    def example(self, task_id: str, number: int) -> Any:
        return self._examples[task_id][number]

    def has_example(self, task_id: str, number: int) -> bool:
        return 0 <= number < len(self._examples[task_id])

    def model_for(self, task_id: str, number: int, kind: BackendKind = "local") -> str:
        """The id of the first row that has this example and can run there, or simply has it."""

        def able(row: Model) -> bool:
            return self._runs(row, kind)

        return self._examples[task_id].row(number, self._rows[task_id], able).id

    def note(
        self,
        task_id: str,
        model_id: str | None,
        kind: BackendKind = "local",
        providers: str | None = None,
    ) -> Html:
        """Lines of HTML about a model: what it is for, size, licence, its card; what goes for
        running it elsewhere, of which `providers` is who serves it, once that is known.
        """
        if kind == "endpoint":
            return model_notes.endpoint()
        try:
            model = self.find(task_id, model_id)
            place = self._weights.location(model) if kind == "local" else None
        except ModelNotFound as error:  # or a name that none can have
            return model_notes.missing(error)
        hub = self._weights.hub.endpoint
        if kind == "local":
            why = model_notes.unreachable(model) if place == "unreachable" else ""
            larger = self._installable(task_id) if place == "sample" else ""
            about = model_notes.about(model, hub, kind, place if model.listed else None)
            return Html.join([about, why, larger])
        served = (
            model_notes.only_here(model)
            if model.source == "sample"
            else providers or model_notes.asking()
        )
        return Html.join([model_notes.about(model, hub, kind, None), served])

    def hint(
        self, task_id: str, model: Model, inputs: Any, options: Any, kind: BackendKind = "local"
    ) -> LanguageHint | None:
        """A warning where the inputs' texts are plainly not in the model's language.

        None of an endpoint's: nobody knows what its model reads.
        """
        if kind == "endpoint":
            return None
        ready = (row for row in self._rows[task_id] if self._runs(row, kind))
        return hint(self._tasks[task_id], model, ready, inputs, options)

    def name_elsewhere(self, model: Model) -> str:
        """What the model is called outside this page: a Hub id, or a folder of this project."""
        if model.package:
            return model.package.original
        if model.source == "sample":
            return f"samples/{model.id.rpartition('/')[2]}"
        return model.id

    def api_path(self, task_id: str, model: Model, any_model: bool) -> str | None:
        """Where programs reach the model, below this app's address; None if it is not served.

        `any_model`: whether models are served that are not in the catalogue.
        """
        tasks = [id for id in self._rows if self._catalogue.find(id, model.id)]
        if task_id not in tasks and not any_model:
            return None
        return f"/models/{model.id}" + f"/pipeline/{task_id}" * (tasks[:1] != [task_id])

    def _installable(self, task_id: str) -> Html:
        """HTML: the task's models out of packages that are not installed, one line each."""
        rows = [row for row in self._rows[task_id] if row.package]
        absent = [row for row in rows if self._weights.location(row) == "absent"]
        return Html.join(model_notes.installable(row) for row in absent)

    def _group(self, row: Model, kind: BackendKind) -> str:
        if kind == "hub":
            return model_notes.ONLY_HERE if row.source == "sample" else FILES["hub"]
        return FILES[self._weights.location(row)]

    def _runs(self, row: Model, kind: BackendKind) -> bool:
        if kind == "hub":
            return row.source != "sample"
        fits = row.hardware == "cpu" or self._device_kind() != "cpu"
        return fits and self._weights.location(row) not in ("unreachable", "absent")


def _label(row: Model, group: str | None = None) -> Message:
    """A row in the menu; `group` is where its files are."""
    parts = [row.id, model_notes.facts(row)]
    return Message.join(parts if group is None else [group, *parts], " · ")
