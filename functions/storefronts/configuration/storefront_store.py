"""Where storefronts lie: under their account, `storefront#<id>`."""

import json
from datetime import datetime
from typing import Any

from pynamodb.attributes import UnicodeAttribute

from functions.storefronts.configuration.storefront import Configuration, Storefront
from shared.aws.dynamo import IntegerAttribute, Item, Table, bind, put_if
from shared.bounds.kept import kept
from shared.bus import envelope
from shared.trade.selection import PriceRule, Selection

STOREFRONT = "storefront#"


class StorefrontItem(Item):
    class Meta(Table):
        pass

    version = IntegerAttribute()
    configuration = UnicodeAttribute()
    fingerprint = UnicodeAttribute()
    suspended = UnicodeAttribute(null=True)
    changed_at = UnicodeAttribute(null=True)
    minute = IntegerAttribute(null=True)
    changes = IntegerAttribute(null=True)
    repriced_at = UnicodeAttribute(null=True)


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
        return put_if(_item(storefront, now), before)


def _item(storefront: Storefront, now: datetime) -> StorefrontItem:
    told = storefront.configuration
    document = {
        "name": told.name, "languages": told.languages, "open": told.open,
        "selection": told.selection.model_dump(exclude_defaults=True), "price_rule": told.price_rule.model_dump(exclude_defaults=True),
    }  # fmt: skip
    return StorefrontItem(
        storefront.account_id,
        STOREFRONT + storefront.id,
        version=storefront.version,
        fingerprint=storefront.fingerprint,
        configuration=json.dumps(document, ensure_ascii=False),
        suspended=storefront.suspended or None,
        changed_at=storefront.changed_at or None,
        minute=storefront.minute or None,
        changes=storefront.changes or None,
        repriced_at=storefront.repriced_at or None,
        event=envelope(storefront.event, now),
    )


def _storefront(item: Any) -> Storefront:
    held = json.loads(item.configuration)
    configuration = Configuration(
        name=held["name"],
        languages=tuple(held["languages"]),
        selection=kept(Selection, held["selection"]),
        price_rule=kept(PriceRule, held["price_rule"]),
        open=held["open"],
    )
    return Storefront(
        id=item.sk.removeprefix(STOREFRONT),
        account_id=item.pk,
        version=int(item.version),
        configuration=configuration,
        fingerprint=item.fingerprint,
        suspended=item.suspended or "",
        changed_at=item.changed_at or "",
        minute=int(item.minute or 0),
        changes=int(item.changes or 0),
        repriced_at=item.repriced_at or "",
    )
