"""In which language a page speaks to its reader: its own words, not what merchants wrote."""

from typing import Literal, get_args

Interface = Literal["en", "zh"]
INTERFACES: tuple[Interface, ...] = get_args(Interface)


def interface_of(language: str) -> Interface:
    """The one that belongs to a BCP 47 tag: Chinese for any Chinese, English for all else."""
    return "zh" if language.lower().split("-")[0] == "zh" else "en"


def accepted_interface(accept: str) -> Interface:
    """The one for an Accept-Language header, where no shop says which languages it has: the first that we speak, in the order written."""
    tags = (part.split(";")[0].strip().lower().split("-")[0] for part in accept.split(",")[:10])
    return next((interface_of(tag) for tag in tags if tag in INTERFACES), "en")
