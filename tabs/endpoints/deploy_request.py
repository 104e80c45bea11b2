"""A model that a visitor found elsewhere on the page, and wants an endpoint of."""

import gradio as gr

from tabs.endpoints.account_picker import OWN, AccountPicker
from tabs.endpoints.form import EndpointForm
from tabs.frame.result_panel import Update
from tabs.frame.section import PageContext

FORM, LIST = "create", "list"  # ids of the section's own tabs


class DeployRequest:
    """`section` is the id of this part of the page, `lists` the tabs in it."""

    def __init__(
        self,
        context: PageContext,
        section: str,
        lists: gr.Tabs,
        account_picker: AccountPicker,
        form: EndpointForm,
    ) -> None:
        self._menu = context.shared.menu
        self._groups = context.groups
        self._section = section
        self._lists = lists
        self._account_picker = account_picker
        self._form = form

    @property
    def taken(self) -> list:
        """What `take` fills."""
        return [self._groups, self._lists, self._account_picker.place, self._form.model]

    def take(self, request: tuple[str, int], place: str) -> Update:
        """The form with that model in it, for the place that can have it."""
        if not request[0]:
            return {self._groups: gr.skip()}
        place = OWN if self._menu.row(request[0]).source == "sample" else place
        return {
            self._groups: gr.Tabs(selected=self._section),
            self._lists: gr.Tabs(selected=FORM),
            self._account_picker.place: place,
            self._form.model: self._form.models(place == OWN, request[0]),
        }
