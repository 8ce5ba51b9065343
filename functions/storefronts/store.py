"""Where storefronts lie (under their account), and the cards (one a product, found by category through `by_category`)."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import PutError
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection

from functions.storefronts.card import Card, Detail
from functions.storefronts.storefront import Configuration, Storefront
from shared.bus import envelope
from shared.dynamo import IntegerAttribute, Item, Table, bind, put_newer, refused
from shared.money import Money
from shared.selection import PriceRule, Selection

STOREFRONT, PRODUCT, CARD, VERTICALS = "storefront#", "product#", "card", "verticals"


class StorefrontItem(Item):
    class Meta(Table):
        pass

    version = IntegerAttribute()
    configuration = UnicodeAttribute()
    fingerprint = UnicodeAttribute()


class ByCategory(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    """Cards without their detail, by category."""

    class Meta(Table):
        index_name = "by_category"
        projection = IncludeProjection(["card"])

    vertical = UnicodeAttribute(hash_key=True)
    path = UnicodeAttribute(range_key=True)


class CardItem(Item):
    """A card, in the index while its product is on sale; after a recall only the version is left of it."""

    class Meta(Table):
        pass

    by_category = ByCategory()
    version = IntegerAttribute()
    vertical = UnicodeAttribute(null=True)
    path = UnicodeAttribute(null=True)
    card = UnicodeAttribute(null=True)
    detail = UnicodeAttribute(null=True)


class VerticalItem(Item):
    """A top category that has held a card."""

    class Meta(Table):
        pass


class StorefrontStore:
    """The storefronts' own items."""

    def __init__(self, table: str) -> None:
        bind(table, StorefrontItem)

    def get(self, account_id: str, storefront_id: str) -> Storefront | None:
        try:
            return _storefront(StorefrontItem.get(account_id, STOREFRONT + storefront_id, consistent_read=True))
        except StorefrontItem.DoesNotExist:
            return None

    def page(self, account_id: str, after: str, limit: int) -> list[Storefront]:
        """At most `limit` storefronts of the account, by id, after the one named."""
        beyond: Any = StorefrontItem.sk > STOREFRONT + after
        within: Any = StorefrontItem.sk.startswith(STOREFRONT)
        return [_storefront(item) for item in StorefrontItem.query(account_id, beyond if after else within, limit=limit)]

    def save(self, storefront: Storefront, now: datetime) -> bool:
        """Keep this version with its event, in one write, if the one before it is kept. Answers whether it was."""
        before = StorefrontItem.pk.does_not_exist() if storefront.version == 1 else StorefrontItem.version == storefront.version - 1
        told = storefront.configuration
        item = StorefrontItem(
            storefront.account_id, STOREFRONT + storefront.id, version=storefront.version, fingerprint=storefront.fingerprint,
            configuration=json.dumps({
                "name": told.name, "languages": told.languages, "open": told.open,
                "selection": told.selection.model_dump(exclude_defaults=True),
                "price_rule": told.price_rule.model_dump(exclude_defaults=True),
            }, ensure_ascii=False),
            event=envelope(storefront.event, now),
        )  # fmt: skip
        try:
            item.save(condition=before)
        except PutError as error:
            if not refused(error):
                raise
            return False
        return True


class CardStore:
    """The cards (functions.storefronts.listing.Cards), read from the table and its index."""

    def __init__(self, table: str) -> None:
        bind(table, CardItem, VerticalItem)
        self._marked: set[str] = set()

    def put(self, card: Card, detail: Detail) -> None:
        """Keep the card unless a newer one, or a newer recall, is kept. Each process marks a vertical once."""
        vertical = card.category.split("-")[0]
        if vertical not in self._marked:
            VerticalItem(VERTICALS, vertical).save()
            self._marked.add(vertical)
        item = CardItem(
            PRODUCT + card.product_id, CARD, version=card.version, vertical=vertical, path=card.path,
            card=json.dumps(asdict(card), ensure_ascii=False, separators=(",", ":")), detail=detail.model_dump_json(exclude_defaults=True),
        )  # fmt: skip
        put_newer(item, CardItem.version, card.version)

    def remove(self, product_id: str, version: int) -> None:
        """Leave only the version of the recall, so that an older card that comes late is dropped."""
        put_newer(CardItem(PRODUCT + product_id, CARD, version=version), CardItem.version, version)

    def get(self, product_id: str) -> tuple[Card, Detail] | None:
        """A product on sale."""
        try:
            item = CardItem.get(PRODUCT + product_id, CARD)
        except CardItem.DoesNotExist:
            return None
        return (_card(item.card), Detail.model_validate_json(item.detail)) if item.card and item.detail else None

    def picked(self, product_ids: tuple[str, ...]) -> Sequence[Card]:
        keys = [(PRODUCT + product_id, CARD) for product_id in product_ids]
        found = {item.pk: _card(item.card) for item in CardItem.batch_get(keys, attributes_to_get=["pk", "sk", "card"]) if item.card}
        return [found[pk] for pk, _ in keys if pk in found]

    def between(self, vertical: str, low: str, high: str, limit: int) -> Sequence[Card]:
        items = CardItem.by_category.query(vertical, ByCategory.path.between(low, high), limit=limit)
        return [_card(item.card) for item in items]

    def verticals(self) -> Sequence[str]:
        return [item.sk for item in VerticalItem.query(VERTICALS)]


def _card(text: str) -> Card:
    read = json.loads(text)
    return Card(**{**read, "cost": Money(**read["cost"])})


def _storefront(item: Any) -> Storefront:
    read = json.loads(item.configuration)
    told = Configuration(
        read["name"],
        tuple(read["languages"]),
        Selection.model_validate(read["selection"]),
        PriceRule.model_validate(read["price_rule"]),
        read["open"],
    )
    return Storefront(item.sk.removeprefix(STOREFRONT), item.pk, item.version, told, item.fingerprint)
