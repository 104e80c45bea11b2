"""Code for the call that was just made, ready to paste: Python, curl, JavaScript.

served    by this app's addresses for programs
here      by the functions of this page, and by transformers without it
hub       by the Inference API
endpoint  by an endpoint's own address
request   what a request by plain HTTP holds
clients   calls of huggingface_hub's and OpenAI's clients

None of it ever contains a token: it reads one out of the reader's environment.
"""

from typing import Any, Literal

from backends.destination import Destination
from tabs.frame.code import endpoint, here, hub, served
from tabs.frame.code.served import Api
from tasks.base import Task

# The name under which each snippet is shown, with the language it is coloured as.
SNIPPETS: dict[str, Literal["python", "shell", "javascript"]] = {
    "Python": "python",
    "OpenAI": "python",
    "gradio_client": "python",
    "transformers": "python",
    "curl": "shell",
    "JavaScript": "javascript",
}


def names(task: Task) -> list[str]:
    """Those of SNIPPETS that there can be for a task: OpenAI's client is for conversations."""
    return [name for name in SNIPPETS if name != "OpenAI" or task.chats]


def snippets(
    api: Api,
    task: Task,
    model: str,
    name_elsewhere: str,
    inputs: dict,
    options: Any,
    destination: Destination | None = None,
    converses: bool = False,
) -> list[str]:
    """Write one text for each of SNIPPETS, empty where there is none.

    name_elsewhere: the model for transformers and for the Hub
    options:        the task's, as read
    converses:      whether the answer was a conversation's
    Files (a Path) are named, not contained: the reader puts theirs there.
    """
    note = task.code_note(options)
    if destination is None or destination.kind == "local":
        name, changed = task.id.replace("-", "_"), options.model_dump(exclude_defaults=True)
        arguments = {**inputs, "model": model, **changed}
        python, openai, curl = served.snippets(api, task, model, inputs, options, converses)
        gradio = here.gradio_python(api.address, name, arguments)
        alone = here.without_page(task, name_elsewhere, inputs, task.pipeline_call(options))
        javascript = here.gradio_javascript(api.address, name, arguments)
        return [
            _noted(python, note),
            openai,
            gradio,
            _noted(alone, note),
            _noted(curl, note),
            javascript,
        ]
    if destination.kind == "hub":
        python, openai, curl, javascript = hub.snippets(
            task, name_elsewhere, inputs, options, destination.provider
        )
    else:
        python, openai, curl, javascript = endpoint.snippets(
            task, model, inputs, options, destination.url
        )
    return [
        _noted(python, note),
        openai,
        "",
        "",
        _noted(curl, note),
        _noted(javascript, note, "//"),
    ]


def _noted(text: str, note: str, sign: str = "#") -> str:
    """Put the note above the code, as a comment."""
    return f"{sign} {note}\n{text}" if note and text else text
