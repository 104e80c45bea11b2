"""Several inputs in one request, for tasks that answer one at a time: as a pipeline has it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from fastapi import Request

from backends.base import Result
from runtime.errors import BadInput
from serving.runner import InferenceJob, Runner
from tasks.api_contract import Call
from tasks.base import Limits, Task
from tasks.text import refuse_too_much_text


def calls(task: Task, call: Call, limits: Limits) -> list[Call] | None:
    """One for each input, None where the task takes them as they are. Raises BadInput."""
    if not task.one_by_one or not task.is_batch(call.inputs):
        return None
    if len(call.inputs) > limits.items:
        raise BadInput(
            f"These are {len(call.inputs):,} inputs.", f"Up to {limits.items} can be read at once."
        )
    items = (item.values() if isinstance(item, Mapping) else [item] for item in call.inputs)
    texts = [text for item in items for text in item if isinstance(text, str)]
    refuse_too_much_text(["".join(texts)], limits)
    return [replace(call, inputs=item) for item in call.inputs]


async def results(
    runner: Runner, request: Request, jobs: Sequence[InferenceJob], wait: bool
) -> tuple[list[Result], Result]:
    """Each answer, and one with the notes and the time of all.

    Raises BackendError and Refused; a BadInput says which input it is about.
    """
    answers: list[Result] = []
    for number, job in enumerate(jobs):
        try:
            answers.append(await runner.result(request, job, wait))
        except BadInput as error:
            raise BadInput(_numbered(number, len(jobs))(error.what), error.todo) from None
    notes = [
        _numbered(n, len(jobs))(note) for n, result in enumerate(answers) for note in result.notes
    ]
    total = answers[0].timings
    for result in answers[1:]:
        timings = result.timings
        total = replace(
            total,
            queue=total.queue + timings.queue,
            load=total.load + timings.load,
            compute=total.compute + timings.compute,
        )
    return answers, replace(answers[0], notes=tuple(notes), timings=total)


def _numbered(number: int, count: int) -> Callable[[str], str]:
    """A sentence, with which of several inputs it is about."""
    return lambda sentence: f"Input {number + 1} of {count}: {sentence}" if count > 1 else sentence
