"""Codes of the Harmonized System, as customs know them."""

import json
from functools import lru_cache
from pathlib import Path

LIST = Path(__file__).with_name("hs_codes.json")
NATIONAL = ("98", "99")
"""Chapters that each country fills by itself."""
MOST_SHOWN = 8


@lru_cache(1)
def _headings() -> dict[str, str]:
    found: dict[str, str] = json.loads(LIST.read_text(encoding="utf-8"))["headings"]
    return found


def hs_flaw(code: str) -> str | None:
    """What is wrong with a code of 6, 8 or 10 digits, and which there are beside it; None if the edition of 2022 has its first six."""
    heading, rest = code[:4], code[4:6]
    if code.startswith(NATIONAL):
        return None
    known = _headings().get(heading)
    if known is None:
        near = sorted(other for other in _headings() if other.startswith(code[:2]))
        where = f"chapter {code[:2]} has {near[0]} to {near[-1]}" if near else f"there is no chapter {code[:2]} either"
        return f"HS 2022 has no heading {heading}: {where}. Ask customs, or look the goods up in the tariff"
    ends = [known[i : i + 2] for i in range(0, len(known), 2)]
    if rest in ends:
        return None
    shown = ", ".join(heading + end for end in ends[:MOST_SHOWN]) + (" …" if len(ends) > MOST_SHOWN else "")
    return f"HS 2022 has no {heading}{rest}: under {heading} there are {shown}"
