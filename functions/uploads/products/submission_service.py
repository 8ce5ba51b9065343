"""The desk for products: takes them one by one, tells where they stand, and notes what audit says."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol

from functions.uploads.feeds.feed_views import ProductPage, ProductQuery, StandingView
from functions.uploads.products.submission import (
    Moved,
    SkuTaken,
    Standing,
    Status,
    Verdict,
    decide,
    flaws,
    judged,
    product_id_of,
    standing_of,
    submitted,
)
from monsoon_plugin.clock import Clock, rfc3339
from shared.api.idempotency import Idempotency
from shared.api.tickets import Tickets, at_cursor, cursor_of
from shared.errors import Invalid, NotFound
from shared.messages import ProductSubmitted
from shared.trade.product import Product

MAX_SCAN = 240
"""Submissions that one page looks through for a status that is rare."""

ATTEMPTS = 7
"""How often verdicts are noted anew because others wrote to the same feed's sums; waits double from 20 ms, 2.5 s in all."""


class Products(Protocol):
    """Where submissions lie."""

    def create(self, event: ProductSubmitted, idempotency: Idempotency) -> Standing | None:
        """Write a first version under an idempotency key. Answers None if that sku is there by another key. Raises KeyReused."""
        ...

    def replace(self, event: ProductSubmitted) -> bool:
        """Write the version after the stored one; False if another was quicker."""
        ...

    def standings(self, supplier_id: str, product_ids: Collection[str]) -> dict[str, Standing]: ...

    def submission(self, supplier_id: str, product_id: str) -> tuple[Standing, ProductSubmitted] | None: ...

    def listed(self, supplier_id: str, after: str, most: int) -> Sequence[Standing]: ...

    def pictures(self, supplier_id: str, picture_ids: Collection[str]) -> set[str]: ...

    def note(self, supplier_id: str, before: Mapping[str, Standing], after: Sequence[Standing]) -> bool:
        """Write what audit said of these, all or none; False if one of them has changed since `before`."""
        ...


class ProductDesk:
    """Takes products and their versions from one supplier at a time."""

    def __init__(
        self, store: Products, categories: Callable[[], Collection[str]], clock: Clock, tickets: Tickets, pause: Callable[[float], None]
    ) -> None:
        self._store, self._categories, self._clock, self._tickets, self._pause = store, categories, clock, tickets, pause

    def submit(self, supplier_id: str, product: Product, idempotency: Idempotency) -> Standing:
        """Take a new product. Raises Invalid, KeyReused, and SkuTaken for a sku that came by another key or a feed."""
        self._check(supplier_id, product)
        taken = self._store.create(submitted(supplier_id, product, 1, rfc3339(self._clock())), idempotency)
        if taken is None:
            raise SkuTaken(product_id=product_id_of(supplier_id, product.sku))
        return taken

    def replace(self, supplier_id: str, product_id: str, product: Product) -> Standing:
        """Take a new version; the same content again changes nothing. Raises NotFound, Invalid, and Moved if another was quicker."""
        found = self._store.standings(supplier_id, [product_id]).get(product_id)
        if found is None:
            raise NotFound
        if product.sku != found.sku:
            raise Invalid.field("/sku", f"this product's sku is {found.sku} and stays so; send another sku by POST /v1/products")
        self._check(supplier_id, product)
        as_of = rfc3339(self._clock())
        if decide(product, as_of, found) == "unchanged":
            return found
        event = submitted(supplier_id, product, found.version + 1, max(as_of, found.as_of))
        if not self._store.replace(event):
            raise Moved
        return standing_of(event)

    def one(self, supplier_id: str, product_id: str) -> tuple[Standing, ProductSubmitted]:
        """A supplier's own submission. Raises NotFound."""
        found = self._store.submission(supplier_id, product_id)
        if found is None:
            raise NotFound
        return found

    def page(self, supplier_id: str, query: ProductQuery) -> ProductPage:
        """A page of the supplier's own submissions, by id. A page may be short and still have a next where a status is rare."""
        now, scope = self._clock(), f"{supplier_id} products"
        at = at_cursor(self._tickets, scope, query.cursor, now)
        most = MAX_SCAN if query.status else query.limit + 1
        found = self._store.listed(supplier_id, str(at["id"]) if at else "", most)
        shown, last = _first(found, query.status, query.limit)
        more = len(found) == most or last < len(found)
        following = cursor_of(self._tickets, scope, {"id": found[last - 1].product_id}, now) if more else None
        return ProductPage(items=[StandingView.of(standing) for standing in shown], next=following)

    def judge(self, verdicts: Sequence[Verdict]) -> None:
        """Note what audit said, a supplier at a time. Raises Moved if its products kept changing through all attempts."""
        for supplier_id in dict.fromkeys(verdict.supplier_id for verdict in verdicts):
            self._judge(supplier_id, [verdict for verdict in verdicts if verdict.supplier_id == supplier_id])

    def _judge(self, supplier_id: str, verdicts: Sequence[Verdict]) -> None:
        for attempt in range(ATTEMPTS):
            before = self._store.standings(supplier_id, {verdict.product_id for verdict in verdicts})
            if self._store.note(supplier_id, before, judged(before, verdicts)):
                return
            self._pause(0.02 * 2**attempt)
        raise Moved

    def _check(self, supplier_id: str, product: Product) -> None:
        pictures = self._store.pictures(supplier_id, product.pictures)
        wrong = list(flaws(product, self._categories(), pictures))
        if wrong:
            raise Invalid(wrong[0].detail, wrong)


def _first(found: Sequence[Standing], status: Status | None, limit: int) -> tuple[list[Standing], int]:
    """The first `limit` of `found` with `status`, and how many were looked at."""
    shown: list[Standing] = []
    for looked, standing in enumerate(found, 1):
        if status in (None, standing.status):
            shown.append(standing)
        if len(shown) == limit:
            return shown, looked
    return shown, len(found)
