"""Hardware of Hugging Face's cloud: four menus, each of which offers what goes with the others."""

from collections.abc import Sequence

import gradio as gr

from endpoints import menus
from endpoints.base import Hardware
from endpoints.menus import MenuChoice
from runtime.messages import Message
from tabs.endpoints import cards
from tabs.frame.result_panel import Update

Chosen = Sequence[str | None]  # values of the four menus


class HardwareMenus:
    """Drawn in the row that is open. `offered` keeps what one visitor's account may use."""

    def __init__(self) -> None:
        self.offered = gr.State(())
        self.vendor = gr.Dropdown([], label=Message("Vendor"), interactive=True, min_width=120)
        self.region = gr.Dropdown([], label=Message("Region"), interactive=True, min_width=120)
        self.accelerator = gr.Dropdown(
            [], label=Message("Accelerator"), interactive=True, min_width=120
        )
        self.instance = gr.Dropdown(
            [], label=Message("Instance"), interactive=True, min_width=260, scale=2
        )

    @property
    def menus(self) -> list:
        return [self.vendor, self.region, self.accelerator, self.instance]

    def choose(self, offered: tuple[Hardware, ...], chosen: Chosen) -> MenuChoice:
        """What goes together once `chosen` is what the menus show."""
        return menus.choose(offered, *(value or "" for value in chosen))

    def show(self, now: MenuChoice, chosen: Chosen) -> Update:
        """The menus after that. What stays chosen is not set again: the visitor may have gone on
        to choose something else while the answer was on its way.
        """
        instances = [(cards.machine(machine), machine.id) for machine in now.instances]
        instance = now.instance.id if now.instance else ""
        offers = [list(now.vendors), list(now.regions), list(now.accelerators), instances]
        values = [now.vendor, now.region, now.accelerator, instance]
        return {
            menu: gr.Dropdown(offer)
            if value == (was or "")
            else gr.Dropdown(offer, value=value or None)
            for menu, offer, value, was in zip(self.menus, offers, values, chosen, strict=True)
        }


def chosen(offered: tuple[Hardware, ...], instance: str | None) -> Hardware | None:
    return next((machine for machine in offered if machine.id == instance), None)
