"""Why a product is in a shop, by its owner's own rule, and why the price is the price that it is: nobody pays to be here. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from functions.storefronts.index.product_card import Card
from shared.trade.selection import Selection, within
from shared.trade.words import readings

Kind = Literal["picked", "all", "category", "tag", "supplier", "word", "price", "destination"]


@dataclass(frozen=True, slots=True)
class Reason:
    """`values`: of the rule, those that the product has: categories, tags, words, countries."""

    kind: Kind
    values: tuple[str, ...] = ()


def reasons(selection: Selection, card: Card) -> list[Reason]:
    """What of the rule chose the product, in the order in which a rule is read."""
    if card.product_id in selection.picks:
        return [Reason("picked")]
    return list(_ranges(selection, card)) or [Reason("all")]


def _ranges(selection: Selection, card: Card) -> Iterator[Reason]:
    """A rule wants any of its categories, suppliers or tags, and all of the rest."""
    branches = card.facts.branches
    if held := tuple(root for root in selection.categories if any(within(each, root) for each in branches)):
        yield Reason("category", held)
    if held := tuple(tag for tag in selection.tags if tag in card.tags):
        yield Reason("tag", held)
    if card.supplier_id in selection.suppliers:
        yield Reason("supplier")
    if held := tuple(word for word in selection.words if _said(word, card)):
        yield Reason("word", held)
    if selection.price_band is not None:
        yield Reason("price")
    if held := tuple(country for country in selection.destinations if not card.ships_to or country in card.ships_to):
        yield Reason("destination", held)


def _said(word: str, card: Card) -> bool:
    return any(f" {' '.join(found)} " in card.facts.words for found in readings(word) if found)
