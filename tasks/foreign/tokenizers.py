"""A foreign model's tokenizers and chat template, which compute in the model's process."""

from collections.abc import Callable
from functools import partial
from typing import Any

from runtime import chat_template, text_reading
from runtime.errors import BadInput
from runtime.messages import Message
from tasks.foreign.process import CHOOSE, ModelProcess

MODULES = ("runtime.chat_template", "runtime.text_reading", "tokenizers")
SLOW_MODULES = ("transformers", "sentencepiece")  # for tokenizers in Python: seconds, not a blink
TEMPLATE, TOKENIZER = Message("chat template of {model}"), Message("tokenizer of {model}")


def confine_tokenizers(pipe: Any, model_id: str) -> None:
    """Let the tokenizers of `pipe` read and write in a process of their own, see `ModelProcess`."""
    processor = getattr(pipe, "processor", None)
    members = [pipe.tokenizer, getattr(processor, "tokenizer", None)]
    tokenizers = {
        id(candidate): candidate for candidate in members if candidate is not None
    }.values()
    fast = all(candidate.is_fast for candidate in tokenizers)
    process = ModelProcess(model_id, MODULES if fast else MODULES + SLOW_MODULES)
    for number, tokenizer in enumerate(tokenizers):
        _confine_one(tokenizer, f"tokenizer {number}", process)
    if processor is not None:
        processor.apply_chat_template = _refuse_conversation


def _confine_one(tokenizer: Any, name: str, process: ModelProcess) -> None:
    if tokenizer.is_fast:
        tokenizer._tokenizer = RemoteTokenizer(tokenizer._tokenizer, name, process)
    else:
        methods = ("tokenize", "convert_tokens_to_string")
        remote = {method: _remote_method(tokenizer, name, method, process) for method in methods}
        tokenizer.__dict__ |= remote
    tokenizer.__dict__["apply_chat_template"] = partial(_apply_chat_template, tokenizer, process)


class RemoteTokenizer:
    """A `tokenizers.Tokenizer` that knows its tokens here, and reads and writes in a process."""

    def __init__(self, tokenizer: Any, name: str, process: ModelProcess) -> None:
        attributes = {"_local": tokenizer, "_name": name, "_process": process, "_version": 0}
        self.__dict__ |= attributes

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["_local"], name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._local, name, value)
        if name not in text_reading.SETTINGS:  # they go along with each text
            self._change()

    def add_tokens(self, tokens: list) -> int:
        self._change()
        return self._local.add_tokens(tokens)

    def add_special_tokens(self, tokens: list) -> int:
        self._change()
        return self._local.add_special_tokens(tokens)

    def encode_batch(
        self, input: list, is_pretokenized: bool = False, add_special_tokens: bool = True
    ) -> list:
        from tokenizers import Encoding

        settings = text_reading.settings_of(self._local)
        states = self._run(
            text_reading.encode, settings, input, is_pretokenized, add_special_tokens
        )
        encodings = []
        for state in states:
            encoding = Encoding()
            encoding.__setstate__(state.encode())
            encodings.append(encoding)
        return encodings

    def encode(
        self,
        sequence: Any,
        pair: Any = None,
        is_pretokenized: bool = False,
        add_special_tokens: bool = True,
    ) -> Any:
        text = sequence if pair is None else (sequence, pair)
        return self.encode_batch([text], is_pretokenized, add_special_tokens)[0]

    def decode(self, ids: Any, skip_special_tokens: bool = True) -> str:
        numbers = [int(number) for number in ids]
        text = self._run(text_reading.decode, numbers, skip_special_tokens)
        return self._process.refuse_long(TOKENIZER, text)

    def decode_batch(self, sequences: list, skip_special_tokens: bool = True) -> list[str]:
        return [self.decode(ids, skip_special_tokens) for ids in sequences]

    @property
    def decoder(self) -> Any:
        return None if self._local.decoder is None else _Decoder(self)

    def join_tokens(self, tokens: list[str]) -> str:
        text = self._run(text_reading.join_tokens, tokens)
        return self._process.refuse_long(TOKENIZER, text)

    def _change(self) -> None:
        """Let the next call send the tokenizer anew, under another name."""
        self.__dict__["_version"] += 1

    def _run(self, function: Callable, *arguments: Any) -> Any:
        name = f"{self._name}.{self._version}"
        objects = {name: self._local}
        return self._process.run(TOKENIZER, function, name, *arguments, objects=objects)


class _Decoder:
    def __init__(self, tokenizer: RemoteTokenizer) -> None:
        self._tokenizer = tokenizer

    def decode(self, tokens: list[str]) -> str:
        return self._tokenizer.join_tokens(tokens)


def _remote_method(tokenizer: Any, name: str, method: str, process: ModelProcess) -> Callable:
    """`method` of a tokenizer in Python; a copy of it as it is now computes in the process."""
    import copy

    objects = {name: copy.copy(tokenizer)}

    def run(*arguments: Any, **keywords: Any) -> Any:
        call = text_reading.call
        value = process.run(TOKENIZER, call, name, method, arguments, keywords, objects=objects)
        return process.refuse_long(TOKENIZER, value) if isinstance(value, str) else value

    return run


def _apply_chat_template(
    tokenizer: Any,
    process: ModelProcess,
    conversation: list[dict],
    *,
    add_generation_prompt: bool = False,
    tokenize: bool = True,
    return_dict: bool = True,
    return_tensors: str | None = None,
) -> Any:
    """As transformers' method of that name, for one conversation of plain texts.

    Raises jinja2.TemplateError where the template refuses.
    """
    import jinja2

    variables = tokenizer.special_tokens_map | {
        "messages": conversation,
        "tools": None,
        "documents": None,
        "add_generation_prompt": add_generation_prompt,
    }
    template = tokenizer.get_chat_template()
    answer = process.run(TEMPLATE, chat_template.render, template, variables, objects={})
    if "refusal" in answer:
        raise jinja2.TemplateError(answer["refusal"])
    text = process.refuse_long(TEMPLATE, answer["text"])
    if not tokenize:
        return text
    encoded = tokenizer(
        text, add_special_tokens=False, return_tensors=return_tensors, verbose=False
    )
    return encoded if return_dict else encoded["input_ids"]


def _refuse_conversation(*_: Any, **__: Any) -> Any:
    raise BadInput(Message("Only texts can be given to this model here, no conversations."), CHOOSE)
