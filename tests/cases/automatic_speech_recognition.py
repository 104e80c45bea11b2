from pathlib import Path
from typing import NotRequired

from gradio.media import get_audio
from gradio_client import handle_file
from typing_extensions import TypedDict

from tests.cases import EXACT, Case, Exchange


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
        "audio": Path(get_audio("heath_ledger.mp3")),
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
    exchanges=(
        Exchange(
            {"audio": Path("speech.wav")},
            {"language": "en", "task": "translate", "return_timestamps": "word", "num_beams": 2},
            {"text": "Hi", "chunks": [{"text": "Hi", "timestamp": (0.0, 1.0)}]},
        ),
    ),
    by_client=lambda client, inputs, options: client.automatic_speech_recognition(
        str(inputs["audio"]), extra_body={"generate_kwargs": options}
    ),
)
