"""The index of cards as tantivy keeps it, in this process's scratch space. The only file that knows tantivy.

Fields that a question asks for are terms of their postings, so that a conjunction reads what all its parts have in common, whatever
the catalog's size; `rank` is a column, by which the best `limit` are chosen. A broad question has many answers to choose from, so it
is first asked among the RECENT newest cards alone: what they cannot fill is narrow, and quick to answer from all of them.
"""

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from tantivy import (
    DocAddress,
    Document,
    FieldType,
    Filter,
    Index,
    Occur,
    Order,
    Schema,
    SchemaBuilder,
    TextAnalyzerBuilder,
    Tokenizer,
)
from tantivy import Query as Found

from functions.storefronts.index.card_index import Field
from functions.storefronts.index.described_term import described_term
from functions.storefronts.index.index_query import (
    All,
    AnyOf,
    Below,
    By,
    Chosen,
    Cost,
    InStock,
    Is,
    Like,
    Not,
    Numbered,
    OffersOf,
    Phrase,
    PricedBelow,
    Products,
    Query,
    Search,
    ShipsTo,
    Tagged,
)
from functions.storefronts.index.product_card import Card
from shared.goods.part_number import part_number
from shared.trade.gtin import comparable
from shared.trade.selection import branches
from shared.trade.words import readings, words

SCHEMA = 8
"""Rises with every change of what is indexed, of the folding, and of the library's files: a snapshot of another schema is not read."""
HEAP = 15_000_000
"""Bytes that a writer may hold before it writes a segment: the least that tantivy takes."""
RECENT = 4096
"""Cards among which a page is looked for first."""
FEW = 256
"""So many terms are looked up one by one; for more, the field's whole dictionary is walked once."""
SEGMENT = 60_000
"""So many values of a segment are looked at where only those of several cards are asked for: one of each card would hide them."""
EVERYWHERE = "*"
BREAK = "\u241e"
"""Stands between two titles, so that no phrase reaches from one into the next: no word holds it."""
COLUMNS: dict[Field, str] = {
    "category": "branches",
    "supplier": "supplier",
    "in_stock": "in_stock",
    "options": "options",
    "attributes": "attributes",
    "trade_item": "trade_item",
    "brand": "brand",
    "condition": "condition",
}
RAW = ("product", "branches", "supplier", "tags", "ships_to", "currency", "in_stock", "numbers", "options",
       "priced_below", "attributes", "trade_item", "brand", "condition")  # fmt: skip
PLAIN, STEMMED = "words", "stems"

_read = lru_cache(4096)(Card.from_json)


def _schema() -> Schema:
    builder = SchemaBuilder()
    for name in RAW:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=name in COLUMNS.values())
    for name in ("rank", "cost"):
        builder.add_integer_field(name, indexed=True, fast=True)
    builder.add_text_field("words", tokenizer_name=PLAIN, index_option="position")
    builder.add_text_field("search", tokenizer_name=STEMMED, index_option="position")
    builder.add_bytes_field("card", stored=True)
    return builder.build()


class TantivyIndex:
    """One process's index in `folder`, which it alone writes. A reader sees what the last `apply` left."""

    def __init__(self, folder: Path, recent: int = RECENT) -> None:
        """Open what lies in `folder`, or begin anew there. `recent`: see RECENT."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self._most_recent = folder, recent
        self._index = Index(_schema(), path=str(folder), reuse=True)
        self._stems = TextAnalyzerBuilder(Tokenizer.whitespace()).filter(Filter.stemmer("english")).build()
        self._index.register_tokenizer(PLAIN, TextAnalyzerBuilder(Tokenizer.whitespace()).build())
        self._index.register_tokenizer(STEMMED, self._stems)
        self._schema = self._index.schema
        self._writer = self._index.writer(heap_size=HEAP, num_threads=1)
        self._searcher = self._index.searcher()
        self._newest, self._span = self._recent()

    @property
    def size(self) -> int:
        """How many cards it holds."""
        return int(self._searcher.num_docs)

    def apply(self, put: Iterable[Card], removed: Iterable[str]) -> None:
        """Put these cards in place of what it held of their products, and forget those of `removed`; all at once."""
        for product_id in removed:
            self._writer.delete_documents_by_term("product", product_id)
        for card in put:
            self._writer.delete_documents_by_term("product", card.product_id)
            self._writer.add_document(_document(card))
        self._writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()
        self._newest, self._span = self._recent()

    def close(self) -> None:
        """Write everything down; nothing can be asked or applied afterwards."""
        self._writer.commit()
        self._writer.wait_merging_threads()

    def page(self, query: Query, below: int | None, limit: int) -> Sequence[Card]:
        found, top = self._found(query), self._newest + 1 if below is None else below
        recent = self._hits(found, top - self._span, top, limit)
        return [self._card(address) for address in (recent if len(recent) == limit else self._hits(found, 0, top, limit))]

    def card(self, product_id: str) -> Card | None:
        hits = self._searcher.search(self._term("product", product_id), limit=1, count=False).hits
        return self._card(hits[0][1]) if hits else None

    def count(self, query: Query) -> int:
        return int(self._searcher.search(self._found(query), limit=1, count=True).count)  # type: ignore[attr-defined]

    def counts(self, query: Query, field: Field, most: int, at_least: int = 1) -> Sequence[tuple[str, int]]:
        terms = {"field": COLUMNS[field], "size": most, "min_doc_count": at_least}
        asked = {"values": {"terms": terms | ({"segment_size": SEGMENT} if at_least > 1 else {})}}
        buckets = self._searcher.aggregate(self._found(query), asked)["values"]["buckets"]
        return [(bucket["key"], int(bucket["doc_count"])) for bucket in buckets]

    def _recent(self) -> tuple[int, int]:
        """The newest card's rank, and how far below it the most recent ones reach."""
        hits = self._newest_of(Found.all_query(), self._most_recent)
        return (int(hits[0][0]), int(hits[0][0]) - int(hits[-1][0])) if hits else (0, 0)

    def _hits(self, found: Found, low: int, high: int, limit: int) -> list[DocAddress]:
        """The newest of `found` whose ranks are at least `low` and less than `high`."""
        within = Found.range_query(self._schema, "rank", FieldType.Integer, low, high, include_upper=False)
        hits = self._newest_of(Found.boolean_query([(Occur.Must, found), (Occur.Must, within)]), limit)
        return [address for _, address in hits]

    def _newest_of(self, found: Found, limit: int) -> list[tuple[Any, DocAddress]]:
        return self._searcher.search(found, limit=limit, count=False, order_by_field="rank", order=Order.Desc).hits

    def _card(self, address: DocAddress) -> Card:
        return _read(self._searcher.doc(address)["card"][0])

    def _term(self, field: str, value: str) -> Found:
        return Found.term_query(self._schema, field, value, "basic")

    def _terms(self, field: str, values: Collection[str]) -> Found:
        """What holds any of these values."""
        if len(values) <= FEW:
            return self._any([self._term(field, value) for value in values])
        return Found.term_set_query(self._schema, field, list(values))

    def _found(self, query: Query) -> Found:  # noqa: PLR0911, PLR0912 (one answer a kind of question)
        """The question as tantivy asks it."""
        match query:
            case All(parts):
                return self._all(parts)
            case AnyOf(parts):
                return self._any([self._found(part) for part in parts])
            case Not():
                return self._all((query,))
            case Below(categories):
                return self._terms("branches", categories)
            case PricedBelow(categories):
                return self._terms("priced_below", categories)
            case By(suppliers):
                return self._terms("supplier", suppliers)
            case Tagged(tags):
                return self._terms("tags", tags)
            case Chosen(option, value):
                return self._term("options", described_term(option, value))
            case Like(term):
                return self._term("attributes", term)
            case Is(field, term):
                return self._term(field, term)
            case ShipsTo(countries):
                return self._terms("ships_to", {*countries, EVERYWHERE})
            case Products(ids):
                return self._terms("product", ids)
            case InStock():
                return self._term("in_stock", "true")
            case OffersOf(items):
                return self._terms("trade_item", items)
            case Numbered(number):
                return self._term("numbers", number)
            case Cost(currency, low, high):
                return self._cost(currency, low, high)
            case Phrase(found):
                return self._phrase("words", found)
            case Search(wanted):
                return self._search(wanted)

    def _any(self, parts: Sequence[Found]) -> Found:
        if len(parts) == 1:
            return parts[0]
        return Found.boolean_query([(Occur.Should, part) for part in parts]) if parts else Found.empty_query()

    def _all(self, parts: Sequence[Query]) -> Found:
        """What is only forbidden something is everything else."""
        wanted = [(Occur.Must, self._found(part)) for part in parts if not isinstance(part, Not)]
        unwanted = [(Occur.MustNot, self._found(part.part)) for part in parts if isinstance(part, Not)]
        if not wanted:
            wanted = [(Occur.Must, Found.all_query())]
        return wanted[0][1] if len(wanted) == 1 and not unwanted else Found.boolean_query(wanted + unwanted)

    def _cost(self, currency: str, low: int, high: int) -> Found:
        amount = Found.range_query(self._schema, "cost", FieldType.Integer, low, high)
        return Found.boolean_query([(Occur.Must, self._term("currency", currency)), (Occur.Must, amount)])

    def _phrase(self, field: str, found: Sequence[str]) -> Found:
        if not found:
            return Found.empty_query()
        return self._term(field, found[0]) if len(found) == 1 else Found.phrase_query(self._schema, field, list(found))

    def _search(self, wanted: Sequence[Sequence[str]]) -> Found:
        stemmed = [[stem for word in run for stem in self._stems.analyze(word)] for run in wanted]
        return Found.boolean_query([(Occur.Must, self._phrase("search", run)) for run in stemmed]) if stemmed else Found.empty_query()


def _document(card: Card) -> Document:
    titles = [" ".join(reading) for title in card.titles.values() for reading in readings(title)]
    values = (value for values in (*(o.values for o in card.options), *(a.values for a in card.attributes)) for value in values)
    tags = [" ".join(words(tag)) for tag in (*card.tags, *values)]
    names = [" ".join(reading) for name in (card.brand, *card.mpns) if name for reading in readings(name)]
    return Document(
        product=card.product_id, branches=card.branches, priced_below=branches(card.category), supplier=card.supplier_id,
        tags=list(card.tags),
        options=card.option_terms, attributes=card.attribute_terms,
        trade_item=list(card.items), brand=card.brand_terms, condition=card.condition,
        ships_to=list(card.ships_to) or [EVERYWHERE], currency=card.cost.currency,
        in_stock="true" if card.in_stock else "false", rank=card.rank, cost=card.cost.amount, words=f" {BREAK} ".join(titles),
        search=f" {BREAK} ".join(titles + tags + names), card=card.to_json().encode(),
        numbers=[*(comparable(gtin) for gtin in (card.gtin, *card.gtins) if gtin), *filter(None, map(part_number, card.mpns))],
    )  # fmt: skip
