"""Each minute: sales that have begun or ended since. What is asked from then on is published, as if its supplier had sent it anew.

So listings, filters, the feed, webhooks and checkout know one price, as before, and a sale costs two publications, whatever the
number of storefronts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import NamedTuple, Protocol

from functions.catalog.offers.offer import Offer, OfferChange, next_of
from functions.catalog.offers.told import publication
from monsoon_plugin.clock import UNCOUNTED, Clock, TimeLeft
from shared.iteration import sweep_each

SPARE = timedelta(seconds=5)
"""With less time left than this it begins nothing more."""


class DueSale(NamedTuple):
    """That a product is to be looked at, because one of its sales begins or ends."""

    key: str
    supplier_id: str
    product_id: str


class DueSales(Protocol):
    """Where it is kept whose sales begin or end, and when."""

    def due(self, now: datetime) -> Iterator[DueSale]:
        """Whose sales have begun or ended, the earliest first."""
        ...

    def await_sale(self, offer: Offer, moment: datetime) -> None: ...

    def done(self, due: DueSale) -> None: ...


class Offers(Protocol):
    def look_at_sales(self, supplier_id: str, product_id: str) -> Offer | None: ...


def after_sale_moment(held: Offer, now: datetime) -> OfferChange | None:
    """Tell what is asked from now on, as a sale has begun or ended; None if that is told already, or it is off sale."""
    newer = next_of(held, now)
    return None if held.recall or held.is_delisted or newer.asks == held.asks else publication(newer)


@dataclass(frozen=True, slots=True)
class SaleSweep:
    sales: DueSales
    offers: Offers
    clock: Clock

    def run(self, time_left: TimeLeft = UNCOUNTED) -> dict[str, int]:
        """Answers how many products were looked at; what there is no time for stays due. Raises as `sweep_each` does."""
        in_time = takewhile(lambda _: time_left() >= SPARE, self.sales.due(self.clock()))
        return {"looked_at": len(sweep_each(in_time, self._look_at, "sales"))}

    def _look_at(self, due: DueSale) -> None:
        """The next moment is written down before this one is done with, also of what is recalled: it may be back on sale by then."""
        offer = self.offers.look_at_sales(due.supplier_id, due.product_id)
        if offer and (moment := offer.next_sale(self.clock())):
            self.sales.await_sale(offer, moment)
        self.sales.done(due)
