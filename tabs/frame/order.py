"""In which order models stand in a menu: by what they read, and whether they can run."""

from runtime.catalogue import Model
from tabs.frame import model_notes
from tabs.frame.model_notes import FILES
from tasks.base import Task

FILE_LANGUAGE = "en"  # for whose readers the catalogue's order was made
GROUPS = (*FILES.values(), model_notes.ONLY_HERE)
CANNOT_RUN = (FILES["unreachable"], FILES["absent"], model_notes.ONLY_HERE)


def rank(task: Task, row: Model, language: str) -> int:
    """0 for what names the page's language among those it reads, 1 for any, 2 for others."""
    read = task.languages_read(row, task.read_options(row.options))
    if not read and language != FILE_LANGUAGE:
        return 1
    return 0 if not read or language in read else 2


def place(task: Task, row: Model, language: str, group: str) -> tuple[bool, int, int]:
    """What can run by its language and then by `group`, and last what cannot."""
    return group in CANNOT_RUN, rank(task, row, language), GROUPS.index(group)
