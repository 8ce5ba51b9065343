"""Orders and shops as mails know them.

| pk | sk | item |
|---|---|---|
| the order's id | order | what its placement told; gone when nothing happens to an order any more |
| the order's id | silent | it has no e-mail: apart, for the release before reads `order` alone |
| account#storefront | shop | its name and its pages' slug |
"""

from datetime import datetime, timedelta
from typing import Any

from pynamodb.attributes import UnicodeAttribute

from functions.notices.known.known_order import NO_SHOP, KnownOrder, KnownShop
from shared.aws.dynamo import IntegerAttribute, Item, PackedAttribute, Table, bind, put_if, put_newer
from shared.bounds.kept import kept

ORDER, SILENT, SHOP = "order", "silent", "shop"
KEPT = timedelta(days=400)
"""A year of guarantees, and a month."""


PAGES = ("slug", "accent", "style", "host")
"""What may be known of a shop's pages."""


class KnownOrderItem(Item):
    class Meta(Table):
        pass

    order = PackedAttribute()


class SilentItem(Item):
    class Meta(Table):
        pass


class KnownShopItem(Item):
    class Meta(Table):
        pass

    version = IntegerAttribute()
    name = UnicodeAttribute()
    slug = UnicodeAttribute(null=True)
    accent = UnicodeAttribute(null=True)
    style = UnicodeAttribute(null=True)
    host = UnicodeAttribute(null=True)


class KnownStore:
    """known_order.Known on DynamoDB."""

    def __init__(self, table: str) -> None:
        bind(table, KnownOrderItem, SilentItem, KnownShopItem)

    def add_order(self, order: KnownOrder, now: datetime) -> None:
        """1 WCU an order of a few lines."""
        gone = int((now + KEPT).timestamp())
        item = KnownOrderItem(order.order_id, ORDER, order=order.model_dump_json(exclude_defaults=True), expires_at=gone)
        put_if(item, KnownOrderItem.pk.does_not_exist())

    def add_silent(self, order_id: str, now: datetime) -> None:
        """1 WCU; without it each mail of the order would be looked at for days."""
        SilentItem(order_id, SILENT, expires_at=int((now + KEPT).timestamp())).save()

    def is_silent(self, order_id: str) -> bool:
        try:
            SilentItem.get(order_id, SILENT, consistent_read=True)
        except SilentItem.DoesNotExist:
            return False
        return True

    def order(self, order_id: str) -> KnownOrder | None:
        try:
            return kept(KnownOrder, KnownOrderItem.get(order_id, ORDER, consistent_read=True).order)
        except KnownOrderItem.DoesNotExist:
            return None

    def keep_shop(self, tenant: str, shop: KnownShop, version: int) -> None:
        told: dict[str, Any] = {name: getattr(shop, name) or None for name in PAGES}
        item = KnownShopItem(tenant, SHOP, version=version, name=shop.name, **told)
        put_newer(item, KnownShopItem.version, version)

    def shop(self, tenant: str) -> KnownShop:
        try:
            item = KnownShopItem.get(tenant, SHOP)
        except KnownShopItem.DoesNotExist:
            return NO_SHOP
        return KnownShop(name=item.name, **{name: getattr(item, name) or "" for name in PAGES})
