"""The pages' own words: gettext, whose catalogue `python -m tools.pages` compiles from locale/ (English is what the templates say)."""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from shared.pages.interface_language import Interface

CATALOGUES: dict[Interface, str] = {"zh": "texts.zh.mo"}


@cache
def texts(interface: Interface) -> NullTranslations:
    """The catalogue of a language."""
    name = CATALOGUES.get(interface)
    return GNUTranslations(BytesIO(Path(__file__).with_name(name).read_bytes())) if name else NullTranslations()


def worded(text: str) -> str:
    """`text`, marked for translators where it cannot be translated yet: a field's title is said in each reader's language."""
    return text
