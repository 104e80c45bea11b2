"""Which models are served, and for which task."""

from collections.abc import Iterator, Mapping

from runtime.catalogue import Catalogue, Model, VisitorModel
from runtime.errors import ModelNotFound
from runtime.hub.client import check_names
from serving.chat_request import BadField
from tasks.base import Task

MOST_NAMES = 40  # in one sentence
LOCAL = ("sample", "package")  # what an id of a model of this machine begins with


class ServedModels:
    """`tasks` by id, one for each section of the catalogue.

    `any_model`: whether others of the Hub are served as well; they are trusted as little as a
    visitor's.
    """

    def __init__(self, catalogue: Catalogue, tasks: Mapping[str, Task], any_model: bool) -> None:
        self._catalogue = catalogue
        self._tasks = {task_id: tasks[task_id] for task_id in catalogue.rows}
        self._any_model = any_model

    @property
    def tasks(self) -> tuple[Task, ...]:
        """In the catalogue's order."""
        return tuple(self._tasks.values())

    def models(self, task: Task) -> tuple[Model, ...]:
        return self._catalogue.rows[task.id]

    @property
    def only_listed(self) -> bool:
        return not self._any_model

    def find(self, model_id: str, task_id: str | None = None) -> tuple[Task, Model]:
        """For `task_id`, or for the first task that has the model. Raises ModelNotFound."""
        task_id = self._canonical_id(task_id)
        if task_id is not None and task_id not in self._tasks:
            names = ", ".join(self._tasks)
            raise ModelNotFound(f"There is no task {task_id!r} here.", f"There are: {names}.")
        tasks_of = self.tasks_of(model_id)
        for task, model in tasks_of:
            if task_id in (None, task.id):
                return task, model
        if tasks_of:
            tasks = ", ".join(task.id for task, _ in tasks_of)
            raise ModelNotFound(f"{model_id} is not served for {task_id}.", f"It is for: {tasks}.")
        return self._unlisted(model_id, task_id)

    def _canonical_id(self, task_id: str | None) -> str | None:
        """The catalogue's name of a task that clients may call otherwise."""
        return next((t.id for t in self.tasks if task_id in t.aliases), task_id)

    def tasks_of(self, model_id: str) -> list[tuple[Task, Model]]:
        """Every task that has the model, with its row there."""
        rows = [(task, self._catalogue.find(task.id, model_id)) for task in self.tasks]
        return [(task, model) for task, model in rows if model is not None]

    def chat_models(self) -> Iterator[tuple[Task, Model]]:
        """Every model of the tasks that hold conversations."""
        return ((task, model) for task in self.tasks if task.chats for model in self.models(task))

    def find_chat(self, model_id: object) -> tuple[Task, Model]:
        """A model to talk to. Raises BadField and ModelNotFound."""
        if not isinstance(model_id, str) or not model_id:
            raise BadField("model", '"model" is missing.', "Name one; /v1/models lists them.")
        match = next((pair for pair in self.chat_models() if pair[1].id == model_id), None)
        if match is not None:
            return match
        task = next((task for task in self.tasks if task.chats), None)
        if task is None or self.tasks_of(model_id):
            raise ModelNotFound(f"{model_id} holds no conversations.", "/v1/models lists who does.")
        return self._unlisted(model_id, task.id)

    def _offer(self, task_id: str | None) -> str:
        """The models that there are, if they are few enough for a sentence."""
        tasks = [self._tasks[task_id]] if task_id else self.tasks
        names = dict.fromkeys(model.id for task in tasks for model in self.models(task))
        listing = ", ".join([*names][:MOST_NAMES])
        more = f" and {len(names) - MOST_NAMES} more; /docs lists them" * (len(names) > MOST_NAMES)
        return f"Ask for one of the catalogue: {listing}{more}."

    def _unlisted(self, model_id: str, task_id: str | None) -> tuple[Task, Model]:
        if not self._any_model or model_id.split("/")[0] in LOCAL:
            raise ModelNotFound(f"{model_id[:200]} is not served here.", self._offer(task_id))
        if task_id is None:
            raise ModelNotFound(
                f"What {model_id} is for is not known here.",
                f"Say it: /models/{model_id}/pipeline/TASK, one of {', '.join(self._tasks)}.",
            )
        check_names(model_id, None)
        return self._tasks[task_id], VisitorModel(id=model_id)
