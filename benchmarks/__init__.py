"""Ratios to peers, each measured in the same run: `make bench`."""
