"""Ours: some distributions install a package `tests` of their own, which would hide a folder without this file."""
