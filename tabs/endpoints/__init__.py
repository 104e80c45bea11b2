"""Endpoints: make one, watch it, test it, use it everywhere, stop paying for it.

section   the group of the page: drawn and wired    who       which provider, whose account
listed    the endpoints there are, as they change   acting    pause, resume, scale to zero, delete
form      what one needs to be told                 making    from the form to an endpoint
choosing  what a model brings with it               weighing  what goes together, and its price
hardware  vendor, region, accelerator, instance     recipes   models that deploy with one click
deleting  only for who types its name               wanted    a model from elsewhere on the page
cards     HTML of all of these                      waiting   a call and the seconds it takes
events    how many of these run at once             filling   the form, for where endpoints run
"""

from tabs.endpoints.section import EndpointsSection

__all__ = ["EndpointsSection"]
