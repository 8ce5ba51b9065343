"""Every rule, in the order in which their findings are told."""

from collections.abc import Callable, Iterable
from itertools import chain

from functions.audit.finding import MAX_EVIDENCE, Finding
from functions.audit.lists import Lists
from functions.audit.rules.contacts import contacts
from functions.audit.rules.goods import goods
from functions.audit.rules.prices import prices
from functions.audit.rules.required import required
from functions.audit.rules.words import words
from shared.trade.product import Product

Rule = Callable[[Product, Lists], Iterable[Finding]]
RULES: tuple[Rule, ...] = (required, prices, goods, words, contacts)
MAX_FINDINGS = 20
"""Findings that are kept of one product, refusals first; a person needs no more to see what is wrong."""


def findings_of(product: Product, lists: Lists) -> tuple[Finding, ...]:
    """What the rules find, refusals first, otherwise in the rules' order; evidence is cut to MAX_EVIDENCE characters."""
    found = chain.from_iterable(rule(product, lists) for rule in RULES)
    worst_first = sorted(found, key=lambda finding: finding.severity != "refuse")
    return tuple(
        Finding(f.code, f.severity, f.evidence[:MAX_EVIDENCE], f.remedy, f.field) for f in worst_first[:MAX_FINDINGS]
    )  # fmt: skip
