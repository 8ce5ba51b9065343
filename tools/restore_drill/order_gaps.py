"""Orders of which one table of a set knows more than another: backups of several tables are not of one instant. Pure.

Read are items as DynamoDB's API gives them, of the four tables that hold parts of an order.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.aws.packing import unpacked
from tools.restore_drill.table_difference import Raw

MONEY = ("authorized", "captured")
"""States of a payment in which a provider holds or has promised money."""
OWED = ("accepted", "paid")
"""States of an order that is to be sent."""
ORDER_AGAIN, PAYMENT_AGAIN = "publish the order's last event again", "publish the payment's last event again"
HEALED = (ORDER_AGAIN, PAYMENT_AGAIN)
NO_ORDER = ("money at a provider, and no order", "refund it in the provider's console, or let the shopper order again")
NO_PAYMENT = ("an order knows a payment that payments do not", "it stands as paid; refunds of it are made in the provider's console")
NOT_HEARD = ("money at a provider, and the order has not heard", PAYMENT_AGAIN)
NOT_OWED = ("parcels planned, and the order is not there or not to be sent", "tell the suppliers not to send, void what is labelled")
NO_PLAN = ("an order to be sent, and no parcel planned", ORDER_AGAIN)
NO_PARCEL = ("a plan names a parcel that is not there", ORDER_AGAIN)
NOT_BOOKED = ("money taken, and not in the journal", ORDER_AGAIN)
BOOKED_ALONE = ("in the journal, and no order", "its payables wait for the hold: settle with the payees by hand before it ends")


@dataclass(frozen=True)
class Orders:
    """What a set of tables knows of orders. Keys are order ids."""

    states: Mapping[str, str]
    heard: Mapping[str, frozenset[str]]
    """Order → payments that it has heard of."""
    payments: Mapping[str, Mapping[str, str]]
    """Order → payment → state."""
    plans: Mapping[str, frozenset[str]]
    """Order → shipments that were planned for it."""
    shipments: frozenset[str]
    booked: frozenset[str]
    """Orders that the journal has an entry of."""


@dataclass(frozen=True)
class Gap:
    """Orders of one kind of disagreement, and what closes it."""

    what: str
    remedy: str
    orders: tuple[str, ...]


def orders_in(tables: Mapping[str, Iterable[Raw]]) -> Orders:
    """What `tables` (service → items) know of orders: of `orders`, `payments`, `shipping` and `settlement`."""
    orders = {item["sk"]["S"]: json.loads(unpacked(item["order"])) for item in tables["orders"] if "order" in item}
    payments: dict[str, dict[str, str]] = defaultdict(dict)
    for item in tables["payments"]:
        if "ops" in item:
            payments[item["sk"]["S"].rpartition("/")[0]][item["id"]["S"]] = item["state"]["S"]
    shipping = list(tables["shipping"])
    plans = [json.loads(item["plan"]["S"]) for item in shipping if "plan" in item]
    return Orders(
        states={key: order.get("state", "unpaid") for key, order in orders.items()},
        heard={key: _ids(order.get("payments", ()), "id") for key, order in orders.items()},
        payments=payments,
        plans={plan["order_id"]: _ids(plan["shipments"], "shipment_id") for plan in plans if plan["made_by"]},
        shipments=frozenset(item["sk"]["S"] for item in shipping if "shipment" in item),
        booked=frozenset(item["order_id"]["S"] for item in tables["settlement"] if "postings" in item),
    )


def gaps(orders: Orders) -> list[Gap]:
    """Each kind of disagreement that there is, the one that concerns most money first."""
    paid = {order for order, found in orders.payments.items() if any(state in MONEY for state in found.values())}
    taken = {order for order, state in orders.states.items() if state == "paid"}
    owed = {order for order, state in orders.states.items() if state in OWED}
    unknown = {order for order, heard in orders.heard.items() if heard - orders.payments.get(order, {}).keys()}
    unheard = {order for order in paid & orders.states.keys() if not orders.heard[order]}
    torn = {order for order, planned in orders.plans.items() if planned - orders.shipments}
    kinds = (
        (NO_ORDER, paid - orders.states.keys()),
        (NO_PAYMENT, unknown),
        (NOT_HEARD, unheard),
        (NOT_OWED, orders.plans.keys() - owed),
        (NO_PLAN, owed - orders.plans.keys()),
        (NO_PARCEL, torn),
        (NOT_BOOKED, taken - orders.booked),
        (BOOKED_ALONE, orders.booked - orders.states.keys()),
    )
    return [Gap(*kind, tuple(sorted(found))) for kind, found in kinds if found]


def _ids(things: Iterable[Mapping[str, Any]], name: str) -> frozenset[str]:
    return frozenset(str(thing[name]) for thing in things)
