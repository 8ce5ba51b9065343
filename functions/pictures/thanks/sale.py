"""What an order counts for those whose pictures its products showed: the units that were paid for, less those that were paid back, and
what was paid for them. Nothing, while its money is disputed or missing. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Self

from shared.messages import PaymentDisputed
from shared.order_messages import OrderLine, OrderPaid, OrderPaymentLost, OrderRefunded, OrderRefundFailed

MOST_CREDITED = 20
"""Pictures of one order that are counted, those of its first lines: the transaction that counts them is bounded so."""
OrderNews = OrderPaid | OrderPaymentLost | OrderRefunded | OrderRefundFailed | PaymentDisputed


class Credit(NamedTuple):
    """A picture that a product shows, and the account that gave it."""

    content_id: str
    account_id: str


class Sold(NamedTuple):
    """Units, and what shoppers paid for them, in minor units of the order's currency; 0 where that was not kept."""

    units: int = 0
    amount: int = 0

    def less(self, other: "Sold") -> "Sold":
        return Sold(self.units - other.units, self.amount - other.amount)

    def plus(self, other: "Sold") -> "Sold":
        return Sold(self.units + other.units, self.amount + other.amount)


Credits = Mapping[str, tuple[Credit, ...]]
"""By product id."""
SoldOf = Mapping[str, Sold]
"""By product id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """An order with products that showed pictures of others when it was first heard of. `paid`: by the earliest that was told of its being
    paid, at `paid_version` (0: not yet): later ones leave out what was paid back meanwhile. `refunded`: refund id → the version of its last
    news, and what came back by it. `disputes`: by payment and dispute, the version of its last news, and whether the bank holds the money.
    `missing`: the order's version → how much of what was paid went then (below 0: came again). `changes`: how often it was written."""

    order_id: str
    credits: Credits
    currency: str = ""
    paid_version: int = 0
    paid: SoldOf = field(default_factory=dict)
    refunded: Mapping[str, tuple[int, SoldOf]] = field(default_factory=dict)
    disputes: Mapping[str, tuple[int, bool]] = field(default_factory=dict)
    missing: Mapping[int, int] = field(default_factory=dict)
    changes: int = 0

    def after(self, news: OrderNews) -> Self:
        """What comes twice, or late, changes nothing."""
        match news:
            case OrderPaid():
                return self._after_payment(news)
            case OrderPaymentLost():
                return self._after_move(news.version, news.amount)
            case PaymentDisputed():
                return self._after_dispute(news)
        if self.refunded.get(news.refund_id, (0, {}))[0] >= news.version:
            return self
        sold = self._sold(news.lines) if isinstance(news, OrderRefunded) else {}
        return replace(self, refunded={**self.refunded, news.refund_id: (news.version, sold)})

    def _after_payment(self, news: OrderPaid) -> Self:
        moved = self._after_move(news.version, -news.regained)
        if self.paid_version and self.paid_version <= news.version:
            return moved
        return replace(moved, paid_version=news.version, paid=self._sold(news.lines), currency=news.currency)

    def _after_move(self, version: int, gone: int) -> Self:
        return replace(self, missing={**self.missing, version: gone}) if gone else self

    def _after_dispute(self, news: PaymentDisputed) -> Self:
        key = f"{news.payment_id}#{news.dispute_ref}"
        if self.disputes.get(key, (0, False))[0] >= news.version:
            return self
        return replace(self, disputes={**self.disputes, key: (news.version, news.state != "won")})

    def _sold(self, lines: Iterable[OrderLine]) -> SoldOf:
        found: dict[str, Sold] = {}
        for line in lines:
            if line.product_id in self.credits:
                found[line.product_id] = found.get(line.product_id, Sold()).plus(Sold(line.quantity, line.quantity * line.unit_price))
        return found

    @property
    def is_short(self) -> bool:
        """Whether its money, or some of it, is with the shopper's bank, or gone."""
        return any(held for _, held in self.disputes.values()) or sum(self.missing.values()) > 0

    @property
    def counts(self) -> dict[Credit, Sold]:
        """What was sold with each picture."""
        found: dict[Credit, Sold] = {}
        for product_id in () if self.is_short else self.paid:
            sold = self._left(product_id)
            for credit in self.credits[product_id]:
                found[credit] = found.get(credit, Sold()).plus(sold)
        return found

    def _left(self, product_id: str) -> Sold:
        back = [sold[product_id] for _, sold in self.refunded.values() if product_id in sold]
        units, amount = self.paid[product_id]
        return Sold(max(0, units - sum(each.units for each in back)), max(0, amount - sum(each.amount for each in back)))

    def more_than(self, before: "Sale") -> dict[Credit, Sold]:
        """What each picture counts by it more, or less, than by its state before."""
        now, then = self.counts, before.counts
        moved = {credit: now.get(credit, Sold()).less(then.get(credit, Sold())) for credit in {**then, **now}}
        return {credit: sold for credit, sold in moved.items() if any(sold)}


def first_credits(credits: Credits) -> Credits:
    """Those that are counted of one order."""
    found, left = dict[str, tuple[Credit, ...]](), MOST_CREDITED
    for product_id, several in credits.items():
        if several[:left]:
            found[product_id] = several[:left]
        left -= len(found.get(product_id, ()))
    return found
