"""Paydays: what is due is paid once, to whom it is due, whatever fails."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import boto3
import pytest

from functions.settlement.ledger import journal
from functions.settlement.payouts.appointments import Appointment
from functions.settlement.payouts.batches.batch_submission import PATIENCE, BatchSubmission
from functions.settlement.payouts.payout_schedule import payday_appointment
from functions.settlement.payouts.payout_store import PayoutStore
from functions.settlement.payouts.payout_sweep import PayoutSweep
from monsoon_plugin.errors import ErrorKind, PluginError
from shared.aws.packing import unpacked
from shared.errors import Unavailable
from shared.trade.payment_messages import PayoutFailed
from tests.unit.settlement.events import OWNER, SUPPLIER, line, order_paid, order_refunded
from tests.unit.settlement.payout_fakes import ENDLESS, TENANT, Payday, owe

LOST = PluginError(ErrorKind.OUTCOME_UNKNOWN, "lost")


@pytest.fixture
def payday(make_table: Any) -> Payday:
    made = Payday(make_table("settlement"))
    made.account(SUPPLIER)
    return made


def test_goods_are_paid_after_the_hold_and_not_before(payday):
    payday.ledger_service.book_payment(order_paid())
    payday.sweep(days=13)
    assert payday.paid_out() == {}
    payday.sweep(days=1)
    payday.sweep(minutes=1)
    assert payday.paid_out() == {SUPPLIER: 2000} == {SUPPLIER: payday.booked(SUPPLIER)}
    payday.sweeps()
    assert payday.paid_out() == {SUPPLIER: 2000}


def test_an_event_that_comes_again_after_it_was_paid_is_not_paid_again(payday):
    payday.ledger_service.book_payment(order_paid())
    payday.sweeps(15)
    payday.ledger_service.book_payment(order_paid())
    assert payday.due() == {}
    payday.sweeps(15)
    assert payday.paid_out() == {SUPPLIER: 2000}


def test_a_refund_is_taken_off_and_a_debt_is_carried_over(payday):
    payday.ledger_service.book_payment(order_paid())
    payday.sweeps(15)
    payday.ledger_service.book_refund(order_refunded([line(1)]))
    payday.sweeps(1)
    assert payday.due() == {SUPPLIER: -1000}
    payday.ledger_service.book_payment(order_paid([line(3)], order_id="ord_2"))
    payday.sweeps(16)
    assert payday.paid_out() == {SUPPLIER: 4000}


def test_less_than_the_minimum_and_payees_without_an_account_wait(payday):
    payday.ledger_service.book_payment(order_paid([line(1, price=60, cost=50), line(1, supplier="acc_new", offer="off_2")]))
    payday.sweeps(15)
    assert (payday.paid_out(), payday.due()) == ({}, {SUPPLIER: 50, "acc_new": 1000})
    payday.account("acc_new")
    payday.sweeps(1)
    assert payday.paid_out() == {"acc_new": 1000}


def test_what_an_owner_supplies_to_itself_is_not_paid_and_the_platform_is(make_table):
    payday = Payday(make_table("settlement"), commission_per_mille=100)
    payday.account(journal.PLATFORM)
    payday.account(OWNER)
    payday.ledger_service.book_payment(order_paid([line(2, supplier=OWNER, cost=750)]))
    assert payday.due() == {journal.PLATFORM: 100}
    payday.sweeps(15)
    assert payday.paid_out() == {journal.PLATFORM: 100}


def test_a_lost_answer_is_asked_after_and_nothing_is_sent_twice(payday):
    payday.bank.loses.append(LOST)
    payday.ledger_service.book_payment(order_paid())
    payday.sweep(days=13)
    payday.sweep(days=1)
    payday.sweep(seconds=1)
    assert (payday.batches()[0].state, payday.booked(SUPPLIER)) == ("unknown", 0)
    payday.sweep(seconds=PATIENCE.total_seconds())
    assert (payday.batches()[0].state, payday.booked(SUPPLIER), len(payday.bank.sent)) == ("settled", 2000, 1)


def test_what_never_arrived_is_sent_again_with_the_same_ids(payday):
    payday.bank.refuses += [LOST, PluginError(ErrorKind.UNAVAILABLE, "away"), PluginError(ErrorKind.RATE_LIMITED, "slow")]
    payday.ledger_service.book_payment(order_paid())
    payday.sweeps(19)
    assert (payday.paid_out(), len(payday.bank.sent)) == ({SUPPLIER: 2000}, 1)
    assert payday.bank.sent == list(payday.bank.paid)


def test_a_refused_batch_is_due_again_on_the_next_payday(payday):
    payday.bank.refuses.append(PluginError(ErrorKind.DECLINED, "no money"))
    payday.ledger_service.book_payment(order_paid())
    payday.sweep(days=13)
    payday.sweep(days=1)
    payday.sweep(seconds=1)
    assert (payday.batches()[0].state, payday.due(), payday.booked(SUPPLIER)) == ("settled", {SUPPLIER: 2000}, 0)
    payday.sweeps(2)
    assert (payday.paid_out(), payday.due()) == ({SUPPLIER: 2000}, {})


def test_a_total_that_the_provider_echoes_wrong_is_not_booked(payday):
    payday.bank.lies = 1
    payday.ledger_service.book_payment(order_paid())
    payday.sweeps(15)
    batch = payday.batches()[0]
    assert (batch.state, payday.booked(SUPPLIER), len(payday.bank.sent)) == ("unknown", 0, 1)
    assert "20.01" in batch.reason


def test_a_payout_that_comes_back_is_owed_again_and_blocks_its_account(payday):
    payday.ledger_service.book_payment(order_paid())
    payday.bank.state = "returned"
    payday.sweeps(15)
    assert (payday.booked(SUPPLIER), payday.due(), len(payday.bank.sent)) == (0, {SUPPLIER: 2000}, 1)
    payday.bank.state = "paid"
    payday.account(SUPPLIER, "GB82WEST12345698765432")
    payday.sweeps(2)
    assert payday.booked(SUPPLIER) == 2000


def come_back(payday, meanwhile: Callable[[], object]) -> None:
    """A payout is sent, its payee does something `meanwhile`, and it comes back."""
    payday.ledger_service.book_payment(order_paid())
    payday.bank.state = "submitted"
    payday.sweep(days=13)
    payday.sweep(days=1)
    payday.sweep(minutes=1)
    meanwhile()
    payday.bank.state = "returned"
    payday.sweep(days=1)


def test_a_payout_that_comes_back_blocks_no_account_that_its_payee_has_named_since(payday):
    """It came back from the old one, and nothing was paid to the new one until it was named once more."""
    come_back(payday, lambda: payday.account(SUPPLIER, "GB82WEST12345698765432"))
    assert payday.store.account(SUPPLIER).blocked == ""
    payday.bank.state = "paid"
    payday.sweeps(2)
    assert payday.booked(SUPPLIER) == 2000
    assert [payout.payee.iban[:2] for payout in payday.bank.paid.values()] == ["DE", "GB"]


def test_a_payout_that_comes_back_blocks_its_account_whatever_else_its_payee_has_named_since(payday):
    """The IBAN that it came back from was the same, only a provider's account beside it was new: it was paid to once more."""
    come_back(payday, lambda: payday.account(SUPPLIER, provider_account="acct_new"))
    assert payday.store.account(SUPPLIER).blocked


def failures() -> list[dict[str, Any]]:
    """What the bus hears of payouts that did not arrive."""
    found = boto3.resource("dynamodb").Table("settlement-test").scan()["Items"]
    told = [json.loads(unpacked({"B": bytes(item["event"])})) for item in found if "event" in item]
    return [event["data"] for event in told if event["type"] == PayoutFailed.type]


def test_a_success_after_a_failure_is_booked_and_not_paid_again(payday):
    payday.ledger_service.book_payment(order_paid())
    payday.bank.state = "failed"
    payday.sweep(days=13)
    payday.sweep(days=1)
    payday.sweep(seconds=1)
    batch = payday.batches()[0]
    record = next(iter(payday.store.payouts_in(batch).values()))
    assert (record.state, payday.due()) == ("failed", {SUPPLIER: 2000})
    (told,) = failures()
    assert (told["payout_id"], told["payee_id"], told["account_id"], told["amount"]["amount"]) == (record.payout_id, SUPPLIER, OWNER, 2000)
    payday.bank.state = "paid"
    BatchSubmission(payday.context).look_up_again(batch)
    assert (payday.booked(SUPPLIER), payday.due()) == (2000, {})
    assert failures() == []


def test_the_ledger_balances_whatever_became_of_payouts(payday):
    payday.ledger_service.book_payment(order_paid())
    payday.bank.state = "returned"
    payday.sweeps(15)
    postings = [p for b in payday.ledger.whole_book(f"{TENANT}#{payday.bank.sent[0]}") for p in b.entry.postings]
    assert len(postings) == 4
    assert set(journal.sums(postings).values()) == {0}


def test_many_payables_are_claimed_in_several_transactions_and_paid_in_one_sum(payday):
    owe(*[2000] * 100)
    payday.sweeps(1)
    assert (payday.paid_out(), len(payday.bank.paid), payday.due()) == ({SUPPLIER: 200_000}, 1, {})


def test_a_changed_schedule_takes_the_place_of_the_old(payday):
    schedule = payday.store.schedule(TENANT)
    monthly = replace(schedule, every="month", on=28, version=2)
    assert payday.store.keep_schedule(monthly, payday_appointment(monthly, payday.clock().date()))
    payday.ledger_service.book_payment(order_paid())
    payday.sweeps(20)
    assert payday.paid_out() == {}


def test_an_appointment_that_cannot_be_put_off_keeps_no_other_waiting(payday):
    payday.ledger_service.book_payment(order_paid())
    payday.sweep(days=13)
    payday.store.add_appointment(Appointment("2026-01-01T00:00:00.000Z", "acc_odd", "payday#1#2026-01-01"))

    class Stuck(PayoutStore):
        def remove_appointment(self, appointment):
            if appointment.tenant == "acc_odd":
                raise ConnectionError
            super().remove_appointment(appointment)

    sweep = PayoutSweep(replace(payday.context, store=Stuck("settlement-test")))
    payday.clock.tick(days=1)
    with pytest.raises(ExceptionGroup, match="1 of 2 appointments"):
        sweep.run(ENDLESS)
    assert len(payday.batches()) == 1
    payday.sweeps()
    assert payday.paid_out() == {SUPPLIER: 2000}


def test_a_payday_and_a_batch_wait_for_a_plug_in_that_is_not_offered_and_nothing_counts_as_sent(payday):
    payday.bank.refuses = [PluginError(ErrorKind.UNAVAILABLE, "away")]
    payday.ledger_service.book_payment(order_paid())
    for later in ({"days": 13}, {"days": 1}, {"minutes": 1}):
        payday.sweep(**later)
    payday.context.plugins.offered = False
    payday.sweeps()
    assert {batch.state for batch in payday.store.batches(TENANT, 10, None)[0]} == {"prepared"}
    payday.context.plugins.offered = True
    payday.sweeps()
    assert payday.paid_out() == {SUPPLIER: 2000} == {SUPPLIER: payday.booked(SUPPLIER)}
    assert len(payday.bank.sent) == 1


def test_a_merchant_s_own_plug_in_that_does_not_answer_is_no_failure_of_the_hub(payday):
    """The sweep failed: any merchant could let the hub's alarm ring, which takes every deploy back."""
    payday.ledger_service.book_payment(order_paid())
    payday.sweep(days=13)
    payday.context.plugins.away = True
    payday.sweep(days=1)
    assert payday.batches() == []
    payday.context.plugins.away = False
    payday.sweeps()
    assert payday.paid_out() == {SUPPLIER: 2000}


def test_an_appointment_that_fails_is_put_off_kept_later_and_the_sweep_fails_at_its_end(payday):
    """It was logged alone: the function had no error, and nobody was told that a batch is stuck."""
    payday.ledger_service.book_payment(order_paid())
    payday.bank.refuses.append(ZeroDivisionError("of the plug-in"))
    payday.sweep(days=13)
    payday.sweep(days=1)
    with pytest.raises(ExceptionGroup, match="1 of 1 appointments") as raised:
        payday.sweep(minutes=1)
    assert [type(failure) for failure in raised.value.exceptions] == [ZeroDivisionError]
    payday.sweeps()
    assert payday.paid_out() == {SUPPLIER: 2000} == {SUPPLIER: payday.booked(SUPPLIER)}


def test_a_batch_whose_answer_was_lost_is_not_looked_for_in_the_test_books_and_not_sent_again_for_that(payday):
    """They do not know it: it was sent again when the installation was live once more, and its keys had been forgotten by then."""
    payday.ledger_service.book_payment(order_paid())
    payday.bank.loses.append(LOST)
    payday.sweep(days=13)
    payday.sweep(days=1)
    payday.sweep(minutes=1)
    live, books = payday.context.plugins.installation, dict(payday.bank.paid)
    payday.context.plugins.installation, payday.bank.paid = replace(live, mode="test"), {}
    payday.sweeps(2)
    with pytest.raises(Unavailable, match="test mode"):
        BatchSubmission(payday.context).look_up_again(payday.batches()[0])
    assert "test mode" in payday.batches()[0].reason
    payday.context.plugins.installation, payday.bank.paid = live, books
    payday.sweeps(2)
    batch = payday.batches()[0]
    assert (len(payday.bank.sent), payday.booked(SUPPLIER), batch.state, batch.reason) == (1, 2000, "settled", "")


def test_news_of_a_settled_batch_is_asked_for_again_while_the_installation_is_in_test_mode(payday):
    """A payout had come back: the notice was taken and dropped, and nobody looks a settled batch up by itself."""
    payday.ledger_service.book_payment(order_paid())
    payday.sweeps(15)
    live, batch = payday.context.plugins.installation, payday.batches()[0]
    payday.bank.state = "returned"
    payday.context.plugins.installation = replace(live, mode="test")
    with pytest.raises(Unavailable, match="test mode"):
        BatchSubmission(payday.context).look_up_again(batch)
    payday.context.plugins.installation = live
    BatchSubmission(payday.context).look_up_again(payday.batches()[0])
    assert (batch.state, payday.booked(SUPPLIER)) == ("settled", 0)
