"""Word lists: one word or phrase a line; after a tab, if wanted, `refuse`, `review`, `mild` or `allow`.

`mild` is looked at in titles and brands alone; `allow` names a harmless phrase that holds a listed word (`water pistol`): the longest
term that matches counts.
"""

from hubclient.reference.flaw import Flaw, Flawed, text_of
from shared.trade.listed_terms import is_plain

WEIGHTS = ("refuse", "review", "mild", "allow")
MAX_LENGTH = 100


def terms(raw: bytes, weight: str) -> dict[str, str]:
    """Term → weight; `weight` where the line names none. Of a term that comes twice the last line counts.

    A whole list that is to `refuse` refuses by phrases; its lone words go to a person, for a word out of context is ambiguous. A line
    that says `refuse` itself is taken at its word.
    Lines that are empty or begin with `#` are left out. Raises Flawed for a weight that there is not, a term without a letter
    or sign, and one of more than MAX_LENGTH characters.
    """
    found: dict[str, str] = {}
    flaws: list[Flaw] = []
    for number, line in enumerate(text_of(raw).splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        term, _, own = (part.strip() for part in line.partition("\t"))
        if (own or weight) not in WEIGHTS:
            flaws.append(Flaw(number, f"after the tab stands {own!r}: write refuse, review, mild or allow"))
        elif not 0 < len(term) <= MAX_LENGTH:
            flaws.append(Flaw(number, f"a term has 1 to {MAX_LENGTH} characters before the tab"))
        else:
            found[term] = own or ("review" if weight == "refuse" and not is_plain(term) else weight)
    if not found and not flaws:
        flaws.append(Flaw(0, "there is no word in it"))
    if flaws:
        raise Flawed(flaws)
    return found
