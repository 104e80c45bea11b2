"""Hardware of Hugging Face's cloud: four menus, each of which offers what goes with the others."""

import gradio as gr

from endpoints import menus
from endpoints.base import Hardware
from tabs.endpoints import cards
from tabs.frame.side import Update


class HardwareMenus:
    """Drawn in the row that is open. `offered` keeps what one visitor's account may use."""

    def __init__(self) -> None:
        self.offered = gr.State(())
        self.vendor = gr.Dropdown([], label="Vendor", interactive=True, min_width=120)
        self.region = gr.Dropdown([], label="Region", interactive=True, min_width=120)
        self.accelerator = gr.Dropdown([], label="Accelerator", interactive=True, min_width=120)
        self.instance = gr.Dropdown([], label="Instance", interactive=True, min_width=260, scale=2)

    @property
    def menus(self) -> list:
        return [self.vendor, self.region, self.accelerator, self.instance]

    def fill(self, offered: tuple[Hardware, ...], *chosen: str | None) -> Update:
        """The menus after a visitor's choices in them."""
        now = menus.choose(offered, *(value or "" for value in chosen))
        instances = [(cards.machine(machine), machine.id) for machine in now.instances]
        return {
            self.offered: offered,
            self.vendor: gr.Dropdown(list(now.vendors), value=now.vendor or None),
            self.region: gr.Dropdown(list(now.regions), value=now.region or None),
            self.accelerator: gr.Dropdown(list(now.accelerators), value=now.accelerator or None),
            self.instance: gr.Dropdown(instances, value=now.instance.id if now.instance else None),
        }


def chosen(offered: tuple[Hardware, ...], instance: str | None) -> Hardware | None:
    return next((machine for machine in offered if machine.id == instance), None)
