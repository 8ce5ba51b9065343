"""Where lies what checkout must know beside the offers: storefronts' rules and suppliers' suspensions.

The rules under `account#storefront` / `storefront`; a suspension under `suspended` / the supplier's account, and under `suspended` /
`revision` how often suspensions changed.
"""

import time
from collections.abc import Callable, Iterable
from datetime import datetime

from pynamodb.attributes import UnicodeAttribute

from functions.orders.checkout.checkout_snapshot import CheckoutSnapshot
from functions.orders.checkout.storefront import Storefront, storefront_of
from functions.orders.checkout.suspended_suppliers import SuspendedSuppliers
from functions.orders.inventory.inventory_items import ReplicaItem, stock_of
from shared.aws.dynamo import IntegerAttribute, Item, Table, bind, put_newer

REVISION = ("suspended", "revision")


class SuspensionItem(Item):
    """What the catalog told of a supplier, all in one partition; what was reinstated has no reason, and expires."""

    class Meta(Table):
        pass

    version = IntegerAttribute()
    reason = UnicodeAttribute(null=True)


class SnapshotStore:
    """Snapshots for checkout on DynamoDB."""

    def __init__(self, table: str, seconds: Callable[[], float] = time.time) -> None:
        """`seconds`: by which clock what is remembered of suspensions grows old."""
        bind(table, ReplicaItem, SuspensionItem)
        self._suspensions = SuspendedSuppliers(_suspended, seconds)

    def snapshot(self, account_id: str, storefront_id: str, offer_ids: Iterable[str]) -> CheckoutSnapshot:
        """Eventually consistent: the transaction that follows checks what must not be stale. Of suspensions, see docs/decisions/0012."""
        tenant = f"{account_id}#{storefront_id}"
        keys = [(tenant, "storefront"), *((offer_id, "offer") for offer_id in offer_ids)]
        due = self._suspensions.due
        found = {item.pk: item for item in ReplicaItem.batch_get([*keys, REVISION] if due else keys)}
        revision, rules = found.pop(REVISION[0], None), found.pop(tenant, None)
        if due:
            self._suspensions.look(int(revision.version) if revision else 0)
        stock = {offer_id: stock_of(item) for offer_id, item in found.items()}
        return CheckoutSnapshot(storefront_of(rules.facts) if rules and rules.facts else None, stock, self._suspensions.known)

    def save_storefront(self, account_id: str, storefront_id: str, storefront: Storefront, version: int) -> None:
        facts = storefront.model_dump_json(exclude_defaults=True)
        put_newer(ReplicaItem(f"{account_id}#{storefront_id}", "storefront", version=version, facts=facts), ReplicaItem.version, version)

    def save_suspension(self, supplier_id: str, version: int, reason: str | None, until: datetime | None) -> None:
        """The revision rises after the write, and when the news comes again: who sees it rise then finds what was written."""
        expires_at = int(until.timestamp()) if until else None
        item = SuspensionItem(REVISION[0], supplier_id, version=version, reason=reason, expires_at=expires_at)
        put_newer(item, SuspensionItem.version, version)
        ReplicaItem(*REVISION).update(actions=[ReplicaItem.version.add(1)])


def _suspended() -> dict[str, str]:
    """Consistent, so that it holds all that the revision counts."""
    found = SuspensionItem.query(REVISION[0], SuspensionItem.sk.startswith("acc_"), consistent_read=True)
    return {item.sk: item.reason for item in found if item.reason is not None}
