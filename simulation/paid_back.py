"""When each order first knew that all its money had gone back, by what it wrote itself: noted as it is written, for the invariants."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from shared.aws.packing import unpacked


class PaidBack:
    """Hears of every write of the orders' table. It changes nothing and draws nothing."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self.known: dict[str, datetime] = {}
        """By order."""

    def hear(self, table: str, records: list[dict[str, Any]]) -> None:
        """Note the orders that say so now, and did not before."""
        for record in records if table == "OrdersTable" else ():
            image = record["dynamodb"].get("NewImage", {})
            body, order_id = unpacked(image["order"]) if "order" in image else "", image.get("sk", {}).get("S", "")
            if '"elsewhere":true' in body and order_id not in self.known and _holds_nothing(json.loads(body)):
                self.known[order_id] = self._clock()


def _holds_nothing(order: dict[str, Any]) -> bool:
    came = sum(payment.get("captured", 0) for payment in order.get("payments", ()))
    back = sum(refund["amount"] for refund in order.get("refunds", ()) if refund.get("state") != "failed")
    return bool(0 < came <= back)
