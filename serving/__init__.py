"""The page's tasks over HTTP, in the Inference API's own contract; docs/serving.md tells it."""

from serving.application import build, routes

__all__ = ["build", "routes"]
