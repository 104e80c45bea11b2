"""The Endpoints group of the page: who, what there is, and making one."""

from typing import Any

import gradio as gr
from gradio.events import Dependency

from endpoints.providers import Providers
from runtime.messages import Message
from tabs.endpoints import delete_confirmation
from tabs.endpoints.account_picker import AccountPicker
from tabs.endpoints.create_actions import CreateActions
from tabs.endpoints.deploy_request import FORM, LIST, DeployRequest
from tabs.endpoints.endpoint_actions import EndpointActions
from tabs.endpoints.endpoint_list import EndpointList
from tabs.endpoints.events import ACTIONS, CALLS, WATCHES
from tabs.frame.events import AT_ONCE, PRIVATE, Listener
from tabs.frame.section import PageContext, Section
from tabs.frame.status_line import StatusLine
from tabs.markup import Html

INTRO = Message("A model that answers at an address of its own, for as long as you want it to.")
TO_THE_TOP = "() => scrollTo(0, 0)"


class EndpointsSection(Section):
    id = "endpoints"
    title = Message("Endpoints")

    def __init__(self, providers: Providers) -> None:
        self._providers = providers

    def draw(self, context: PageContext, entered: gr.Tab) -> list[Dependency]:
        """See `Section`."""
        return EndpointsView(context, self._providers).wire(entered)


class EndpointsView:
    """The section in one language."""

    def __init__(self, context: PageContext, providers: Providers) -> None:
        self._context = context
        gr.HTML(Html('<p class="intro">{}</p>', INTRO))
        self.account_picker = AccountPicker(providers, context.words)
        self.status_line = StatusLine(context.words)
        self.acting = EndpointActions(context, self.account_picker, self.status_line)
        with gr.Tabs(elem_classes="tasks endpoint-lists") as self.lists:
            with gr.Tab(Message("Your endpoints"), id=LIST):
                self.listed = EndpointList(context, self.account_picker)
            with gr.Tab(Message("Create one"), id=FORM) as self.create_tab:
                self.making = CreateActions(context, self.account_picker, self.status_line)
        form = self.making.form
        self.deploy_request = DeployRequest(
            context, EndpointsSection.id, self.lists, self.account_picker, form
        )

    def wire(self, entered: gr.Tab) -> list[Dependency]:
        self._wire_looks(entered)
        self._wire_acts()
        self._wire_form()
        self._wire_create()
        return self._wire_uses()

    @property
    def _look(self) -> Listener:
        picker, listed = self.account_picker, self.listed
        inputs = [listed.whose, *picker.inputs]
        return {"fn": listed.look, "inputs": inputs, "outputs": listed.looked, **WATCHES}

    def _wire_looks(self, entered: gr.Tab) -> None:
        picker = self.account_picker
        entered.select(**self._look)
        for event in (
            picker.place.input,
            picker.button.click,
            picker.token.submit,
            picker.account.input,
        ):
            event(**self._look)
        status_line = self.listed.status_line
        status_line.stop_button.click(self.listed.stop, None, status_line.components, **AT_ONCE)
        for stop in (self.acting.stop, self.making.stop):
            self.status_line.stop_button.click(stop, None, None, **AT_ONCE)
        stop = self.making.filling.stop
        self.status_line.stop_button.click(stop, None, self.status_line.components, **AT_ONCE)

    def _wire_acts(self) -> None:
        acting, asking = self.acting, self.acting.deleting
        self.listed.list.click(
            acting.press,
            [self.listed.whose, *self.account_picker.inputs],
            acting.components,
            **ACTIONS,
        ).then(**self._look)
        asking.question.change(None, None, None, js=delete_confirmation.FOCUS, **PRIVATE)
        for event in (asking.sure.click, asking.typed.submit):
            event(
                acting.delete,
                [asking.name, asking.whose, asking.typed, *self.account_picker.inputs],
                acting.components,
                **CALLS,
            ).then(**self._look)
        asking.keep.click(asking.closed, None, asking.components, **AT_ONCE)

    def _wire_form(self) -> None:
        making, picker, context = self.making, self.account_picker, self._context
        there = self.listed.endpoints
        making.choosing.wire(there)
        picker.place.input(
            making.filling.moved, [picker.place, making.form.model], making.form.model, **AT_ONCE
        )
        making.weighing.wire()
        self.create_tab.select(**making.filling.anew).then(**making.weighing.anew)
        deploy_event = context.deploy_request.change(
            self.deploy_request.take,
            [context.deploy_request, picker.place],
            self.deploy_request.taken,
            **AT_ONCE,
        ).then(**making.choosing.chosen(there))
        deploy_event.then(None, None, None, js=TO_THE_TOP)
        for event in (picker.button.click, picker.token.submit):
            event(**making.filling.again).then(**making.weighing.anew)
        for event in (picker.place.input, picker.account.change, deploy_event.then):
            filled = event(**making.filling.anew).then(**making.weighing.anew)
            filled.then(**making.choosing.look_for_recipes)

    def _wire_create(self) -> None:
        making = self.making
        form = making.form
        outputs = [*self.status_line.components, form.name, form.proposed, making.made]
        found = [making.recipes.found, making.recipes.recipe, form.name, form.model]
        for button, make, inputs in (
            (making.create_button, making.create, making.inputs),
            (making.recipes.button, making.deploy, [*self.account_picker.inputs, *found]),
        ):
            button.click(make, inputs, outputs, **CALLS).success(
                self.to_the_list, making.made, self.lists, **AT_ONCE
            ).then(**self._look)

    def _wire_uses(self) -> list[Dependency]:
        """What turns the switch on top of the page."""
        listed = self.listed
        used = listed.list.select(
            listed.use,
            [listed.endpoints, listed.whose, *self.account_picker.inputs],
            [*self._context.navigation_outputs, *listed.status_line.components],
            **AT_ONCE,
        )
        used.then(None, None, None, js=TO_THE_TOP)
        return [used]

    def to_the_list(self, made: bool) -> Any:
        """Once it is made; else the form stays in view."""
        return gr.Tabs(selected=LIST) if made else gr.skip()
