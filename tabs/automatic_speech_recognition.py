"""Speech: what was said, with times and subtitles."""

from typing import Any

import gradio as gr
from gradio.components import Component

from runtime.errors import BadInput
from runtime.messages import Message
from tabs import draw, subtitles
from tabs.base import Tab
from tabs.markup import Html
from tasks.automatic_speech_recognition import TASK


class AutomaticSpeechRecognitionTab(Tab):
    title = Message("Speech to text")
    group = Message("Speech")
    intro = Message(
        "Speak, or bring a recording (wav, mp3, flac, ogg, m4a, webm): it is written down in its "
        "own language or in English."
    )
    task = TASK

    def inputs(self) -> dict[str, Component]:
        return {
            "audio": gr.Audio(
                label=Message("Your recording"),
                sources=["microphone", "upload"],
                type="filepath",
                buttons=["download"],
                elem_classes="recording",
            )
        }

    def outputs(self) -> list[Component]:
        return [
            gr.HTML(
                draw.placeholder(Message("What was said will appear here, growing as it is heard."))
            ),
            gr.HTML(),
        ]

    def collect(self, values: dict[str, Any]) -> dict[str, Any]:
        if not values["audio"]:
            raise BadInput(
                Message("There is no recording yet."),
                Message(
                    "Press Record and speak, then press the stop square; or upload a file. What "
                    "was just recorded takes a moment to arrive."
                ),
            )
        return values

    def show(self, value: dict, inputs: dict[str, Any], done: bool) -> list[Any]:
        chunks = value.get("chunks", [])
        rows = (
            (_minutes(start), _minutes(end), chunk["text"].strip())
            for chunk in chunks
            for start, end in [chunk["timestamp"]]
        )
        times = (
            draw.table((Message("From"), Message("To"), Message("Words")), rows) if chunks else ""
        )
        files = Html.join(
            draw.download(
                Message("{kind} subtitles", kind=kind), f"transcript.{kind.lower()}", write(chunks)
            )
            for kind, write in FORMATS.items()
            if chunks and done
        )
        text = Html('<div class="transcript" dir="auto">{}</div>', value["text"].strip())
        return [text, Html('<p class="files">{}</p>{}', files, times)]

    def gist(self, value: dict, inputs: dict[str, Any]) -> str:
        return value["text"].strip()

    def example(self, content: str) -> dict[str, Any]:
        """`content` names a recording that gradio itself carries."""
        from gradio.media import get_audio

        return {"audio": get_audio(content)}

    def caption(self, content: str) -> str:
        return CAPTIONS.get(content, content)


CAPTIONS = {
    "heath_ledger.mp3": Message("A villain's advice (English, 3 s)"),
    "cate_blanch_2.mp3": Message("A polite question (English, 4 s)"),
}
FORMATS = {"SRT": subtitles.srt, "VTT": subtitles.vtt}


def _minutes(seconds: float) -> str:
    """75.32 -> 1:15.3"""
    tenths = round(seconds * 10)
    return f"{tenths // 600}:{tenths // 10 % 60:02}.{tenths % 10}"


TAB = AutomaticSpeechRecognitionTab()
