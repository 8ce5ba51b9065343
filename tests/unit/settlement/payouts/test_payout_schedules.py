"""A second process comes between, or the first is killed, at any call of DynamoDB or the bank: everybody is paid once, and booked once.

The two share nothing but the table and the bank. Afterwards sweeps run undisturbed, as the schedule runs them.
"""

from collections.abc import Callable
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import pytest

from functions.settlement.payouts.appointments import Appointment
from functions.settlement.payouts.batches.batch_submission import BatchSubmission
from functions.settlement.payouts.payout_sweep import PayoutSweep
from monsoon_plugin.errors import ErrorKind, PluginError
from shared.optimistic_retry import Contended
from tests.conftest import aws
from tests.dynamodb import all_items, put_back, watched_by
from tests.unit.settlement.events import SUPPLIER, line, order_paid, order_refunded
from tests.unit.settlement.payout_fakes import ENDLESS, TENANT, Bank, Payday

OTHER = "acc_other"
OWED = {SUPPLIER: 4000, OTHER: 1000}


class Killed(BaseException):
    """The process ends; nothing of ours can catch it."""


@dataclass
class Turn:
    """Acts once, at the nth call, before or after its effect; what it does itself is not counted."""

    at: int
    act: Callable[[], None]
    after: bool = False
    calls: int = 0
    done: bool = False

    def __call__(self, after: bool) -> None:
        if self.done or after is not self.after:
            return
        self.calls += 1
        if self.calls == self.at:
            self.done = True
            self.act()


def lost(payday: Payday) -> None:
    payday.bank.loses.append(PluginError(ErrorKind.OUTCOME_UNKNOWN, "lost"))


def refused(payday: Payday) -> None:
    payday.bank.refuses.append(PluginError(ErrorKind.DECLINED, "no money"))


def never_arrived(payday: Payday) -> None:
    payday.bank.refuses.append(PluginError(ErrorKind.OUTCOME_UNKNOWN, "lost"))


def failed(payday: Payday) -> None:
    payday.bank.state = "failed"


def well(payday: Payday) -> None:
    """The bank pays at once."""


@pytest.fixture
def table(make_table: Any) -> str:
    return str(make_table("settlement"))


def emptied(table: str) -> str:
    client = aws("dynamodb")
    for item in client.scan(TableName=table, ProjectionExpression="pk, sk")["Items"]:
        client.delete_item(TableName=table, Key=item)
    return table


def world(table: str, trouble: Callable[[Payday], None]) -> Payday:
    """Two suppliers are owed by two orders, a refund is taken off, and two paydays are held late, one after the other."""
    payday = Payday(emptied(table))
    payday.ledger_service = replace(payday.ledger_service, hold_days=0)
    payday.account(SUPPLIER)
    payday.account(OTHER)
    payday.ledger_service.book_payment(order_paid([line(2), line(1, supplier=OTHER, offer="off_2")]))
    payday.ledger_service.book_payment(order_paid([line(3)], order_id="ord_2"))
    payday.ledger_service.book_refund(order_refunded([line(1)], order_id="ord_2"))
    payday.store.add_appointment(Appointment("2026-10-31T00:00:00.000Z", TENANT, "payday#1#2026-11-02"))
    trouble(payday)
    return payday


def sweep(payday: Payday) -> None:
    PayoutSweep(payday.context).run(ENDLESS, 100)


def notice(payday: Payday) -> None:
    """The bank's news of every batch there is: it is asked what it knows."""
    for batch in payday.batches():
        with suppress(Contended):  # answered 503, and sent again
            BatchSubmission(payday.context).look_up_again(batch)


class Beginning:
    """From which many courses of events go out: a world after `swept` sweeps."""

    def __init__(self, table: str, trouble: Callable[[Payday], None], swept: int) -> None:
        self._table, self._payday = table, world(table, trouble)
        for _ in range(swept):
            sweep(self._payday)
            self._payday.clock.tick(minutes=20)
        self._kept = all_items(table), _fields(self._payday.bank), self._payday.clock.now

    def again(self) -> Payday:
        items, bank, now = self._kept
        put_back(self._table, items)
        vars(self._payday.bank).update({name: copy(value) for name, value in bank.items()})
        self._payday.clock.now = now
        return self._payday


def _fields(bank: Bank) -> dict[str, Any]:
    return {name: copy(value) for name, value in vars(bank).items()}


def struck(beginning: Beginning, *, at: int, act: Callable[[Payday], None], after: bool) -> tuple[Payday, bool]:
    """The next sweep, into which `act` comes at its nth call if it has so many; and sweeps of the days that follow."""
    payday = beginning.again()
    turn = Turn(at, lambda: act(payday), after)
    try:
        with watched_by(turn):
            sweep(payday)
    except Killed:
        pass
    for later in (5, 1, 30, 1440, 1, 1440, 1):
        payday.sweep(minutes=later)
        notice(payday)
    return payday, turn.done


def kill(payday: Payday) -> None:
    raise Killed


def paid_after_all(payday: Payday) -> None:
    """The bank had told that it failed; now it tells that it was paid."""
    payday.bank.state = "paid"
    notice(payday)


def kill_and_pay(payday: Payday) -> None:
    payday.bank.state = "paid"
    raise Killed


ACTS = {
    "rival": (sweep, False),
    "notice": (notice, False),
    "killed before": (kill, False),
    "killed after": (kill, True),
    "paid after all": (paid_after_all, False),
    "killed, and paid after all": (kill_and_pay, True),
}
STRIKES, MISHAPS = [act for act in ACTS if "paid" not in act], [well, lost, refused, never_arrived]
EVERY = (
    [(act, well, 0) for act in STRIKES]
    + [(act, trouble, swept) for act in STRIKES for trouble in MISHAPS for swept in (1, 2)]
    + [(act, failed, 1) for act in ("paid after all", "killed, and paid after all")]
)


@pytest.mark.thorough
@pytest.mark.parametrize(("act", "trouble", "swept"), [pytest.param(*one, id=f"{one[0]}, {one[1].__name__}, {one[2]}") for one in EVERY])
def test_everybody_is_paid_once_whatever_comes_between_at_any_call(table, act, trouble, swept):
    beginning = Beginning(table, trouble, swept)
    for at in count(1):
        payday, done = struck(beginning, at=at, act=ACTS[act][0], after=ACTS[act][1])
        if not done:
            break
        booked = {payee: payday.booked(payee) for payee in OWED}
        assert (payday.paid_out(), booked, payday.due()) == (OWED, OWED, {}), f"at call {at}"
        assert {batch.state for batch in payday.batches()} <= {"settled", "empty"}, f"at call {at}"
    assert at >= 5
