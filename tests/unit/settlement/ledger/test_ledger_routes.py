"""The ledger over HTTP and from the queue."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from functions.settlement import handler
from functions.settlement.bootstrap import LedgerSettings, Services, Settings
from shared.api.service import Service
from shared.bus import envelope
from tests.fakes import NOON, TICKETS, call, caller, sqs
from tests.unit.settlement.events import OWNER, SUPPLIER, line, order_paid, order_refunded

SPLIT = "/v1/storefronts/{storefront_id}/orders/{order_id}/split"
Tell = Callable[..., list[Any]]


@pytest.fixture
def services(make_table: Any) -> Services:
    ledger = LedgerSettings(commission_per_mille=0, payout_hold_days=14)
    return Services(Settings(make_table("settlement")), ledger, tickets=TICKETS)


@pytest.fixture
def app(services: Services) -> Service:
    return Service("settlement", lambda: services, handler.ROUTES)


@pytest.fixture
def tell(services: Services) -> Tell:
    worker = replace(handler.worker, services=lambda: services)
    return lambda *messages: worker(sqs(*(envelope(message, NOON) for message in messages)), None)["batchItemFailures"]


def test_the_queue_books_orders_and_reports_only_what_cannot_be_booked(tell):
    assert tell(order_paid(), order_paid(order_id="ord_2", total=1), order_refunded([line(1)])) == [{"itemIdentifier": "1"}]


def test_a_merchant_reads_its_statement_by_currency_and_its_balance(app, tell):
    tell(order_paid(), order_paid(order_id="ord_2", currency="USD"))
    items = call(app, "GET", "/v1/statement", by=caller(OWNER), query={"currency": "USD"}).body["items"]
    assert [(item["order_id"], item["total"]) for item in items] == [("ord_2", 970)]
    balance = call(app, "GET", "/v1/statement/balance", by=caller(SUPPLIER)).body
    assert [(item["currency"], item["total"]) for item in balance["items"]] == [("EUR", 2000), ("USD", 2000)]


@pytest.mark.parametrize("resource", ["/v1/statement", "/v1/statement/balance"])
def test_a_wrong_parameter_is_named(app, resource):
    wrong = call(app, "GET", resource, by=caller(OWNER), query={"from": "yesterday", "colour": "red"})
    assert (wrong.status, {error["pointer"] for error in wrong.body["errors"]}) == (422, {"query/from", "query/colour"})
    assert call(app, "GET", resource, by=caller(OWNER), query={"from": "0001-01-01T00:00:00+05:00"}).status == 422
    assert call(app, "GET", resource, by=caller(OWNER), query={"cursor": "forged"}).status == 400


@pytest.mark.parametrize("resource", ["/v1/statement", "/v1/statement/balance"])
def test_a_period_that_ends_before_it_begins_is_refused_and_named(app, resource):
    turned = {"from": "2026-11-02T00:00:00Z", "to": "2026-11-01T00:00:00Z"}
    wrong = call(app, "GET", resource, by=caller(OWNER), query=turned)
    assert (wrong.status, [error["pointer"] for error in wrong.body["errors"]]) == (422, ["query/to"])
    assert call(app, "GET", resource, by=caller(OWNER), query=dict.fromkeys(turned, "2026-11-01T00:00:00Z")).status == 200


def test_only_operators_read_the_trial_balance(app, tell):
    tell(order_paid())
    assert call(app, "GET", "/v1/trial-balance", by=caller(OWNER)).status == 403
    found = call(app, "GET", "/v1/trial-balance", by=caller("acc_op", "operator")).body
    assert [(item["currency"], item["difference"]) for item in found["items"]] == [("EUR", 0)]
    assert call(app, "GET", "/v1/trial-balance", by=caller("acc_op", "operator"), query={"day": "2026-13-01"}).status == 422


def test_the_owner_sees_who_earned_what_of_an_order_and_others_find_nothing(app, tell):
    tell(order_paid(), order_refunded([line(1)]))
    path = {"storefront_id": "sf_1", "order_id": "ord_1"}
    found = call(app, "GET", SPLIT, path=path, by=caller(OWNER, "storefront")).body
    assert {"account": SUPPLIER, "kind": "goods", "amount": 1000, "currency": "EUR"} in found["shares"]
    assert len(found["entries"]) == 2
    assert call(app, "GET", SPLIT, path=path, by=caller(SUPPLIER)).status == 404
