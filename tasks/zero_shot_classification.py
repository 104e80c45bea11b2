"""zero-shot-classification: which of the labels that one names fit a text."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

from pydantic import Field
from typing_extensions import TypedDict  # pydantic wants it below 3.12

from runtime.device import Device
from runtime.errors import BadInput, ModelNotFound
from runtime.messages import Message
from runtime.watch import Watch
from tasks.api_contract import Call, body_schema
from tasks.base import Inputs, Limits, Options, Task
from tasks.json_values import Json, JsonObject, JsonSchema
from tasks.model_loading import CHOOSE
from tasks.parameters import TOKENIZER, OnlyValues, OtherName, other_name
from tasks.text import is_blank, most_tokens, note_unknown, refuse_unusable_text

MOST_LABELS = 100
STEP = 8  # labels between two answers on the way


class Fit(TypedDict):
    sequence: str
    labels: list[str]
    scores: list[float]


class Fitting(TypedDict):
    label: str
    score: float


class ZeroShotClassificationInputs(Inputs):
    text: str
    labels: list[str]


class ZeroShotClassificationOptions(Options):
    multi_label: bool = Field(
        False,
        title=Message("Several labels may fit"),
        description=Message(
            "Each label is judged for itself; otherwise the shares add up to 100 %."
        ),
    )
    hypothesis_template: str = Field(
        "This example is {}.",
        title=Message("Sentence around the label"),
        description=Message("What the model is asked of the text; {} stands for the label."),
    )


class ZeroShotClassification(Task):
    id = "zero-shot-classification"
    inputs = ZeroShotClassificationInputs
    options = ZeroShotClassificationOptions
    answer_shape = Fit
    reply_shape = list[Fitting]
    one_by_one = True
    parameters = {
        **TOKENIZER,
        "candidate_labels": OtherName("the labels to choose from", lambda _labels, _parameters: {}),
        "multi_class": other_name("multi_label"),
        "truncation": OnlyValues(
            (True, "only_first", "longest_first"),
            "of a text that is too long the beginning is read",
        ),
    }

    def prepare(
        self, inputs: ZeroShotClassificationInputs, options: Any, limits: Limits, watch: Watch
    ) -> tuple[str, list[str]]:
        refuse_unusable_text(inputs.text, limits)
        labels = [label.strip() for label in inputs.labels]
        _refuse_unusable_labels(labels, options.multi_label, limits)
        _refuse_unusable_template(options.hypothesis_template)
        return inputs.text, labels

    def load(self, folder: Path, device: Device) -> Any:
        """Raises ModelNotFound if it is no model of inference, whose labels say "entailment"."""
        pipe = super().load(folder, device)
        if pipe.entailment_id < 0:
            names = ", ".join(list(pipe.model.config.label2id)[:3])
            raise ModelNotFound(
                Message(
                    "This model cannot judge labels of your own: it was made for {names}, and none "
                    'of that is called "entailment".',
                    names=names,
                ),
                CHOOSE,
            )
        pipe.tokenizer.model_max_length = most_tokens(pipe)  # or it may cut nothing, and fail
        return pipe

    def steps(
        self, pipe: Any, prepared: tuple[str, list[str]], options: Any, watch: Watch
    ) -> Generator[dict, None, dict]:
        """`{"sequence": str, "labels": [str, ...], "scores": [float, ...]}`, best first.

        The scores of a growing answer are those among the labels read so far.
        """
        text, labels = prepared
        template = options.hypothesis_template
        _check_lengths(pipe, text, [template.format(label) for label in labels], watch)
        note_unknown(pipe, [text], watch)
        outputs: list = []
        for pair in pipe.preprocess(text, labels, template):
            if len(labels) > STEP:
                watch.report(
                    Message("Trying the labels"), len(outputs), len(labels), Message("labels")
                )
            outputs.append(pipe.forward(pair))
            if len(outputs) % STEP == 0 and len(outputs) < len(labels):
                yield pipe.postprocess(outputs, options.multi_label)
        return pipe.postprocess(outputs, options.multi_label)

    def call(self, inputs: ZeroShotClassificationInputs, options: Any) -> Call:
        """The labels travel among the parameters."""
        return Call(inputs.text, {"candidate_labels": inputs.labels, **self.pipeline_call(options)})

    def parse_call(self, call: Call) -> tuple[dict[str, Any], JsonObject]:
        parameters = dict(call.parameters)
        labels = parameters.pop("candidate_labels", [])
        if isinstance(labels, str):  # transformers takes them with commas between, too
            labels = labels.split(",")
        return {"text": call.inputs, "labels": labels}, self.options_of(parameters)

    def input_names(self) -> dict[str, str]:
        return {"text": "inputs", "labels": "candidate_labels"}

    def request_schema(self) -> JsonSchema:
        fields = self.inputs.model_json_schema()["properties"]
        parameters = self.parameter_schema()
        parameters["properties"] |= {"candidate_labels": fields["labels"]}
        texts = self.schema_of_several(fields["text"])
        return body_schema(texts, parameters | {"required": ["candidate_labels"]})

    def reply(self, answer: dict, inputs: Any) -> list[dict]:
        pairs = zip(answer["labels"], answer["scores"], strict=True)
        return [{"label": label, "score": score} for label, score in pairs]

    def normalize_reply(
        self, reply: Json, inputs: ZeroShotClassificationInputs, options: Any
    ) -> Any:
        """The router lists labels with their scores; a pipeline keeps them in two lists."""
        rows = [row for row in reply if isinstance(row, dict)] if isinstance(reply, list) else []
        if rows != reply:
            return reply
        if len(rows) == 1 and "labels" in rows[0]:
            return rows[0]
        labels, scores = ([row.get(key) for row in rows] for key in ("label", "score"))
        return {"sequence": inputs.text, "labels": labels, "scores": scores}


def _refuse_unusable_labels(labels: list[str], multi_label: bool, limits: Limits) -> None:
    """Raises BadInput for none, an empty one, one twice, a single one, too many, too long ones."""
    if not labels:
        raise BadInput(
            Message("There are no labels to choose from."), Message("Add at least two labels.")
        )
    if any(map(is_blank, labels)):
        raise BadInput(Message("One of the labels is empty."), Message("Fill it in or remove it."))
    if twice := next((label for n, label in enumerate(labels) if label in labels[:n]), None):
        raise BadInput(
            Message("The label {label} is there twice.", label=_short(twice)),
            Message("Remove one of them."),
        )
    if len(labels) == 1 and not multi_label:
        raise BadInput(
            Message(
                "With one label there is nothing to choose: {label} would get 100 %.",
                label=_short(labels[0]),
            ),
            Message('Add another label, or turn on the option "Several labels may fit".'),
        )
    if len(labels) > MOST_LABELS:
        raise BadInput(
            Message("These are {count:,} labels.", count=len(labels)),
            Message("Up to {most} can be tried at once.", most=MOST_LABELS),
        )
    if (characters := sum(map(len, labels))) > limits.characters:
        raise BadInput(
            Message("The labels have {characters:,} characters.", characters=characters),
            Message(
                "Up to {most:,} can be read at once: please shorten them.", most=limits.characters
            ),
        )


def _refuse_unusable_template(template: str) -> None:
    """Raises BadInput unless there is one place for the label, and no other braces."""
    if template.count("{}") != 1 or set("{}") & set(template.replace("{}", "")):
        raise BadInput(
            Message(
                "The sentence around the label is {sentence}: it needs {{}} exactly once, and "
                "no other braces.",
                sentence=_short(template),
            ),
            Message('Write {} where the label should stand, as in "This text is about {}."'),
        )


def _check_lengths(pipe: Any, text: str, hypotheses: list[str], watch: Watch) -> None:
    """Say how much of the text is beyond the model. Raises BadInput where a label leaves no room.

    Only the text is ever cut, so the longest hypothesis decides.
    """
    most = pipe.tokenizer.model_max_length
    longest = max(hypotheses, key=lambda hypothesis: _tokens(pipe, hypothesis))
    of_text, of_pair = _tokens(pipe, text), _tokens(pipe, text, longest, special=True)
    room = most - (of_pair - of_text)
    if room < 1:
        raise BadInput(
            Message(
                "The label in {label} is too long for this model, which reads {most:,} tokens: "
                "no room is left for the text.",
                label=_short(longest),
                most=most,
            ),
            Message("Shorten the label, or choose another model."),
        )
    if of_text > room:
        watch.note(
            Message(
                "Only the first {read:,} of {total:,} tokens of the text were read.",
                read=room,
                total=of_text,
            )
        )


def _tokens(pipe: Any, *texts: str, special: bool = False) -> int:
    return len(pipe.tokenizer(*texts, add_special_tokens=special, verbose=False)["input_ids"])


def _short(text: str, most: int = 60) -> str:
    return repr(text if len(text) <= most else f"{text[: most - 1]}…")


TASK = ZeroShotClassification()
