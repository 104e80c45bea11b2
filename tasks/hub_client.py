"""How a task is put to the Inference API, by a method of huggingface_hub's client.

https://huggingface.co/docs/huggingface_hub/package_reference/inference_client
"""

import inspect
from collections.abc import AsyncGenerator, Mapping
from typing import Any, get_args

from pydantic import BaseModel

from runtime.errors import BadInput
from runtime.messages import Message
from runtime.watch import Watch
from tasks.api_contract import ApiContract

ELSEWHERE = Message("Run it on this machine, or at an endpoint.")


class HubClientMixin(ApiContract):
    """The part of `tasks.base.Task` that only the hub backend uses."""

    async def ask(
        self, client: Any, inputs: Any, options: Any, watch: Watch
    ) -> AsyncGenerator[Any]:
        """Ask by huggingface_hub's AsyncInferenceClient; the last item is the whole answer.

        Several texts go one after the other, since most of its methods take one. Override it where
        the client streams, as for conversations. Do not override it for another method or other
        arguments: override `ask_once`. Raises what the client raises, and ValueError as `parse`
        does.
        """
        texts = next(iter(dict(inputs).values()))
        name = next(iter(self.inputs.model_fields))
        if not isinstance(texts, list) or not texts or not isinstance(texts[0], str):
            yield await self.ask_once(client, inputs, options, watch)
            return
        answers: list = []
        for text in texts:
            watch.report(Message("Asking"), len(answers), len(texts), Message("texts"))
            single = inputs.model_copy(update={name: text})
            answers.append(await self.ask_once(client, single, options, watch))
            yield self.join_replies(answers)

    def code_note(self, options: Any) -> str:
        """Return a sentence for readers of code: what this app adds to an answer, or nothing.

        Override it where the app's answer holds more than the model's.
        """
        return ""

    async def ask_once(self, client: Any, inputs: Any, options: Any, watch: Watch) -> Any:
        """Send one request by the client's method that is named after the task.

        Options that the method does not take are noted, not dropped silently. Override it where the
        method has another name or other arguments. Raises BadInput where the client has no such
        method, or one that takes other inputs.
        """
        method = getattr(client, self.id.replace("-", "_"), None)
        if method is None:
            raise BadInput(
                Message("The Inference API does not offer {task}.", task=self.id), ELSEWHERE
            )
        call = self.call(inputs, options)
        arguments = ((), call.inputs) if isinstance(call.inputs, Mapping) else ((call.inputs,), {})
        parameters = supported_parameters(method, call.parameters, options, watch)
        _refuse_other_inputs(method, *arguments, parameters)
        reply = await method(*arguments[0], **arguments[1], **parameters)
        return self.parse(plain(reply), inputs, options)


def _refuse_other_inputs(method: Any, texts: tuple, inputs: Mapping, parameters: Mapping) -> None:
    """Raise BadInput where a call would not do as it says.

    A text for a method that takes media would be opened: a file of this machine or any address.
    And `model` may be an address, to which the client would send the token.
    """
    if "model" in {*inputs, *parameters}:
        raise BadInput(
            Message("There is no 'model' among the inputs or parameters."), Message("Leave it out.")
        )
    signature = inspect.signature(method)
    try:
        bound = signature.bind(*texts, **inputs, **parameters)
    except TypeError as error:
        raise BadInput(
            Message("The Inference API takes other inputs: {error}.", error=str(error)), ELSEWHERE
        ) from None
    for name, value in bound.arguments.items():
        if isinstance(value, str) and bytes in get_args(signature.parameters[name].annotation):
            raise BadInput(
                Message("The Inference API takes a file as {name}, not JSON.", name=name), ELSEWHERE
            )


def supported_parameters(
    method: Any, parameters: Mapping[str, Any], options: BaseModel, watch: Watch
) -> dict[str, Any]:
    """Return those of `parameters` that `method` takes; note the others if the visitor set any."""
    signature = inspect.signature(method).parameters
    supported = {name: value for name, value in parameters.items() if name in signature}
    rest = {name: value for name, value in parameters.items() if name not in signature}
    if "generate_parameters" in signature and rest:
        settings = {k: v for k, v in rest.items() if k != "truncation"}
        supported["generate_parameters"], rest = settings, {}
    set_by_visitor = options.model_dump(exclude_defaults=True)
    unsupported = [
        type(options).model_fields[name].title or name for name in rest if name in set_by_visitor
    ]
    if unsupported:
        watch.note(
            Message(
                "The Inference API does not know these options: {options}.",
                options=Message.join(unsupported, ", "),
            )
        )
    return supported


def plain(reply: Any) -> Any:
    """Convert the client's objects and arrays to lists and dicts, without empty fields."""
    if isinstance(reply, Mapping):
        return {key: plain(value) for key, value in reply.items() if value is not None}
    if isinstance(reply, list | tuple):
        return [plain(value) for value in reply]
    return reply.tolist() if hasattr(reply, "tolist") else reply
