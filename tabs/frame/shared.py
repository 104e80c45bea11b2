"""What the pages of all visitors are drawn from; nothing of a visitor's is in it."""

from dataclasses import dataclass, field

from backends.factory import BackendFactory
from tabs.frame.admission import Admission
from tabs.frame.menu import Menu
from tabs.frame.stop_signals import StopSignals


@dataclass(frozen=True)
class Shared:
    """`menu`: as readers of the page's language find it.

    `device_setting`: DEVICE as given, for what is said before the first run.

    `signs_in`: whether visitors can sign in with Hugging Face here.
    `asks_for_token`, `serves_any_model`: what programs need, for the code that is shown.
    """

    menu: Menu
    backends: BackendFactory
    device_setting: str | None = None
    signs_in: bool = False
    asks_for_token: bool = False
    serves_any_model: bool = False
    signals: StopSignals = field(default_factory=StopSignals)
    admission: Admission = field(default_factory=Admission)
