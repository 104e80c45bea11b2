"""Our own pipelines for tasks that transformers 5 no longer has, usable from Python as they are.

Modules in here import transformers; the rest of `tasks/` imports them when a model is loaded.
"""
