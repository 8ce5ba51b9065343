"""A guest finds an order by its number and the buyer's e-mail. Neither alone finds it, and no answer tells which of the two was wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from functions.orders.buyers.buyer_sealing import BuyerSealing
from functions.orders.order import Order
from monsoon_plugin.clock import Clock
from shared.buyers.order_number import id_prefix
from shared.errors import NotFound, TooManyRequests
from shared.ids import named

MOST_LOOKUPS = 10
"""Of one number within an hour of the clock, whoever asks and whatever they find."""
HOUR = timedelta(hours=1)


class NoSuchOrder(NotFound):
    code, title = "no-such-order", "No order of this storefront has this number and this e-mail: look at both again, as its mail has them"


class TooManyLookups(TooManyRequests):
    code, title = "too-many-lookups", "This number was looked up too often"


class Numbered(Protocol):
    """Where orders lie, by number."""

    def numbered(self, account_id: str, storefront_id: str, prefix: str) -> Sequence[Order]:
        """The storefront's orders whose ids begin so: one, and hardly ever two."""


class Lookups(Protocol):
    """Where look-ups are counted."""

    def count(self, account_id: str, storefront_id: str, number: str, hour: datetime, most: int) -> bool:
        """Count one look-up of the number in this hour. Answers False, and counts nothing, where there were `most`."""


@dataclass(frozen=True, slots=True)
class OrderLookup:
    orders: Numbered
    lookups: Lookups
    buyers: BuyerSealing
    clock: Clock

    def find(self, account_id: str, storefront_id: str, number: str, email: str) -> Order:
        """The order. It is counted before anything is looked at, so that those who ask at once are counted too; and whose e-mail it is is
        worked out before an order is found or not, so that a process that has to unwrap a key for it takes as long either way.

        Raises NoSuchOrder, TooManyLookups; NotFound for what is no storefront's id.
        """
        named(storefront_id)
        prefix = id_prefix(number)
        if prefix is None:
            raise NoSuchOrder
        now = self.clock()
        hour = now.replace(minute=0, second=0, microsecond=0)
        if not self.lookups.count(account_id, storefront_id, prefix, hour, MOST_LOOKUPS):
            raise TooManyLookups("wait, or ask the shop", retry_after=int((hour + HOUR - now).total_seconds()) + 1)
        party = self.buyers.party(account_id, email)
        found = self.orders.numbered(account_id, storefront_id, prefix)
        mine = next((order for order in found if self.buyers.is_of(order, party)), None)
        if mine is None:
            raise NoSuchOrder
        return mine
