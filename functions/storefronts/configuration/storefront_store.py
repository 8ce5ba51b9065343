"""Where storefronts lie: under their account, `storefront#<id>`; and whose a slug is, `slug#<skeleton>`."""

import json
from datetime import datetime
from typing import Any

from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from functions.storefronts.configuration.shop_pages import ShopPages, skeleton
from functions.storefronts.configuration.slug_items import CLAIM, SLUG, SlugItem
from functions.storefronts.configuration.storefront import Configuration, SlugTaken, Storefront
from shared.aws.dynamo import IntegerAttribute, Item, Table, bind, connection, put_if, reasons
from shared.bounds.kept import kept
from shared.bus import envelope
from shared.optimistic_retry import Contended
from shared.trade.selection import PriceRule, Selection

STOREFRONT = "storefront#"
REFUSED = "ConditionalCheckFailed"


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
    slugs = UnicodeAttribute(null=True)
    """With spaces between; absent where it never had one."""


class StorefrontStore:
    """The storefronts' own items."""

    def __init__(self, table: str) -> None:
        bind(table, StorefrontItem, SlugItem)

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

    def save(self, storefront: Storefront, now: datetime, claim: str = "") -> bool:
        """Keep this version with its event, in one write, if the one before it is kept. Answers whether it was.

        A slug that it claims is written in the same transaction, unless another storefront has it or one that looks like it: no slug is
        without its storefront, and no storefront has another's. Raises SlugTaken, Contended.
        """
        before = StorefrontItem.pk.does_not_exist() if storefront.version == 1 else StorefrontItem.version == storefront.version - 1
        item = _item(storefront, now)
        return _claimed(item, before, claim, storefront) if claim else put_if(item, before)

    def by_slug(self, slug: str) -> tuple[str, str] | None:
        """The account and the id of the storefront that claimed the slug, or one that looks like it."""
        try:
            item = SlugItem.get(SLUG + skeleton(slug), CLAIM)
        except SlugItem.DoesNotExist:
            return None
        return item.account_id, item.storefront_id


def _claimed(item: StorefrontItem, before: Any, slug: str, storefront: Storefront) -> bool:
    claim = SlugItem(SLUG + skeleton(slug), CLAIM, slug=slug, account_id=storefront.account_id, storefront_id=storefront.id)
    own = (SlugItem.account_id == storefront.account_id) & (SlugItem.storefront_id == storefront.id)
    try:
        with TransactWrite(connection=connection()) as transaction:
            transaction.save(item, condition=before)
            transaction.save(claim, condition=SlugItem.pk.does_not_exist() | own)
    except TransactWriteError as error:
        version, taken = reasons(error)
        if version == REFUSED:
            return False
        if taken == REFUSED:
            raise SlugTaken.of(slug) from error
        raise Contended from error
    return True


def _item(storefront: Storefront, now: datetime) -> StorefrontItem:
    told = storefront.configuration
    document = {
        "name": told.name, "languages": told.languages, "open": told.open,
        "selection": told.selection.model_dump(exclude_defaults=True), "price_rule": told.price_rule.model_dump(exclude_defaults=True),
    }  # fmt: skip
    if told.pages:
        document["pages"] = told.pages.model_dump(exclude_defaults=True)
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
        slugs=" ".join(storefront.slugs) or None,
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
        pages=kept(ShopPages, held["pages"]) if "pages" in held else None,
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
        slugs=tuple((item.slugs or "").split()),
    )
