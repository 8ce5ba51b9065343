"""Test money is in a book of its own: never payable, never paid out, in no balance, statement or trial balance of real money."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from functions.settlement import handler
from functions.settlement.bootstrap import LedgerSettings, Services, Settings
from functions.settlement.payouts.payout_service import PayoutService
from monsoon_plugin.money import Amount
from shared.api.service import Service
from shared.bus import envelope
from shared.errors import Invalid
from shared.messages import PaymentDisputed
from shared.order_messages import OrderRefundFailed
from tests.fakes import NOON, TICKETS, call, caller, sqs
from tests.unit.settlement.events import HEAD, ORDER, OWNER, STOREFRONT, SUPPLIER, line, order_paid, order_refunded
from tests.unit.settlement.payout_fakes import Payday

SPLIT = "/v1/storefronts/{storefront_id}/orders/{order_id}/split"
REFUND = order_refunded([line(1)], test=True)
FAILED = OrderRefundFailed(
    **HEAD,
    version=5,
    refund_id="ref_1",
    payment_id="pay_1",
    payment_plugin="stripe",
    amount=1250,
    reason="closed",
    was_paid=True,
    test=True,
)
DISPUTE = PaymentDisputed(
    version=4, payment_id="pay_1", order_id=ORDER, storefront_id=STOREFRONT, account_id=OWNER, plugin="stripe",
    amount=Amount(amount=2950, currency="EUR"), dispute_ref="dp_1", state="open", reason="fraud", test=True,
)  # fmt: skip
SENT_BACK = order_refunded([], refund_id="ref_9", payment_id="pay_9", amount=700, test=True)


@pytest.fixture
def services(make_table: Any) -> Services:
    ledger = LedgerSettings(commission_per_mille=100, payout_hold_days=14)
    return Services(Settings(make_table("settlement")), ledger, tickets=TICKETS, clock=lambda: datetime.now(UTC))


@pytest.fixture
def app(services: Services) -> Service:
    return Service("settlement", lambda: services, handler.ROUTES)


@pytest.fixture
def tell(services: Services) -> Callable[..., None]:
    worker = replace(handler.worker, services=lambda: services)

    def heard(*messages: Any) -> None:
        assert worker(sqs(*(envelope(message, NOON) for message in messages)), None)["batchItemFailures"] == []

    return heard


def sums(app: Service, test: bool) -> dict[str, Any]:
    """All that is answered in one mode: lines and total of each statement, entries of the day."""
    query = {"test": "true"} if test else {}
    found: dict[str, Any] = {}
    for account in (OWNER, SUPPLIER):
        statement = call(app, "GET", "/v1/statement", by=caller(account), query=query).body
        balance = call(app, "GET", "/v1/statement/balance", by=caller(account), query=query).body
        assert statement["test"] is balance["test"] is test
        found[account] = (len(statement["items"]), balance["lines"], [item["total"] for item in balance["items"]])
    trial = call(app, "GET", "/v1/trial-balance", by=caller("acc_op", "operator"), query=query).body
    assert trial["test"] is test
    assert all(item["difference"] == 0 for item in trial["items"])
    found["trial"] = trial["entries"]
    return found


def test_what_test_money_moves_is_in_its_own_book_and_in_no_sum_of_real_money(app: Service, tell: Any) -> None:
    tell(order_paid(order_id="ord_real"))
    real = sums(app, test=False)
    tell(order_paid(test=True), REFUND, FAILED, DISPUTE, SENT_BACK)
    assert sums(app, test=False) == real
    assert sums(app, test=True) == {OWNER: (4, 4, [-1980]), SUPPLIER: (3, 3, [2000]), "trial": 5}


def test_the_split_of_an_order_says_its_mode(app: Service, tell: Any) -> None:
    tell(order_paid(test=True), order_paid(order_id="ord_real"))
    for order_id, test in ((ORDER, True), ("ord_real", False)):
        path = {"storefront_id": STOREFRONT, "order_id": order_id}
        assert call(app, "GET", SPLIT, path=path, by=caller(OWNER)).body["test"] is test


def test_a_cursor_of_one_book_opens_no_page_of_the_other(app: Service, tell: Any) -> None:
    tell(*(order_paid(order_id=f"ord_{n}") for n in range(3)))
    following = call(app, "GET", "/v1/statement", by=caller(OWNER), query={"limit": "1"}).body["next"]
    assert call(app, "GET", "/v1/statement", by=caller(OWNER), query={"limit": "1", "test": "true", "cursor": following}).status == 400


@pytest.fixture
def payday(make_table: Any) -> Payday:
    made = Payday(make_table("settlement"), commission_per_mille=100)
    made.account(SUPPLIER)
    return made


def test_a_test_order_is_never_payable_and_a_live_bank_pays_nothing_of_it(payday: Payday) -> None:
    payday.ledger_service.book_payment(order_paid(test=True))
    payday.ledger_service.book_refund(REFUND)
    payday.ledger_service.reverse_refund(FAILED)
    payday.sweeps(16)
    assert (payday.due(), payday.paid_out(), payday.batches()) == ({}, {}, [])


def test_a_test_order_is_no_first_introduction(payday: Payday) -> None:
    payday.ledger_service.book_payment(order_paid(test=True))
    payday.ledger_service.book_payment(order_paid(order_id="ord_real"))
    assert payday.due() == {SUPPLIER: 2000, "platform": 50}


def test_an_installation_in_test_mode_pays_nobody_real_money(payday: Payday) -> None:
    plugins: Any = payday.context.plugins
    plugins.installation = replace(plugins.installation, mode="test")
    payday.ledger_service.book_payment(order_paid())
    payday.sweeps(16)
    assert (payday.paid_out(), payday.booked(SUPPLIER)) == ({}, 0)
    plugins.installation = replace(plugins.installation, mode="live")
    payday.sweeps(1)
    assert payday.paid_out()[SUPPLIER] == 2000


def test_a_batch_that_was_made_while_it_was_live_waits_until_it_is_again(payday: Payday) -> None:
    plugins: Any = payday.context.plugins
    payday.ledger_service.book_payment(order_paid())
    payday.sweep(days=15)
    plugins.installation = replace(plugins.installation, mode="test")
    payday.sweeps(3)
    assert (payday.paid_out(), payday.booked(SUPPLIER)) == ({}, 0)
    plugins.installation = replace(plugins.installation, mode="live")
    payday.sweeps(3)
    assert payday.paid_out()[SUPPLIER] == 2000


def test_who_would_pay_by_an_installation_in_test_mode_is_told(payday: Payday) -> None:
    plugins: Any = payday.context.plugins
    plugins.installation = replace(plugins.installation, mode="test")
    schedule = payday.store.schedule(f"{OWNER}#{STOREFRONT}")
    assert schedule is not None
    unused: Any = None
    with pytest.raises(Invalid, match="test mode") as refused:
        PayoutService(payday.context, unused).put_schedule(schedule)
    assert refused.value.errors[0].pointer == "/installation_id"
