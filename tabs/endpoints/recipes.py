"""Models that Hugging Face has tried: deployed with one click, as its catalogue says."""

import threading

import gradio as gr

from endpoints.huggingface import HuggingFace, Recipe
from tabs.frame.side import Update


class Recipes:
    """A row that is in view for a model that has a recipe. `found` keeps those of one visitor."""

    def __init__(self) -> None:
        self.found = gr.State(())
        with gr.Row(visible=False, elem_classes="endpoint-recipes") as self.row:
            self.recipe = gr.Dropdown(
                [],
                label="Tried by Hugging Face",
                info="The catalogue chooses the machine; its price is known once it is made.",
                interactive=True,
                scale=2,
                min_width=260,
            )
            self.button = gr.Button("Deploy as in the catalogue", scale=0, min_width=220)

    @property
    def components(self) -> list:
        return [self.found, self.row, self.recipe]

    def of(self, provider: HuggingFace, model: str, stop: threading.Event) -> Update:
        """The recipes for a model, if there are any. Raises what `HuggingFace.recipes` raises."""
        found = provider.recipes(model, stop)
        choices = [(_label(recipe), recipe.id) for recipe in found]
        return {
            self.found: found,
            self.row: gr.Row(visible=bool(found)),
            self.recipe: gr.Dropdown(choices, value=found[0].id if found else None),
        }

    def none(self) -> Update:
        return {self.found: (), self.row: gr.Row(visible=False)}


def chosen(found: tuple[Recipe, ...], recipe_id: str | None) -> Recipe | None:
    return next((recipe for recipe in found if recipe.id == recipe_id), None)


def _label(recipe: Recipe) -> str:
    parts = (recipe.accelerator, recipe.engine, recipe.file, recipe.revision)
    return " · ".join(part for part in parts if part)
