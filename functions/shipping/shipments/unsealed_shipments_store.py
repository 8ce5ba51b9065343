"""Shipments of before buyers were sealed: found once after an upgrade, and given their orders' sealed addresses instead."""

from collections.abc import Iterator

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.update import Action

from functions.shipping.shipments.shipment import Shipment
from functions.shipping.shipping_items import ShipmentItem
from shared.aws.dynamo import bind, refused
from shared.bounds.kept import kept
from shared.optimistic_retry import Contended
from shared.sealing.sealed_text import SealedText

PAGE, SPEED = 100, 100
"""Items that one read of the table looks through; read units that going through it takes a second, at most."""


class UnsealedShipmentStore:
    """Old shipments on DynamoDB."""

    def __init__(self, table: str) -> None:
        bind(table, ShipmentItem)

    def shipments(self) -> Iterator[Shipment]:
        """Every shipment, as it stood when its page was read; what leads from a tracking number to one has no version."""
        whole = ShipmentItem.shipment.exists() & ShipmentItem.version.exists()
        found = ShipmentItem.scan(filter_condition=whole, page_size=PAGE, rate_limit=SPEED)
        return (kept(Shipment, item.shipment) for item in found)

    def seal(self, shipment: Shipment, address: SealedText) -> bool:
        """Let it say where it goes by its order's text alone, which erasing the order erases. Its last event stays: that says no address.

        False if it does by now. Raises Contended if it changes at this moment.
        """
        key = f"{shipment.supplier_id}#shipments", shipment.id
        now = kept(Shipment, ShipmentItem.get(*key, consistent_read=True).shipment)
        if now.address is None:
            return False
        after = now.noted(address=None, sealed_address=address)
        text = after.model_dump_json(exclude_defaults=True, by_alias=True)
        written: list[Action] = [ShipmentItem.shipment.set(text), ShipmentItem.version.set(after.version)]
        try:
            ShipmentItem(*key).update(written, condition=ShipmentItem.version == now.version)
        except UpdateError as error:
            if not refused(error):
                raise
            raise Contended from error
        return True
