from typing import NotRequired

from gradio.media import get_audio
from gradio_client import handle_file
from typing_extensions import TypedDict

from tests.cases import EXACT, Case


class Chunk(TypedDict):
    __pydantic_config__ = EXACT
    text: str
    timestamp: list[float]


class Transcript(TypedDict):
    __pydantic_config__ = EXACT
    text: str
    chunks: NotRequired[list[Chunk]]


CASE = Case(
    given={
        "audio": handle_file(get_audio("heath_ledger.mp3")),
        "language": "en",
        "model": "package/whisper-base",
    },
    shape=Transcript,
    bad=(
        ({"audio": None}, "not a file that was uploaded"),
        ({"audio": handle_file(__file__)}, "cannot be read as a recording"),
        ({"audio": "heath_ledger.mp3"}, "Upload it"),
        ({"language": "xx"}, "'language'"),
        ({"return_timestamps": "often"}, "'return_timestamps'"),
        ({"num_beams": 9}, "'num_beams'"),
    ),
)
