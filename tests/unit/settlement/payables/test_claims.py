"""Of those who claim one payable, or work on one batch, exactly one gets it; what a batch cannot pay is left to the next."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from functions.settlement.payouts.appointments import Appointment
from functions.settlement.payouts.batches.payout_batch import PayoutBatch
from functions.settlement.payouts.payout_sweep import PayoutSweep
from shared.optimistic_retry import Contended
from tests.unit.settlement.events import SUPPLIER, order_paid
from tests.unit.settlement.payout_fakes import ENDLESS, INSTALLATION, TENANT, Payday, owe


@pytest.fixture
def payday(make_table: Any) -> Payday:
    made = Payday(make_table("settlement"))
    made.account(SUPPLIER)
    return made


def batch(payday: Payday, key: str) -> PayoutBatch:
    new = PayoutBatch(key=key, tenant=TENANT, installation_id=INSTALLATION, plugin="bank", currency="EUR", day="2026-11-01", changed_at="")
    return payday.store.add_batch(new)


@pytest.mark.parametrize("of_an_entry", [True, False], ids=["of an entry", "without an entry"])
def test_of_two_batches_that_read_the_same_payable_one_gets_it(payday, of_an_entry):
    if of_an_entry:
        payday.ledger_service.book_payment(order_paid())
    else:
        owe(2000)
    due = payday.store.due_payables(TENANT, "EUR", "2099-01-01", 10)
    first, second = batch(payday, "a"), batch(payday, "b")
    assert payday.store.claim_payables(first, due) is not None
    assert payday.store.claim_payables(second, due) is None
    assert [p.amount for p in payday.store.payables_in(first)] == [2000]
    assert payday.store.payables_in(second) == []


def test_of_two_who_claim_for_one_batch_the_second_must_read_it_again(payday):
    owe(2000, 700)
    one, two = payday.store.due_payables(TENANT, "EUR", "2099-01-01", 10)
    read = batch(payday, "a")
    assert payday.store.claim_payables(read, [one]) is not None
    assert payday.store.claim_payables(read, [two]) is None
    assert payday.store.carry_over(read, [replace(two, entry_id="carried")]) is None
    assert payday.due() == {SUPPLIER: 700}


class Killed(BaseException):
    """The process ends."""


def test_a_crash_after_a_carry_over_leaves_nothing_due_twice(payday):
    owe(2000)
    (due,) = payday.store.due_payables(TENANT, "EUR", "2099-01-01", 10)
    begun = payday.store.claim_payables(batch(payday, "20261101-EUR-AAAAAAAAAA-00"), [due])
    assert begun
    payday.store.keep_account(replace(payday.store.account(SUPPLIER), blocked="closed", version=2))

    class Frail:
        def __getattr__(self, name: str) -> Any:
            return getattr(payday.store, name)

        def fix_batch(self, *arguments: Any) -> Any:
            raise Killed

    sweep = PayoutSweep(replace(payday.context, store=Frail()))  # type: ignore[arg-type]
    payday.store.add_appointment(Appointment("2026-11-01T00:00:00.000Z", TENANT, f"begun#{begun.key}"))
    with pytest.raises(Killed):
        sweep.run(ENDLESS)
    payday.sweeps(1)
    assert (payday.due(), payday.store.batch(TENANT, begun.key).state) == ({SUPPLIER: 2000}, "empty")


@pytest.mark.thorough
def test_a_payee_who_cannot_be_paid_after_all_keeps_its_due_for_the_next_batch(payday):
    suppliers = [f"acc_{number:03}" for number in range(120)]
    for supplier in suppliers:
        payday.account(supplier)
        owe(1000, payee=supplier)
    owe(500)
    blocks: list[Any] = [payday.store.fix_batch, payday.store.payables_in]

    class Blocking:
        """All but one account are closed between the claims and the fixing of the batch."""

        def __getattr__(self, name: str) -> Any:
            return getattr(payday.store, name)

        def payables_in(self, found: PayoutBatch) -> Any:
            if len(claimed := payday.store.payables_in(found)) == 121 and blocks:
                blocks.clear()
                for account in payday.store.accounts(suppliers).values():
                    payday.store.keep_account(replace(account, blocked="closed", version=2))
            return claimed

    plain, blocking = payday.context, Blocking()
    payday.context = replace(plain, store=blocking)  # type: ignore[arg-type]
    payday.sweeps(1)
    assert payday.paid_out() == {SUPPLIER: 500}
    assert payday.due() == dict.fromkeys(suppliers, 1000)
    payday.context = plain
    for supplier in suppliers:
        payday.account(supplier)
    payday.sweeps(2)
    assert payday.paid_out() == {SUPPLIER: 500} | dict.fromkeys(suppliers, 1000)
    assert payday.due() == {}


@pytest.mark.parametrize("told", [("failed", "paid"), ("paid", "failed")], ids="then ".join)
def test_two_who_are_told_differently_of_one_payout_leave_it_paid_and_owed_no_more(payday, told):
    owe(2000)
    payday.bank.state = "submitted"
    payday.sweep()
    payday.sweep(seconds=1)
    (record,) = payday.store.payouts_in(payday.batches()[0]).values()
    for state in told:
        with suppress(Contended):
            payday.context.book_payout(replace(record, state=state, version=record.version + 1))
    (kept,) = payday.store.payouts_in(payday.batches()[0]).values()
    assert (payday.booked(SUPPLIER), payday.due()) == (2000, {})
    payday.context.book_payout(replace(kept, state="paid", version=kept.version + 1))
    assert (payday.booked(SUPPLIER), payday.due()) == (2000, {})


def test_a_payout_that_was_changed_meanwhile_is_read_again_before_it_is_kept(payday):
    owe(2000)
    payday.bank.state = "submitted"
    payday.sweep()
    payday.sweep(seconds=1)
    (record,) = payday.store.payouts_in(payday.batches()[0]).values()
    payday.context.book_payout(replace(record, state="paid", version=record.version + 1))
    with pytest.raises(Contended):
        payday.context.book_payout(replace(record, state="paid", paid_line="l1", version=record.version + 1))
