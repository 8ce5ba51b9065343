"""Shopify's taxonomy of attributes as it is published: `attributes.txt`, then `attribute_values.txt`, one a line.

gid://shopify/TaxonomyAttribute/2649 : AI application
gid://shopify/TaxonomyValue/13254 : #10 [Paper size]
"""

import re
from typing import Any

from hubclient.reference.flaw import Flaw, Flawed, text_of

ATTRIBUTE = re.compile(r"gid://shopify/TaxonomyAttribute/(?P<id>\d{1,9})\s+:\s(?P<name>\S.*)")
VALUE = re.compile(r"gid://shopify/TaxonomyValue/(?P<id>\d{1,9})\s+:\s(?P<name>\S.*)\s\[(?P<attribute>[^\[\]]+(?:\[[^\]]*\])?)\]")


def add_attributes(rows: list[Any], raw: bytes) -> None:
    """Add to `rows` what a file says: [id, name, [[value's id, value], …]]. Values follow the attributes that they name.

    Lines that are empty or begin with `#` are left out. Raises Flawed for a line of another form, an id that comes twice, a value of
    an attribute that does not come before it.
    """
    seen = {row[0] for row in rows}
    named: dict[str, list[Any]] = {}
    for row in rows:
        named.setdefault(row[1], []).append(row)
    flaws: list[Flaw] = []
    for number, line in enumerate(text_of(raw).splitlines(), 1):
        if line.strip() and not line.startswith("#") and (flaw := _add(line.strip(), rows, named, seen)):
            flaws.append(Flaw(number, flaw))
    if not rows and not flaws:
        flaws.append(Flaw(0, "there is no attribute in it"))
    if flaws:
        raise Flawed(flaws)


def _add(line: str, rows: list[Any], named: dict[str, list[Any]], seen: set[str]) -> str:
    """What is wrong with a line, or nothing. Two attributes of one name, as translations have them, share its values."""
    if found := ATTRIBUTE.fullmatch(line):
        if found["id"] in seen:
            return f"{found['id']} comes twice"
        rows.append([found["id"], found["name"].strip(), []])
        seen.add(found["id"])
        named.setdefault(rows[-1][1], []).append(rows[-1])
    elif found := VALUE.fullmatch(line):
        for row in (of := named.get(found["attribute"], [])):
            row[2].append([found["id"], found["name"].strip()])
        return "" if of else f"its attribute {found['attribute']} does not come before it"
    else:
        return "not `gid://shopify/TaxonomyAttribute/<id> : <name>` nor `gid://shopify/TaxonomyValue/<id> : <value> [<attribute's name>]`"
    return ""
