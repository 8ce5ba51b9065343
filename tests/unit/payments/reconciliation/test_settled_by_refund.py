"""What a dispute takes and its provider lists as a refund, too, is booked once, whichever notice comes first."""

from collections.abc import Callable
from dataclasses import replace
from itertools import permutations

import pytest

from functions.payments.lifecycle.payment import Payment
from functions.payments.reconciliation.reconcile import record_movements
from functions.settlement.posting_rules.dispute import dispute_bookings
from monsoon_plugin.money import Money
from monsoon_plugin.payment import DisputeView, PaymentView, RefundView, State
from shared.messages import PaymentDisputed, PaymentRefundFailed
from shared.trade.payment_messages import PaymentRefundedElsewhere
from tests.fakes import FakeClock
from tests.unit.payments.kit import Shop
from tests.unit.payments.remote import Remote, Remotes


def dispute(state: str, amount: int, day: int, ref: str = "PP-D-1") -> DisputeView:
    return DisputeView(ref, state, Money(amount, "EUR"), updated=f"2026-11-{day}T00:00:00.000Z")  # type: ignore[arg-type]


def refund(amount: int, ref: str = "REF1", state: str = "succeeded") -> RefundView:
    return RefundView("", Money(amount, "EUR"), state, ref)  # type: ignore[arg-type]


class Provider:
    """What it tells of a payment of 10.00, and what is booked of that."""

    def __init__(self, shop: Shop, payment: Payment) -> None:
        self.shop, self.payment = shop, payment
        self._refunds: dict[str, RefundView] = {}

    def tells(self, *news: DisputeView | RefundView) -> None:
        """Disputes by their notices, refunds by the look-ups that their notices bring about."""
        for one in news:
            view = PaymentView(provider_ref=self.payment.id, state=State.CAPTURED, amount=self.payment.amount, captured=1000)
            if isinstance(one, DisputeView):
                self.payment = record_movements(self.shop.runner, self.payment, replace(view, disputes=(one,)))
                continue
            self._refunds[one.provider_ref] = one
            listed = replace(view, refunds=tuple(self._refunds.values()))
            self.payment = record_movements(self.shop.runner, self.payment, listed, looked_up=True)

    @property
    def taken(self) -> int:
        """What the ledger has taken from the merchant."""
        slots: dict[str, int] = {}
        total = 0
        for event in self.shop.store.told:
            if isinstance(event, PaymentDisputed):
                for booking in dispute_bookings(event, FakeClock()()):
                    slots.setdefault(booking.slot, booking.entry.postings[1].amount)
            total += event.amount.amount if isinstance(event, PaymentRefundedElsewhere) else 0
            total -= event.amount.amount if isinstance(event, PaymentRefundFailed) else 0
        return total + sum(slots.values())


@pytest.fixture
def remote() -> Remote:
    found = Remote()
    found.able = found.able.model_copy(update={"disputes_are_refunds": True})
    return found


@pytest.fixture
def provider(make_table: Callable[[str], str], remote: Remote) -> Provider:
    shop = Shop(make_table("payments"), registry=Remotes(remote=remote))
    shop.install("remote", {})
    paid = shop.payments.capture(shop.pay(amount=1000))
    shop.store.told.clear()
    return Provider(shop, paid)


@pytest.mark.parametrize("lost", [300, 120], ids=["all that was disputed", "a part"])
@pytest.mark.parametrize("before", ["open", "warning"])
@pytest.mark.parametrize("order", [*permutations(range(3))], ids=str)
def test_a_dispute_and_its_refund_are_one_movement_in_whatever_order_they_are_heard_of(
    provider: Provider, order: tuple[int, ...], before: str, lost: int
) -> None:
    news = (dispute(before, 300, 19), dispute("lost", lost, 20), refund(lost))
    provider.tells(*(news[n] for n in order), *news, news[1])
    assert provider.taken == lost


def test_another_refund_of_as_much_is_another_movement_and_what_comes_back_is_given_back(provider: Provider) -> None:
    provider.tells(dispute("open", 300, 19), refund(300), dispute("lost", 300, 20), refund(300, "REF2"))
    assert provider.taken == 600
    provider.tells(refund(300, state="failed"), dispute("won", 300, 21))
    assert provider.taken == 300
    provider.tells(refund(300, "REF2", "failed"))
    assert provider.taken == 0


def test_a_refund_serves_one_dispute(provider: Provider) -> None:
    provider.tells(refund(300), dispute("lost", 300, 20), dispute("lost", 300, 20, "PP-D-2"), dispute("lost", 300, 21))
    assert provider.taken == 600


def test_a_provider_that_keeps_the_two_apart_takes_both(provider: Provider, remote: Remote) -> None:
    remote.able = remote.able.model_copy(update={"disputes_are_refunds": False})
    provider.tells(dispute("open", 300, 19), refund(300), dispute("lost", 300, 20))
    assert provider.taken == 600
