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
LETTER = "\\u00c0-\\u024f\\u1e00-\\u1eff"
"""Letters with accents: a word that goes on with one is no address (`obsahu.práce`), as it is where a Chinese character follows."""
DOMAIN = re.compile(
    rf"(?<![\w@./{LETTER}-])((?:[a-z0-9-]{{1,63}}\.){{0,2}}[a-z0-9-]{{3,63}}\.)([a-z]{{2,24}})(?![\w{LETTER}-])(?!\.\w)", re.ASCII
)
HOST = re.compile(r"(?:https?://)?([a-z0-9.-]{1,253})", re.ASCII)
AUTHORITY = re.compile(r"(?:[a-z0-9-]+\.)+(?:gov(?:\.[a-z]{2})?|gc\.ca|gouv\.fr|europa\.eu)", re.ASCII)
"""Addresses of public authorities, which sell nothing, and which texts must name: a warning under California's Proposition 65 has
www.P65Warnings.ca.gov (27 CCR 25603)."""
TAG = re.compile(r">|&gt;")
"""After what is left of a tag (`appliances.br>toss`)."""
OF_SITES = frozenset(["com", "net", "org", "info", "biz", "shop", "store", "online", "site", "web", "io", "co"])
"""Ends of addresses that a text which names a site may well have as words beside it (`shop at my.shop`)."""
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
        if TAG.match(passage.folded, found.end()) or _after_authority(passage.folded, found.start()):
            continue
        if found[2] in top_levels() and found[0] not in brands and found[2] not in ended and not _is_run_on(found, passage):
            shown = f'"{quoted(passage.folded, found.start(), found.end())}"'
            yield Finding("link", "review", shown, REMEDIES["link"], passage.field)


def _is_run_on(found: re.Match[str], passage: Passage) -> bool:
    """Whether it is rather two sentences: in prose, by a word, to which nobody is invited and that no path follows. A word is also what the
    same text has as one elsewhere (`a charming display.lego star wars` of a text on Lego)."""
    is_followed = passage.folded.startswith("/", found.end())
    if not passage.is_prose or is_followed or INVITED.search(passage.folded, 0, found.start()):
        return False
    return found[2] in spoken() or (found[2] not in OF_SITES and _has_word(passage.folded, found[2]))


def _has_word(text: str, word: str) -> bool:
    return re.search(rf"(?<![\w.@/-]){word}(?![\w-]|\.\w)", text) is not None


@cache
def spoken() -> frozenset[str]:
    """Ends of addresses that are words of running texts: there a full stop without its space looks like one (`photograph.design the`)."""
    return frozenset(json.loads(SPOKEN.read_text(encoding="utf-8"))["names"].split())


@cache
def top_levels() -> frozenset[str]:
    """What addresses end in, by the public suffix list."""
    return frozenset(json.loads(TOP_LEVELS.read_text(encoding="utf-8"))["names"].split())


def _after_authority(text: str, start: int) -> int | None:
    """Where the address that begins at `start` ends, if it is a public authority's. An end that no address has is the next sentence's first
    word, without its space (`ca.gov.view less`, `ca.govdescription`); one in another script may be an address's (RFC 5890)."""
    found = HOST.match(text, start)
    if found is None or (after := text[found.end() : found.end() + 1]) in ("@", ":") or (found[1].endswith(".") and after.isalpha()):
        return None
    labels = found[1].rstrip(".-").split(".")
    if labels[-1] not in top_levels() and not labels[-1].startswith("xn--"):
        last = labels.pop()
        labels += ["gov"] if last.startswith("gov") else []
    return found.end() if AUTHORITY.fullmatch(".".join(labels)) else None


def _first(passage: Passage) -> Iterator[Finding]:
    """Bare digits in a name are a part's number."""
    for code, severity, pattern in PATTERNS:
        if passage.is_name and severity == "review":
            continue
        if found := _found(pattern, passage.folded, is_link=code == "link"):
            yield Finding(code, severity, f'"{quoted(passage.folded, found.start(), found.end())}"', REMEDIES[code], passage.field)
            return


def _found(pattern: re.Pattern[str], text: str, *, is_link: bool) -> re.Match[str] | None:
    found = pattern.search(text)
    while is_link and found and (after := _after_authority(text, found.start())):
        found = pattern.search(text, after)
    return found
