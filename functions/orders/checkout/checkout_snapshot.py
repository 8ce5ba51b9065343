"""What checkout sees when an order comes, in one read: the storefront's rules, the offers with their stock, who is suspended."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from functions.orders.checkout.storefront import Storefront
from functions.orders.inventory.stock_item import StockItem


@dataclass(frozen=True, slots=True)
class CheckoutSnapshot:
    """As last heard; the offers by their ids."""

    storefront: Storefront | None
    stock: Mapping[str, StockItem]
    suspended: Mapping[str, str] = field(default_factory=dict)
    """Supplier id → why."""


class Snapshots(Protocol):
    """Where lies what other services told of storefronts and suppliers, beside the offers."""

    def snapshot(self, account_id: str, storefront_id: str, offer_ids: Iterable[str]) -> CheckoutSnapshot:
        """What is to be seen of the storefront and the offers: one read."""

    def save_storefront(self, account_id: str, storefront_id: str, storefront: Storefront, version: int) -> None:
        """Keep the storefront's rules, unless newer ones were heard."""

    def save_suspension(self, supplier_id: str, version: int, reason: str | None, until: datetime | None) -> None:
        """Keep why the supplier is suspended (None: it is not), unless newer news was heard; from `until` on it may be forgotten."""
