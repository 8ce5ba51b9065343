"""Takes products one by one, tells where they stand, and records what audit says of them."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Protocol

from functions.uploads.counts.held import Counts, held_of
from functions.uploads.counts.stock_count import CountAsk, Upload
from functions.uploads.defaults.product_defaults import Filled
from functions.uploads.products.submission import (
    ProductMoved,
    SkuTaken,
    Status,
    Submission,
    Verdict,
    after_verdicts,
    flaws,
    outcome_of,
    product_id_of,
    submission_event,
    submission_of,
)
from functions.uploads.values.moments import sale_flaws
from monsoon_plugin.clock import Clock, rfc3339
from shared.api.idempotency import Idempotency
from shared.api.paging import Position, Read
from shared.errors import FieldError, Invalid, NotFound
from shared.messages import ProductSubmitted, StockCounted
from shared.optimistic_retry import Contended, Retry
from shared.trade.product import Product

MAX_SCAN = 240
"""Submissions that one page looks through for a status that is rare."""


class Submissions(Protocol):
    """Where submissions lie."""

    def create(self, event: ProductSubmitted, count: StockCounted | None, idempotency: Idempotency) -> Submission | None:
        """Write a first version, and its count if it has one, under an idempotency key.

        Answers None if that sku is there by another key. Raises KeyReused.
        """
        ...

    def answered(self, supplier_id: str, product_id: str, idempotency: Idempotency) -> Submission | None:
        """The product, as it stands, that this very request brought before; None if it is new. Raises KeyReused."""
        ...

    def replace(self, before: Submission, event: ProductSubmitted | None, count: StockCounted | None) -> bool:
        """Write the version after `before`, and the count after the newest, if given; False if another was quicker.

        A feed's row that brought `before` and waits for audit comes to its end: it is superseded.
        """
        ...

    def say_again(self, supplier_id: str, before: Submission, as_of: str) -> bool:
        """Note that the same content was sent whole at a later moment; False if another was quicker."""
        ...

    def current(self, supplier_id: str, product_ids: Collection[str]) -> dict[str, Submission]: ...

    def with_product(self, supplier_id: str, product_id: str) -> tuple[Submission, ProductSubmitted] | None: ...

    def page(self, supplier_id: str, after: str, most: int) -> Sequence[Submission]:
        """At most `most` submissions after that id, by id."""
        ...

    def save_verdicts(self, supplier_id: str, before: Mapping[str, Submission], after: Sequence[Submission]) -> bool:
        """Write what audit said of these, all or none; False if one of them has changed since `before`."""
        ...


class SubmissionService:
    """Takes products and their versions from one supplier at a time."""

    def __init__(
        self,
        store: Submissions,
        counts: Counts,
        categories: Callable[[], Collection[str]],
        *,
        clock: Clock,
        retry: Retry,
        fill: Callable[[str, Product], Filled],
    ) -> None:
        self._store, self._counts, self._categories = store, counts, categories
        self._clock, self._retry, self._fill = clock, retry, fill

    def submit(self, supplier_id: str, product: Product, ask: CountAsk, idempotency: Idempotency) -> Submission:
        """Take a new product. Raises Invalid, KeyReused, and SkuTaken for a sku that came by another key or a feed."""
        now = self._clock()
        filled = self._fill(supplier_id, product)
        try:
            self._check(filled.product, ask.flaws(now))
        except Invalid:
            # Taken when it was sent first: that its count is too old by now, or a category gone, changes no answer.
            before = self._store.answered(supplier_id, product_id_of(supplier_id, product.sku), idempotency)
            if before is None:
                raise
            return before
        event = submission_event(supplier_id, filled.product, 1, rfc3339(now), filled.by)
        count = Upload(event.product_id, supplier_id, event.submitted_at, None).count(None, ask)
        taken = self._store.create(event, count, idempotency)
        if taken is None:
            raise SkuTaken(product_id=product_id_of(supplier_id, product.sku))
        return taken

    def replace(self, supplier_id: str, product_id: str, product: Product, ask: CountAsk) -> Submission:
        """Take a new version, and its stock as a new count; of the same content, the count alone.

        Sent again, it answers what the first did. Raises NotFound, Invalid, and ProductMoved if other content was quicker.
        """
        found, _ = standing = self._standing(supplier_id, product_id)
        if product.sku != found.sku:
            raise Invalid.field("/sku", f"this product's sku is {found.sku} and stays so; send another sku by POST /v1/products")
        return self._take(supplier_id, self._fill(supplier_id, product), ask, found, standing)

    def change(self, read: Submission, supplier_id: str, product: Product, ask: CountAsk | None, *, repriced: bool) -> Submission:
        """Take what was worked out from the version `read`: its prices, if it is `repriced`, and its stock.

        Without `ask` nothing is counted. The rest is of the moment that it was, and nothing is filled that was not.
        Raises as `replace` does.
        """
        standing = self._standing(supplier_id, read.product_id)
        return self._take(supplier_id, Filled(product, read.filled), ask, read, standing, repriced=repriced)

    def _take(
        self, supplier_id: str, filled: Filled, ask: CountAsk | None, read: Submission, standing: tuple[Submission, StockCounted | None],
        *, repriced: bool | None = None,
    ) -> Submission:  # fmt: skip
        """`repriced`: None for a whole product, of which all is of now."""
        now = self._clock()
        product_id, as_of = read.product_id, rfc3339(now)
        self._check(filled.product, () if ask is None or ask.is_of(standing[1]) else ask.flaws(now))

        def event_after(found: Submission) -> ProductSubmitted:
            whole = repriced is None
            moment = max(as_of, found.latest)
            priced_at = moment if repriced else found.priced_at
            told, version = (moment if whole else found.as_of), found.version + 1
            return submission_event(supplier_id, filled.product, version, told, filled.by, priced_at="" if whole else priced_at)

        def take(found: Submission, held: StockCounted | None) -> Submission:
            same = outcome_of(filled.product, as_of, found) == "unchanged"
            if not same and found.version != read.version:
                raise ProductMoved
            event = None if same else event_after(found)
            upload = Upload(product_id, supplier_id, as_of, found.stock_known_at)
            known = ask is None or ask.is_of(held) or upload.brought(held, ask)
            count = None if known or ask is None else upload.next_count(held, ask)
            if not self._store.replace(found, event, count):
                raise Contended
            # What is sent whole and is the same is of now all the same: a complete feed of before that lacks it does not archive it. Its
            # count does not show that for long: one of an earlier moment gives way to others. It comes first, for it is held to as_of.
            again = repriced is None and event is None and found.latest < as_of
            if again and not self._store.say_again(supplier_id, found, as_of):
                raise Contended
            return submission_of(event, found) if event else found

        try:
            return take(*standing)
        except Contended:
            return self._retry(lambda: take(*self._standing(supplier_id, product_id)), ProductMoved)

    def _standing(self, supplier_id: str, product_id: str) -> tuple[Submission, StockCounted | None]:
        """A product as it was last sent, and its newest count. Raises NotFound."""
        held = held_of(self._store, self._counts, supplier_id, [product_id])
        if product_id not in held.submissions:
            raise NotFound
        return held.submissions[product_id], held.counts.get(product_id)

    def one(self, supplier_id: str, product_id: str) -> tuple[Submission, ProductSubmitted]:
        """A supplier's own submission. Raises NotFound."""
        found = self._store.with_product(supplier_id, product_id)
        if found is None:
            raise NotFound
        return found

    def pages_of(self, supplier_id: str, status: Status | None, limit: int) -> Read[Submission]:
        """The supplier's own submissions, by id. A page may be short and still have a next where `status` is rare."""
        most = MAX_SCAN if status else limit + 1

        def page(at: Position | None) -> tuple[list[Submission], Position | None]:
            found = self._store.page(supplier_id, str(at["id"]) if at else "", most)
            shown, looked = _first(found, status, limit)
            more = len(found) == most or looked < len(found)
            return shown, {"id": found[looked - 1].product_id} if more else None

        return page

    def record_verdicts(self, verdicts: Sequence[Verdict]) -> None:
        """Keep what audit said, a supplier at a time. Raises ProductMoved if its products kept changing through all attempts."""
        for supplier_id in dict.fromkeys(verdict.supplier_id for verdict in verdicts):
            self._record(supplier_id, [verdict for verdict in verdicts if verdict.supplier_id == supplier_id])

    def _record(self, supplier_id: str, verdicts: Sequence[Verdict]) -> None:
        def attempt() -> None:
            before = self._store.current(supplier_id, {verdict.product_id for verdict in verdicts})
            if not self._store.save_verdicts(supplier_id, before, after_verdicts(before, verdicts)):
                raise Contended

        self._retry(attempt, ProductMoved)

    def _check(self, product: Product, more: Iterable[FieldError]) -> None:
        wrong = [*flaws(product, self._categories()), *sale_flaws(product, self._clock()), *more]
        if wrong:
            raise Invalid(wrong[0].detail, wrong)


def _first(found: Sequence[Submission], status: Status | None, limit: int) -> tuple[list[Submission], int]:
    """The first `limit` of `found` with `status`, and how many were looked at."""
    shown: list[Submission] = []
    for looked, submission in enumerate(found, 1):
        if status in (None, submission.status):
            shown.append(submission)
        if len(shown) == limit:
            return shown, looked
    return shown, len(found)
