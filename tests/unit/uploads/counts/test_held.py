"""A product that is sent again while an upload is decided: the count of the later moment stands, whichever was written first."""

from dataclasses import replace
from typing import Any

from functions.uploads.counts.stock_count import CountAsk, Upload
from functions.uploads.feeds.chunk_intake import ChunkIntake, ChunkOutcome
from functions.uploads.feeds.feed import Chunk
from functions.uploads.products.submission import Submission, submission_event, submission_of
from shared.messages import StockCounted
from shared.optimistic_retry import AT_ONCE
from shared.trade.product import Product
from tests.unit.uploads.samples import ACCOUNT, CATEGORIES, MORNING, NOTHING_PARTIAL, chunk, product, row, unfilled

EARLIER, LATER = "2026-11-01T07:50:00.000Z", "2026-11-01T08:00:12.000Z"
BEFORE = submission_of(submission_event(ACCOUNT, Product.model_validate(product()), 3, "2026-10-01T12:00:00.000Z"))
AGAIN = replace(BEFORE, version=4, as_of=LATER)
"""Sent while a feed's chunk is read, with what was counted before the feed arrived."""
ITS_COUNT = StockCounted(
    version=1, offer_id="off_1", product_id=BEFORE.product_id, supplier_id=ACCOUNT, stock=11,
    stock_counts="available", counted_at=EARLIER, received_at=LATER
)  # fmt: skip


class Moving:
    """Products that are sent again right after the first read of them."""

    def __init__(self) -> None:
        self.reads, self.saved = 0, list[ChunkOutcome]()

    @property
    def submissions(self) -> Any:
        return self

    def current(self, supplier_id: str, product_ids: object) -> dict[str, Submission]:
        return {BEFORE.product_id: AGAIN if self.read() else BEFORE}

    def read(self) -> bool:
        """Whether it is there by now."""
        self.reads += 1
        return self.reads > 1

    def save(self, chunk: Chunk, outcome: ChunkOutcome) -> bool:
        """As the store: what follows another version than the newest is not written."""
        moved = any(before.version != AGAIN.version for before in outcome.before.values())
        if not moved:
            self.saved.append(outcome)
        return not moved


class MovingCounts:
    """Their counts, which are written with them."""

    def __init__(self, products: Moving) -> None:
        self.products = products

    def current(self, supplier_id: str, product_ids: object) -> dict[str, StockCounted]:
        return {BEFORE.product_id: ITS_COUNT} if self.products.read() else {}


def test_a_feeds_number_of_a_later_moment_stands_though_the_product_was_sent_again_meanwhile():
    """Seed 40001410: 7 counted at eight by the feed, 11 counted at ten to eight and sent twelve seconds after it: 11 were on sale."""
    products = Moving()
    counts = MovingCounts(products)
    intake = ChunkIntake(products, products, counts, lambda: CATEGORIES, retry=AT_ONCE, fill=unfilled, partial=NOTHING_PARTIAL)
    intake.take(chunk(row(stock="7")))
    (written,) = products.saved
    assert [(count.version, count.stock, count.counted_at) for count in written.counts] == [(2, 7, MORNING)]
    assert [(result.status, result.stock) for result in written.results] == [("superseded", "counted")]


def test_a_count_of_the_same_moment_and_number_but_of_an_earlier_count_is_not_taken_for_the_uploads_own():
    """Seed 41000980: 20 counted two hours ago and 20 counted now, received at the same moment: the later was dropped."""
    upload, ask = Upload(BEFORE.product_id, ACCOUNT, LATER, BEFORE.as_of), CountAsk(stock=11)
    assert not upload.brought(ITS_COUNT, ask)
    assert upload.brought(ITS_COUNT.model_copy(update={"counted_at": LATER}), ask)
