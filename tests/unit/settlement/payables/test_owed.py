"""What is owed to a payee, and what a payee owes back, as the storefront's owner and the payee see it."""

from typing import Any

import pytest

from functions.settlement import handler
from functions.settlement.bootstrap import LedgerSettings, Services, Settings
from functions.settlement.payables.owed import Owed, OwedQuery
from shared.api.paging import Paging
from shared.api.service import Service
from tests.fakes import TICKETS, call, caller
from tests.unit.settlement.events import OWNER, STOREFRONT, SUPPLIER, line, order_paid, order_refunded
from tests.unit.settlement.payout_fakes import TENANT, Payday, owe

ROUTE = "/v1/storefronts/{storefront_id}/payables"


@pytest.fixture
def payday(make_table: Any) -> Payday:
    made = Payday(make_table("settlement"))
    made.account(SUPPLIER)
    return made


@pytest.fixture
def app(payday: Payday) -> Service:
    services = Services(Settings("settlement-test"), LedgerSettings(0, 14), tickets=TICKETS, clock=payday.clock)
    return Service("settlement", lambda: services, handler.ROUTES)


def payables(app: Service, by: str = OWNER, **query: str) -> Any:
    return call(app, "GET", ROUTE, path={"storefront_id": STOREFRONT}, by=caller(by), query={"currency": "EUR", **query})


def test_what_waits_for_its_hold_is_told_apart_from_what_the_next_payday_pays(app, payday):
    payday.ledger_service.book_payment(order_paid())
    owe(700)
    assert payables(app).body["items"] == [{"payee": SUPPLIER, "available": 700, "held": 2000}]
    payday.clock.tick(days=14)
    assert payables(app).body["items"] == [{"payee": SUPPLIER, "available": 2700, "held": 0}]


def test_a_supplier_who_was_paid_before_a_refund_owes_it_and_its_next_payout_is_less(app, payday):
    payday.ledger_service.book_payment(order_paid())
    payday.sweeps(15)
    payday.ledger_service.book_refund(order_refunded([line(1)]))
    assert payables(app).body["items"] == [{"payee": SUPPLIER, "available": -1000, "held": 0}]
    (balance,) = call(app, "GET", "/v1/statement/balance", by=caller(SUPPLIER)).body["items"]
    assert balance["total"] == -1000
    payday.ledger_service.book_payment(order_paid([line(3)], order_id="ord_2"))
    payday.sweeps(16)
    assert (payday.paid_out(), payables(app).body["items"]) == ({SUPPLIER: 4000}, [])
    (balance,) = call(app, "GET", "/v1/statement/balance", by=caller(SUPPLIER)).body["items"]
    assert balance["total"] == 0


def test_a_storefronts_payables_are_its_owners_alone_and_of_one_currency(app, payday):
    payday.ledger_service.book_payment(order_paid())
    assert payables(app, "acc_other").body["items"] == []
    assert payables(app, currency="USD").body["items"] == []
    assert (
        call(app, "GET", ROUTE, path={"storefront_id": STOREFRONT}, by=caller(OWNER, "supplier"), query={"currency": "EUR"}).status == 403
    )
    assert payables(app, currency="euro").status == 422


def test_pages_add_up_though_a_payee_is_on_two(payday):
    owe(100, 200, 300)
    query = OwedQuery(payday.store, Paging(TICKETS, payday.clock), room=2)
    first, cursor = query.page(TENANT, "EUR")
    second, end = query.page(TENANT, "EUR", cursor)
    assert (first, second, end) == ([Owed(SUPPLIER, 300, 0)], [Owed(SUPPLIER, 300, 0)], None)
