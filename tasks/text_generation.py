"""text-generation: goes on with a text, or answers in a conversation."""

import random
from collections.abc import AsyncGenerator, Generator, Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import Annotated, Any, NotRequired

from huggingface_hub.errors import HfHubHTTPError
from pydantic import Field
from typing_extensions import TypedDict  # pydantic wants it below 3.12

from runtime.errors import BadInput
from runtime.jobs import generator_from_callback
from runtime.messages import Message
from runtime.watch import Watch
from tasks import chat
from tasks.api_contract import Call
from tasks.base import ForPrograms, Inputs, Limits, Options, Task
from tasks.generation import ALL, NONE, STOPS, WRITERS_ONLY, StopOption, do_sample_parameter
from tasks.hub_client import supported_parameters
from tasks.json_values import Json
from tasks.parameters import COMPUTING, PADDING, NoEffect, OnlyValues, most, other_name
from tasks.prompts import ChatMessage, Prompt
from tasks.text import refuse_too_much_text, refuse_unusable_text
from tasks.token_details import Details, TokenDetails
from tasks.writing import Temperature, write

ROLES = ("system", "user", "assistant")
THREAD = "text-generation"
NO_CHAT = (400, 404, 405)  # what servers answer to a conversation that know only texts

MOST_TOKENS = 4096
OWN = ("details", "frequency_penalty", "top_n_tokens", "truncate")
PARAMETERS = {
    **{name: one for name, one in WRITERS_ONLY.items() if name not in OWN},
    **COMPUTING,
    "padding": PADDING,
    "min_tokens": other_name("min_new_tokens"),
    "length_penalty": OnlyValues((1, 1.0), "there are no beams"),
    "diversity_penalty": OnlyValues((0, 0.0), "there are no beams"),
    "early_stopping": OnlyValues((False,), "there are no beams"),
    "no_repeat_ngram_size": OnlyValues((0,), "repetition_penalty is what there is"),
    "add_special_tokens": OnlyValues((True,), "a text is read as the model wants it"),
    "prefix": OnlyValues(("",), "what goes before a text is a part of it"),
    "suffix": OnlyValues(("",), "a text is gone on with at its end"),
    "num_beams": OnlyValues((1,), "a text is written token after token"),
    "do_sample": do_sample_parameter(0.7),
    "max_new_tokens": most("max_new_tokens", MOST_TOKENS),
    "max_tokens": most("max_new_tokens", MOST_TOKENS, "the same as `max_new_tokens`"),
    **STOPS,
    "min_length": other_name("min_new_tokens"),
    "truncation": NoEffect("a text that is too long is refused, and not cut"),
    "clean_up_tokenization_spaces": NoEffect("answers have no spaces that need it"),
    "return_text": OnlyValues((True,), "answers are text"),
    "return_tensors": OnlyValues((False,), "answers are text"),
}


class Generated(TypedDict):
    generated_text: str | list[ChatMessage]
    details: NotRequired[Details]


class TextGenerationInputs(Inputs):
    text: str | list[ChatMessage]


class TextGenerationOptions(Options):
    max_new_tokens: int = Field(
        128,
        ge=1,
        le=MOST_TOKENS,
        title=Message("Most new tokens"),
        description=Message("A token is a word or part of one."),
    )
    temperature: Temperature = Field(
        0.7,
        ge=0.0,
        le=2.0,
        title=Message("Temperature"),
        description=Message(
            "0: always the likeliest token. Higher: more varied, in the end nonsense."
        ),
    )
    top_p: float = Field(
        0.95,
        ge=0.0,
        le=1.0,
        title=Message("Top p"),
        description=Message("Only the likeliest tokens that make up this share are drawn from."),
    )
    top_k: Annotated[int, ALL] = Field(
        50,
        ge=0,
        le=100,
        title=Message("Top k"),
        description=Message("Only so many of the likeliest tokens are drawn from; 0 for all."),
    )
    repetition_penalty: float = Field(
        1.1,
        ge=1.0,
        le=2.0,
        title=Message("Repetition penalty"),
        description=Message("1: none. Higher: what is already there comes less often."),
    )
    seed: int | None = Field(
        None,
        ge=0,
        lt=2**63,
        title=Message("Seed"),
        description=Message("The same number gives the same text; empty for a new one each time."),
    )
    stop: StopOption = Field(
        NONE,
        title=Message("Stop at"),
        description=Message("It ends before the first of these texts; one on each line."),
    )
    return_full_text: Annotated[
        bool, ForPrograms("false: what is new, without the text that it goes on with")
    ] = True
    typical_p: Annotated[
        float | None, ForPrograms("draw from the most typical of this share"), Field(gt=0, le=1)
    ] = None
    frequency_penalty: Annotated[
        float | None, ForPrograms("above 0: the oftener a token came"), Field(ge=-2, le=2)
    ] = None
    truncate: Annotated[
        int | None, ForPrograms("only so many tokens at the end of the text are read"), Field(ge=1)
    ] = None
    max_length: Annotated[
        int | None, ForPrograms("the most tokens of text and answer together"), Field(ge=1)
    ] = None
    min_new_tokens: Annotated[
        int | None, ForPrograms("the answer has so many tokens at least"), Field(ge=0, le=4096)
    ] = None
    details: Annotated[bool, ForPrograms("true: tell each token, and why it ended")] = False
    top_n_tokens: Annotated[
        int | None,
        ForPrograms("with details: so many likely tokens at each place"),
        Field(ge=0, le=20),
    ] = None


class TextGeneration(Task):
    id = "text-generation"
    inputs = TextGenerationInputs
    options = TextGenerationOptions
    chats = True
    streams = True
    answer_shape = list[Generated]
    one_by_one = True
    parameters = PARAMETERS

    def texts(self, inputs: TextGenerationInputs) -> Iterator[str]:
        """Of a conversation the message to be answered."""
        if isinstance(inputs.text, str):
            return iter([inputs.text])
        return (message.get("content") or "" for message in inputs.text[-1:])

    def prepare(
        self, inputs: TextGenerationInputs, options: Any, limits: Limits, watch: Watch
    ) -> str | list[ChatMessage]:
        if isinstance(inputs.text, str):
            refuse_unusable_text(inputs.text, limits)
        else:
            _refuse_unusable_messages(inputs.text, limits)
        return inputs.text

    def pipeline_call(self, options: Any) -> dict[str, Any]:
        """What the bare pipeline takes; it has no seed of its own."""
        call = options.model_dump(include={"max_new_tokens", "repetition_penalty"})
        ranges = options.model_dump(include={"temperature", "top_p", "top_k"})
        sampling = {"do_sample": True, **ranges} if options.temperature else {"do_sample": False}
        stop = {"stop_sequence": options.stop} if options.stop else {}
        return {**call, **sampling, **stop}

    def steps(
        self, pipe: Any, prepared: str | list[ChatMessage], options: Any, watch: Watch
    ) -> Generator[list[dict], None, list[dict]]:
        """`[{"generated_text": ...}]`, growing: the text so far with its beginning.

        For a conversation all its messages, the model's answer last. A model made for
        conversations gets a plain text as the first message of one. Raises BadInput where there
        is no room for a single new token, or where the model cannot hold a conversation.
        """
        prompt = _prompt(pipe, prepared, options, watch)
        if options.temperature and options.seed is None:
            options = options.model_copy(update={"seed": random.SystemRandom().randrange(2**31)})
        details = (
            TokenDetails(pipe.tokenizer, options.top_n_tokens or 0) if options.details else None
        )

        def answer(new: str) -> list[dict]:
            whole = prompt.with_answer(new) if options.return_full_text else new
            if details is None:
                return [{"generated_text": whole}]
            seed = options.seed if options.temperature else None
            token_details = details.build(bool(watch.figures.get("cut")), seed)
            return [{"generated_text": whole, "details": token_details}]

        work = partial(write, pipe, prompt, options, watch, details)
        with closing(generator_from_callback(work, THREAD)) as pieces:
            while True:
                try:
                    new = next(pieces)
                except StopIteration as end:
                    return answer(end.value)
                yield answer(new)

    def call(self, inputs: TextGenerationInputs, options: Any) -> Call:
        """With the seed and the texts to stop at, by the names of servers made for writing."""
        extra = options.model_dump(include={"seed", "stop"}, exclude_defaults=True)
        call = self.pipeline_call(options)
        call.pop("stop_sequence", None)
        return Call(inputs.text, call | extra)

    def reply(self, answer: list[dict], inputs: TextGenerationInputs) -> list[dict]:
        """A text for a text, also where the model read it as the beginning of a conversation."""
        whole = answer[0]["generated_text"]
        if isinstance(inputs.text, list) or isinstance(whole, str):
            return answer
        return [{**answer[0], "generated_text": inputs.text + chat.answer_text(answer)}]

    def normalize_reply(self, reply: Json, inputs: TextGenerationInputs, options: Any) -> Any:
        """Servers made for writing answer what is new only; here the beginning comes with it."""
        if isinstance(reply, list) and len(reply) == 1:
            reply = reply[0]
        generated = reply.get("generated_text") if isinstance(reply, dict) else None
        if not isinstance(generated, str):
            return [reply]
        if isinstance(inputs.text, list):
            return chat.answer(inputs.text, generated)
        complete = generated.startswith(inputs.text)
        return [{"generated_text": generated if complete else inputs.text + generated}]

    async def ask(
        self, client: Any, inputs: TextGenerationInputs, options: Any, watch: Watch
    ) -> AsyncGenerator[list[dict]]:
        """As a conversation, token after token; a text alone where no provider offers one."""
        body = chat.payload(inputs.text, options)
        extra = {name: body.pop(name) for name in ("top_k", "repetition_penalty") if name in body}
        try:
            stream = await client.chat_completion(**body, stream=True, extra_body=extra)
        except (ValueError, HfHubHTTPError) as error:
            # Not served as a conversation: the client knows, or the server says so. Its 400 is a
            # ValueError as well, and may mean anything.
            if isinstance(error, HfHubHTTPError) and (
                isinstance(inputs.text, list) or error.response.status_code not in NO_CHAT
            ):
                raise
            yield await self.ask_once(client, inputs, options, watch)
            return
        new = ""
        async for piece in stream:
            new += (piece.choices[0].delta.content or "") if piece.choices else ""
            yield chat.answer(inputs.text, new)
        yield self.validate_answer(chat.answer(inputs.text, new))

    async def ask_once(self, client: Any, inputs: Any, options: Any, watch: Watch) -> Any:
        if not isinstance(inputs.text, str):
            raise BadInput(
                Message("This model is not offered for conversations."),
                Message("Start anew without instructions, or choose another model."),
            )
        call = self.call(inputs, options)
        parameters = supported_parameters(client.text_generation, call.parameters, options, watch)
        generated = await client.text_generation(call.inputs, **parameters)
        return self.parse({"generated_text": generated}, inputs, options)


def _prompt(pipe: Any, content: str | list[ChatMessage], options: Any, watch: Watch) -> Prompt:
    """Return the content for the model, or its end alone, as the options allow. Raises BadInput."""
    shortened = content
    if options.truncate and isinstance(content, str):
        tokens = pipe.tokenizer(content, add_special_tokens=False, verbose=False)["input_ids"]
        if len(tokens) > options.truncate:
            shortened = pipe.tokenizer.decode(tokens[-options.truncate :])
            watch.note(
                Message(
                    "Only the last {read} of {total} tokens were read.",
                    read=options.truncate,
                    total=len(tokens),
                )
            )
    prompt = Prompt.of(pipe, shortened, options.max_new_tokens, watch)
    if options.max_length is not None and options.max_length <= prompt.length:
        raise BadInput(
            Message(
                "The text has {tokens:,} tokens, and text and answer may have {most:,} together.",
                tokens=prompt.length,
                most=options.max_length,
            ),
            Message("Allow more (max_length), or shorten the text."),
        )
    room = min(prompt.room, (options.max_length or 1 << 30) - prompt.length)
    original = content if isinstance(prompt.content, str) else prompt.content
    return replace(prompt, room=room, content=original)


def _refuse_unusable_messages(messages: list[ChatMessage], limits: Limits) -> None:
    """Raises BadInput for none, unknown roles, other keys, and a last one that asks for nothing.

    Others may be empty: a model may have had nothing to say.
    """
    if not messages:
        raise BadInput(Message("The conversation has no message."), Message("Write one."))
    for number, message in enumerate(messages, start=1):
        if set(message) != {"role", "content"}:
            raise BadInput(
                Message(
                    "Message {number} has {keys}.",
                    number=number,
                    keys=", ".join(message) or Message("nothing"),
                ),
                Message('Each message has a "role" and a "content", and nothing else.'),
            )
        if message["role"] not in ROLES:
            raise BadInput(
                Message("Message {number} is from {role!r}.", number=number, role=message["role"]),
                Message("Allowed: {roles}.", roles=", ".join(ROLES)),
            )
    if messages[-1]["role"] != "user":
        raise BadInput(
            Message(
                "The last message is from {role!r}, so there is nothing to answer.",
                role=messages[-1]["role"],
            ),
            Message('End the conversation with a message from "user".'),
        )
    refuse_unusable_text(messages[-1]["content"], limits)
    refuse_too_much_text([message["content"] for message in messages], limits)


TASK = TextGeneration()
