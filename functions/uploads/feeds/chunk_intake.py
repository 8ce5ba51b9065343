"""Turns a chunk of a feed into submissions and a report, all at once or not at all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

from pydantic import ValidationError

from functions.uploads.changes.change import priced_as
from functions.uploads.changes.partial_reader import Changed, PartialReader, Unchanged
from functions.uploads.counts.count_columns import count_of
from functions.uploads.counts.held import Counts, Held, Submissions, held_of
from functions.uploads.counts.stock_count import CountAsk, Upload
from functions.uploads.defaults.product_defaults import Filled
from functions.uploads.feeds.feed import Chunk, Fault, RowResult
from functions.uploads.mapping.document import MAX_FAULTS, Reading
from functions.uploads.mapping.product_reader import ProductReader, as_faults
from functions.uploads.pictures.row_picture import kept_pictures
from functions.uploads.products.submission import (
    ProductMoved,
    Submission,
    flaws,
    is_overtaken,
    outcome_of,
    product_id_of,
    submission_event,
)
from functions.uploads.values.categories import Categories
from functions.uploads.values.moments import sale_flaws
from functions.uploads.values.words import fault
from monsoon_plugin.clock import from_rfc3339
from shared.messages import ProductSubmitted, StockCounted
from shared.optimistic_retry import Contended, Retry
from shared.pictures.by_address import MOST_FETCHED, picture_id_of
from shared.trade.product import Product
from shared.variants.asked import asked_of

SHOWN_TEXT, SHOWN_VARIANTS = 200, 10


@dataclass(frozen=True, slots=True)
class ChunkOutcome:
    """What to write of a chunk. `submissions` by row number, each one version above what was found; so are `counts`."""

    results: list[RowResult]
    submissions: dict[int, ProductSubmitted]
    counts: list[StockCounted] = field(default_factory=list)
    before: dict[int, Submission] = field(default_factory=dict)
    """What the submissions follow, by row number, where there was anything."""
    moved: list[Submission] = field(default_factory=list)
    """What is as it was and is another file's from now on."""
    unread: list[Sequence[str]] = field(default_factory=list)
    """Of each row that could not be read all that its product may be called; nothing where nobody can say whose product it is."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a row says, read and checked."""

    product: Product
    count: CountAsk | None
    """None: its stock is not said, and stays."""
    filled: Mapping[str, str]
    """What of it is its supplier's defaults."""
    picture_urls: tuple[str, ...] = ()
    priced: Literal["with the rest", "alone", "later"] = "with the rest"
    """`alone`: it is what is held, with other prices. `later`: a whole product, whose prices were sent since."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A row that is no product, and all that is wrong with it."""

    sku: str
    faults: list[Fault]
    names: Sequence[str] = ()
    """All that its product may be called; empty where nobody can say."""


class Chunks(Protocol):
    """Where chunks' reports lie."""

    def save(self, chunk: Chunk, outcome: ChunkOutcome) -> bool:
        """Write it in one transaction; a chunk that was written before is left as it is. False if a product has changed meanwhile."""
        ...


class ChunkIntake:
    """Takes chunks; the same chunk taken twice changes nothing the second time."""

    def __init__(
        self,
        chunks: Chunks,
        submissions: Submissions,
        counts: Counts,
        categories: Callable[[], Categories],
        *,
        retry: Retry,
        fill: Callable[[str, Sequence[Product]], Sequence[Filled]],
        partial: PartialReader,
    ) -> None:
        self._chunks, self._submissions, self._counts = chunks, submissions, counts
        self._categories, self._retry, self._fill, self._partial = categories, retry, fill, partial

    def take(self, chunk: Chunk) -> None:
        """Decide a chunk's rows and write what follows. Raises ProductMoved if its products kept changing through all attempts."""
        if chunk.partial:
            self._retry(lambda: self._change(chunk), ProductMoved)
            return
        categories = self._categories()
        reader = ProductReader(chunk.mapping, chunk.columns, categories, chunk.decimal, chunk.as_of)
        readings = [reader.read(row) for row in chunk.rows]
        whole = self._fill(chunk.account_id, [reading.product for reading in readings if reading.product])
        products = [found.product for found in whole]
        filled = iter(whole)
        checked = told_once(
            chunk,
            [
                self._checked(chunk, reading, next(filled), categories)
                if reading.product
                else Failed(reading.sku, reading.faults, reading.names)
                for reading in readings
            ],
        )
        if chunk.preview:
            self._chunks.save(chunk, previewed(chunk, checked))
            return
        wanted = {product_id_of(chunk.account_id, product.sku) for product in products}

        def attempt() -> None:
            held = held_of(self._submissions, self._counts, chunk.account_id, wanted)
            if not self._chunks.save(chunk, outcome_of_chunk(chunk, self._with_later_prices(chunk, checked, held), held)):
                raise Contended

        self._retry(attempt, ProductMoved)

    def _with_later_prices(self, chunk: Chunk, read: Sequence[Sent | Failed], held: Held) -> list[Sent | Failed]:
        """What the rows say; of products whose prices were sent alone since the file was, with those. Raises Contended if one moved.

        Where the two do not go together (another currency, say) the row stays as it is, and is too late.
        """
        overtaken = {key: before for key, before in held.submissions.items() if is_overtaken(before, chunk.as_of)}
        known = self._partial.held(chunk.account_id, overtaken) if overtaken else {}
        if any(key not in known or known[key][0].version != before.version for key, before in overtaken.items()):
            raise Contended

        def repriced(each: Sent | Failed) -> Sent | Failed:
            key = product_id_of(chunk.account_id, each.product.sku) if isinstance(each, Sent) else ""
            if isinstance(each, Failed) or key not in known:
                return each
            try:
                return replace(each, product=priced_as(each.product, known[key][1]), priced="later")
            except ValidationError:
                return replace(each, priced="alone")

        return [repriced(each) for each in read]

    def _change(self, chunk: Chunk) -> None:
        """Change prices and stock of products as they are now. Raises Contended if one was changed meanwhile."""
        found = self._partial.read(chunk)
        wanted = {product_id_of(chunk.account_id, each.product.sku) for each in found if isinstance(each, Changed)}
        held = held_of(self._submissions, self._counts, chunk.account_id, wanted)
        read = told_once(chunk, [_as_sent(each) for each in found])
        for each in found:
            if isinstance(each, Changed):
                before = held.submissions.get(product_id_of(chunk.account_id, each.product.sku))
                if before is None or before.version != each.before.version:
                    raise Contended
        outcome = previewed(chunk, read) if chunk.preview else outcome_of_chunk(chunk, read, held)
        if not self._chunks.save(chunk, outcome):
            raise Contended

    def _checked(self, chunk: Chunk, reading: Reading, found: Filled, categories: Categories) -> Sent | Failed:
        """What rows that are a product say, or their faults with those of what they say of the stock."""
        wrong = [*flaws(found.product, categories), *sale_flaws(found.product, from_rfc3339(chunk.as_of))]
        faults = as_faults(wrong)[:MAX_FAULTS]
        count = count_of({name: cell.text for name, cell in reading.counts.items()}, found.product, chunk.as_of)
        if isinstance(count, list) or faults:
            return Failed(reading.sku, [*faults, *(count if isinstance(count, list) else [])], reading.names)
        product, addresses = with_pictures(chunk.account_id, found.product, reading.picture_urls)
        return Sent(product, count, found.by, addresses)


def with_pictures(account_id: str, product: Product, addresses: Sequence[str]) -> tuple[Product, tuple[str, ...]]:
    """The product with the pictures that lie at these addresses, after those that it names by their ids, as far as it may have so many;
    and the addresses of these."""
    ids = {picture_id_of(account_id, address): address for address in addresses}
    named = list(dict.fromkeys([*product.pictures, *ids]))[:MOST_FETCHED]
    return product.model_copy(update={"pictures": named}) if ids else product, tuple(ids[each] for each in named if each in ids)


def outcome_of_chunk(chunk: Chunk, read: Sequence[Sent | Failed], held: Held) -> ChunkOutcome:
    """What becomes of each row, beside what is held."""
    outcome = ChunkOutcome([], {})
    for row, found in zip(chunk.rows, read, strict=True):
        if isinstance(found, Failed):
            outcome.results.append(RowResult(row=row.number, sku=found.sku, status="failed", errors=found.faults))
            outcome.unread.append(found.names)
        else:
            _add_row(outcome, chunk, row.number, found, held)
    return outcome


def told_once(chunk: Chunk, read: Sequence[Sent | Failed]) -> list[Sent | Failed]:
    """What the rows say, but for a product that a row before says already: one transaction writes it once.

    Keys of rows are told apart while the file is split; two may be one sku even so (`'A-1` and `A-1`; two of Shopify's handles).
    """
    first: dict[str, int] = {}
    found: list[Sent | Failed] = []
    for row, each in zip(chunk.rows, read, strict=True):
        said = first.setdefault(each.product.sku, row.number) if isinstance(each, Sent) else row.number
        again = fault("sku", "repeated-sku", "repeated-sku", first=said)
        found.append(Failed(each.product.sku, [again], [each.product.sku]) if isinstance(each, Sent) and said != row.number else each)
    return found


def _as_sent(found: Changed | Unchanged) -> Sent | Failed:
    if isinstance(found, Unchanged):
        return Failed(found.sku, found.faults)
    return Sent(found.product, found.count, found.before.filled, priced="alone")


def previewed(chunk: Chunk, read: Sequence[Sent | Failed]) -> ChunkOutcome:
    """What each row would be; nothing is taken."""
    outcome = ChunkOutcome([], {})
    for row, found in zip(chunk.rows, read, strict=True):
        if isinstance(found, Failed):
            outcome.results.append(RowResult(row=row.number, sku=found.sku, status="failed", errors=found.faults))
        else:
            told = {"product": short_form(found.product), "filled": dict(found.filled) or None, "asked": _asked(found.product)}
            outcome.results.append(RowResult(row=row.number, sku=found.product.sku, status="valid", **told))
    return outcome


def short_form(product: Product) -> dict[str, Any]:
    """A product to be looked at: long texts are cut, and of its variants the first ten are shown."""
    shown: dict[str, Any] = product.model_dump(mode="json", exclude_defaults=True)
    for text in shown["texts"].values():
        text.update({name: value[:SHOWN_TEXT] for name, value in text.items() if isinstance(value, str)})
        text.pop("bullets", None)
    if "variants" in shown:
        shown["variants"] = shown["variants"][:SHOWN_VARIANTS]
    shown.pop("attributes", None)
    return shown


def _event(chunk: Chunk, sent: Sent, version: int, before: Submission | None) -> ProductSubmitted:
    """Its content is of the file's moment; but for prices sent since, and, of prices alone, but for the rest."""
    as_of, priced_at = chunk.as_of, ""
    if before and sent.priced == "alone":
        as_of, priced_at = before.as_of, chunk.as_of
    elif before and sent.priced == "later":
        priced_at = before.latest
    return submission_event(
        chunk.account_id, sent.product, version, as_of, sent.filled, priced_at=priced_at, picture_urls=sent.picture_urls
    )


def _asked(product: Product) -> list[str] | None:
    return [each.pointer for each in asked_of(product)] or None


def _add_row(outcome: ChunkOutcome, chunk: Chunk, row: int, sent: Sent, held: Held) -> None:
    """Add what becomes of one row: of its product, and, by itself, of its count."""
    product_id = product_id_of(chunk.account_id, sent.product.sku)
    before = held.submissions.get(product_id)
    status, version = outcome_of(sent.product, chunk.as_of, before, prices_alone=sent.priced == "alone"), before.version if before else 0
    if status == "submitted":
        version += 1
        if before:
            outcome.before[row] = before
        outcome.submissions[row] = _event(chunk, sent, version, before)
    if before and status == "unchanged" and chunk.source not in (None, before.source):
        outcome.moved.append(before)
    upload = Upload(product_id, chunk.account_id, chunk.as_of, before.stock_known_at if before else None)
    count = upload.count(held.counts.get(product_id), sent.count) if sent.count else None
    if count:
        outcome.counts.append(count)
    stock: Literal["counted", "superseded"] | None = "counted" if count else "superseded" if before and sent.count else None
    told = {
        "product_id": product_id,
        "version": version,
        "stock": stock,
        "filled": dict(sent.filled) or None,
        "asked": _asked(sent.product),
        "pictures": kept_pictures(chunk.account_id, sent.picture_urls) or None,
    }
    outcome.results.append(RowResult(row=row, sku=sent.product.sku, status=status, **told))
