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
    if not task.one_by_one or not task.are_several(call.inputs):
        return None
    if len(call.inputs) > limits.items:
        raise BadInput(
            f"These are {len(call.inputs):,} inputs.", f"Up to {limits.items} can be read at once."
        )
    each = (one.values() if isinstance(one, Mapping) else [one] for one in call.inputs)
    texts = [text for one in each for text in one if isinstance(text, str)]
    refuse_too_much_text(["".join(texts)], limits)
    return [replace(call, inputs=one) for one in call.inputs]


async def results(
    runner: Runner, request: Request, works: Sequence[InferenceJob], wait: bool
) -> tuple[list[Result], Result]:
    """Each answer, and one with the notes and the time of all.

    Raises BackendError and Refused; a BadInput says which input it is about.
    """
    found: list[Result] = []
    for number, work in enumerate(works):
        try:
            found.append(await runner.result(request, work, wait))
        except BadInput as error:
            raise BadInput(_placed(number, len(works))(error.what), error.todo) from None
    notes = [_placed(n, len(works))(note) for n, one in enumerate(found) for note in one.notes]
    spent = found[0].timings
    for one in found[1:]:
        more = one.timings
        spent = replace(
            spent,
            queue=spent.queue + more.queue,
            load=spent.load + more.load,
            compute=spent.compute + more.compute,
        )
    return found, replace(found[0], notes=tuple(notes), timings=spent)


def _placed(number: int, count: int) -> Callable[[str], str]:
    """A sentence, with which of several inputs it is about."""
    return lambda sentence: f"Input {number + 1} of {count}: {sentence}" if count > 1 else sentence
