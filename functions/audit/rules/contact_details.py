"""Links and contact details: a text that leads shoppers away from the hub, in English and Chinese."""

import json
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from functions.audit.rules.finding import Finding, Severity, quoted
from functions.audit.rules.operator_lists import OperatorLists
from functions.audit.rules.passages import Passage
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
)  # fmt: skip
"""What betrays a link or contact, surest first. Bare digits may be a part's number: a person decides."""
DOMAIN = re.compile(r"(?<![\w@./-])((?:[a-z0-9-]{1,63}\.){0,2}[a-z0-9-]{3,63}\.)([a-z]{2,24})(?![\w-])(?!\.\w)", re.ASCII)
ENDED = re.compile(r"(?<=[^\W\d_A-Z])\.([A-Z][a-z]+)(?!\w)")
"""A sentence's end without its space, and the word after it."""
INVITED = re.compile(r"(?:visit|see|go to|at|on|via|from|www|siehe|auf|bei|voir|sur|访问|登录|登陆|请到)[ :]{1,2}$")
SPOKEN = Path(__file__).with_name("spoken_ends.json")
TOP_LEVELS = Path(__file__).with_name("top_levels.json")
REMEDIES = {
    "link": "Leave links and addresses of other sites out of the text.",
    "contact-details": "Leave addresses, numbers and accounts out of the text: shoppers reach you through the storefront.",
}


def contact_details(product: Product, read: Sequence[Passage], lists: OperatorLists) -> Iterator[Finding]:
    """At most one finding for each text and tag: the surest."""
    brands = {found[0] for passage in read if passage.is_title and (found := DOMAIN.match(passage.folded))}
    brands |= {passage.folded for passage in read if passage.field == "/brand"}
    for passage in read:
        surest = next(_first(passage), None) or next(_bare_domain(passage, brands), None)
        if surest:
            yield surest


def _bare_domain(passage: Passage, brands: set[str]) -> Iterator[Finding]:
    """An address without more, which a person looks at: no brand, nor what a title begins with (StarTech.com), nor a sentence's end without
    its space (`drink.Top with`)."""
    if passage.is_name and DOMAIN.fullmatch(passage.folded):
        return
    ended = {found[1].lower() for found in ENDED.finditer(passage.written)}
    for found in DOMAIN.finditer(passage.folded):
        if found[2] in top_levels() and found[0] not in brands and found[2] not in ended and not _is_run_on(found, passage):
            shown = f'"{quoted(passage.folded, found.start(), found.end())}"'
            yield Finding("link", "review", shown, REMEDIES["link"], passage.field)


def _is_run_on(found: re.Match[str], passage: Passage) -> bool:
    """Whether it is rather two sentences: in prose, by a word, to which nobody is invited and that no path follows."""
    is_followed = passage.folded.startswith("/", found.end())
    return passage.is_prose and found[2] in spoken() and not is_followed and not INVITED.search(passage.folded, 0, found.start())


@cache
def spoken() -> frozenset[str]:
    """Ends of addresses that are words of running texts: there a full stop without its space looks like one (`photograph.design the`)."""
    return frozenset(json.loads(SPOKEN.read_text(encoding="utf-8"))["names"].split())


@cache
def top_levels() -> frozenset[str]:
    """What addresses end in, by the public suffix list."""
    return frozenset(json.loads(TOP_LEVELS.read_text(encoding="utf-8"))["names"].split())


def _first(passage: Passage) -> Iterator[Finding]:
    """Bare digits in a name are a part's number."""
    for code, severity, pattern in PATTERNS:
        found = None if passage.is_name and severity == "review" else pattern.search(passage.folded)
        if found:
            yield Finding(code, severity, f'"{quoted(passage.folded, found.start(), found.end())}"', REMEDIES[code], passage.field)
            return
