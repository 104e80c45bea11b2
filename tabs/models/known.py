"""What this page knows of a model: from the Hub, from the catalogue, from its own disk."""

from dataclasses import dataclass

from runtime.catalogue import Model
from runtime.errors import BackendError
from runtime.hub import about
from runtime.hub.about import About
from runtime.hub.search import Found
from runtime.weights import parameters
from tabs.frame.section import Around
from tabs.models import verdict


@dataclass(frozen=True)
class Seen:
    """`tasks`: what it is known for, those with a tab first. `reasons` against trying it here."""

    about: About
    row: Model
    tasks: list[str]
    on_disk: bool
    reasons: list[str]
    fits: bool | None
    address: str  # of its card, empty where it has none
    downloadable: bool
    deployable: bool


class Known:
    def __init__(self, around: Around) -> None:
        self._around = around
        self._weights = around.shared.backends.local.weights
        self.hub = around.shared.backends.local.weights.hub

    def look_up(self, model_id: str) -> Seen:
        """Two requests to the Hub, or none for what is here. Raises BackendError."""
        row = self._around.shared.menu.row(model_id)
        here = self._weights.here(row)
        on_disk = here is not None or self._weights.place(row) == "package"
        ours = row.source != "hub"
        if ours or (on_disk and not self.hub.reachable()):
            seen = self._without_the_hub(row)
        else:
            seen = about.read(self.hub, model_id)
        titles = self._around.titles
        tasks = self._around.shared.menu.tasks_of(model_id) or [seen.model.task] * bool(
            seen.model.task
        )
        space = self.room
        return Seen(
            about=seen,
            row=row,
            tasks=sorted(tasks, key=lambda task: task not in titles),
            on_disk=on_disk,
            reasons=verdict.obstacles(
                seen, row.listed, tasks, titles, self._around.shared.backends.local, space, on_disk
            ),
            fits=space.fits(seen.model) if space else None,
            address="" if ours else f"{self.hub.endpoint}/{model_id}",
            downloadable=not on_disk
            and seen.loadable
            and not verdict.too_large_to_load(
                seen, self._around.shared.backends.local, row.listed, on_disk
            ),
            # A sample can be on the owner's machines alone, which are no stranger's.
            deployable=row.source != "sample" or self._weights.visitors is None,
        )

    @property
    def room(self) -> verdict.Room | None:
        return verdict.room(self._around.shared.backends.local, self._around.shared.device_setting)

    def on_disk(self, model_id: str) -> bool:
        try:
            return self.hub.on_disk(model_id) is not None
        except BackendError:  # a name that no model can have
            return False

    def titles_of(self, model_id: str) -> list[str]:
        """The tabs that the catalogue knows a model for."""
        titles = self._around.titles
        return [titles[t] for t in self._around.shared.menu.tasks_of(model_id) if t in titles]

    def _without_the_hub(self, row: Model) -> About:
        folder = self._weights.here(row)
        licence = row.licence
        nothing = Found(row.id, "", "", licence, None, None, False, 0, 0, None)
        if folder is None:  # a package that was not converted yet
            return About(nothing, (), "")
        try:
            held = parameters(folder)
        except (OSError, ValueError):  # damaged: a run will say so
            held = None
        return about.of_folder(
            Found(row.id, "", "", licence, held, None, False, 0, 0, None), folder
        )
