"""Thanks in pictures' table: whose pictures products show, orders that were counted, and the counts, which lie with the grants."""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from functions.pictures.commons.commons_store import LICENCE, LOST, contributed
from functions.pictures.contents.content_store import CONTENT, USE
from functions.pictures.picture_items import ContentItem, ContributedItem, LicenceItem, PictureItem, SaleItem, UseItem, sold_for
from functions.pictures.places.picture_store import partition
from functions.pictures.thanks.sale import Credit, Credits, Sale, Sold, SoldOf
from monsoon_plugin.clock import Clock
from shared.aws.dynamo import bind, connection, put_newer, reasons
from shared.bounds.kept import kept
from shared.messages import ProductSubmitted
from shared.optimistic_retry import Contended
from shared.pictures.shown_picture import ShownPicture

KEPT = (ContentItem, ContributedItem, LicenceItem, PictureItem, SaleItem, UseItem)
SALE = "sale"
SALE_LIFE = timedelta(days=400)
"""After its last news: no refund comes later."""


class ThanksStore:
    """thanks_service.Thanks."""

    def __init__(self, table: str, clock: Clock) -> None:
        bind(table, *KEPT)
        self._clock = clock

    def has_chosen(self, account_id: str) -> bool:
        return any(True for _ in ContributedItem.query(contributed(account_id), limit=1, consistent_read=True))

    def contents(self, account_id: str, picture_ids: Sequence[str]) -> dict[str, str]:
        keys = [(partition(account_id), picture_id) for picture_id in picture_ids]
        found = {item.sk: item.shown for item in PictureItem.batch_get(keys, consistent_read=True)} if keys else {}
        return {each: kept(ShownPicture, found[each]).content for each in picture_ids if found.get(each)}

    def giver(self, account_id: str, content_id: str, sku: str) -> str | None:
        try:
            return str(UseItem.get(content_id, f"{USE}{account_id}#{sku}", consistent_read=True).granted_by)
        except UseItem.DoesNotExist:
            others = UseItem.query(content_id, UseItem.sk.startswith(f"{USE}{account_id}#"), limit=1, consistent_read=True)
            return next((str(item.granted_by) for item in others), None)

    def keep_product(self, message: ProductSubmitted, several: Sequence[Credit]) -> None:
        item = ContributedItem(contributed(message.supplier_id), message.product_id, version=message.version)
        item.credits = json.dumps(several) if several else None
        put_newer(item, ContributedItem.version, message.version)

    def credits(self, products: Sequence[tuple[str, str]]) -> Credits:
        keys = [(contributed(supplier_id), product_id) for supplier_id, product_id in products]
        items = {item.sk: item.credits for item in ContributedItem.batch_get(keys)} if keys else {}
        found = {each: [Credit(*told) for told in json.loads(items[each])] for _, each in products if items.get(each)}
        shown = self._shown({credit.content_id for several in found.values() for credit in several})
        visible = {each: tuple(credit for credit in several if credit.content_id in shown) for each, several in found.items()}
        return {each: several for each, several in visible.items() if several}

    def _shown(self, content_ids: set[str]) -> set[str]:
        keys = [(content_id, CONTENT) for content_id in sorted(content_ids)]
        return {item.pk for item in ContentItem.batch_get(keys) if not item.hidden_for} if keys else set()

    def sale(self, order_id: str) -> Sale | None:
        try:
            item: Any = SaleItem.get(order_id, SALE, consistent_read=True)
        except SaleItem.DoesNotExist:
            return None
        told = json.loads(item.told)
        amounts = told.get("amounts", {})
        return Sale(
            order_id=order_id, changes=item.changes, paid_version=told["paid_version"], paid=_sold(told["paid"], amounts.get("", {})),
            credits={each: tuple(Credit(*credit) for credit in several) for each, several in told["credits"].items()},
            refunded={each: (version, _sold(units, amounts.get(each, {}))) for each, (version, units) in told["refunded"].items()},
            currency=told.get("currency", ""), missing={int(version): gone for version, gone in told.get("missing", {}).items()},
            disputes={each: (version, held) for each, (version, held) in told.get("disputes", {}).items()},
        )  # fmt: skip

    def save(self, before: Sale, sale: Sale) -> None:
        """One transaction: two write units for the order, two for each picture whose count changes."""
        item = SaleItem(sale.order_id, SALE, told=json.dumps(_told(sale)), changes=before.changes + 1)
        item.expires_at = int((self._clock() + SALE_LIFE).timestamp())
        unchanged = SaleItem.changes == before.changes if before.changes else SaleItem.pk.does_not_exist()
        try:
            with TransactWrite(connection=connection()) as transaction:
                transaction.save(item, condition=unchanged)
                for credit, sold in sale.more_than(before).items():
                    grant = LicenceItem(credit.content_id, LICENCE + credit.account_id)
                    amount = [sold_for(sale.currency).add(sold.amount)] if sale.currency else []
                    transaction.update(grant, [LicenceItem.sold.add(sold.units), *amount], condition=LicenceItem.pk.exists())
        except TransactWriteError as error:
            if not set(reasons(error)) <= LOST:
                raise
            raise Contended from error


def _told(sale: Sale) -> dict[str, Any]:
    """Units as the release before reads them, and amounts beside them, the payment's under no refund's id."""
    several = {"": sale.paid, **{each: sold for each, (_, sold) in sale.refunded.items()}}
    return {
        "paid_version": sale.paid_version, "paid": _units(sale.paid), "credits": sale.credits, "currency": sale.currency,
        "refunded": {each: (version, _units(sold)) for each, (version, sold) in sale.refunded.items()},
        "amounts": {each: {one: sold.amount for one, sold in found.items()} for each, found in several.items() if found},
        "disputes": sale.disputes, "missing": sale.missing,
    }  # fmt: skip


def _units(sold: SoldOf) -> dict[str, int]:
    return {each: one.units for each, one in sold.items()}


def _sold(units: Mapping[str, int], amounts: Mapping[str, int]) -> dict[str, Sold]:
    return {each: Sold(many, amounts.get(each, 0)) for each, many in units.items()}
