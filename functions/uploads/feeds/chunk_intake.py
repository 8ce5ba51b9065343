"""The desk for rows: turns a chunk of a feed into submissions and a report, all at once or not at all."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from functions.uploads.feeds.csv_columns import as_faults, product_of
from functions.uploads.feeds.feed import Chunk, Fault, Row, RowResult
from functions.uploads.products.submission import Moved, Standing, decide, flaws, product_id_of, submitted
from shared.messages import ProductSubmitted
from shared.trade.product import Product

ATTEMPTS = 5
"""How often a chunk is decided anew because one of its products changed meanwhile; then the queue brings it again."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A chunk's outcome: what to write. `submissions` by row number, each one version above what was found."""

    results: list[RowResult]
    submissions: dict[int, ProductSubmitted]


class Rows(Protocol):
    """Where submissions and reports lie."""

    def standings(self, supplier_id: str, product_ids: Collection[str]) -> dict[str, Standing]: ...

    def pictures(self, supplier_id: str, picture_ids: Collection[str]) -> set[str]: ...

    def save_chunk(self, chunk: Chunk, decided: Decided) -> bool:
        """Write it in one transaction; a chunk that was written before is left as it is. False if a product has changed meanwhile."""
        ...


class RowDesk:
    """Takes chunks; the same chunk taken twice changes nothing the second time."""

    def __init__(self, store: Rows, categories: Callable[[], Collection[str]]) -> None:
        self._store, self._categories = store, categories

    def take(self, chunk: Chunk) -> None:
        """Decide a chunk's rows and write what follows. Raises Moved if its products kept changing through all attempts."""
        read = [product_of(chunk.columns, row) for row in chunk.rows]
        products = [found for found in read if isinstance(found, Product)]
        pictures = self._store.pictures(chunk.account_id, {p for product in products for p in product.pictures})
        categories = self._categories()
        checked = [found if isinstance(found, list) else _checked(found, categories, pictures) for found in read]
        wanted = {product_id_of(chunk.account_id, product.sku) for product in products}
        for _ in range(ATTEMPTS):
            standings = self._store.standings(chunk.account_id, wanted)
            if self._store.save_chunk(chunk, decided(chunk, checked, standings)):
                return
        raise Moved


def decided(chunk: Chunk, read: Sequence[Product | list[Fault]], standings: Mapping[str, Standing]) -> Decided:
    """What becomes of each row, beside what stands already."""
    results, submissions = [], {}
    for row, found in zip(chunk.rows, read, strict=True):
        if isinstance(found, list):
            results.append(RowResult(row=row.number, sku=_sku(chunk, row), status="failed", errors=found))
            continue
        standing = standings.get(product_id_of(chunk.account_id, found.sku))
        status = decide(found, chunk.as_of, standing)
        version = standing.version if standing else 0
        event = submitted(chunk.account_id, found, version + 1, chunk.as_of)
        if status == "submitted":
            submissions[row.number], version = event, version + 1
        results.append(RowResult(row=row.number, sku=found.sku, status=status, product_id=event.product_id, version=version))
    return Decided(results, submissions)


def _checked(product: Product, categories: Collection[str], pictures: Collection[str]) -> Product | list[Fault]:
    return as_faults(list(flaws(product, categories, pictures))) or product


def _sku(chunk: Chunk, row: Row) -> str:
    """The sku of a row that could not be read, as far as it shows."""
    at = chunk.columns.index("sku")
    return row.cells[at].strip()[:64] if at < len(row.cells) else ""
