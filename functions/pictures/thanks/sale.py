"""What an order counts for those whose pictures its products showed: the units that were paid for, less those that were paid back. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Self

from shared.order_messages import OrderLine, OrderPaid, OrderRefunded, OrderRefundFailed

MOST_CREDITED = 20
"""Pictures of one order that are counted, those of its first lines: the transaction that counts them is bounded so."""
OrderNews = OrderPaid | OrderRefunded | OrderRefundFailed


class Credit(NamedTuple):
    """A picture that a product shows, and the account that gave it."""

    content_id: str
    account_id: str


Credits = Mapping[str, tuple[Credit, ...]]
"""By product id."""
UnitsOf = Mapping[str, int]
"""By product id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """An order with products that showed pictures of others when it was first heard of. `paid`: by the earliest that was told of its being
    paid, at `paid_version` (0: not yet): later ones leave out what was paid back meanwhile. `refunded`: refund id → the version of its last
    news, and the units that came back by it. `changes`: how often it was written."""

    order_id: str
    credits: Credits
    paid_version: int = 0
    paid: UnitsOf = field(default_factory=dict)
    refunded: Mapping[str, tuple[int, UnitsOf]] = field(default_factory=dict)
    changes: int = 0

    def after(self, news: OrderNews) -> Self:
        """What comes twice, or late, changes nothing."""
        if isinstance(news, OrderPaid):
            if self.paid_version and self.paid_version <= news.version:
                return self
            return replace(self, paid_version=news.version, paid=self._units(news.lines))
        if self.refunded.get(news.refund_id, (0, {}))[0] >= news.version:
            return self
        units = self._units(news.lines) if isinstance(news, OrderRefunded) else {}
        return replace(self, refunded={**self.refunded, news.refund_id: (news.version, units)})

    def _units(self, lines: Iterable[OrderLine]) -> UnitsOf:
        found = Counter[str]()
        for line in lines:
            if line.product_id in self.credits:
                found[line.product_id] += line.quantity
        return dict(found)

    @property
    def counts(self) -> Counter[Credit]:
        """How many units were sold with each picture."""
        found = Counter[Credit]()
        for product_id, units in self.paid.items():
            left = units - sum(back.get(product_id, 0) for _, back in self.refunded.values())
            for credit in self.credits[product_id]:
                found[credit] += max(0, left)
        return found


def first_credits(credits: Credits) -> Credits:
    """Those that are counted of one order."""
    found, left = dict[str, tuple[Credit, ...]](), MOST_CREDITED
    for product_id, several in credits.items():
        if several[:left]:
            found[product_id] = several[:left]
        left -= len(found.get(product_id, ()))
    return found
