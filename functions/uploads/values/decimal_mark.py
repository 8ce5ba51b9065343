"""Which mark a file's numbers have before their decimals, as far as they show it: 12.50 and 1,234.5 do, 1.000 does not."""

import re

NUMBERS = re.compile(r"\d[\d.,]*")
BOTH = ".,"


def mark_in(text: str) -> str:
    """The mark that a cell's number shows; "" if it shows none."""
    found = NUMBERS.search(text[:100])
    number = found[0].rstrip(BOTH) if found else ""
    marks = [sign for sign in number if sign in BOTH]
    if not marks:
        return ""
    last, other = marks[-1], BOTH.replace(marks[-1], "")
    if len(set(marks)) == 2:
        return last
    if len(marks) > 1:
        return other
    whole, _, decimals = number.partition(last)
    return last if len(decimals) != 3 or whole == "0" or len(whole) > 3 else ""


class MarkSought:
    """Looks at the numbers of a file."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def see(self, text: str) -> None:
        if len(self._seen) < 2 and ("." in text or "," in text):
            self._seen |= {mark_in(text)} - {""}

    @property
    def mark(self) -> str:
        """What all of them agree upon; "" if they do not, or none shows it."""
        return next(iter(self._seen)) if len(self._seen) == 1 else ""
