"""What this page knows of a model: from the Hub, from the catalogue, from its own disk."""

from dataclasses import dataclass

from runtime.catalogue import Model
from runtime.errors import BackendError
from runtime.hub import model_details
from runtime.hub.model_details import ModelDetails
from runtime.hub.search import ModelSummary
from runtime.model_files import parameters
from tabs.frame.section import PageContext
from tabs.models import compatibility


@dataclass(frozen=True)
class ModelFacts:
    """`tasks`: what it is known for, those with a tab first. `reasons` against trying it here."""

    about: ModelDetails
    row: Model
    tasks: list[str]
    on_disk: bool
    reasons: list[str]
    fits: bool | None
    address: str  # of its card, empty where it has none
    downloadable: bool
    deployable: bool


class ModelLookup:
    def __init__(self, context: PageContext) -> None:
        self._context = context
        self._weights = context.shared.backends.local.weights
        self.hub = context.shared.backends.local.weights.hub

    def look_up(self, model_id: str) -> ModelFacts:
        """Two requests to the Hub, or none for what is here. Raises BackendError."""
        row = self._context.shared.menu.row(model_id)
        here = self._weights.local_path(row)
        on_disk = here is not None or self._weights.location(row) == "package"
        ours = row.source != "hub"
        if ours or (on_disk and not self.hub.reachable()):
            facts = self._without_the_hub(row)
        else:
            facts = model_details.read(self.hub, model_id)
        titles = self._context.titles
        tasks = self._context.shared.menu.tasks_of(model_id) or [facts.model.task] * bool(
            facts.model.task
        )
        space = self.room
        return ModelFacts(
            about=facts,
            row=row,
            tasks=sorted(tasks, key=lambda task: task not in titles),
            on_disk=on_disk,
            reasons=compatibility.obstacles(
                facts,
                row.listed,
                tasks,
                titles,
                self._context.shared.backends.local,
                space,
                on_disk,
            ),
            fits=space.fits(facts.model) if space else None,
            address="" if ours else f"{self.hub.endpoint}/{model_id}",
            downloadable=not on_disk
            and facts.loadable
            and not compatibility.too_large_to_load(
                facts, self._context.shared.backends.local, row.listed, on_disk
            ),
            # A sample can be on the owner's machines alone, which are no stranger's.
            deployable=row.source != "sample" or self._weights.visitors is None,
        )

    @property
    def room(self) -> compatibility.MemoryRoom | None:
        return compatibility.room(
            self._context.shared.backends.local, self._context.shared.device_setting
        )

    def on_disk(self, model_id: str) -> bool:
        try:
            return self.hub.on_disk(model_id) is not None
        except BackendError:  # a name that no model can have
            return False

    def titles_of(self, model_id: str) -> list[str]:
        """The tabs that the catalogue knows a model for."""
        titles = self._context.titles
        return [titles[t] for t in self._context.shared.menu.tasks_of(model_id) if t in titles]

    def _without_the_hub(self, row: Model) -> ModelDetails:
        folder = self._weights.local_path(row)
        licence = row.licence
        nothing = ModelSummary(row.id, "", "", licence, None, None, False, 0, 0, None)
        if folder is None:  # a package that was not converted yet
            return ModelDetails(nothing, (), "")
        try:
            held = parameters(folder)
        except (OSError, ValueError):  # damaged: a run will say so
            held = None
        return model_details.of_folder(
            ModelSummary(row.id, "", "", licence, held, None, False, 0, 0, None), folder
        )
