"""How many processes one function may have on this machine."""

from local.conditions.refusals import CannotStart

MOST = 50


def workers_of(text: str) -> int:
    """The number that `text` names. Raises CannotStart unless it is one from 1 to MOST."""
    if not text.isdecimal() or not 1 <= int(text) <= MOST:
        raise CannotStart(f"WORKERS={text} is no number from 1 to {MOST}")
    return int(text)
