"""What pictures was told of orders' money: as it was first paid, what came back, what is disputed or missing."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

Sums = Counter[tuple[str, str]]
"""By product, and `units` or the currency."""
NEVER = 10**9


class SaleNews:
    """By the news alone, whatever pictures made of them; each counts once, by its version."""

    def __init__(self, events: Iterable[Mapping[str, Any]]) -> None:
        self.paid = defaultdict[str, tuple[int, Sums]](lambda: (NEVER, Counter()))
        self._refunds = defaultdict[str, dict[str, tuple[int, Sums]]](dict)
        self._disputes = defaultdict[str, dict[str, tuple[int, bool]]](dict)
        self._missing = defaultdict[str, dict[int, int]](dict)
        for event in events:
            if not event["data"].get("test"):
                self._hear(event["type"], event["data"])

    def left(self, order_id: str, product_id: str) -> Mapping[str, int]:
        """Units, and what was paid for them by its currency; nothing while money of the order is with the shopper's bank, or gone."""
        held = any(held for _, held in self._disputes[order_id].values())
        if held or sum(self._missing[order_id].values()) > 0:
            return {}
        paid, back = self.paid[order_id][1], Counter[tuple[str, str]]()
        for _, sums in self._refunds[order_id].values():
            back.update(sums)
        return {what: max(0, many - back[each, what]) for (each, what), many in paid.items() if each == product_id}

    def _hear(self, kind: str, data: Mapping[str, Any]) -> None:
        order_id, version = data.get("order_id", ""), data["version"]
        match kind:
            case "monsoon.order.paid.v1":
                self.paid[order_id] = min(self.paid[order_id], (version, _sums(data)), key=lambda told: told[0])
                self._missing[order_id][version] = -data.get("regained", 0)
            case "monsoon.order.payment_lost.v1":
                self._missing[order_id][version] = data["amount"]
            case "monsoon.payment.disputed.v1":
                key = f"{data['payment_id']}#{data['dispute_ref']}"
                before = self._disputes[order_id].get(key, (0, False))
                self._disputes[order_id][key] = max(before, (version, data["state"] != "won"), key=lambda told: told[0])
            case "monsoon.order.refunded.v1" | "monsoon.order.refund_failed.v1":
                before_it = self._refunds[order_id].get(data["refund_id"], (0, Counter()))
                sums = _sums(data) if kind == "monsoon.order.refunded.v1" else Counter[tuple[str, str]]()
                self._refunds[order_id][data["refund_id"]] = max(before_it, (version, sums), key=lambda told: told[0])


def _sums(data: Mapping[str, Any]) -> Sums:
    found: Sums = Counter()
    for line in data.get("lines", ()):
        found[line["product_id"], "units"] += line["quantity"]
        found[line["product_id"], data["currency"]] += line["quantity"] * line["unit_price"]
    return found
