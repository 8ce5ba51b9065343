"""What a shopper sees of a storefront, read through short memories that are bounded in number and age."""

import time
from collections.abc import Callable, Mapping
from typing import Protocol

from functions.storefronts.configuration.storefront import Storefront, StorefrontClosed, StorefrontSuspended
from functions.storefronts.facets.facets import Facets, facets
from functions.storefronts.index.card_index import CardIndex
from functions.storefronts.index.product_card import Card
from functions.storefronts.index.product_detail import Detail
from functions.storefronts.listings.listing_by_price import ByPrice, PricePlace
from functions.storefronts.listings.listing_page import Narrowing, Place, Window, offers_of, page, variant_offers_of
from functions.storefronts.listings.price_ranges import Pricing, currencies_of
from functions.storefronts.offers.disputed_parts import DisputedPart, disputed_parts
from functions.storefronts.offers.priced_card import PricedCard
from shared.api.caller import Caller
from shared.bounds.recent import Recent
from shared.errors import Invalid, NotFound
from shared.trade.fx import NO_RATES, Rates
from shared.trade.selling_rule import NotSoldIn

RULES_AGE = 3.0
"""Seconds that a storefront's rule, or a product's detail, is used after it was read."""
CURRENCIES_AGE = 2.0
"""Seconds until the first product in a currency that no supplier asked in before is looked for."""
PAGES_AGE = 1.0
"""Seconds that a page of cards is shown after it was chosen: the first pages of busy storefronts are asked for over and over."""
FACETS_AGE = 30.0
"""Seconds that counts are answered after they were made."""


SUSPENDED_TO_KEYS = "suspended by an operator: its owner, signed in, is told why"
"""Keys may lie in browsers, and an operator's reason is for the owner."""


class Storefronts(Protocol):
    """Where storefronts are kept."""

    def get(self, account_id: str, storefront_id: str) -> Storefront | None: ...


class Details(Protocol):
    """Where cards are kept with their detail."""

    def get(self, product_id: str) -> tuple[Card, Detail] | None:
        """A product on sale."""
        ...


class Cards(CardIndex, Protocol):
    """The index of cards, without those of suspended suppliers."""

    def refresh(self) -> None:
        """Take in what has changed, unless that was done a moment ago."""
        ...


class StorefrontReader:
    """Answers shoppers. `rates` answers the present day's exchange rates, NO_RATES if there are none."""

    def __init__(
        self, storefronts: Storefronts, details: Details, cards: Cards, rates: Callable[[], Rates],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._storefronts, self._details, self._cards, self._rates = storefronts, details, cards, rates
        self._rules, self._products = Recent(RULES_AGE, 512, monotonic), Recent(RULES_AGE, 128, monotonic)
        self._currencies, self._used = Recent(CURRENCIES_AGE, 1, monotonic), frozenset[str]()
        self._windows, self._pages = Recent(FACETS_AGE, 512, monotonic), Recent(PAGES_AGE, 64, monotonic)
        self._counted = Recent(FACETS_AGE, 256, monotonic)

    def storefront(self, storefront_id: str, caller: Caller) -> Storefront:
        """The storefront, if it is the caller's; its owner may look while it is closed.

        Raises NotFound, StorefrontClosed, StorefrontSuspended (to its owner, too, and only people are told an operator's reason).
        """
        caller.at_storefront(storefront_id)
        found = self.kept(caller.account_id, storefront_id)
        if found is None:
            raise NotFound("no such storefront of yours")
        if found.suspended:
            raise StorefrontSuspended(f"suspended by an operator: {found.suspended}" if caller.scope is None else SUSPENDED_TO_KEYS)
        if not found.configuration.open and caller.storefront_id is not None:
            raise StorefrontClosed
        return found

    def kept(self, account_id: str, storefront_id: str) -> Storefront | None:
        """The storefront as it was at most RULES_AGE seconds ago, whoever asks and whether it is open or not."""
        return self._rules.get((account_id, storefront_id), lambda: self._storefronts.get(account_id, storefront_id))

    def window(self, storefront: Storefront, narrowing: Narrowing) -> Window:
        """The storefront's rule, narrowed, at the day's rates. Raises Invalid for wishes that cannot be met."""
        _possible(storefront, narrowing)
        self._cards.refresh()
        rates = self._rates() if storefront.configuration.price_rule.currencies else NO_RATES
        used = self._currencies.get("used", self._look_for_currencies)
        key = (storefront.account_id, storefront.id, storefront.version, narrowing, rates.day, used)
        return self._windows.get(key, lambda: Window(Pricing(storefront.rule, rates, used), narrowing))

    def page(self, window: Window, place: Place, limit: int) -> tuple[list[PricedCard], Place | None]:
        """See functions.storefronts.listings.listing_page.page."""
        return self._pages.get((window, place, limit), lambda: page(window, place, limit, self._cards))

    def page_by_price(
        self, window: Window, place: PricePlace | None, limit: int, *, dearest: bool
    ) -> tuple[list[PricedCard], PricePlace | None]:  # fmt: skip
        """See functions.storefronts.listings.listing_by_price.ByPrice.page."""
        return self._pages.get((window, place, limit, dearest), lambda: ByPrice(window, self._cards, dearest).page(place, limit))

    def found(self, window: Window) -> int:
        """How many cards the window holds, at most FACETS_AGE seconds ago."""
        return self._counted.get((window, "found"), lambda: self._cards.count(window.whole))

    def facets(self, window: Window) -> Facets:
        """What the window holds, counted at most FACETS_AGE seconds ago."""
        return self._counted.get(window, lambda: facets(window, self._cards))

    def product(self, window: Window, product_id: str) -> tuple[PricedCard, Detail]:
        """A product that the storefront sells. Raises NotFound, and Invalid where it is not sold in the currency wished for."""
        found = self._products.get(product_id, lambda: self._details.get(product_id)) if self._cards.card(product_id) else None
        try:
            shown = window.priced(found[0]) if found else None
        except NotSoldIn as error:
            raise Invalid.field("query/currency", str(error)) from error
        if found is None or shown is None:
            raise NotFound("this storefront does not sell such a product")
        return shown, found[1]

    def offers(self, window: Window, card: Card) -> list[PricedCard]:
        """See functions.storefronts.listings.listing_page.offers_of."""
        return offers_of(window, card, self._cards)

    def variant_offers(self, window: Window, card: Card) -> Mapping[str, list[PricedCard]]:
        """See functions.storefronts.listings.listing_page.variant_offers_of."""
        return variant_offers_of(window, card, self._cards) if card.variant_items else {}

    def disputed_parts(self, below: int | None, limit: int) -> tuple[list[DisputedPart], int | None]:
        """See functions.storefronts.offers.disputed_parts."""
        self._cards.refresh()
        return disputed_parts(self._cards, below, limit)

    def _look_for_currencies(self) -> frozenset[str]:
        self._used = currencies_of(self._cards, self._used)
        return self._used


def _possible(storefront: Storefront, narrowing: Narrowing) -> None:
    """Raises Invalid naming the query's parameter that cannot be."""
    offered = storefront.configuration.price_rule.currencies
    if offered and narrowing.currency not in (None, *offered):
        raise Invalid.field("query/currency", f"this storefront sells in {', '.join(offered)}")
    if narrowing.low is None and narrowing.high is None:
        return
    if not offered and narrowing.currency is None:
        raise Invalid.field("query/currency", "say in which currency: this storefront sells each product in its supplier's")
    if narrowing.high is not None and narrowing.high < (narrowing.low or 0):
        raise Invalid.field("query/max_price", "less than min_price: no price lies between")
