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

from pydantic import TypeAdapter

from runtime.errors import BadInput
from runtime.messages import Message
from tasks.json_values import Json, JsonObject, JsonSchema
from tasks.media import TEXT, Medium, file_inputs, files_among
from tasks.options import Inputs, Options
from tasks.parameters import Parameter, RequestValues, settings_of

# Under these, clients nest what the pipeline takes beside its other parameters.
NESTED = ("generate_parameters", "generate_kwargs", "generation_parameters")
# RFC 4648's URL-safe letters as the usual ones, and no line breaks (MIME, openssl, base64 -w76).
FROM_BASE64 = {ord("-"): "+", ord("_"): "/", **dict.fromkeys(map(ord, " \t\r\n"))}
SHORTEST_UNPADDED = 100  # characters
_NONE = object()


@dataclass(frozen=True)
class Call:
    """One request: `inputs` as JSON, or media as a file or bytes, and `parameters`.

    Media goes raw where there are no parameters. `media_type` is the type of a raw body, such as
    "audio/wav", or empty.
    """

    inputs: Any
    parameters: dict[str, Any]
    media_type: str = ""

    @property
    def is_media(self) -> bool:
        """Tell whether the inputs are a file or bytes."""
        return isinstance(self.inputs, Path | bytes)

    def body(self) -> dict[str, Any]:
        """The request as JSON, each file in base64."""
        inputs = self.inputs
        if isinstance(inputs, Mapping):
            inputs = {name: _as_json(value) for name, value in inputs.items()}
        return {"inputs": _as_json(inputs), "parameters": self.parameters}


class ApiContract:
    """The part of `tasks.base.Task` that only remote calls and servers use."""

    id: str  # the Hub's, of the class or of one instance (plain_json.py)
    inputs: ClassVar[type[Inputs]]
    options: ClassVar[type[Options]]
    medium: ClassVar[Medium] = TEXT  # of the inputs that are files, if any are
    chats: ClassVar[bool] = False  # whether it also speaks /v1/chat/completions, see tasks/chat.py
    streams: ClassVar[bool] = False  # whether it tells each token as it comes
    answer_shape: ClassVar[Any] = Any  # the common shape, as a type that pydantic can check
    reply_shape: ClassVar[Any] = None  # what `reply` makes of it, where that is another
    parameters: ClassVar[Mapping[str, Parameter]] = {}  # what requests may say beside the options
    contract: ClassVar[Mapping[str, Any]] = {}  # the API's own defaults, where the page has others
    one_by_one: ClassVar[bool] = False  # whether servers answer a list of inputs one after another
    aliases: ClassVar[tuple[str, ...]] = ()  # other ids of the task in addresses

    @property
    def takes_media(self) -> bool:
        """Tell whether the first input is a file and the others may be left out.

        Then the body of a request may be the file as it is. Not to be overridden: it follows from
        the types of the inputs.
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

    def is_batch(self, inputs: Any) -> bool:
        """Tell whether `inputs` of a request is a list of inputs, where one is a text or messages.

        Override it where a single input is not a text or a list of messages.
        """
        return isinstance(inputs, list) and bool(inputs) and not isinstance(inputs[0], Mapping)

    def pipeline_call(self, options: Any) -> dict[str, Any]:
        """Return the options as the pipeline's keyword arguments; see `tasks.base.Task`."""
        raise NotImplementedError

    def call(self, inputs: Any, options: Any) -> Call:
        """Build the request: one input goes as it is, several go as an object.

        Override it where an input travels among the parameters, or under another name. Then
        override `parse_call`, its reverse, too.
        """
        fields = dict(inputs)
        first = next(iter(fields.values()))
        return Call(first if len(fields) == 1 else fields, self.pipeline_call(options))

    def parse_call(self, call: Call) -> tuple[dict[str, Any], JsonObject]:
        """Return what `read_inputs` and `read_options` take; the reverse of `call`, for servers.

        Override it together with `call`, or where clients send other shapes as well. Raises
        BadInput where several inputs are needed and `call.inputs` is no object, and where media is
        not base64: a text is never taken for the name of a file.
        """
        options = self.options_of(call.parameters)
        return self.decode_files(self._by_name(call.inputs)), options

    def decode_files(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return `values` with the content of each input that is a file. Raises BadInput."""
        request_names = self.input_names()
        files = files_among(self.inputs, values)
        contents = {name: media(values.get(name), request_names.get(name, name)) for name in files}
        return {**values, **contents}

    def _by_name(self, inputs: Any) -> dict[str, Any]:
        """Return what was sent by the names of the inputs. Raises BadInput."""
        names = list(self.inputs.model_fields)
        if isinstance(inputs, bytes) and not self.takes_media:
            raise BadInput(
                Message("This task takes no file."), Message('Send JSON: {"inputs": ...}.')
            )
        if len(names) == 1:
            return {names[0]: inputs}
        if isinstance(inputs, Mapping):
            return dict(inputs)
        if self.takes_media:
            return {names[0]: inputs}
        raise BadInput(
            Message('"inputs" is no object.'),
            Message("Give it as one with {names}.", names=", ".join(names)),
        )

    def options_of(self, parameters: RequestValues) -> JsonObject:
        """Convert the pipeline's own parameters to options. Raises BadInput.

        What `pipeline_call` always sends, such as `truncation`, needs no option. An unknown
        parameter stays, and `read_options` refuses it by name. Not to be overridden: set
        `parameters`.
        """
        return {option: value for _, option, value in self._settings(parameters)}

    def request_names(self, parameters: RequestValues) -> dict[str, str]:
        """Map each option to the name under which the request set it."""
        return {option: name for name, option, _ in self._settings(parameters)}

    def parameter_names(self) -> list[str]:
        """List the names that a request may use beside its inputs."""
        return list(dict.fromkeys([*self.options.model_fields, *self.parameters]))

    def use_parameter_names(self, sentence: str) -> str:
        """Replace titles of the page's controls in `sentence` by names of parameters."""
        for name, field in self.options.model_fields.items():
            for quoted in (f"“{field.title}”", f'"{field.title}"') if field.title else ():
                sentence = sentence.replace(quoted, f"'{name}'")
        return sentence.replace(" under Options", " among the parameters")

    def input_names(self) -> dict[str, str]:
        """Map inputs to their names in requests: a single one is `inputs`.

        Override it where requests carry an input elsewhere. Errors use these names.
        """
        names = list(self.inputs.model_fields)
        return {names[0]: "inputs"} if len(names) == 1 else {}

    def _settings(self, parameters: RequestValues) -> Iterator[tuple[str, str, Json]]:
        """Name as sent, option, value; other names of an option come after its own."""
        flat = _flat(parameters)
        always = self.pipeline_call(self.options())
        for name, value in sorted(flat.items(), key=lambda pair: pair[0] in self.parameters):
            if name in self.parameters:
                settings = settings_of(name, value, self.parameters, flat)
                yield from (
                    (name, option, option_value) for option, option_value in settings.items()
                )
            elif name in self.options.model_fields or always.get(name, _NONE) != value:
                yield name, name, value

    def request_schema(self) -> JsonSchema:
        """Return the JSON Schema of what `parse_call` takes, for people and programs to read.

        Override it together with `parse_call`.
        """
        inputs = self.inputs.model_json_schema()
        fields = inputs["properties"]
        fields |= dict.fromkeys(self.file_inputs, {"type": "string", "contentEncoding": "base64"})
        if len(fields) == 1:
            inputs = next(iter(fields.values()))
        return body_schema(self.schema_of_several(inputs), self.parameter_schema())

    def schema_of_several(self, inputs: JsonSchema) -> JsonSchema:
        """Return the JSON Schema of inputs, with a list of them where servers take one."""
        if not self.one_by_one:
            return inputs
        schemas = inputs.get("anyOf", [inputs])
        return {"anyOf": [*schemas, {"type": "array", "items": inputs, "minItems": 1}]}

    def parameter_schema(self) -> JsonSchema:
        """Return the JSON Schema of the parameters: options, and anything under other names."""
        schema = self.options.model_json_schema()
        extra = {
            name: {"description": parameter.about} for name, parameter in self.parameters.items()
        }
        return schema | {"properties": {**schema.get("properties", {}), **extra}}

    def reply(self, answer: Any, inputs: Any) -> Any:
        """Convert an answer in the common shape to the Inference API's.

        Override it where the two differ, and set `reply_shape`.
        """
        return answer

    def join_replies(self, replies: list[Any]) -> Any:
        """Combine the answers to several inputs: by default into a list.

        Override it where the pipeline answers a list of inputs by one flat list.
        """
        return replies

    def parse(self, reply: Json, inputs: Any, options: Any) -> Any:
        """Convert a server's reply, in either dialect, to the common shape. Raises ValueError.

        Not to be overridden: see `normalize_reply`.
        """
        return self.validate_answer(self.normalize_reply(reply, inputs, options))

    def normalize_reply(self, reply: Json, inputs: Any, options: Any) -> Any:
        """Bring a reply into the common shape, as far as servers differ for this task.

        `parse` validates the result. Override it where a server wraps, unwraps or renames parts of
        an answer. A reply that cannot be converted is returned as it is.
        """
        return reply

    def validate_answer(self, answer: Any) -> Any:
        """Return `answer` if it has the `answer_shape`. Raises ValueError. Not to be overridden."""
        return TypeAdapter(self.answer_shape).validate_python(answer)


def body_schema(inputs: JsonSchema, parameters: JsonSchema) -> JsonSchema:
    """Return the JSON Schema of a body: `inputs`, `parameters`, and older clients' `options`."""
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


def media(inputs: Json | Path | bytes, name: str = "inputs") -> Path | bytes:
    """Return a file's content: bytes and paths as they are, base64 and `data:` URLs decoded.

    Raises BadInput, which calls them `name`.
    """
    if isinstance(inputs, bytes | Path):
        return inputs
    if not isinstance(inputs, str):
        raise BadInput(
            Message('"{name}" is no file.', name=name),
            Message("Send the file itself, or base64 of it."),
        )
    try:
        return from_base64(inputs)
    except ValueError:
        raise BadInput(
            Message('"{name}" is not base64.', name=name), Message("Encode the file once more.")
        ) from None


def from_base64(text: str) -> bytes:
    """Decode base64 or a `data:` URL: in lines, URL-safe or unpadded. Raises ValueError.

    Without padding a short text is refused: it may as well be a name, such as /etc/passwd.
    """
    head, comma, body = text.partition(",")
    if comma and head[:5].lower() == "data:":
        text = unquote(body) if "%" in body else body
    text = text.translate(FROM_BASE64)
    missing = -len(text) % 4
    if missing and len(text) < SHORTEST_UNPADDED:
        raise ValueError("too short to be a file")
    return base64.b64decode(text + "=" * missing, validate=True)


def _flat(parameters: RequestValues) -> JsonObject:
    """Nested parameters beside the others; what is null says nothing. Raises BadInput."""
    flat = {k: v for k, v in parameters.items() if k not in NESTED}
    for name in NESTED:
        nested = parameters.get(name) or {}
        if not isinstance(nested, Mapping):
            raise BadInput(
                Message("{name!r} is no object.", name=name),
                Message("Give it as one, or leave it out."),
            )
        flat |= nested
    return {name: value for name, value in flat.items() if value is not None}
