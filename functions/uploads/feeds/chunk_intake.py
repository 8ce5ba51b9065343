"""Turns a chunk of a feed into submissions and a report, all at once or not at all."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from functions.uploads.counts.count_columns import count_of
from functions.uploads.counts.held import Counts, Held, Submissions, held_of
from functions.uploads.counts.stock_count import CountAsk, Upload
from functions.uploads.defaults.product_defaults import Filled
from functions.uploads.feeds.csv_columns import as_faults, product_of
from functions.uploads.feeds.feed import Chunk, Fault, Row, RowResult
from functions.uploads.products.submission import ProductMoved, Submission, flaws, outcome_of, product_id_of, submission_event
from shared.messages import ProductSubmitted, StockCounted
from shared.optimistic_retry import Contended, Retry
from shared.trade.product import Product


@dataclass(frozen=True, slots=True)
class ChunkOutcome:
    """What to write of a chunk. `submissions` by row number, each one version above what was found; so are `counts`."""

    results: list[RowResult]
    submissions: dict[int, ProductSubmitted]
    counts: list[StockCounted] = field(default_factory=list)
    before: dict[int, Submission] = field(default_factory=dict)
    """What the submissions follow, by row number, where there was anything."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a row says, read and checked."""

    product: Product
    count: CountAsk
    filled: Mapping[str, str]
    """What of it is its supplier's defaults."""


class Chunks(Protocol):
    """Where chunks' reports lie."""

    def save(self, chunk: Chunk, outcome: ChunkOutcome) -> bool:
        """Write it in one transaction; a chunk that was written before is left as it is. False if a product has changed meanwhile."""
        ...


class Pictures(Protocol):
    def owned(self, supplier_id: str, picture_ids: Collection[str]) -> set[str]: ...


class ChunkIntake:
    """Takes chunks; the same chunk taken twice changes nothing the second time."""

    def __init__(
        self,
        chunks: Chunks,
        submissions: Submissions,
        counts: Counts,
        pictures: Pictures,
        categories: Callable[[], Collection[str]],
        *,
        retry: Retry,
        fill: Callable[[str, Sequence[Product]], Sequence[Filled]],
    ) -> None:
        self._chunks, self._submissions, self._counts, self._pictures = chunks, submissions, counts, pictures
        self._categories, self._retry, self._fill = categories, retry, fill

    def take(self, chunk: Chunk) -> None:
        """Decide a chunk's rows and write what follows. Raises ProductMoved if its products kept changing through all attempts."""
        read = self._read(chunk)
        products = [found.product for found in read if isinstance(found, Filled)]
        pictures = self._pictures.owned(chunk.account_id, {p for product in products for p in product.all_pictures})
        categories = self._categories()
        checked = [
            found if isinstance(found, list) else _checked(chunk, row, found, as_faults(list(flaws(found.product, categories, pictures))))
            for row, found in zip(chunk.rows, read, strict=True)
        ]
        wanted = {product_id_of(chunk.account_id, product.sku) for product in products}

        def attempt() -> None:
            held = held_of(self._submissions, self._counts, chunk.account_id, wanted)
            if not self._chunks.save(chunk, outcome_of_chunk(chunk, checked, held)):
                raise Contended

        self._retry(attempt, ProductMoved)

    def _read(self, chunk: Chunk) -> list[Filled | list[Fault]]:
        """Each row's product with its gaps filled, or all that is wrong with the row."""
        read = [product_of(chunk.columns, row) for row in chunk.rows]
        whole = iter(self._fill(chunk.account_id, [found for found in read if isinstance(found, Product)]))
        return [found if isinstance(found, list) else next(whole) for found in read]


def outcome_of_chunk(chunk: Chunk, read: Sequence[Sent | list[Fault]], held: Held) -> ChunkOutcome:
    """What becomes of each row, beside what is held."""
    outcome = ChunkOutcome([], {})
    for row, found in zip(chunk.rows, read, strict=True):
        if isinstance(found, list):
            outcome.results.append(RowResult(row=row.number, sku=_sku(chunk, row), status="failed", errors=found))
        else:
            _add_row(outcome, chunk, row.number, found, held)
    return outcome


def _add_row(outcome: ChunkOutcome, chunk: Chunk, row: int, sent: Sent, held: Held) -> None:
    """Add what becomes of one row: of its product, and, by itself, of its count."""
    product_id = product_id_of(chunk.account_id, sent.product.sku)
    before = held.submissions.get(product_id)
    status, version = outcome_of(sent.product, chunk.as_of, before), before.version if before else 0
    if status == "submitted":
        version += 1
        if before:
            outcome.before[row] = before
        outcome.submissions[row] = submission_event(chunk.account_id, sent.product, version, chunk.as_of, sent.filled)
    upload = Upload(product_id, chunk.account_id, chunk.as_of, before.as_of if before else None)
    count = upload.count(held.counts.get(product_id), sent.count)
    if count:
        outcome.counts.append(count)
    stock: Literal["counted", "superseded"] | None = "counted" if count else "superseded" if before else None
    told = {"product_id": product_id, "version": version, "stock": stock, "filled": dict(sent.filled) or None}
    outcome.results.append(RowResult(row=row, sku=sent.product.sku, status=status, **told))


def _checked(chunk: Chunk, row: Row, found: Filled, faults: list[Fault]) -> Sent | list[Fault]:
    """What a row whose cells are a product says, or its faults with those of what it says of the stock."""
    count = count_of(chunk.columns, row, found.product.stock, chunk.as_of)
    return [*faults, *count] if isinstance(count, list) else faults or Sent(found.product, count, found.by)


def _sku(chunk: Chunk, row: Row) -> str:
    """The sku of a row that could not be read, as far as it shows."""
    at = chunk.columns.index("sku")
    return row.cells[at].strip()[:64] if at < len(row.cells) else ""
