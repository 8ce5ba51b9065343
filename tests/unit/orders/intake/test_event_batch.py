"""A site's events, row by row: none harms another, none counts twice, and what was not reached may be sent again."""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from pynamodb.connection import TableConnection

from functions.orders import handler
from functions.orders.checkout.basket import Basket
from functions.orders.intake.event_intake import BUDGET, VIEWS_AT_ONCE, EventIntake
from functions.orders.intake.product_view_store import ProductViewStore
from functions.orders.intake.site_event import ProductView, SiteEvent, StockCorrection
from functions.orders.inventory.adjustment import StockAdjustment, TooFew
from functions.orders.inventory.shortage import OutOfStock
from monsoon_plugin.clock import rfc3339
from shared.api.idempotency import Idempotency
from shared.api.paging import Paging, Position
from shared.api.service import Service
from shared.errors import FieldError, NotFound
from shared.optimistic_retry import AT_ONCE, Busy
from tests.conftest import aws
from tests.fakes import NOON, TICKETS, FakeClock, Reply, call, caller
from tests.unit.orders.conftest import Shop
from tests.unit.orders.given import ACCOUNT, ADDRESS, MUG, STOREFRONT, SUPPLIER, TEA, ticket

SITE = caller(ACCOUNT, "client_site", storefront_id=STOREFRONT)


def serving(intake: EventIntake) -> Service:
    """The service, with this intake."""
    parts = SimpleNamespace(intake=intake, unpaid=timedelta(minutes=60), clock=intake.clock, paging=Paging(TICKETS, intake.clock))
    return Service("orders", lambda: parts, handler.ROUTES)


@dataclass(frozen=True)
class Made:
    id: str
    placed_at: str
    fingerprint: str


@dataclass
class FakeHub:
    """Checkout, inventory and views in memory. Each order takes `seconds`; `left_out` views are not written at the first attempt."""

    clock: FakeClock = field(default_factory=FakeClock)
    made: dict[str, Made] = field(default_factory=dict)
    adjusted: dict[str, StockAdjustment] = field(default_factory=dict)
    stock: dict[str, int] = field(default_factory=lambda: {MUG: 10})
    views: dict[tuple[str, str, str], str] = field(default_factory=dict)
    refusal: Exception | None = None
    seconds: float = 0
    left_out: int = 0
    writes: list[int] = field(default_factory=list)

    def place(self, account_id: str, storefront_id: str, basket: Basket, idempotency: Idempotency) -> Made:
        self.clock.tick(seconds=self.seconds)
        if self.refusal:
            raise self.refusal
        made = self.made.setdefault(idempotency.id("ord"), Made(idempotency.id("ord"), rfc3339(self.clock()), idempotency.fingerprint))
        idempotency.same(made.fingerprint)
        return made

    def adjust(self, supplier_id: str, offer_id: str, delta: int, reason: str, idempotency: Idempotency) -> StockAdjustment:
        found = self.adjusted.get(idempotency.id("adj"))
        if found:
            idempotency.same(found.fingerprint)
            return found
        if offer_id not in self.stock:
            raise NotFound("you have no such offer")
        if self.stock[offer_id] + delta < 0:
            raise TooFew(f"{self.stock[offer_id]} units are on hand")
        self.stock[offer_id] += delta
        made = StockAdjustment(
            id=idempotency.id("adj"), supplier_id=supplier_id, offer_id=offer_id, delta=delta, reason=reason,
            adjusted_at=rfc3339(self.clock()), fingerprint=idempotency.fingerprint,
        )  # fmt: skip
        return self.adjusted.setdefault(made.id, made)

    def keep(self, tenant: str, views: Mapping[str, ProductView]) -> Mapping[str, ProductView]:
        assert len(views) <= VIEWS_AT_ONCE
        self.writes.append(len(views))
        out, self.left_out = dict(list(views.items())[: self.left_out]), max(0, self.left_out - len(views))
        self.views |= {(tenant, view.day, event_id): view.product_id for event_id, view in views.items() if event_id not in out}
        return out

    def kept(self, tenant: str, views: Mapping[str, ProductView]) -> Collection[str]:
        return [event_id for event_id, view in views.items() if (tenant, view.day, event_id) in self.views]

    def intake(self, has_storefront: Any = lambda *_: True, **more: Any) -> EventIntake:
        return EventIntake(
            **{
                "has_storefront": has_storefront, "checkout": self, "inventory": self, "views": self, "clock": self.clock,
                "seconds": self.elapsed, "retry": AT_ONCE, **more,
            }
        )  # fmt: skip

    def elapsed(self) -> float:
        return self.clock().timestamp()

    def counts(self, tenant: str, day: str, at: Position | None) -> tuple[list[tuple[str, int]], Position | None]:
        return [], None

    def send(self, *rows: Any, by: Any = SITE, **more: Any) -> Reply:
        return self.send_raw(json.dumps({"events": list(rows), **more}), by)

    def send_raw(self, raw: str, by: Any = SITE) -> Reply:
        app = serving(self.intake(lambda account_id, storefront_id: (account_id, storefront_id) == (ACCOUNT, STOREFRONT)))
        return call(app, "POST", "/v1/events", raw=raw, by=by)


@pytest.fixture
def hub() -> FakeHub:
    return FakeHub()


def view(event_id: str = "v1", **more: Any) -> dict[str, Any]:
    return {"id": event_id, "type": "view", "product_id": MUG.replace("off", "prd"), "at": rfc3339(NOON), **more}


def stock(event_id: str = "s1", delta: Any = 3, **more: Any) -> dict[str, Any]:
    return {"id": event_id, "type": "stock", "offer_id": MUG, "delta": delta, "reason": "counted", **more}


def order(event_id: str = "o1", **more: Any) -> dict[str, Any]:
    lines = [{"offer_id": MUG, "quantity": 1}]
    return {"id": event_id, "type": "order", "lines": lines, "address": ADDRESS.model_dump(), "shipping_ticket": "t", **more}


def statuses(reply: Reply) -> list[str]:
    assert reply.status == 200, reply.body
    return [result["status"] for result in reply.body["results"]]


def pointers(reply: Reply) -> list[list[str]]:
    return [[error["pointer"] for error in result.get("problem", {}).get("errors", [])] for result in reply.body["results"]]


def test_each_kind_of_event_is_carried_out_and_told_in_the_order_of_the_batch(hub: FakeHub):
    reply = hub.send(order(), view(), stock())
    assert statuses(reply) == ["done", "done", "done"]
    assert [(r["index"], r["id"]) for r in reply.body["results"]] == [(0, "o1"), (1, "v1"), (2, "s1")]
    assert reply.body["results"][0]["order_id"] in hub.made
    assert (hub.stock[MUG], reply.body["counts"]) == (13, {"done": 3})
    assert list(hub.views) == [(f"{ACCOUNT}#{STOREFRONT}", "2026-11-01", "v1")]


BAD: list[tuple[Any, list[str]]] = [
    (None, ["/events/1/type"]),
    ("view", ["/events/1/type"]),
    ({}, ["/events/1/type"]),
    ({"id": "x", "type": ["view"]}, ["/events/1/type"]),
    ({"id": "x", "type": "refund"}, ["/events/1/type"]),
    (stock("x", delta=0), ["/events/1/delta"]),
    (stock("x", delta="3"), ["/events/1/delta"]),
    (stock("x", delta=1.5), ["/events/1/delta"]),
    (stock("x", delta=10**40), ["/events/1/delta"]),
    (stock("x", delta=-14), ["/events/1/delta"]),
    (stock("x", offer_id=TEA), ["/events/1/offer_id"]),
    (stock("x", reason="a\u0000b"), ["/events/1/reason"]),
    (stock("x", reason="a\uffffb"), ["/events/1/reason"]),
    (stock("x", note="?"), ["/events/1/note"]),
    (stock(7), ["/events/1/id"]),
    (stock("a b"), ["/events/1/id"]),
    (stock("x" * 65), ["/events/1/id"]),
    (view("x", email="ada@example.com"), ["/events/1/email"]),
    (view("x", at="yesterday"), ["/events/1/at"]),
    (view("x", at="2026-11-01T12:00:00"), ["/events/1/at"]),
    (view("x", at="2026-10-25T11:59:59Z"), ["/events/1/at"]),
    (view("x", at="2026-11-01T12:06:00Z"), ["/events/1/at"]),
    (view("x", at="0001-01-01T00:00:00+12:00"), ["/events/1/at"]),
    (view("x", at="9999-12-31T23:59:59-12:00"), ["/events/1/at"]),
    (view("x", product_id="mug"), ["/events/1/product_id"]),
    (order("x", lines=[]), ["/events/1/lines"]),
    (order("x", lines=[{"offer_id": MUG, "quantity": 0}]), ["/events/1/lines/0/quantity"]),
    (order("x", address={"name": "Ada"}), ["/events/1/address/lines", "/events/1/address/city", "/events/1/address/country"]),
]


@pytest.mark.parametrize(("bad", "named"), BAD, ids=lambda part: json.dumps(part)[:60])
def test_one_bad_row_is_refused_by_its_field_and_harms_no_other(hub: FakeHub, bad: Any, named: list[str]):
    reply = hub.send(stock("first"), bad, stock("last"), view())
    assert statuses(reply) == ["done", "refused", "done", "done"]
    assert set(pointers(reply)[1]) >= set(named)
    assert hub.stock[MUG] == 16


@pytest.mark.parametrize("bad", ['"cut \\ud83d"', "[" * 300 + "]" * 300, "1e999", "NaN"], ids=["half an emoji", "deep", "huge", "nan"])
def test_a_row_that_is_json_by_its_grammar_alone_harms_no_other(hub: FakeHub, bad: str):
    row = json.dumps(stock("x", reason="?")).replace('"?"', bad)
    raw = f'{{"events": [{json.dumps(stock("first"))}, {row}, {json.dumps(view())}]}}'
    reply = hub.send_raw(raw)
    assert statuses(reply) == ["done", "refused", "done"]


def test_a_batch_that_is_no_json_is_refused_whole(hub: FakeHub):
    for raw in ("{", '{"events": [}', '{"events": ' + "[" * 100_000, '{"events": [' + "9" * 5_000 + "]}"):
        assert hub.send_raw(raw).body["type"] == "urn:monsoon:problem:malformed"


def test_a_batch_that_is_sent_again_changes_nothing(hub: FakeHub):
    batch = [order(), stock(), view()]
    first = hub.send(*batch)
    hub.clock.tick(seconds=1)
    again = hub.send(*batch)
    assert statuses(again) == ["repeated", "repeated", "done"]
    assert again.body["results"][0]["order_id"] == first.body["results"][0]["order_id"]
    assert (hub.stock[MUG], len(hub.made), len(hub.views)) == (13, 1, 1)


def test_an_id_that_comes_again_with_other_content_is_refused(hub: FakeHub):
    hub.send(order(), stock())
    hub.clock.tick(seconds=1)
    reply = hub.send(order(language="zh"), stock(delta=4))
    assert statuses(reply) == ["refused", "refused"]
    assert {r["problem"]["type"] for r in reply.body["results"]} == {"urn:monsoon:problem:idempotency-key-reused"}
    assert pointers(reply) == [["/events/0/id"], ["/events/1/id"]]
    assert hub.stock[MUG] == 13


def test_within_a_batch_the_second_row_of_an_id_is_the_first_again_or_refused(hub: FakeHub):
    reply = hub.send(stock(), stock(), stock(delta=9), view("s1"), stock("s2", delta=-99), stock("s2", delta=-99))
    assert statuses(reply) == ["done", "repeated", "refused", "refused", "refused", "refused"]
    assert hub.stock[MUG] == 13


def test_an_order_may_be_sent_again_with_a_newer_shipping_ticket(hub: FakeHub):
    hub.send(order())
    hub.clock.tick(seconds=1)
    assert statuses(hub.send(order(shipping_ticket="another"))) == ["repeated"]


def test_what_checkout_refuses_names_the_field_of_the_row(hub: FakeHub):
    hub.refusal = OutOfStock("/lines/0/quantity: 0 left", [FieldError("/lines/0/quantity", "0 left")])
    reply = hub.send(view(), order())
    assert statuses(reply) == ["done", "refused"]
    assert pointers(reply)[1] == ["/events/1/lines/0/quantity"]
    assert reply.body["results"][1]["problem"]["status"] == 409


def test_what_is_contended_or_not_reached_in_time_is_for_later_and_views_come_first(hub: FakeHub):
    hub.refusal = Busy(retry_after=1)
    assert statuses(hub.send(order("busy"))) == ["later"]
    hub.refusal, hub.seconds = None, BUDGET / 2
    reply = hub.send(*(order(f"o{n}") for n in range(4)), view())
    assert statuses(reply) == ["done", "done", "later", "later", "done"]
    assert statuses(hub.send(order("o3"))) == ["done"]


def test_views_are_written_25_at_a_time_and_what_was_left_out_again(hub: FakeHub):
    hub.left_out = 30
    assert set(statuses(hub.send(*(view(f"v{n}") for n in range(60))))) == {"done"}
    assert len(hub.views) == 60
    assert hub.writes == [25, 25, 5, 25, 10]


def test_views_that_are_never_written_are_for_later(hub: FakeHub):
    hub.left_out = 10**9
    assert statuses(hub.send(view(), stock())) == ["later", "done"]


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [({"events": []}, 422, "/events"), ({"events": [{}] * 501}, 422, "/events"), ({"events": "all"}, 422, "/events"),
     ({}, 422, "/events"), ({"events": [{}], "site": 1}, 422, "/site")],
)  # fmt: skip
def test_the_envelope_is_strict(hub: FakeHub, body: Any, status: int, pointer: str):
    app = Service("orders", lambda: SimpleNamespace(unpaid=timedelta(minutes=60)), handler.ROUTES)
    reply = call(app, "POST", "/v1/events", body=body, by=SITE)
    assert (reply.status, reply.body["errors"][0]["pointer"]) == (status, pointer)
    assert call(app, "POST", "/v1/events", raw='{"events":[' + " " * 1_000_000, by=SITE).status == 413


def test_the_storefront_is_the_keys_or_the_one_that_its_owner_names(hub: FakeHub):
    owner, stranger = caller(ACCOUNT, "storefront"), caller("acc_other", "storefront")
    assert hub.send(view(), by=owner, storefront_id=STOREFRONT).status == 200
    assert hub.send(view(), by=owner).body["errors"][0]["pointer"] == "/storefront_id"
    assert hub.send(view(), by=stranger, storefront_id=STOREFRONT).status == 404
    assert hub.send(view(), by=caller(ACCOUNT, "client_site", storefront_id="sf_other"), storefront_id=STOREFRONT).status == 404
    assert hub.send(view(), by=caller(ACCOUNT, "client_site", storefront_id=STOREFRONT, verified=False)).status == 403


def test_the_real_checkout_and_inventory_carry_out_a_batch_once(shop: Shop):
    hub = FakeHub(shop.clock)
    app = serving(hub.intake(checkout=shop.checkout, inventory=shop.inventory, seconds=lambda: 0))
    bought = order(lines=[{"offer_id": MUG, "quantity": 2}], shipping_ticket=ticket({MUG: 2}))
    scarce = order("o2", lines=[{"offer_id": MUG, "quantity": 99}], shipping_ticket=ticket({MUG: 99}))
    batch = [bought, scarce, stock("s1", 3), view()]

    def sent(*rows: Any) -> Reply:
        shop.clock.tick(seconds=1)
        return call(app, "POST", "/v1/events", body={"events": rows}, by=caller(ACCOUNT, "client_site", storefront_id=STOREFRONT))

    first, again, changed = sent(*batch), sent(*batch), sent({**bought, "language": "zh"})
    assert statuses(first) == ["done", "refused", "refused", "done"]
    assert pointers(first)[1:3] == [["/events/1/lines/0/quantity"], ["/events/2/offer_id"]]
    assert shop.order(Made(first.body["results"][0]["order_id"], "", "")).state == "unpaid"
    assert (statuses(again)[0], statuses(changed), shop.left) == ("repeated", ["refused"], 8)


def test_a_supplier_that_sells_by_its_own_site_corrects_its_stock_once(shop: Shop):
    intake = FakeHub(shop.clock).intake(checkout=shop.checkout, inventory=shop.inventory, seconds=lambda: 0)
    correction = SiteEvent("s1", "f1", StockCorrection(MUG, -4, "counted"))
    told = []
    for event in (
        correction,
        correction,
        replace(correction, fingerprint="f2"),
        SiteEvent("s2", "f3", StockCorrection(MUG, -7, "counted")),
    ):
        shop.clock.tick(seconds=1)
        told += [outcome.status for outcome in intake.carry_out(SUPPLIER, STOREFRONT, [event])]
    assert (told, shop.left) == (["done", "repeated", "refused", "refused"], 6)


def test_views_of_a_day_are_read_page_by_page(make_table: Callable[[str], str]):
    views = ProductViewStore(make_table("orders"), FakeClock(), counted=40)
    app, path = serving(FakeHub().intake(views=views)), {"storefront_id": STOREFRONT}
    for start in range(0, 50, 25):
        views.keep(f"{ACCOUNT}#{STOREFRONT}", {f"e{n:05d}": ProductView(f"prd_{n % 2}", NOON) for n in range(start, start + 25)})

    def read(**query: str) -> Reply:
        return call(app, "GET", "/v1/storefronts/{storefront_id}/views", path=path, query=query, by=SITE)

    first = read(day="2026-11-01").body
    second = read(day="2026-11-01", cursor=first["next"]).body
    counts = [{item["product_id"]: item["views"] for item in page["items"]} for page in (first, second)]
    assert counts == [{"prd_0": 20, "prd_1": 20}, {"prd_0": 5, "prd_1": 5}]
    assert "next" not in second
    assert read(day="2026-11-02").body == {"day": "2026-11-02", "items": []}
    assert [read(day=day).status for day in ("today", "2026-02-30", "20261101")] == [422, 422, 422]
    assert read(day="2026-11-02", cursor=first["next"]).status == 400


def test_a_view_is_kept_90_days_with_nothing_but_its_product_and_once(make_table: Callable[[str], str]):
    table = make_table("orders")
    store, tenant = ProductViewStore(table, FakeClock()), f"{ACCOUNT}#{STOREFRONT}"
    for _ in range(2):
        assert store.keep(tenant, {"e1": ProductView("prd_1", NOON), "e2": ProductView("prd_1", NOON - timedelta(days=1))}) == {}
    assert store.counts(tenant, "2026-11-01", None) == ([("prd_1", 1)], None)
    item = aws("dynamodb").get_item(TableName=table, Key={"pk": {"S": tenant}, "sk": {"S": "view#2026-11-01#e1"}})["Item"]
    assert item["expires_at"]["N"] == str(int((NOON + timedelta(days=90)).timestamp()))
    assert set(item) == {"pk", "sk", "product_id", "expires_at"}


def test_a_view_that_was_taken_is_answered_alike_when_its_batch_comes_again_after_its_time(hub: FakeHub):
    first = hub.send(view())
    hub.clock.tick(days=8)
    assert hub.send(view()).body == first.body
    assert [one["status"] for one in hub.send(view(), view("v2")).body["results"]] == ["done", "refused"]


def test_which_views_are_kept_is_known(make_table: Callable[[str], str]):
    store, tenant, seen = ProductViewStore(make_table("orders"), FakeClock()), f"{ACCOUNT}#{STOREFRONT}", ProductView("prd_1", NOON)
    store.keep(tenant, {"e1": seen})
    assert list(store.kept(tenant, {f"e{n}": seen for n in range(120)})) == ["e1"]
    assert list(store.kept("acc_2#sf_2", {"e1": seen})) == []


def test_what_dynamodb_leaves_out_is_answered(make_table: Callable[[str], str], monkeypatch: pytest.MonkeyPatch):
    store, whole = ProductViewStore(make_table("orders"), FakeClock()), TableConnection.batch_write_item

    def partly(self: TableConnection, put_items: list[Any]) -> Any:
        whole(self, put_items=put_items[1:])
        return {"UnprocessedItems": {self.table_name: [{"PutRequest": {"Item": put_items[0]}}]}}

    monkeypatch.setattr(TableConnection, "batch_write_item", partly)
    assert list(store.keep("t", {f"e{n}": ProductView("prd_1", NOON) for n in range(3)})) == ["e0"]
