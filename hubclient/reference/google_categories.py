"""Google's product categories beside Shopify's: what a feed names in Google's words, as a category of the hub's.

Shopify's `shopify_to_google.txt` says which category of its own is which of Google's (`→` and `⇒` lines); Google's
`taxonomy-with-ids.en-US.txt` numbers them (`1604 - Apparel & Accessories > Clothing`). Without the second
no number is known.
"""

import re
from typing import Any

from hubclient.reference.flaw import Flaw, Flawed, text_of

NUMBERED = re.compile(r"(?P<number>\d{1,7}) - (?P<path>\S.*)")
OURS, GOOGLES = "→", "⇒"


def add_google_categories(rows: list[Any], raw: bytes) -> None:
    """Add to `rows`, each [Google's number or "", Google's path, our path], what a file says; the numbers' file comes second.

    Raises Flawed for a line of neither form, and for a `⇒` without the `→` before it.
    """
    flaws: list[Flaw] = []
    numbers: dict[str, str] = {}
    ours = ""
    for at, line in enumerate(text_of(raw).splitlines(), 1):
        text = line.strip()
        if text.startswith(OURS):
            ours = text[1:].strip()
        elif text.startswith(GOOGLES) and ours:
            rows.append(["", text[1:].strip(), ours])
            ours = ""
        elif found := NUMBERED.fullmatch(text):
            numbers[found["path"]] = found["number"]
        elif text and not text.startswith("#"):
            flaws.append(Flaw(at, "neither `→ category` with `⇒ Google's category` below it, nor `number - Google's category`"))
    if numbers and not rows:
        flaws.append(Flaw(0, "name the file that says which category is which of Google's first"))
    if flaws:
        raise Flawed(flaws)
    for row in rows:
        row[0] = numbers.get(row[1], row[0])
