"""Turns weights that come in another program's format into ordinary Transformers folders."""
