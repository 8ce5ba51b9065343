"""What other services tell that checkout must know: storefronts' rules, and which suppliers are suspended."""

from datetime import timedelta

from functions.orders.checkout.checkout_snapshot import Snapshots
from functions.orders.checkout.storefront import Storefront
from monsoon_plugin.clock import Clock
from shared.messages import StorefrontConfigured, SupplierReinstated, SupplierSuspended

KEPT = timedelta(days=30)
"""So long a reinstatement is kept, against older news of the supplier: no queue holds any for more than 14 days."""


class CheckoutReplica:
    """Keeps checkout's copies as the latest events say."""

    def __init__(self, snapshots: Snapshots, clock: Clock) -> None:
        self._snapshots, self._clock = snapshots, clock

    def record_storefront(self, message: StorefrontConfigured) -> None:
        storefront = Storefront(
            open=message.open, suspended=message.suspended, selection=message.selection, price_rule=message.price_rule,
            seller=message.seller,
        )  # fmt: skip
        self._snapshots.save_storefront(message.account_id, message.storefront_id, storefront, message.version)

    def record_suspension(self, message: SupplierSuspended) -> None:
        self._snapshots.save_suspension(message.supplier_id, message.version, message.reason, None)

    def record_reinstatement(self, message: SupplierReinstated) -> None:
        self._snapshots.save_suspension(message.supplier_id, message.version, None, self._clock() + KEPT)
