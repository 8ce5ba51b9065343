"""Countries as files name them."""

from functions.uploads.values.words import Unreadable
from shared.door.countries import country_flaw


def country_of(text: str) -> str:
    """Two letters of ISO 3166-1, in any letter case. Raises Unreadable."""
    code = text.strip().upper()
    if country_flaw(code):
        raise Unreadable("country", text=text[:40])
    return code
