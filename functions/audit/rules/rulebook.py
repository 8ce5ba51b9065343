"""Every rule, in the order in which their findings are told."""

from collections.abc import Callable, Iterable
from itertools import chain

from functions.audit.rules.contact_details import contacts
from functions.audit.rules.dangerous_goods import goods
from functions.audit.rules.finding import MAX_EVIDENCE, Finding
from functions.audit.rules.operator_lists import Lists
from functions.audit.rules.prices import prices
from functions.audit.rules.prohibited_words import words
from functions.audit.rules.title_and_category import required
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
