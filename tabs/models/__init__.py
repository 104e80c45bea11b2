"""Models: find them on the Hub, see what is on this machine, bring them, try them, delete them.

section   the group of the page: drawn and wired      form     what is searched for
results   pages of cards                              opened   one model: facts, files, README
shelf     what is on this machine                     coming   a download, with Stop
verdict   whether it can be tried here                cards    HTML of all of these
readme    markdown from strangers, made harmless
"""

from tabs.models.section import ModelsSection

__all__ = ["ModelsSection"]
