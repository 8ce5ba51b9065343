"""Who pays commission on a first introduction: the storefront's owner, COMMISSION_PER_MILLE thousandths of the margin, to the platform.

A supplier's first introduction to an owner is the first paid order, at any of the owner's storefronts, that holds goods of this supplier.
Of that order, the margin of this supplier's lines bears commission. Goods, shipping and every later order are free of it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from functions.settlement.ledger.journal import PLATFORM, Amounts
from monsoon_plugin.money import per_mille
from shared.order_messages import OrderLine, OrderPaid
from shared.trade.line_money import goods_money


@dataclass(frozen=True, slots=True)
class CommissionTerms:
    """What the platform takes of an order, fixed when it is paid: a later change of the setting changes no refund."""

    per_mille: int
    introduced: frozenset[str]
    """The suppliers whose first introduction this order is."""


NO_COMMISSION = CommissionTerms(0, frozenset())


class Introductions(Protocol):
    """Who was introduced to whom, and by which order."""

    def record_introduction(self, account_id: str, supplier_id: str, order_id: str) -> str:
        """The order of the first introduction of the supplier to the account: this one, unless another was recorded."""
        ...


def fix_terms(event: OrderPaid, rate: int, introductions: Introductions) -> CommissionTerms:
    """The order's terms for good; the first introductions it makes are recorded. Without a rate, or in test mode, nothing is."""
    if event.test:
        return NO_COMMISSION
    suppliers = sorted({line.supplier_id for line in event.lines}) if rate else []
    first = (s for s in suppliers if introductions.record_introduction(event.account_id, s, event.order_id) == event.order_id)
    return CommissionTerms(rate, frozenset(first))


def commission(margin: int, rate: int) -> int:
    """What the platform earns of the margin under commission, in the same minor units: half rounded up, never below 0."""
    return per_mille(max(margin, 0), rate)


def margin_under_commission(lines: Sequence[OrderLine], terms: CommissionTerms) -> int:
    """The margin of the lines whose supplier the order introduced."""
    return goods_money(line for line in lines if line.supplier_id in terms.introduced).margin


def commission_amounts(owner: str, amount: int) -> Amounts:
    """The owner pays, the platform earns; below 0 the platform gives back."""
    return Counter({(owner, "commission"): -amount, (PLATFORM, "commission_earned"): amount})
