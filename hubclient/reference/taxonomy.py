"""Shopify's product taxonomy as it is published: `categories.txt`, one category a line.

gid://shopify/TaxonomyCategory/hg-3-2     : Home & Garden > Decor > …
"""

import re

from hubclient.reference.flaw import Flaw, Flawed, text_of

LINE = re.compile(r"gid://shopify/TaxonomyCategory/(?P<id>[a-z]{2}(?:-\d{1,4}){0,9})\s+:\s(?P<name>\S.*)")


def categories(raw: bytes) -> list[list[str]]:
    """[id, full name] of each category in the file's order; every parent stands before its children.

    Lines that are empty or begin with `#` are left out. Raises Flawed for a line of another form, an id that comes twice, or
    a category whose parent does not come before it.
    """
    rows: dict[str, str] = {}
    flaws: list[Flaw] = []
    for number, line in enumerate(text_of(raw).splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        found = LINE.fullmatch(line.strip())
        flaw = _flaw(found, rows)
        if found is None or flaw:
            flaws.append(Flaw(number, flaw))
        else:
            rows[found["id"]] = found["name"].strip()
    if not rows and not flaws:
        flaws.append(Flaw(0, "there is no category in it"))
    if flaws:
        raise Flawed(flaws)
    return [[category, name] for category, name in rows.items()]


def _flaw(found: re.Match[str] | None, rows: dict[str, str]) -> str:
    """What is wrong with a line, or nothing."""
    if found is None:
        return "not `gid://shopify/TaxonomyCategory/<id> : <name> > <name>`"
    parent = found["id"].rpartition("-")[0]
    if found["id"] in rows:
        return f"{found['id']} comes twice"
    return f"its parent {parent} does not come before it" if parent and parent not in rows else ""
