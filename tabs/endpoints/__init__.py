"""Endpoints: make one, watch it, test it, use it everywhere, stop paying for it.

section   the group of the page: drawn and wired    who       which provider, whose account
listed    the endpoints there are, as they change   acting    pause, resume, scale to zero, delete
form      what one needs to be told                 making    from the form to an endpoint
hardware  vendor, region, accelerator, instance     recipes   models that deploy with one click
cards     HTML of all of these                      waiting   a call and the seconds it takes
"""

from tabs.endpoints.section import EndpointsSection

__all__ = ["EndpointsSection"]
