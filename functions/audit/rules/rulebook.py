"""Every rule, in the order in which their findings are told."""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain

from functions.audit.rules.batteries import batteries
from functions.audit.rules.contact_details import contact_details
from functions.audit.rules.dangerous_goods import dangerous_goods
from functions.audit.rules.finding import MAX_EVIDENCE, Finding
from functions.audit.rules.operator_lists import OperatorLists
from functions.audit.rules.passages import Passage, passages
from functions.audit.rules.prices import prices
from functions.audit.rules.prohibited_words import prohibited_words
from functions.audit.rules.title_and_category import title_and_category
from shared.trade.product import Product

Rule = Callable[[Product, Sequence[Passage], OperatorLists], Iterable[Finding]]
"""The product, its texts as they are read, and what the operator has loaded."""
RULES: tuple[Rule, ...] = (title_and_category, prices, dangerous_goods, batteries, prohibited_words, contact_details)
MAX_FINDINGS = 20
"""Findings that are kept of one product, refusals first; a person needs no more to see what is wrong."""


def findings_of(product: Product, lists: OperatorLists) -> tuple[Finding, ...]:
    """What the rules find, refusals first, otherwise in the rules' order; evidence is cut to MAX_EVIDENCE characters."""
    read = tuple(passages(product))
    found = chain.from_iterable(rule(product, read, lists) for rule in RULES)
    worst_first = sorted(found, key=lambda finding: finding.severity != "refuse")
    return tuple(
        Finding(f.code, f.severity, f.evidence[:MAX_EVIDENCE], f.remedy, f.field) for f in worst_first[:MAX_FINDINGS]
    )  # fmt: skip
