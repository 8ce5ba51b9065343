"""Two sets of tables are compared item by item, and orders across tables."""

import json
from typing import Any

from tools.restore_drill.comparison import Acknowledged, after_switch, compared, not_brought_back, unset
from tools.restore_drill.order_gaps import gaps, orders_in
from tools.restore_drill.table_difference import Raw, difference


def item(pk: str, sk: str, **more: str | int | set[str]) -> Raw:
    kinds: dict[type, Any] = {str: lambda v: {"S": v}, int: lambda v: {"N": str(v)}, set: lambda v: {"SS": list(v)}}
    return {name: kinds[type(value)](value) for name, value in {"pk": pk, "sk": sk, **more}.items()}


def order(key: str, state: str = "paid", *payments: str) -> Raw:
    return item("shop", key, version=2, order=json.dumps({"state": state, "payments": [{"id": payment} for payment in payments]}))


def payment(key: str, of: str, state: str = "captured") -> Raw:
    return item("shop", f"{of}/1", id=key, state=state, ops="[]", ver=1)


def plan(of: str, *shipments: str) -> Raw:
    planned = [{"shipment_id": one, "supplier_id": "s"} for one in shipments]
    return item(f"shop#{of}", "plan", plan=json.dumps({"order_id": of, "made_by": "monsoon.order.paid.v1", "shipments": planned}))


def shipment(key: str) -> Raw:
    return item("s#shipments", key, shipment="{}")


def entry(of: str) -> Raw:
    return item(f"shop#{of}", "entry#0000", order_id=of, postings="[]")


def whole(*keys: str) -> dict[str, list[Raw]]:
    """Tables that agree on paid orders."""
    return {
        "orders": [order(key, "paid", f"p-{key}") for key in keys],
        "payments": [payment(f"p-{key}", key) for key in keys],
        "shipping": [one for key in keys for one in (plan(key, f"s-{key}"), shipment(f"s-{key}"))],
        "settlement": [entry(key) for key in keys],
    }


def told(tables: dict[str, list[Raw]]) -> dict[str, tuple[str, ...]]:
    return {gap.what: gap.orders for gap in gaps(orders_in(tables))}


def acknowledged(key: str, at: float) -> Acknowledged:
    return Acknowledged(key, at, 1645, "GBP", online=True)


def test_items_are_lost_older_newer_or_back():
    now = [item("a", "1"), item("a", "2", version=3), item("a", "3", ver=1), item("a", "4", text="new"), item("a", "5")]
    restored = [item("a", "2", version=2), item("a", "3", ver=2), item("a", "4", text="old"), item("a", "5"), item("a", "6")]
    found = difference(now, restored)
    assert (found.same, found.lost, found.newer, found.back) == (1, {("a", "1")}, {("a", "3")}, {("a", "6")})
    assert found.older == {("a", "2"), ("a", "4")}, "one of no version is taken for older: the backup is of the past"


def test_a_set_in_another_order_is_the_same():
    now, restored = item("a", "1", held={"x", "y"}), item("a", "1", held={"x", "y"})
    assert difference([now], [{**restored, "held": {"SS": list(reversed(now["held"]["SS"]))}}]).same == 1


def test_tables_of_one_instant_have_no_gaps():
    assert told(whole("o1", "o2")) == {}


def test_a_cancelled_order_without_parcels_is_no_gap():
    tables = whole() | {"orders": [order("o1", "cancelled"), order("o2", "unpaid")]}
    assert told(tables) == {}


def test_orders_that_were_backed_up_first_leave_money_parcels_and_entries_alone():
    assert told(whole("o1", "o2") | {"orders": [order("o1", "paid", "p-o1")]}) == {
        "money at a provider, and no order": ("o2",),
        "parcels planned, and the order is not there or not to be sent": ("o2",),
        "in the journal, and no order": ("o2",),
    }


def test_orders_that_were_backed_up_last_are_paid_and_neither_planned_nor_booked():
    first = whole("o1")
    assert told(first | {"orders": whole("o1", "o2")["orders"], "payments": whole("o1", "o2")["payments"]}) == {
        "an order to be sent, and no parcel planned": ("o2",),
        "money taken, and not in the journal": ("o2",),
    }


def test_an_order_that_has_not_heard_of_its_money_and_one_that_knows_more_than_payments_are_told_apart():
    tables = whole("o1", "o2")
    unheard = tables | {"orders": [order("o1", "unpaid"), order("o2", "paid", "p-o2")]}
    assert told(unheard)["money at a provider, and the order has not heard"] == ("o1",)
    unknown = tables | {"payments": [payment("p-o1", "o1")]}
    assert told(unknown) == {"an order knows a payment that payments do not": ("o2",)}


def test_a_plan_whose_parcel_is_not_there_is_told():
    assert told(whole("o1") | {"shipping": [plan("o1", "s-o1")]}) == {"a plan names a parcel that is not there": ("o1",)}


def test_an_order_acknowledged_before_the_backup_must_be_in_it_and_one_after_is_lacking():
    now, restored = whole("o1", "o2"), whole("o1")
    late = compared(now, restored, [acknowledged("o1", 90.0), acknowledged("o2", 110.0)], asked=100.0)
    assert ([one.order_id for one in late.lacking], late.wrong) == (["o2"], [])
    early = compared(now, restored, [acknowledged("o2", 99.0)], asked=100.0)
    assert early.wrong == ["o2 was acknowledged before the backup, and the restored set lacks it"]


def test_a_hub_that_lost_an_order_by_being_backed_up_does_not_hold():
    found = compared(whole("o1"), whole("o1"), [acknowledged("o2", 110.0)], asked=100.0)
    assert found.wrong == ["o2 was acknowledged, and the hub's own tables lack it"]


def test_a_hub_whose_own_tables_disagree_does_not_hold():
    now = whole("o1") | {"settlement": []}
    assert compared(now, whole("o1"), [], asked=100.0).wrong == ["the hub's own tables disagree: money taken, and not in the journal: o1"]


def test_settings_that_a_restore_leaves_out_are_named_and_those_that_it_must_bring_are_wrong():
    now = {"orders": {"keys": "pk", "stream": True}, "audit": {"keys": "pk", "stream": True}}
    assert unset(now, now) == {}
    found = unset(now, {"orders": {"keys": "sk", "stream": False}, "audit": {"keys": "pk", "stream": False}})
    assert found == {"keys": ["orders"], "stream": ["orders", "audit"]}
    assert not_brought_back(found) == ["the restored tables' keys differ: orders"]


def test_a_hub_goes_on_if_what_an_event_heals_is_healed_and_new_orders_go_their_way():
    unknown = whole("o1", "o2") | {"payments": [payment("p-o2", "o2")]}
    found = after_switch(unknown, [acknowledged("o2", 200.0)], published=2)
    assert ([gap.orders for gap in found.left], found.wrong) == ([("o1",)], []), "what only people can heal is told, and is not wrong"


def test_a_hub_does_not_go_on_if_an_event_did_not_heal_or_a_new_order_stays_behind():
    unplanned = whole("o1") | {"shipping": []}
    assert after_switch(unplanned, [acknowledged("o1", 200.0)], published=1).wrong == [
        "not healed by publishing again: an order to be sent, and no parcel planned: o1",
        "o1 was placed after the switch, and did not go its way",
    ]
