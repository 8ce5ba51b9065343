"""`python -m tests.simulation.strangers`: somebody with a storefront and products of their own tries what is others' in every field.

Ids, tickets and cursors of others, times at the edges of the calendar, amounts at the edges of each currency, on every route. Prints
what answered 5xx, told something of others', or changed it. In a process of its own: the simulator takes it over.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any
from urllib.parse import quote

from shared.api.caller import Caller
from shared.api.operation import Operation
from simulation.actors.setting import ADDRESS, OPERATOR, Setting, Shop, product
from simulation.schedule import people_of, theatre
from simulation.world import World
from tests.contract.test_bad_input import leaves, replaced
from tests.flow.doors import body_of, operations

TIMES = (
    "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59-23:59", "2016-12-31T23:59:60Z",
    "2026-02-29T00:00:00Z", "2026-11-01T24:00:00Z", "2026-11-01T00:00:00+24:00", "2026-11-01t00:00:00z", "+12026-11-01T00:00:00Z",
    "0001-01-01", "9999-12-31", "0000-01-01", "1970-01-01T00:00:00Z", "-1", "1e400",
)  # fmt: skip
CURRENCIES = ("JPY", "KWD", "CLF", "XTS", "XAU", "jpy", "ΑΒΓ", "")
NUMBERS = (0, -1, 1, 10**12, 10**12 + 1, 2**31, 2**53, 2**63, 10**40, -(10**40))
ELSEWHERE = ("/v1/accounts", "/v1/sessions")
"""What Cognito answers, which the simulator has not; tests/contract/test_bad_input.py tries these."""
SOON = ("start_payment", "place_order")
"""Tried first, while tickets are good."""
ALLOWED = {"create_key": "a key is of its account, and opens nothing at a storefront that is not: tests/flow/test_tenants.py"}
ALONE = frozenset({"ticket", "shipping_ticket", "cursor", "installation_id", "storefront_id"})
"""Fields in which somebody else's must be refused; a product id, say, is everybody's to name."""
OFTEN = 200
"""Requests after which messages are let arrive."""


@dataclass(frozen=True)
class Belongings:
    """What somebody has: ids by the names that paths give them, tickets and cursors, and what places an order of theirs."""

    shop: Shop
    who: Caller
    ids: dict[str, str]
    hidden: frozenset[str]
    """Ids that nobody else is ever given, and that the stranger does not try."""
    tickets: tuple[str, ...]
    order: dict[str, Any]
    unpaid: dict[str, Any]


class Trial:
    def __init__(self) -> None:
        made = theatre()
        made.place.dynamodb.restore(made.snapshot)
        self.setting: Setting = made.setting
        self.world = World(made.place, Random(7), datetime.fromisoformat("2026-06-14T09:00:00+00:00"))
        world = self.world
        self.people = people_of(world)
        self.faults: list[str] = []
        self.sent = 0
        self.theirs = self.belongings(self.setting.shops[0], self.setting.suppliers[1], "Ada Theirs", self.setting.goods[3].product_id)
        mine = self.setting.shops[2]
        stranger = Caller(mine.owner.account_id, frozenset({"storefront", "supplier"}), True)
        kettle = product(0) | {"sku": "mine", "stock": 1000, "texts": {"en": {"title": "Blue enamel kettle"}}}
        made_product = self.people.must(stranger, "POST", "/v1/products", kettle)["product_id"]
        world.scheduler.run()
        self.own = self.belongings(mine, stranger, "Bo Own", made_product)
        self.private = {"Ada Theirs", *self.theirs.hidden}

    def belongings(self, shop: Shop, supplier: Caller, name: str, product_id: str) -> Belongings:
        """One of everything; `name` is the shopper's."""
        people, who = self.people, Caller(shop.owner.account_id, frozenset({"storefront", "supplier"}), True)
        offer_id = people.must(supplier, "GET", f"/v1/catalog/products/{product_id}")["offer_id"]
        body = {"lines": [{"offer_id": offer_id, "quantity": 1}], "address": ADDRESS | {"name": name}, "currency": "GBP"}
        tickets = [people.must(who, "POST", f"{shop.path}/shipping-quotes", body)["items"][0]["ticket"] for _ in range(3)]
        order_body = body | {"buyer": {"type": "consumer"}, "shipping_ticket": tickets[0]}
        first, second = (people.must(who, "POST", f"{shop.path}/orders", order_body) for _ in range(2))
        payment = people.must(who, "POST", f"{shop.path}/orders/{first['id']}/payments", {"ticket": first["payment_ticket"]})
        self.world.scheduler.run()
        parcels = people.must(who, "GET", f"{shop.path}/orders/{first['id']}/shipments")["items"]
        feed = people.must(supplier, "POST", "/v1/feeds", {"format": "csv", "name": "f", "bytes": 9})
        key = people.must(who, "POST", "/v1/keys", {"storefront_id": shop.storefront_id, "name": "k"})
        kinds = ("courier", "clearing")
        hidden = {people.must(who, "GET", f"{shop.path}/{kind}-installations")["items"][0]["id"] for kind in kinds} | {second["id"]}
        installed = people.must(who, "GET", f"{shop.path}/payment-installations")["items"][0]["id"]
        ids = {
            "storefront_id": shop.storefront_id, "account_id": who.account_id, "supplier_id": supplier.account_id, "order_id": first["id"],
            "payment_id": payment["id"], "shipment_id": parcels[0]["id"], "feed_id": feed["feed_id"], "key_id": key["key_id"],
            "installation_id": installed, "product_id": product_id, "offer_id": offer_id,
        }  # fmt: skip
        cursors = [
            people.must(by, "GET", f"{path}?limit=1").get("next")
            for by, path in ((who, f"{shop.path}/orders"), (supplier, "/v1/shipments"), (supplier, "/v1/products"), (who, "/v1/statement"))
        ]
        used = (tickets[1], second["payment_ticket"], *(cursor for cursor in cursors if cursor))
        return Belongings(shop, who, ids, frozenset(hidden), used, order_body, second)

    def seen(self) -> list[Any]:
        """All that is theirs, as they see it."""
        shop, ids, ask = self.theirs.shop, self.theirs.ids, self.people.must
        kinds = ("payment", "courier", "clearing")
        paths = [shop.path, *(f"{shop.path}/{kind}-installations" for kind in kinds), f"{shop.path}/orders/{ids['order_id']}/payments",
                 f"{shop.path}/orders/{ids['order_id']}/shipments", "/v1/statement", "/v1/keys"]  # fmt: skip
        orders = ask(self.theirs.who, "GET", f"{shop.path}/orders")["items"]
        owned = [{k: v for k, v in order.items() if k != "payment_ticket"} for order in orders]
        supplier = self.setting.suppliers[1]
        sold = [ask(supplier, "GET", path) for path in ("/v1/shipments", "/v1/products")]
        return [owned, *(ask(self.theirs.who, "GET", path) for path in paths), *sold]

    def knock(self, operation: Operation, body: Any, path: str, sent: str, *, foreign: bool = False) -> None:
        """Send one request as the stranger, or as an operator where nobody else is let in; note what must not be.

        `foreign`: it names what is somebody else's alone, and must be refused.
        """
        who = OPERATOR if operation.allow and not operation.allow & self.own.who.roles else self.own.who
        self.sent += 1
        try:
            reply = self.world.hub.call(None if operation.public else who, operation.method, path, body, f"k{self.sent}")
        except Exception as error:  # whatever escapes is what we look for
            self.faults.append(f"{operation.method} {path} {sent[:80]} → {error!r}")
            return
        told = json.dumps(reply.body, ensure_ascii=False)
        leaked = [] if who is OPERATOR else [value for value in self.private if value in told]
        taken = foreign and reply.status < 400 and reply.body != {"items": []} and operation.name not in ALLOWED
        if reply.status >= 500 or leaked or taken:
            self.faults.append(f"{operation.method} {path} {sent[:120]} → {reply.status} {leaked} {told[:200]}")
        if self.sent % OFTEN == 0:
            self.world.scheduler.run()

    def path(self, operation: Operation, ids: dict[str, str]) -> str:
        parts = operation.path.split("/")
        return "/".join(ids.get(part[1:-1], "x") if part.startswith("{") else part for part in parts)

    def try_all(self) -> None:
        foreign = (*self.theirs.ids.values(), *self.theirs.tickets)
        for operation in sorted(operations(), key=lambda operation: operation.name not in SOON):
            if operation.path.startswith(ELSEWHERE):
                continue
            at_unpaid = {"order_id": self.own.unpaid["id"]} if operation.name == "start_payment" else {}
            path = self.path(operation, self.own.ids | at_unpaid)
            if operation.body is not None:
                self.try_body(operation, path, foreign)
            if operation.query is not None:
                for field in operation.query.model_fields.values():
                    self.try_query(operation, path, str(field.alias or ""), foreign)
                for name in operation.query.model_fields:
                    self.try_query(operation, path, name, foreign)

    def try_body(self, operation: Operation, path: str, foreign: tuple[str, ...]) -> None:
        right = OWN_BODIES.get(operation.name, lambda trial: body_of(operation))(self)
        for place in leaves(right):
            held: Any = right
            for step in place:
                held = held[step]
            for value in values_for(held, foreign):
                self.knock(operation, replaced(right, place, value), path, json.dumps(value, ensure_ascii=False),
                           foreign=bool(place) and place[-1] in ALONE and value in foreign)  # fmt: skip

    def try_query(self, operation: Operation, path: str, name: str, foreign: tuple[str, ...]) -> None:
        for value in (*foreign, *TIMES, *CURRENCIES, "0", "-1", "1" * 400) if name else ():
            self.knock(operation, None, f"{path}?{name}={quote(value)}", value, foreign=name in ALONE and value in foreign)


OWN_BODIES: dict[str, Any] = {
    "place_order": lambda trial: trial.own.order,
    "quote_shipping": lambda trial: {k: v for k, v in trial.own.order.items() if k in ("lines", "address", "currency")},
    "start_payment": lambda trial: {"ticket": trial.own.unpaid["payment_ticket"]},
    "submit_product": lambda trial: product(1) | {"sku": "another"},
}


def values_for(held: Any, foreign: tuple[str, ...]) -> Iterator[Any]:
    if isinstance(held, str):
        yield from (*foreign, *TIMES, *CURRENCIES)
    elif isinstance(held, int) and not isinstance(held, bool):
        yield from NUMBERS
    elif isinstance(held, dict) and held.keys() == {"amount", "currency"}:
        yield from ({"amount": amount, "currency": currency} for amount in NUMBERS for currency in CURRENCIES)


def main() -> int:
    trial = Trial()
    before = trial.seen()
    trial.try_all()
    trial.world.scheduler.run()
    after = trial.seen()
    faults = trial.faults + [f"changed: {was} → {now}"[:600] for was, now in zip(before, after, strict=True) if was != now]
    print("\n".join(faults[:40]))
    print(f"{trial.sent} requests, {len(faults)} faults")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
