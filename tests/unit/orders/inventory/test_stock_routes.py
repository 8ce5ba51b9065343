"""Suppliers and their stock over HTTP."""

from typing import Any

from tests.fakes import Reply, caller
from tests.unit.orders.deployed import Deployed
from tests.unit.orders.given import MUG, SUPPLIER


def test_a_supplier_reads_and_corrects_its_own_stock_only(hub: Deployed) -> None:
    def stock(method: str, sub: str, body: Any = None, by: str = SUPPLIER) -> Reply:
        return hub.call(method, f"/v1/offers/{{offer_id}}/{sub}", path={"offer_id": MUG}, body=body,
                    headers={"idempotency-key": "a1"}, by=caller(by, "supplier"))  # fmt: skip

    assert stock("GET", "stock").body == {"offer_id": MUG, "quantity": 10, "sellable": True}
    first = stock("POST", "stock-adjustments", {"delta": -3, "reason": "broken"})
    assert (first.status, stock("POST", "stock-adjustments", {"delta": -3, "reason": "broken"}).body) == (201, first.body)
    assert stock("GET", "stock").body["quantity"] == 7
    assert stock("POST", "stock-adjustments", {"delta": 0, "reason": "none"}).status == 422
    assert stock("POST", "stock-adjustments", {"delta": -3, "reason": "broken"}, "acc_other").status == 404
    assert stock("GET", "stock", by="acc_other").status == 404
