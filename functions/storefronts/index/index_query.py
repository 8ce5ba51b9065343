"""Questions to the index of cards, as a small algebra: what the engine answers by its postings, a test by looking at each card."""

from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class All:
    """Cards that every part holds for; every card, if there are none."""

    parts: tuple["Query", ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Cards that at least one part holds for; no card, if there are none."""

    parts: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: "Query"


@dataclass(frozen=True, slots=True)
class Below:
    """Cards in any of these categories or below them, be it the main one of their product's or another."""

    categories: frozenset[str]


@dataclass(frozen=True, slots=True)
class PricedBelow:
    """Cards of products whose main category is any of these or below them: by it a storefront prices."""

    categories: frozenset[str]


@dataclass(frozen=True, slots=True)
class By:
    """Cards of any of these suppliers."""

    suppliers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Tagged:
    """Cards with any of these tags."""

    tags: frozenset[str]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Cards of products of which some variant has this value of this option, whatever their case."""

    option: str
    value: str


@dataclass(frozen=True, slots=True)
class Like:
    """Cards of products that have this attribute's value: a term of `product_card.described_term`."""

    term: str


@dataclass(frozen=True, slots=True)
class Is:
    """Cards of products of this brand (as `described_term.as_narrowed` writes it), or in this condition."""

    field: Literal["brand", "condition"]
    term: str


@dataclass(frozen=True, slots=True)
class ShipsTo:
    """Cards of products that may be sent to any of these countries, or everywhere."""

    countries: frozenset[str]


@dataclass(frozen=True, slots=True)
class Cost:
    """Cards whose suppliers' price lies from `low` to `high` minor units of `currency`, both included."""

    currency: str
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Phrase:
    """Cards with these words (`shared.trade.words`), in this order, one after another, in one title."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """Cards that hold all these words as a shopper means them, English ones in any form (mug, mugs), in titles, tags, brand, part numbers,
    and the values of options and attributes.

    A run of Chinese characters is one word of this list's, given as its characters: they stand one after another in a title.
    """

    words: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Numbered:
    """The cards of products with this GTIN (`shared.trade.gtin.comparable`) or part number (`shared.goods.part_number`)."""

    number: str


@dataclass(frozen=True, slots=True)
class OffersOf:
    """The cards of all offers of any of these trade items, by any of their ids."""

    items: frozenset[str]


@dataclass(frozen=True, slots=True)
class InStock:
    pass


@dataclass(frozen=True, slots=True)
class Products:
    """The cards of just these products."""

    ids: frozenset[str]


Query: TypeAlias = (
    All
    | AnyOf
    | Not
    | Below
    | PricedBelow
    | By
    | Tagged
    | Chosen
    | Like
    | Is
    | ShipsTo
    | Cost
    | Phrase
    | Search
    | Numbered
    | OffersOf
    | InStock
    | Products
)
