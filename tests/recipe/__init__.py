"""A task as CONTRIBUTING.md says to make one, for tests: the files that its recipe names.

It is none of the project's: tests put it into a copy. `place` of each file is in FILES.
"""

from pathlib import Path

TASK_ID = "image-feature-extraction"
MODEL = "tiny-vit"  # among the copy's samples; `tests.tiny_models.vit` makes it
HERE = Path(__file__).parent
# What CONTRIBUTING.md names -> the file here that goes there.
NEW = {
    "tasks/TASK_ID_WITH_UNDERSCORES.py": "task.py",
    "tabs/TASK_ID_WITH_UNDERSCORES.py": "tab.py",
    "tests/cases/TASK_ID_WITH_UNDERSCORES.py": "case.py",
}
ADDED = {"models.yaml": "section.yaml", "tabs/frame/locale/zh.po": "zh.po"}


def follow(root: Path) -> None:
    """Put the task into the copy of the project at `root`."""
    for place, name in NEW.items():
        target = root / place.replace("TASK_ID_WITH_UNDERSCORES", TASK_ID.replace("-", "_"))
        assert not target.exists(), "the project has this task by now: take another for the recipe"
        target.write_text((HERE / name).read_text(encoding="utf-8"), encoding="utf-8")
    for place, name in ADDED.items():
        with (root / place).open("a", encoding="utf-8") as file:
            file.write("\n" + (HERE / name).read_text(encoding="utf-8"))
