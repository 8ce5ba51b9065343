"""An order that is paid anew, by another payment, after the first was taken back: the shopper pays for what is kept, and no more."""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import example, given, settings, strategies

from functions.orders.lifecycle.payment_events import after_capture, after_failed_refund, after_refund
from functions.orders.lifecycle.payment_reversals import after_refund_elsewhere, after_reversal
from functions.orders.order import Order, OrderChange
from functions.orders.refunds.cancellation import cancellation
from functions.orders.refunds.held_money import keeps
from functions.orders.refunds.refund import RefundAsk, refund_on_request
from functions.orders.refunds.refunds_owed import next_refund_owed
from functions.orders.withdrawals.answers import after_released
from shared.errors import Problem
from shared.messages import Message, PaymentRefundFailed
from shared.order_messages import OrderPaid, OrderPaymentLost, OrderRefunded, OrderRefundFailed, RefundRequested
from tests.examples import examples
from tests.fakes import NOON
from tests.unit.orders.given import MUG, OTHER, PAYMENT, SECOND, TEA, capture, eur, payout, released, reversal
from tests.unit.orders.lifecycle.test_payment_events import ORDER, sure
from tests.unit.orders.lifecycle.test_payment_reversals import elsewhere

UNPAID = ORDER.model_copy(
    update={"lines": (*ORDER.lines, ORDER.lines[0].model_copy(update={"offer_id": TEA, "supplier_id": OTHER, "quantity": 1}))}
)
TOTAL = UNPAID.total
PAYMENTS = (PAYMENT, SECOND)
PLUGINS = {PAYMENT: "stripe", SECOND: "adyen"}


@dataclass
class Account:
    """An order, and what of it the ledger counts as held by its providers."""

    order: Order = UNPAID
    ledger: Counter[str] = field(default_factory=Counter)
    """What it counts of the order, by provider."""
    versions: Iterator[int] = field(default_factory=lambda: iter(range(10, 1000)))

    def step(self, change: OrderChange | None) -> None:
        """Take it, and then all that is owed by itself; refunds are paid at once."""
        if change is None:
            return
        self.order = change.order
        self._book(change.event)
        if isinstance(change.event, RefundRequested):
            self.step(after_refund(self.order, payout(self.order, change.event)))
        self.step(next_refund_owed(self.order))

    def _book(self, event: Message | None) -> None:
        match event:
            case OrderPaid():
                self._move(event, event.regained if event.paid_before else event.total)
            case OrderPaymentLost():
                self._move(event, -event.amount)
            case OrderRefunded():
                self.ledger[event.payment_plugin] -= event.amount if event.lines or event.shipping else event.borne
            case OrderRefundFailed():
                refund = self.order.refund(event.refund_id)
                assert refund
                self._move(event, (refund.amount if refund.of_goods else refund.borne) if event.was_paid else 0)

    def _move(self, event: OrderPaid | OrderPaymentLost | OrderRefundFailed, usual: int) -> None:
        if event.at_providers is None:
            self.ledger[event.payment_plugin] += usual
        for held in event.at_providers or ():
            self.ledger[held.plugin] += held.amount

    @property
    def booked(self) -> int:
        return self.ledger.total()

    def pay(self, payment_id: str, amount: int = TOTAL) -> None:
        """Capture so much in all, unless that was captured already; what was sent back as not owed is not captured anew."""
        payment = self.order.payment(payment_id)
        sent_back = any(r.payment_id == payment_id and not r.of_goods for r in self.order.refunds)
        if payment is None or (payment.captured < amount and not sent_back):
            news = capture(self.order, amount, next(self.versions), payment_id)
            self.step(after_capture(self.order, news.model_copy(update={"plugin": PLUGINS[payment_id]})))

    def pay_back_by_hand(self, payment_id: str, amount: int) -> None:
        """Somebody refunds it at the provider, as far as that holds so much."""
        if 0 < amount <= self.order.held_by(payment_id):
            refund_id = f"ref_{next(self.versions)}"
            told = elsewhere(amount, refund_id, payment_id, sure(self.order.payment(payment_id)).captured)
            self.step(after_refund_elsewhere(self.order, told))

    def send_back(self, number: int) -> None:
        """A refund that was paid comes back."""
        paid = [r for r in self.order.refunds if r.state == "paid" and r.amount]
        if paid:
            refund = paid[number % len(paid)]
            about = {"order_id": "ord_1", "storefront_id": ORDER.storefront_id, "account_id": ORDER.account_id}
            told = PaymentRefundFailed(version=next(self.versions), payment_id=refund.payment_id, plugin=PLUGINS[refund.payment_id],
                                       amount=eur(refund.amount), refund_id=refund.id, reason="closed", was_paid=True, **about)  # fmt: skip
            self.step(after_failed_refund(self.order, told))

    def take_back(self, left: int) -> None:
        """The provider takes back what the order was paid by, but for `left`."""
        if self.order.state == "paid":
            self.step(after_reversal(self.order, reversal(self.order, left, next(self.versions), self.order.paid_by or "")))

    def give_back(self, units: dict[str, int], shipping: bool = False) -> None:
        """The merchant refunds units, which shipping has not sent."""
        asked = RefundAsk(units, shipping, None, "broken")
        with suppress(Problem):
            self.step(refund_on_request(self.order, f"ref_{next(self.versions)}", "f", asked, NOON))
        self._release()

    def cancel_part(self, supplier_id: str = OTHER) -> None:
        with suppress(Problem):
            self.step(cancellation(self.order, "merchant", NOON, supplier_id))
        self._release()

    def _release(self) -> None:
        for question in self.order.withdrawals:
            if not question.settled:
                self.step(after_released(self.order, released(self.order, question), NOON + timedelta(seconds=1)))

    def net(self, payment_id: str) -> int:
        """What its provider has got by it: negative if the bank took back what had been refunded too."""
        payment = self.order.payment(payment_id)
        return (payment.captured if payment else 0) - sum(r.amount for r in self.order.valid_refunds if r.payment_id == payment_id)

    @property
    def held(self) -> int:
        return sum(self.net(payment_id) for payment_id in PAYMENTS)

    @property
    def kept(self) -> int:
        """What the shopper owes for what was not taken back."""
        return 0 if self.order.state == "cancelled" else self.order.worth(self.order.remaining) + self.order.shipping_left


@pytest.fixture
def account() -> Account:
    paid = Account()
    paid.pay(PAYMENT)
    return paid


def test_what_was_taken_off_while_nothing_was_held_is_paid_back_of_what_pays_the_whole_anew(account: Account) -> None:
    account.take_back(0)
    account.cancel_part()
    assert [(r.amount, r.covered, r.state) for r in account.order.refunds] == [(0, 1250, "paid")]
    account.pay(SECOND)
    assert [(r.payment_id, r.amount, r.borne) for r in account.order.refunds[1:]] == [(SECOND, 1250, 0)]
    assert account.held == account.booked == account.kept == TOTAL - 1250


def test_what_the_first_payment_had_paid_back_is_not_paid_for_again(account: Account) -> None:
    """The bank takes back what the merchant held still; the shopper had been refunded a tea, and pays for it anew."""
    account.give_back({TEA: 1})
    account.take_back(1250)
    account.pay(SECOND)
    assert [(r.payment_id, r.amount, r.borne) for r in account.order.refunds] == [(PAYMENT, 1250, 0), (SECOND, 1250, 0)]
    assert account.held == account.booked == account.kept == TOTAL - 1250


def test_what_the_bank_took_back_though_it_had_been_refunded_is_not_refunded_again(account: Account) -> None:
    account.give_back({TEA: 1})
    account.take_back(0)
    account.pay(SECOND)
    assert [r.payment_id for r in account.order.refunds] == [PAYMENT]
    assert account.held == account.booked == account.kept == TOTAL - 1250


STEPS = strategies.lists(
    strategies.one_of(
        strategies.tuples(strategies.just("pay"), strategies.sampled_from(PAYMENTS)),
        strategies.tuples(strategies.just("take_back"), strategies.sampled_from([0, 1250, TOTAL // 2, TOTAL - 1250])),
        strategies.tuples(strategies.just("give_back"), strategies.sampled_from([{MUG: 1}, {TEA: 1}, {MUG: 1, TEA: 1}])),
        strategies.tuples(strategies.just("cancel_part"), strategies.just(OTHER)),
    ),
    max_size=8,
)


@settings(max_examples=examples(400))
@given(STEPS)
@example([("give_back", {MUG: 1}), ("give_back", {MUG: 1}), ("take_back", 0), ("cancel_part", OTHER), ("pay", PAYMENT)])
@example([("take_back", 1250), ("cancel_part", OTHER), ("pay", SECOND), ("take_back", 0), ("pay", PAYMENT)])
@example([("take_back", 0), ("cancel_part", OTHER), ("pay", SECOND), ("take_back", 1250), ("pay", PAYMENT)])
@example(
    [("give_back", {TEA: 1}), ("take_back", 1250), ("cancel_part", OTHER), ("pay", SECOND), ("take_back", TOTAL // 2), ("pay", PAYMENT)]
)
def test_however_often_it_is_taken_back_and_paid_anew_no_provider_holds_more_than_is_kept(steps) -> None:
    account = Account()
    account.pay(PAYMENT)
    for what, how in steps:
        getattr(account, what)(how)
    if account.order.state in ("paid", "cancelled"):
        assert account.held <= max(account.kept, 0)
        assert account.held == account.booked, "the ledger says what the providers hold"
        assert {plugin: account.ledger[plugin] for plugin in PLUGINS.values()} == {PLUGINS[p]: account.net(p) for p in PAYMENTS}
        if account.order.state == "paid" and all(account.net(payment_id) >= 0 for payment_id in PAYMENTS):
            assert account.held == account.kept


CONSOLE = strategies.lists(
    strategies.one_of(
        strategies.tuples(strategies.just("pay"), strategies.sampled_from(PAYMENTS), strategies.sampled_from([600, TOTAL, TOTAL + 300])),
        strategies.tuples(strategies.just("take_back"), strategies.sampled_from([0, 1250, TOTAL // 2, TOTAL - 1250])),
        strategies.tuples(strategies.just("give_back"), strategies.sampled_from([{MUG: 1}, {TEA: 1}, {MUG: 1, TEA: 1}])),
        strategies.tuples(strategies.just("cancel_part"), strategies.just(OTHER)),
        strategies.tuples(strategies.just("pay_back_by_hand"), strategies.sampled_from(PAYMENTS), strategies.sampled_from([100, 400, 600])),
        strategies.tuples(strategies.just("send_back"), strategies.integers(0, 3)),
    ),
    max_size=9,
)


@settings(max_examples=examples(400))
@given(CONSOLE)
@example([("pay", PAYMENT, 600), ("pay_back_by_hand", PAYMENT, 400), ("pay", PAYMENT, TOTAL)])
def test_whatever_happens_at_the_providers_the_ledger_says_what_each_of_them_holds(steps) -> None:
    """Captured in parts or too much, refunded by hand, sent back, taken back, paid anew by another provider, in any order."""
    account = Account()
    for what, *how in steps:
        getattr(account, what)(*how)
        if account.order.paid_by:
            owed_still = sum(max(account.net(p) - keeps(account.order, p), 0) for p in PAYMENTS)
            assert account.held - owed_still == account.booked
            given_up = any(r.state == "failed" for r in account.order.refunds)
            for payment_id in PAYMENTS if not given_up and not owed_still else ():
                assert account.ledger[PLUGINS[payment_id]] == account.net(payment_id)
