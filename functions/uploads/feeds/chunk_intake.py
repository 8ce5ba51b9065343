"""Turns a chunk of a feed into submissions and a report, all at once or not at all."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from functions.uploads.feeds.csv_columns import as_faults, product_of
from functions.uploads.feeds.feed import Chunk, Fault, Row, RowResult
from functions.uploads.products.submission import ProductMoved, Submission, flaws, outcome_of, product_id_of, submission_event
from shared.messages import ProductSubmitted
from shared.optimistic_retry import Contended, Retry
from shared.trade.product import Product


@dataclass(frozen=True, slots=True)
class ChunkOutcome:
    """What to write of a chunk. `submissions` by row number, each one version above what was found."""

    results: list[RowResult]
    submissions: dict[int, ProductSubmitted]


class Chunks(Protocol):
    """Where chunks' reports lie."""

    def save(self, chunk: Chunk, outcome: ChunkOutcome) -> bool:
        """Write it in one transaction; a chunk that was written before is left as it is. False if a product has changed meanwhile."""
        ...


class Submissions(Protocol):
    def current(self, supplier_id: str, product_ids: Collection[str]) -> dict[str, Submission]: ...


class Pictures(Protocol):
    def owned(self, supplier_id: str, picture_ids: Collection[str]) -> set[str]: ...


class ChunkIntake:
    """Takes chunks; the same chunk taken twice changes nothing the second time."""

    def __init__(
        self, chunks: Chunks, submissions: Submissions, pictures: Pictures, categories: Callable[[], Collection[str]], *, retry: Retry
    ) -> None:
        self._chunks, self._submissions, self._pictures = chunks, submissions, pictures
        self._categories, self._retry = categories, retry

    def take(self, chunk: Chunk) -> None:
        """Decide a chunk's rows and write what follows. Raises ProductMoved if its products kept changing through all attempts."""
        read = [product_of(chunk.columns, row) for row in chunk.rows]
        products = [found for found in read if isinstance(found, Product)]
        pictures = self._pictures.owned(chunk.account_id, {p for product in products for p in product.pictures})
        categories = self._categories()
        checked = [found if isinstance(found, list) else _checked(found, categories, pictures) for found in read]
        wanted = {product_id_of(chunk.account_id, product.sku) for product in products}

        def attempt() -> None:
            if not self._chunks.save(chunk, outcome_of_chunk(chunk, checked, self._submissions.current(chunk.account_id, wanted))):
                raise Contended

        self._retry(attempt, ProductMoved)


def outcome_of_chunk(chunk: Chunk, read: Sequence[Product | list[Fault]], current: Mapping[str, Submission]) -> ChunkOutcome:
    """What becomes of each row, beside the current submissions."""
    results, submissions = [], {}
    for row, found in zip(chunk.rows, read, strict=True):
        if isinstance(found, list):
            results.append(RowResult(row=row.number, sku=_sku(chunk, row), status="failed", errors=found))
            continue
        before = current.get(product_id_of(chunk.account_id, found.sku))
        status = outcome_of(found, chunk.as_of, before)
        version = before.version if before else 0
        event = submission_event(chunk.account_id, found, version + 1, chunk.as_of)
        if status == "submitted":
            submissions[row.number], version = event, version + 1
        results.append(RowResult(row=row.number, sku=found.sku, status=status, product_id=event.product_id, version=version))
    return ChunkOutcome(results, submissions)


def _checked(product: Product, categories: Collection[str], pictures: Collection[str]) -> Product | list[Fault]:
    return as_faults(list(flaws(product, categories, pictures))) or product


def _sku(chunk: Chunk, row: Row) -> str:
    """The sku of a row that could not be read, as far as it shows."""
    at = chunk.columns.index("sku")
    return row.cells[at].strip()[:64] if at < len(row.cells) else ""
