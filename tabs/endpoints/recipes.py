"""Models that Hugging Face has tried: deployed with one click, as its catalogue says."""

import threading

import gradio as gr

from endpoints.huggingface import HuggingFace, Recipe
from runtime.errors import BackendError
from runtime.messages import Message
from tabs import draw
from tabs.frame.i18n import Translator
from tabs.frame.result_panel import Update

NOT_KNOWN = Message(
    "Whether Hugging Face has tried this model is not known. The endpoint can be made all the same."
)


class Recipes:
    """A row that is in view for a model that has a recipe. `found` keeps those of one visitor."""

    def __init__(self, words: Translator) -> None:
        self._words = words
        self.found = gr.State(())
        with gr.Row(visible=False, elem_classes="endpoint-recipes") as self.row:
            self.recipe = gr.Dropdown(
                [],
                label=Message("Tried by Hugging Face"),
                info=Message(
                    "The catalogue chooses the machine; its price is known once it is made."
                ),
                interactive=True,
                scale=2,
                min_width=260,
            )
            self.button = gr.Button(Message("Deploy as in the catalogue"), scale=0, min_width=220)
        self.note = gr.HTML(elem_classes="recipes-note")

    @property
    def components(self) -> list:
        return [self.found, self.row, self.recipe, self.note]

    def of(self, provider: HuggingFace, model: str, stop: threading.Event) -> Update:
        """The recipes for a model, if there are any. Raises what `HuggingFace.recipes` raises."""
        found = provider.recipes(model, stop)
        choices = [(_label(recipe), recipe.id) for recipe in found]
        return {
            self.found: found,
            self.row: gr.Row(visible=bool(found)),
            self.recipe: gr.Dropdown(choices, value=found[0].id if found else None),
            self.note: "",
        }

    def none(self) -> Update:
        return {self.found: (), self.row: gr.Row(visible=False), self.note: ""}

    def not_known(self, error: BackendError) -> Update:
        """The catalogue did not answer. The form does without."""
        text = self._words.sentences(error.what, NOT_KNOWN)
        return {**self.none(), self.note: draw.line(text, "note warning")}


def chosen(found: tuple[Recipe, ...], recipe_id: str | None) -> Recipe | None:
    return next((recipe for recipe in found if recipe.id == recipe_id), None)


def _label(recipe: Recipe) -> str:
    parts = (recipe.accelerator, recipe.engine, recipe.file, recipe.revision)
    return " · ".join(part for part in parts if part)
