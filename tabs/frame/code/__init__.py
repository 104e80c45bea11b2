"""Code for the call that was just made, ready to paste: Python, curl, JavaScript.

here      by this page's own API, and by transformers without it
hub       by the Inference API
endpoint  by an endpoint's own address
request   what a request to either of those holds

None of it ever contains a token: it reads HF_TOKEN out of the reader's environment.
"""

from typing import Any

from backends.where import Where
from tabs.frame.code import endpoint, here, hub
from tasks.base import Task

# The name under which each snippet is shown, with the language it is coloured as.
SNIPPETS = {
    "Python": "python",
    "Python, without this page": "python",
    "curl": "shell",
    "JavaScript": "javascript",
}


def snippets(
    address: str,
    task: Task,
    model: str,
    name_elsewhere: str,
    inputs: dict,
    options: Any,
    where: Where | None = None,
) -> list[str]:
    """One text for each of SNIPPETS, empty where there is none. `address`: this page's.

    `name_elsewhere` is the model for transformers and for the Hub; `options` the task's, as read.
    Files (a Path) are named, not contained: the reader puts theirs there.
    """
    note = task.beside(options)
    if where is None or where.kind == "local":
        texts = here.snippets(address, task, model, name_elsewhere, inputs, options)
        return [
            _noted(text, "#", note) if number == 1 else text for number, text in enumerate(texts)
        ]
    if where.kind == "hub":
        python, curl, javascript = hub.snippets(
            task, name_elsewhere, inputs, options, where.provider
        )
    else:
        python, curl, javascript = endpoint.snippets(task, model, inputs, options, where.url)
    return [_noted(python, "#", note), "", _noted(curl, "#", note), _noted(javascript, "//", note)]


def _noted(text: str, sign: str, note: str) -> str:
    """The code under a comment."""
    return f"{sign} {note}\n{text}" if note else text
