"""Links and contact details: a text that leads shoppers away from the hub, in English and Chinese."""

import re
from collections.abc import Iterator

from functions.audit.rules.finding import Finding, Severity, quoted
from functions.audit.rules.operator_lists import OperatorLists
from functions.audit.rules.passages import passages
from shared.trade.product import Product

PATTERNS: tuple[tuple[str, Severity, re.Pattern[str]], ...] = (
    ("link", "refuse", re.compile(r"\bhttps?://\S+|(?<![\w@.])www\.[a-z0-9-]+\.\w+", re.ASCII)),
    ("contact-details", "refuse", re.compile(r"[\w.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,4}\.[a-z]{2,24}\b", re.ASCII)),
    (
        "contact-details", "refuse",
        re.compile(
            r"(?:微信|薇信|威信|v信|(?<![a-z0-9])(?:vx|wei ?xin|we ?chat))"
            r"(?:\s?(?:号码?|id|:)){1,2}\s?[a-z][a-z0-9_-]{5,19}(?![a-z0-9])",
            re.ASCII,
        ),
    ),
    (
        "contact-details", "refuse",
        re.compile(r"(?:微信|薇信|威信|加v|v信|(?<![a-z0-9])vx)\s?(?=[a-z_-]{1,19}\d)[a-z][a-z0-9_-]{5,19}(?![a-z0-9])", re.ASCII),
    ),
    ("contact-details", "refuse", re.compile(r"(?:扣扣|(?<![a-z0-9])qq)(?:群|号码?|:|\s){0,4}[1-9]\d{4,10}(?!\d)", re.ASCII)),
    (
        "contact-details", "refuse",
        re.compile(
            r"(?:电话|手机号?|热线|whats ?app|(?<![a-z])tel(?:ephone)? ?(?:no\.?)?:|(?<![a-z])(?:call|text) us)"
            r"\D{0,12}\d(?:[ ()./-]{0,2}\d){6,14}(?!\d)",
            re.ASCII,
        ),
    ),
    (
        "contact-details", "review",
        re.compile(r"(?<![\w.+-])(?:\+\d{1,3}(?:[ ()-]{1,2}\d{1,5}){2,5}|\+\d{9,15}|1[3-9]\d{9})(?![\w-])", re.ASCII),
    ),
    ("link", "review", re.compile(r"(?<![\w@./-])[a-z0-9-]{2,40}\.(?:com|net|org|cn|co\.uk|shop|store|top|xyz)(?![\w-])", re.ASCII)),
)  # fmt: skip
"""What betrays a link or contact, surest first. A bare domain may be a brand, bare digits a part's number: a person decides."""
REMEDIES = {
    "link": "Leave links and addresses of other sites out of the text.",
    "contact-details": "Leave addresses, numbers and accounts out of the text: shoppers reach you through the storefront.",
}


def contact_details(product: Product, lists: OperatorLists) -> Iterator[Finding]:
    """At most one finding for each text and tag: the surest."""
    for passage in passages(product):
        yield from _first(passage.folded, passage.field)


def _first(folded: str, field: str) -> Iterator[Finding]:
    for code, severity, pattern in PATTERNS:
        found = pattern.search(folded)
        if found:
            yield Finding(code, severity, f'"{quoted(folded, found.start(), found.end())}"', REMEDIES[code], field)
            return
