"""The shop window: what a shopper sees, read through a short memory."""

from collections.abc import Sequence
from typing import Protocol

from functions.storefronts.card import Card, Detail
from functions.storefronts.listing import Cards, Place, page, wants
from functions.storefronts.recent import Recent
from functions.storefronts.storefront import Storefront, StorefrontClosed
from shared.caller import Caller
from shared.errors import NotFound


class Storefronts(Protocol):
    """Where storefronts are kept."""

    def get(self, account_id: str, storefront_id: str) -> Storefront | None: ...


class CardShelf(Cards, Protocol):
    """Where cards are kept."""

    def get(self, product_id: str) -> tuple[Card, Detail] | None:
        """A product on sale."""
        ...


class Remembered:
    """Cards, read through a memory that all storefronts share (functions.storefronts.listing.Cards)."""

    def __init__(self, cards: CardShelf, recent: Recent) -> None:
        self._cards, self._recent = cards, recent

    def get(self, product_id: str) -> tuple[Card, Detail] | None:
        return self._recent.get(("card", product_id), lambda: self._cards.get(product_id))

    def picked(self, product_ids: tuple[str, ...]) -> Sequence[Card]:
        return self._recent.get(("picks", product_ids), lambda: self._cards.picked(product_ids))

    def between(self, vertical: str, low: str, high: str, limit: int) -> Sequence[Card]:
        return self._recent.get(("range", low, high, limit), lambda: self._cards.between(vertical, low, high, limit))

    def verticals(self) -> Sequence[str]:
        return self._recent.get("verticals", self._cards.verticals)


class Shop:
    """Answers shoppers. What it says is as old as the two memories allow."""

    def __init__(self, storefronts: Storefronts, cards: CardShelf, recent_storefronts: Recent, recent_cards: Recent) -> None:
        self._storefronts, self._recent = storefronts, recent_storefronts
        self._cards = Remembered(cards, recent_cards)

    def storefront(self, storefront_id: str, caller: Caller) -> Storefront:
        """The storefront, if it is the caller's; its owner may look while it is closed. Raises NotFound, StorefrontClosed."""
        tenant = caller.at_storefront(storefront_id)
        found = self._recent.get(tenant, lambda: self._storefronts.get(caller.account_id, storefront_id))
        if found is None:
            raise NotFound("no such storefront of yours")
        if not found.configuration.open and caller.storefront_id is not None:
            raise StorefrontClosed
        return found

    def page(self, storefront: Storefront, category: str | None, place: Place, limit: int) -> tuple[list[Card], Place | None]:
        """See functions.storefronts.listing.page."""
        return page(storefront.configuration.selection, category, place, limit, self._cards)

    def product(self, storefront: Storefront, product_id: str) -> tuple[Card, Detail]:
        """A product that the storefront sells. Raises NotFound."""
        found = self._cards.get(product_id)
        if found is None or not wants(storefront.configuration.selection, found[0]):
            raise NotFound("this storefront does not sell such a product")
        return found
