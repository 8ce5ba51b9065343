"""The function is killed before and after each call of a store, the ledger or the provider: after recovery one payout, booked once."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from functions.settlement.payouts.payout_context import PayoutContext
from functions.settlement.payouts.payout_schedule import payday_appointment
from functions.settlement.payouts.payout_service import PayoutService
from functions.settlement.payouts.payout_sweep import PayoutSweep
from monsoon_plugin.money import Amount
from shared.messages import PaymentDisputed
from tests.unit.settlement.events import OWNER, STOREFRONT, SUPPLIER
from tests.unit.settlement.payout_fakes import ENDLESS, TENANT, Payday, owe


class Killed(BaseException):
    """The process ends; nothing of ours can catch it."""


class Fuse:
    """Counts the calls of what it wraps, and kills before or after the nth."""

    def __init__(self, at: int, after: bool) -> None:
        self.at, self.after, self.calls = at, after, 0

    def wrap(self, inner: Any) -> Any:
        fuse = self

        class Wrapped:
            def __getattr__(self, name: str) -> Any:
                found = getattr(inner, name)
                return fuse.counted(found) if callable(found) and name not in ("capability", "config_model") else found

        return Wrapped()

    def counted(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def counting(*args: Any, **more: Any) -> Any:
            self.calls += 1
            if self.calls == self.at and not self.after:
                raise Killed
            answer = call(*args, **more)
            if self.calls == self.at and self.after:
                raise Killed
            return answer

        return counting


def killed_run(table: str, at: int, after: bool) -> tuple[Payday, Fuse, bool]:
    payday = Payday(table)
    payday.account(SUPPLIER)
    owe(1500, 700, -200)
    fuse = Fuse(at, after)
    plain = payday.context
    plugins: Any = type(plain.plugins)(fuse.wrap(payday.bank), payday.clock)  # type: ignore[call-arg, arg-type]
    frail = PayoutContext(fuse.wrap(payday.store), fuse.wrap(payday.ledger), plugins, payday.credentials, payday.clock)
    killed = False
    for _ in range(2):
        try:
            PayoutSweep(frail).run(ENDLESS, 100)
        except Killed:
            killed = True
            break
        payday.clock.tick(seconds=1)
    return payday, fuse, killed


def calls_of_a_whole_run(make_table: Any) -> int:
    _, fuse, killed = killed_run(make_table("settlement"), 0, after=False)
    assert not killed
    return fuse.calls


@pytest.mark.thorough
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", range(1, 38))
def test_after_a_crash_at_any_call_there_is_one_payout_booked_once(make_table, at, after):
    payday, _, killed = killed_run(make_table("settlement"), at, after)
    payday.sweeps(1)
    assert (payday.paid_out(), len(payday.bank.sent), payday.booked(SUPPLIER), payday.due()) == ({SUPPLIER: 2000}, 1, 2000, {}), killed
    assert payday.batches()[0].state == "settled"


def test_a_batch_that_a_crash_left_half_collected_is_completed_though_the_schedule_has_changed(make_table):
    payday = Payday(make_table("settlement"))
    payday.account(SUPPLIER)
    owe(*[100] * 60)
    claims = [payday.store.claim_payables]

    class Frail:
        def __getattr__(self, name: str) -> Any:
            return getattr(payday.store, name)

        def claim_payables(self, *arguments: Any) -> Any:
            if not claims:
                raise Killed
            return claims.pop()(*arguments)

    frail: Any = Frail()
    with pytest.raises(Killed):
        PayoutSweep(replace(payday.context, store=frail)).run(ENDLESS, 9)
    schedule = payday.store.schedule(payday.batches()[0].tenant)
    monthly = replace(schedule, every="month", on=28, version=2)
    assert payday.store.keep_schedule(monthly, payday_appointment(monthly, payday.clock().date()))
    payday.sweeps(1)
    assert (payday.paid_out(), payday.due()) == ({SUPPLIER: 3300}, {SUPPLIER: 2700})


def test_the_crashes_strike_every_call_of_a_payday(make_table):
    assert 20 < calls_of_a_whole_run(make_table) <= 37


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", range(1, 4))
def test_a_schedule_is_never_kept_without_its_first_payday(make_table, at, after):
    """Or nobody would be paid by it, and nobody told."""
    payday, fuse = Payday(make_table("settlement")), Fuse(at, after)
    unused: Any = None
    with suppress(Killed):
        PayoutService(replace(payday.context, store=fuse.wrap(payday.store)), unused).put_schedule(payday.store.schedule(TENANT))
    kept, agenda = payday.store.schedule(TENANT), list(payday.store.due_appointments("2100", 100))
    assert [one for one in agenda if one.what.startswith(f"payday#{kept.version}#")], (kept, agenda)
    assert fuse.calls <= 2


def disputed(state: Any, **more: Any) -> PaymentDisputed:
    told: dict[str, Any] = {"version": 5, "payment_id": "pay_1", "order_id": "ord_1", "storefront_id": STOREFRONT, "account_id": OWNER}
    return PaymentDisputed(plugin="stripe", amount=Amount(amount=900, currency="EUR"), dispute_ref="dp_1", state=state, reason="", **told)


@pytest.mark.parametrize(
    ("news", "left"),
    [(["open"], -900), (["open", "lost"], -900), (["lost", "open", "lost"], -900), (["open", "won"], 0), (["won", "open", "won"], 0)],
)
def test_disputes_end_alike_in_whatever_order_their_news_come(make_table, news, left):
    payday = Payday(make_table("settlement"))
    for state in news:
        payday.ledger_service.book_dispute(disputed(state))
    bookings = payday.ledger.whole_book(f"{OWNER}#{STOREFRONT}#ord_1")
    assert sum(p.amount for b in bookings for p in b.entry.postings if p.account == OWNER) == left
    assert sum(p.amount for b in bookings for p in b.entry.postings) == 0


def test_each_dispute_of_an_order_is_booked(make_table):
    payday = Payday(make_table("settlement"))
    for ref in ("dp_1", "dp_2", "dp_1"):
        payday.ledger_service.book_dispute(disputed("open").model_copy(update={"dispute_ref": ref}))
    bookings = payday.ledger.whole_book(f"{OWNER}#{STOREFRONT}#ord_1")
    assert sum(p.amount for b in bookings for p in b.entry.postings if p.account == OWNER) == -1800
