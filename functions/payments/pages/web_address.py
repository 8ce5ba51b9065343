"""Addresses that others told: a provider, a browser."""

from urllib.parse import SplitResult, urlsplit


def split(address: str) -> SplitResult:
    """Its parts; those of an empty one where it is none (`https://[x`)."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")
