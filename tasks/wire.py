"""How a task travels over HTTP, in the Inference API's own contract.

A server behind an Inference Endpoint answers as transformers' pipeline would; the Hub's router
differs in places. A task says only where it differs from the defaults here.
Source: https://huggingface.co/docs/inference-providers/tasks/index
"""

import base64
import binascii
import inspect
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, get_args

from pydantic import BaseModel, TypeAdapter

from runtime.errors import BadInput
from runtime.watch import Watch

# Under these, clients nest what the pipeline takes beside its other parameters.
NESTED = ("generate_parameters", "generate_kwargs")
_NONE = object()
ELSEWHERE = "Run it on this machine, or at an endpoint."


@dataclass(frozen=True)
class Call:
    """`inputs`: JSON, or media as a file or bytes, which go raw where there are no parameters.

    `media_type`: what a raw body was said to be, such as "audio/wav", if anything was said.
    """

    inputs: Any
    parameters: dict[str, Any]
    media_type: str = ""

    @property
    def is_media(self) -> bool:
        return isinstance(self.inputs, Path | bytes)


class Wire:
    """The part of `tasks.base.Task` that only remote calls and servers use."""

    id: ClassVar[str]
    inputs: ClassVar[type[BaseModel]]
    options: ClassVar[type[BaseModel]]
    chats: ClassVar[bool] = False  # whether it also speaks /v1/chat/completions, see tasks/chat.py
    answer_shape: ClassVar[Any] = Any  # the common shape, as a type that pydantic can check
    reply_shape: ClassVar[Any] = None  # what `reply` makes of it, where that is another

    @property
    def takes_media(self) -> bool:
        """Whether the first input is a file, which may be the body of a request as it is."""
        first = next(iter(self.inputs.model_fields.values()))
        return bytes in (first.annotation, *get_args(first.annotation))

    def pipeline_call(self, options: Any) -> dict[str, Any]:
        raise NotImplementedError

    def call(self, inputs: Any, options: Any) -> Call:
        """What is asked -> the request: one input is itself, several are an object."""
        fields = dict(inputs)
        first = next(iter(fields.values()))
        return Call(first if len(fields) == 1 else fields, self.pipeline_call(options))

    def called(self, call: Call) -> tuple[dict[str, Any], dict[str, Any]]:
        """The reverse, for a server: what `read_inputs` and `read_options` take.

        Raises BadInput where several inputs are needed and `call.inputs` is no object, and where
        media is not base64: a text is never taken for the name of a file here.
        """
        names = list(self.inputs.model_fields)
        options = self.options_of(call.parameters)
        if self.takes_media:
            return {names[0]: media(call.inputs)}, options
        if isinstance(call.inputs, bytes):
            raise BadInput("This task takes no file.", 'Send JSON: {"inputs": ...}.')
        if len(names) == 1:
            return {names[0]: call.inputs}, options
        if not isinstance(call.inputs, Mapping):
            raise BadInput('"inputs" is no object.', f"Give it as one with {', '.join(names)}.")
        return dict(call.inputs), options

    def options_of(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """The pipeline's own parameters -> options.

        What `pipeline_call` always says, such as `truncation`, needs no option. What nobody knows
        stays, and `read_options` refuses it by name.
        """
        flat = {k: v for k, v in parameters.items() if k not in NESTED}
        for name in NESTED:
            nested = parameters.get(name) or {}
            if not isinstance(nested, Mapping):
                raise BadInput(f"{name!r} is no object.", "Give it as one, or leave it out.")
            flat |= nested
        always = self.pipeline_call(self.options())
        return {
            name: value
            for name, value in flat.items()
            if name in self.options.model_fields or always.get(name, _NONE) != value
        }

    def request_schema(self) -> dict[str, Any]:
        """What `called` takes as JSON Schema, for people and programs to read."""
        inputs = self.inputs.model_json_schema()
        fields = inputs["properties"]
        if self.takes_media:
            inputs = {"type": "string", "contentEncoding": "base64"}
        elif len(fields) == 1:
            inputs = next(iter(fields.values()))
        return body_schema(inputs, self.options.model_json_schema())

    def reply(self, answer: Any, inputs: Any) -> Any:
        """The common shape -> what the Inference API answers."""
        return answer

    def parse(self, reply: Any, inputs: Any, options: Any) -> Any:
        """An answer in either dialect -> the common shape. Raises ValueError if it is neither."""
        return self.checked(self.reshaped(reply, inputs, options))

    def reshaped(self, reply: Any, inputs: Any, options: Any) -> Any:
        """What of `parse` is this task's own."""
        return reply

    def checked(self, answer: Any) -> Any:
        """`answer`, if it has the common shape. Raises ValueError."""
        return TypeAdapter(self.answer_shape).validate_python(answer)

    async def ask(self, client: Any, inputs: Any, options: Any, watch: Watch) -> AsyncIterator[Any]:
        """Ask by huggingface_hub's AsyncInferenceClient; the last item is the whole answer.

        Its method is named after the task. Several texts go one after the other, since most
        methods take one. Raises what the client raises, and ValueError as `parse` does.
        """
        texts = next(iter(dict(inputs).values()))
        name = next(iter(self.inputs.model_fields))
        if not isinstance(texts, list) or not texts or not isinstance(texts[0], str):
            yield await self.ask_once(client, inputs, options, watch)
            return
        answers: list = []
        for text in texts:
            watch.report("Asking", len(answers), len(texts), "texts")
            one = inputs.model_copy(update={name: text})
            answers.append(await self.ask_once(client, one, options, watch))
            yield self.joined(answers)

    def joined(self, answers: list) -> Any:
        """The answers for single texts -> the answer for the list of them."""
        return answers

    async def ask_once(self, client: Any, inputs: Any, options: Any, watch: Watch) -> Any:
        """One request. Options that the client's method does not take are told, not dropped.

        Raises BadInput where the client has no such method, or one that takes other inputs.
        """
        method = getattr(client, self.id.replace("-", "_"), None)
        if method is None:
            raise BadInput(f"The Inference API does not offer {self.id}.", ELSEWHERE)
        call = self.call(inputs, options)
        given = ((), call.inputs) if isinstance(call.inputs, Mapping) else ((call.inputs,), {})
        told = accepted(method, call.parameters, options, watch)
        _refuse_other_inputs(method, *given, told)
        reply = await method(*given[0], **given[1], **told)
        return self.parse(plain(reply), inputs, options)


def _refuse_other_inputs(method: Any, texts: tuple, named: Mapping, told: Mapping) -> None:
    """Raise BadInput where a call would not do as it says.

    A text for a method that takes media would be opened: a file of this machine or any address.
    And `model` may be an address, to which the client would send the token.
    """
    if "model" in {*named, *told}:
        raise BadInput("There is no 'model' among the inputs or parameters.", "Leave it out.")
    signature = inspect.signature(method)
    try:
        bound = signature.bind(*texts, **named, **told)
    except TypeError as error:
        raise BadInput(f"The Inference API takes other inputs: {error}.", ELSEWHERE) from None
    for name, value in bound.arguments.items():
        if isinstance(value, str) and bytes in get_args(signature.parameters[name].annotation):
            raise BadInput(f"The Inference API takes a file as {name}, not JSON.", ELSEWHERE)


def body_schema(inputs: dict[str, Any], parameters: dict[str, Any]) -> dict[str, Any]:
    """A body of `inputs` and `parameters`, and the option that older clients put there."""
    wait = {"type": "object", "properties": {"wait_for_model": {"type": "boolean"}}}
    return {
        "type": "object",
        "required": ["inputs", *(["parameters"] if parameters.get("required") else [])],
        "properties": {"inputs": inputs, "parameters": parameters, "options": wait},
        "additionalProperties": False,
    }


def media(inputs: Any) -> Any:
    """A file's content: bytes and paths as they are, base64 or a `data:` address decoded.

    Raises BadInput.
    """
    if isinstance(inputs, bytes | Path):
        return inputs
    if not isinstance(inputs, str):
        raise BadInput('"inputs" is no file.', "Send the file itself, or base64 of it.")
    head, comma, body = inputs.partition(",")
    try:
        return base64.b64decode(
            body if comma and head.startswith("data:") else inputs, validate=True
        )
    except (binascii.Error, ValueError):
        raise BadInput('"inputs" is not base64.', "Encode the file once more.") from None


def accepted(
    method: Any, parameters: Mapping[str, Any], options: BaseModel, watch: Watch
) -> dict[str, Any]:
    """Those of `parameters` that `method` takes; notes the others if the visitor set any."""
    takes = inspect.signature(method).parameters
    told = {name: value for name, value in parameters.items() if name in takes}
    rest = {name: value for name, value in parameters.items() if name not in takes}
    if "generate_parameters" in takes and rest:
        generating = {k: v for k, v in rest.items() if k != "truncation"}
        told["generate_parameters"], rest = generating, {}
    set_by_visitor = options.model_dump(exclude_defaults=True)
    lost = [
        type(options).model_fields[name].title or name for name in rest if name in set_by_visitor
    ]
    if lost:
        watch.note(f"The Inference API does not know these options: {', '.join(lost)}.")
    return told


def sampled(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """`do_sample` is told by the temperature: 0 takes the likeliest."""
    given = dict(parameters)
    if given.pop("do_sample", True) is False:
        given["temperature"] = 0.0
    return given


def plain(reply: Any) -> Any:
    """The client's objects and arrays as lists and dicts, without what was left out."""
    if isinstance(reply, Mapping):
        return {key: plain(value) for key, value in reply.items() if value is not None}
    if isinstance(reply, list | tuple):
        return [plain(value) for value in reply]
    return reply.tolist() if hasattr(reply, "tolist") else reply
