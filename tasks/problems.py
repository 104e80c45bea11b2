"""What pydantic finds wrong with a value, as messages."""

from typing import Any

from pydantic_core import ErrorDetails

from runtime.messages import Message

# By the types of https://docs.pydantic.dev/latest/errors/validation_errors/, in pydantic's words.
PROBLEMS = {
    "greater_than_equal": Message("Input should be greater than or equal to {ge}"),
    "less_than_equal": Message("Input should be less than or equal to {le}"),
    "greater_than": Message("Input should be greater than {gt}"),
    "less_than": Message("Input should be less than {lt}"),
    "int_type": Message("Input should be a valid integer"),
    "int_parsing": Message("Input should be a valid integer, unable to parse string as an integer"),
    "int_from_float": Message(
        "Input should be a valid integer, got a number with a fractional part"
    ),
    "float_type": Message("Input should be a valid number"),
    "float_parsing": Message("Input should be a valid number, unable to parse string as a number"),
    "finite_number": Message("Input should be a finite number"),
    "string_type": Message("Input should be a valid string"),
    "bool_type": Message("Input should be a valid boolean"),
    "bool_parsing": Message("Input should be a valid boolean, unable to interpret input"),
    "literal_error": Message("Input should be {expected}"),
    "missing": Message("Field required"),
    "stop_texts": Message("Input should be up to 16 texts of up to 200 characters each"),
}


def describe_problem(error: ErrorDetails) -> str:
    """What is wrong, without what pydantic puts before the words of a validator.

    A message, unless pydantic's words for this kind of error are others than the table's.
    """
    context = error.get("ctx", {})
    if error["type"] == "value_error":
        return context["error"].args[0]
    values = {name: _short(value) for name, value in context.items()}
    sentence = PROBLEMS.get(error["type"], Message("")).fill(**values)
    return sentence if sentence == error["msg"] else error["msg"]


def _short(value: Any) -> Any:
    """A bound as pydantic writes it: 0.0 as "0"."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
