"""docs/parameters.md: what a request may say of each task, made of the tables that read it.

.venv/bin/python -m tools.parameters
"""

from pathlib import Path

import tasks
from tasks.base import Task, for_programs
from tasks.parameters import NoEffect, OnlyValues

FILE = Path(__file__).resolve().parent.parent / "docs" / "parameters.md"
HEAD = """# Parameters of requests

What `huggingface_hub.InferenceClient` sends, and what else pipelines are told, by task; this page
is made of the tables that read requests (`.venv/bin/python -m tools.parameters`). "Honoured"
changes the answer as it says, "taken" is accepted and changes nothing here, "only" is accepted with
these values. Anything else is refused, by its name. `null` says nothing. `generate_parameters`,
`generate_kwargs` and `generation_parameters` may hold any of them. "The API's default" is what a
request gets that says nothing, where the page begins otherwise.

An unmodified client works with every method for these tasks, `sentence_similarity` (at a model of
feature-extraction) and `chat_completion`; `text_generation` also with `stream` and `details`.
"""


def document() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(_section(task) for task in tasks.discover().values())])


def _section(task: Task) -> str:
    rows = {name: _option(name, task) for name in task.options.model_fields}
    rows |= {name: _other(task.parameters[name]) for name in task.parameters if name not in rows}
    lines = [f"| `{name}` | {kind} | {about} |" for name, (kind, about) in sorted(rows.items())]
    also = f"\nAlso called {', '.join(task.aliases)}.\n" if task.aliases else ""
    return (
        f"## {task.id}\n{also}\n| parameter | | what |\n|---|---|---|\n" + "\n".join(lines) + "\n"
    )


def _option(name: str, task: Task) -> tuple[str, str]:
    field = task.options.model_fields[name]
    programs = for_programs(field)
    about = programs.about if programs else f"{field.title}. {field.description or ''}".strip()
    if name in task.contract:
        about += f" The API's default: {task.contract[name]}."
    return "honoured", about


def _other(parameter: object) -> tuple[str, str]:
    if isinstance(parameter, NoEffect):
        return "taken", parameter.about
    if isinstance(parameter, OnlyValues):
        values = ", ".join(f"`{value}`" for value in parameter.values)
        return (f"only {values}" if values else "refused"), parameter.about
    return "honoured", parameter.about


if __name__ == "__main__":
    FILE.write_text(document(), encoding="utf-8")
