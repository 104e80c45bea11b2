"""How a task travels over HTTP, in the Inference API's own contract.

A server behind an Inference Endpoint answers as transformers' pipeline would; the Hub's router
differs in places. A task says only where it differs from the defaults here.
Source: https://huggingface.co/docs/inference-providers/tasks/index
"""

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import unquote

from pydantic import BaseModel, TypeAdapter

from runtime.errors import BadInput
from tasks.media import TEXT, Medium, file_inputs, files_among
from tasks.parameters import Parameter, settings_of

# Under these, clients nest what the pipeline takes beside its other parameters.
NESTED = ("generate_parameters", "generate_kwargs", "generation_parameters")
# RFC 4648's URL-safe letters as the usual ones, and no line breaks (MIME, openssl, base64 -w76).
FROM_BASE64 = {ord("-"): "+", ord("_"): "/", **dict.fromkeys(map(ord, " \t\r\n"))}
SHORTEST_UNPADDED = 100  # characters
_NONE = object()


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

    def body(self) -> dict[str, Any]:
        """The request as JSON, each file in base64."""
        inputs = self.inputs
        if isinstance(inputs, Mapping):
            inputs = {name: _as_json(value) for name, value in inputs.items()}
        return {"inputs": _as_json(inputs), "parameters": self.parameters}


class ApiContract:
    """The part of `tasks.base.Task` that only remote calls and servers use."""

    id: ClassVar[str]
    inputs: ClassVar[type[BaseModel]]
    options: ClassVar[type[BaseModel]]
    medium: ClassVar[Medium] = TEXT  # of the inputs that are files, if any are
    chats: ClassVar[bool] = False  # whether it also speaks /v1/chat/completions, see tasks/chat.py
    streams: ClassVar[bool] = False  # whether it tells each token as it comes
    answer_shape: ClassVar[Any] = Any  # the common shape, as a type that pydantic can check
    reply_shape: ClassVar[Any] = None  # what `reply` makes of it, where that is another
    parameters: ClassVar[Mapping[str, Parameter]] = {}  # what requests may say beside the options
    contract: ClassVar[Mapping[str, Any]] = {}  # the API's own defaults, where the page has others
    one_by_one: ClassVar[bool] = False  # whether servers answer a list of inputs one after another
    also_called: ClassVar[tuple[str, ...]] = ()  # other ids of the task in addresses

    @property
    def takes_media(self) -> bool:
        """Whether the first input is a file and the others may be left out.

        Then the body of a request may be the file as it is.
        """
        first, *others = self.inputs.model_fields
        fields = self.inputs.model_fields
        return first in self.file_inputs and not any(fields[name].is_required() for name in others)

    @property
    def file_inputs(self) -> tuple[str, ...]:
        """Names of the inputs that are files, by their annotation."""
        return file_inputs(self.inputs)

    @property
    def body_medium(self) -> Medium:
        """The medium of a request's body that is a file as it is; TEXT where none may be."""
        return self.medium if self.takes_media else TEXT

    def are_several(self, inputs: Any) -> bool:
        """Whether what was sent is a list of inputs, where one is a text or a list of messages."""
        return isinstance(inputs, list) and bool(inputs) and not isinstance(inputs[0], Mapping)

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
        options = self.options_of(call.parameters)
        return self.decode_files(self._by_name(call.inputs)), options

    def decode_files(self, given: dict[str, Any]) -> dict[str, Any]:
        """`given` with the content of each input that is a file. Raises BadInput."""
        shown = self.input_names()
        names = files_among(self.inputs, given)
        return {**given, **{name: media(given.get(name), shown.get(name, name)) for name in names}}

    def _by_name(self, inputs: Any) -> dict[str, Any]:
        """What was sent, by the names of the inputs. Raises BadInput."""
        names = list(self.inputs.model_fields)
        if isinstance(inputs, bytes) and not self.takes_media:
            raise BadInput("This task takes no file.", 'Send JSON: {"inputs": ...}.')
        if len(names) == 1:
            return {names[0]: inputs}
        if isinstance(inputs, Mapping):
            return dict(inputs)
        if self.takes_media:
            return {names[0]: inputs}
        raise BadInput('"inputs" is no object.', f"Give it as one with {', '.join(names)}.")

    def options_of(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """The pipeline's own parameters -> options.

        What `pipeline_call` always says, such as `truncation`, needs no option. What nobody knows
        stays, and `read_options` refuses it by name. Raises BadInput.
        """
        return {option: value for _, option, value in self._settings(parameters)}

    def sent_names(self, parameters: Mapping[str, Any]) -> dict[str, str]:
        """Option -> the name under which a request has set it."""
        return {option: name for name, option, _ in self._settings(parameters)}

    def parameter_names(self) -> list[str]:
        """All that a request may say beside its inputs."""
        return list(dict.fromkeys([*self.options.model_fields, *self.parameters]))

    def by_parameter_names(self, sentence: str) -> str:
        """What is said to people at the page's controls, to programs that know parameters."""
        for name, field in self.options.model_fields.items():
            for quoted in (f"“{field.title}”", f'"{field.title}"') if field.title else ():
                sentence = sentence.replace(quoted, f"'{name}'")
        return sentence.replace(" under Options", " among the parameters")

    def input_names(self) -> dict[str, str]:
        """Input -> as requests call it: one alone is `inputs`."""
        names = list(self.inputs.model_fields)
        return {names[0]: "inputs"} if len(names) == 1 else {}

    def _settings(self, parameters: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
        """Name as sent, option, value; other names of an option come after its own."""
        sent = _flat(parameters)
        always = self.pipeline_call(self.options())
        for name, value in sorted(sent.items(), key=lambda pair: pair[0] in self.parameters):
            if name in self.parameters:
                settings = settings_of(name, value, self.parameters, sent)
                yield from ((name, option, own) for option, own in settings.items())
            elif name in self.options.model_fields or always.get(name, _NONE) != value:
                yield name, name, value

    def request_schema(self) -> dict[str, Any]:
        """What `called` takes as JSON Schema, for people and programs to read."""
        inputs = self.inputs.model_json_schema()
        fields = inputs["properties"]
        fields |= dict.fromkeys(self.file_inputs, {"type": "string", "contentEncoding": "base64"})
        if len(fields) == 1:
            inputs = next(iter(fields.values()))
        return body_schema(self.schema_of_several(inputs), self.parameter_schema())

    def schema_of_several(self, inputs: dict[str, Any]) -> dict[str, Any]:
        """JSON Schema of inputs, a list of them included where servers take one."""
        if not self.one_by_one:
            return inputs
        each = inputs.get("anyOf", [inputs])
        return {"anyOf": [*each, {"type": "array", "items": inputs, "minItems": 1}]}

    def parameter_schema(self) -> dict[str, Any]:
        """The parameters as JSON Schema: options, and under other names anything."""
        schema = self.options.model_json_schema()
        others = {name: {"description": one.about} for name, one in self.parameters.items()}
        return schema | {"properties": {**schema.get("properties", {}), **others}}

    def reply(self, answer: Any, inputs: Any) -> Any:
        """The common shape -> what the Inference API answers."""
        return answer

    def joined(self, replies: list[Any]) -> Any:
        """The answer to several inputs: a list of answers."""
        return replies

    def parse(self, reply: Any, inputs: Any, options: Any) -> Any:
        """An answer in either dialect -> the common shape. Raises ValueError if it is neither."""
        return self.checked(self.reshaped(reply, inputs, options))

    def reshaped(self, reply: Any, inputs: Any, options: Any) -> Any:
        """What of `parse` is this task's own."""
        return reply

    def checked(self, answer: Any) -> Any:
        """`answer`, if it has the common shape. Raises ValueError."""
        return TypeAdapter(self.answer_shape).validate_python(answer)


def body_schema(inputs: dict[str, Any], parameters: dict[str, Any]) -> dict[str, Any]:
    """A body of `inputs` and `parameters`, and the option that older clients put there."""
    wait = {"type": "object", "properties": {"wait_for_model": {"type": "boolean"}}}
    return {
        "type": "object",
        "required": ["inputs", *(["parameters"] if parameters.get("required") else [])],
        "properties": {"inputs": inputs, "parameters": parameters, "options": wait},
        "additionalProperties": False,
    }


def _as_json(value: Any) -> Any:
    """A file in base64; everything else as it is."""
    if isinstance(value, Path):
        value = value.read_bytes()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def media(inputs: Any, name: str = "inputs") -> Any:
    """A file's content: bytes and paths as they are, base64 or a `data:` address decoded.

    Raises BadInput, which calls them `name`.
    """
    if isinstance(inputs, bytes | Path):
        return inputs
    if not isinstance(inputs, str):
        raise BadInput(f'"{name}" is no file.', "Send the file itself, or base64 of it.")
    try:
        return from_base64(inputs)
    except ValueError:
        raise BadInput(f'"{name}" is not base64.', "Encode the file once more.") from None


def from_base64(text: str) -> bytes:
    """Base64 or a `data:` address of it: in lines, URL-safe, unpadded. Raises ValueError.

    Without padding a short text is refused: it may as well be a name, such as /etc/passwd.
    """
    head, comma, body = text.partition(",")
    if comma and head[:5].lower() == "data:":
        text = unquote(body) if "%" in body else body
    text = text.translate(FROM_BASE64)
    rest = -len(text) % 4
    if rest and len(text) < SHORTEST_UNPADDED:
        raise ValueError("too short to be a file")
    return base64.b64decode(text + "=" * rest, validate=True)


def _flat(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Nested parameters beside the others; what is null says nothing. Raises BadInput."""
    flat = {k: v for k, v in parameters.items() if k not in NESTED}
    for name in NESTED:
        nested = parameters.get(name) or {}
        if not isinstance(nested, Mapping):
            raise BadInput(f"{name!r} is no object.", "Give it as one, or leave it out.")
        flat |= nested
    return {name: value for name, value in flat.items() if value is not None}
