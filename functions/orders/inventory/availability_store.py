"""What was last announced of each offer's stock, with the event that announces it."""

from datetime import datetime

from functions.orders.inventory.availability import Announced
from functions.orders.inventory.inventory_items import AvailabilityItem
from functions.orders.table_store import item_at, write_once
from shared.aws.dynamo import bind
from shared.bus import envelope
from shared.messages import OfferAvailabilityChanged


class AvailabilityStore:
    """Announcements on DynamoDB."""

    def __init__(self, table: str) -> None:
        bind(table, AvailabilityItem)

    def last_announced(self, offer_id: str) -> Announced | None:
        return item_at(
            lambda item: Announced(int(item.version), item.in_stock, bool(item.full)), AvailabilityItem, offer_id, "availability"
        )

    def announce(self, message: OfferAvailabilityChanged, now: datetime) -> None:
        item = AvailabilityItem(
            message.offer_id,
            "availability",
            version=message.version,
            in_stock=message.in_stock,
            event=envelope(message, now),
            full=message.backorder == "full" or None,
        )
        before = AvailabilityItem.pk.does_not_exist() if message.version == 1 else AvailabilityItem.version == message.version - 1
        write_once(lambda: item.save(condition=before))
