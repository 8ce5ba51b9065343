"""The feed of one storefront: changes as its rule selects and prices them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from functions.fanout.change import Change
from shared.product import Product
from shared.selection import PriceRule, Selection


@dataclass(frozen=True, slots=True)
class Rule:
    """What fanout keeps of a storefront: `version` is the storefront's."""

    storefront_id: str
    account_id: str
    version: int
    selection: Selection
    price_rule: PriceRule


@dataclass(frozen=True, slots=True)
class Upsert:
    """The storefront sells this product, as it is now."""

    change: Change
    product: Product


@dataclass(frozen=True, slots=True)
class Removal:
    """The storefront sells this product no longer; the site may never have held it."""

    change: Change


def feed(changes: Iterable[Change], rule: Rule, since: str) -> Iterator[Upsert | Removal]:
    """What a site that began to read at `since` must do to be level with `changes`.

    Nothing that was gone before it began is told, nor what was never sold before (version 1) and is not wanted.
    """
    for change in changes:
        product = Product.model_validate_json(change.product) if change.product else None
        if product is not None and _wanted(change, product, rule.selection):
            yield Upsert(change, product)
        elif change.version > 1 and change.at >= since:
            yield Removal(change)


def _wanted(change: Change, product: Product, selection: Selection) -> bool:
    titles = [text.title for text in product.texts.values()]
    return selection.wants(change.product_id, product.category, change.supplier_id, product.price.money, titles)
