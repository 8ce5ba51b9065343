"""Whose shop an address names, and why something of it is gone: read without a key, since a shop is there for anybody."""

import time
from collections.abc import Callable
from typing import Protocol

from functions.storefronts.configuration.shop_pages import FORM
from functions.storefronts.configuration.storefront import Storefront
from shared.bounds.recent import Recent
from shared.errors import NotFound
from shared.pages.refusals import Gone

SLUGS_AGE = 60.0
"""Seconds that a slug's storefront is known: it never becomes another's."""
RECALLS_AGE = 3.0


class ShopClosed(NotFound):
    code, title = "shop-closed", "This shop is closed at present"


class NoSuchShop(NotFound):
    code, title = "no-such-shop", "There is no shop at this address"


class Slugs(Protocol):
    """Where slugs are kept."""

    def by_slug(self, slug: str) -> tuple[str, str] | None:
        """The account and the id of the storefront that claimed it."""
        ...


class Storefronts(Protocol):
    """Storefronts as they were a moment ago."""

    def kept(self, account_id: str, storefront_id: str) -> Storefront | None: ...


class Recalls(Protocol):
    """What is known of products that are off sale."""

    def recalled(self, product_id: str) -> str:
        """Why it was recalled; empty if it was not."""
        ...


class ShopReader:
    def __init__(
        self, slugs: Slugs, storefronts: Storefronts, recalls: Recalls, monotonic: Callable[[], float] = time.monotonic
    ) -> None:  # fmt: skip
        self._slugs, self._storefronts, self._recalls = slugs, storefronts, recalls
        self._owners, self._reasons = Recent(SLUGS_AGE, 512, monotonic), Recent(RECALLS_AGE, 512, monotonic)

    def shop(self, slug: str, *, even_closed: bool = False) -> Storefront:
        """The storefront whose slug it is or was, or looks like it. `even_closed`: for who bought there before.

        Raises NoSuchShop, and ShopClosed while its owner has closed it or an operator suspended it: why is for its owner alone.
        """
        lower = slug.lower()
        owner = self._owners.get(lower, lambda: self._claimed(lower)) if FORM.fullmatch(lower) else None
        found = self._storefronts.kept(*owner) if owner else None
        if found is None or found.configuration.pages is None:
            raise NoSuchShop("ask who gave you the address")
        if not even_closed and (found.suspended or not found.configuration.open):
            raise ShopClosed("its owner may open it again: come back later")
        return found

    def gone(self, product_id: str, back: str) -> NotFound | Gone:
        """Why a product that is not sold here is not. `back`: where its reader goes on."""
        reason = self._reasons.get(product_id, lambda: self._recalls.recalled(product_id))
        return Gone(reason, back=back) if reason else NotFound("this shop does not sell such a product", back=back)

    def _claimed(self, slug: str) -> tuple[str, str]:
        """Raises NoSuchShop, so that nothing is remembered of a slug that somebody may claim now."""
        owner = self._slugs.by_slug(slug)
        if owner is None:
            raise NoSuchShop("ask who gave you the address")
        return owner
