"""Takes counts that come without their products: some at once, each of its own product, under one Idempotency-Key."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, Self

from functions.uploads.counts.held import Submissions, held_of
from functions.uploads.counts.stock_count import CountAsk, Upload
from functions.uploads.products.submission import Submission, product_id_of
from monsoon_plugin.clock import Clock, rfc3339
from shared.api.idempotency import Idempotency
from shared.errors import Invalid
from shared.messages import StockCounted
from shared.optimistic_retry import Contended, Retry

Outcome = Literal["counted", "superseded", "unknown"]
"""superseded: a count of a later moment was there. unknown: the supplier has no product of this sku."""


BETWEEN = "\x1f"
"""No request's text holds it."""


@dataclass(frozen=True, slots=True)
class SkuAsk:
    """Units of a product, or of one variant of it."""

    sku: str
    variant: str | None
    stock: int = 0

    @property
    def name(self) -> str:
        """As what became of it is kept under."""
        return self.sku if self.variant is None else f"{self.sku}{BETWEEN}{self.variant}"

    @classmethod
    def named(cls, name: str) -> Self:
        sku, _, variant = name.partition(BETWEEN)
        return cls(sku, variant or None)


class Counts(Protocol):
    """Where counts lie."""

    def current(self, supplier_id: str, product_ids: Collection[str]) -> dict[str, StockCounted]:
        """The newest counts of these products, by product id; at most 100."""
        ...

    def save(self, supplier_id: str, counts: Sequence[StockCounted], outcomes: Mapping[str, str], idempotency: Idempotency) -> bool:
        """Write the counts with their events, and what the request is answered; all or nothing.

        False if one of them is no longer the newest but one, or the request was answered before.
        """
        ...

    def answered(self, supplier_id: str, idempotency: Idempotency) -> Mapping[str, str] | None:
        """What this request was answered before: sku → outcome; None if it is new. Raises KeyReused."""
        ...


@dataclass(frozen=True, slots=True)
class CountService:
    counts: Counts
    submissions: Submissions
    clock: Clock
    retry: Retry

    def take(self, supplier_id: str, asks: Sequence[SkuAsk], moment: CountAsk, idempotency: Idempotency) -> Mapping[str, str]:
        """Take these counts, all of what `moment` says but their numbers; answers what became of each, by its name.

        Variants of one product are one count of it. Raises Invalid, KeyReused, Busy.
        """
        now = self.clock()
        wrong = next(moment.flaws(now), None)
        ids = {ask.sku: product_id_of(supplier_id, ask.sku) for ask in asks}

        def attempt() -> Mapping[str, str]:
            before = self.counts.answered(supplier_id, idempotency)
            if before is not None:
                return before
            if wrong:
                raise Invalid(wrong.detail, [wrong])
            held = held_of(self.submissions, self.counts, supplier_id, ids.values())
            known = [ask for ask in asks if _is_known(ask, held.submissions.get(ids[ask.sku]))]
            found: dict[str, StockCounted | None] = {}
            for sku, together in _by_product(known).items():
                product = held.submissions[ids[sku]]
                upload = Upload(product.product_id, supplier_id, rfc3339(now), product.stock_known_at)
                found[sku] = upload.next_count(held.counts.get(product.product_id), _together(moment, together, product))
            outcomes: dict[str, str] = {ask.name: _outcome(found, ask) if ask in known else "unknown" for ask in asks}
            if not self.counts.save(supplier_id, [count for count in found.values() if count], outcomes, idempotency):
                raise Contended
            return outcomes

        return self.retry(attempt)


def _is_known(ask: SkuAsk, held: Submission | None) -> bool:
    """Whether the product is there, and has the variant, or is sold in a version that has it; without variants it is the only one."""
    return held is not None and (ask.variant or ask.sku) in held.counted


def _by_product(asks: Iterable[SkuAsk]) -> Mapping[str, Sequence[SkuAsk]]:
    """The counts of each product, by its sku, in their order."""
    found: dict[str, list[SkuAsk]] = {}
    for ask in asks:
        found.setdefault(ask.sku, []).append(ask)
    return found


def _together(moment: CountAsk, asks: Sequence[SkuAsk], held: Submission) -> CountAsk:
    """One count of the product `held`."""
    units = {ask.variant or ask.sku: ask.stock for ask in asks}
    return CountAsk.of_some(held.sku, units, moment.counted_at, moment.stock_counts)


def _outcome(found: Mapping[str, StockCounted | None], ask: SkuAsk) -> Outcome:
    return "counted" if found[ask.sku] else "superseded"
