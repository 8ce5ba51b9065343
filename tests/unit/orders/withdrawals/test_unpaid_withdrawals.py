"""What nobody pays for does not leave: paid back whole at the provider, or promised and so no more, it is asked back by itself."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given, settings, strategies

from functions.orders.consumers import consumers
from functions.orders.lifecycle.payment_reversals import after_refund_elsewhere
from functions.orders.lifecycle.sweep_due import sweep_due
from functions.orders.order_views import OrderView
from functions.orders.refunds.refunds_owed import next_refund_owed
from functions.orders.withdrawals.unpaid_withdrawals import paid_back_withdrawal
from shared.messages import Message, PaymentRefundFailed
from shared.order_messages import OrderPaymentLost, OrderRefunded, OrderUnitsWithdrawn, RefundRequested
from shared.trade.payment_messages import PaymentAuthorizationEnded, PaymentRefundedElsewhere
from tests.examples import examples
from tests.fakes import caller
from tests.unit.orders.given import ACCOUNT, MUG, PAYMENT, STOREFRONT, TEA, eur, promise
from tests.unit.orders.withdrawals.exchange import POT, SELLERS, STOCK, Exchange

MERCHANT = caller(ACCOUNT, "storefront")
PATIENCE = 72


class Market(Exchange):
    """The exchange, and what happens at the provider."""

    by_hand: int = 0
    given_back: int = 0

    def about(self, version: int, payment_id: str = PAYMENT) -> dict[str, object]:
        return {"version": version, "payment_id": payment_id, "order_id": self.order_id, "storefront_id": STOREFRONT,
                "account_id": ACCOUNT, "plugin": "stripe"}  # fmt: skip

    def console(self, amount: int | None = None) -> None:
        """Somebody pays back at the provider: all that it holds still, or so much."""
        left = self.captured - self.given_back - self.by_hand
        amount = left if amount is None else min(amount, left)
        if amount > 0:
            self.by_hand += amount
            refund = PaymentRefundedElsewhere(**self.about(20 + self.by_hand), amount=eur(amount), refund_id=f"ref_console_{self.by_hand}",
                                              provider_ref="re_1")  # type: ignore[arg-type]  # fmt: skip
            self.bag.append(("orders", refund))

    def _pay(self, message: Message) -> None:
        """The provider pays no more back than it holds."""
        if isinstance(message, RefundRequested) and message.refund_id not in self.paid_back:
            if message.amount > self.captured - self.by_hand - self.given_back:
                said = {"amount": eur(message.amount), "refund_id": message.refund_id, "reason": "exceeds_captured", "was_paid": False}
                self.bag.append(("orders", PaymentRefundFailed(**self.about(40), **said)))  # type: ignore[arg-type]
                return
            self.given_back += message.amount
        super()._pay(message)

    def expire(self, payment_id: str = PAYMENT, version: int = 4) -> None:
        amount = eur(self.order.total)
        ended = PaymentAuthorizationEnded(**self.about(version, payment_id), amount=amount, ended="expired")  # type: ignore[arg-type]
        self.bag.append(("orders", ended))

    def drain(self) -> None:
        """Let everything arrive that is on its way, and what follows."""
        while self.bag:
            self.deliver(0, again=False)

    @property
    def unsent(self) -> Counter[str]:
        """Units in parcels that may still be sent."""
        return Counter({c.offer_id: c.quantity for s in self.shipments if not s.scanned for c in s.parcel.contents})

    def view(self) -> OrderView:
        return OrderView.of(self.order, MERCHANT, payment_ticket=self.made.checkout.payment_ticket(self.order))


@pytest.fixture
def paid() -> Market:
    hub = Market()
    hub.capture()
    hub.drain()
    return hub


@pytest.fixture
def promised() -> Market:
    hub = Market()
    hub.promise()
    hub.drain()
    return hub


def stock(hub: Market) -> list[int]:
    return [hub.books.kept[offer_id].quantity for offer_id in (MUG, TEA, POT)]


def test_what_was_paid_back_whole_in_the_console_does_not_leave_and_is_not_paid_back_again(paid: Market) -> None:
    paid.console()
    paid.drain()
    order = paid.order
    assert (order.state, order.reason, paid.unsent) == ("cancelled", "merchant", {})
    assert [(w.why, w.reason) for w in order.withdrawals] == [("cancel", "paid back at the provider")]
    assert stock(paid) == [STOCK] * 3
    assert "RefundRequested" not in paid.counts
    assert sum(r.amount for r in order.refunds) == paid.full
    assert [(r.amount, r.covered, r.state) for r in order.refunds if not r.elsewhere] == [(0, paid.full, "paid")]


@pytest.mark.parametrize("first", [1, 4000])
def test_parts_that_come_to_the_whole_stop_it_with_the_last_one_and_no_sooner(paid: Market, first: int) -> None:
    paid.console(first)
    paid.drain()
    assert (paid.order.state, paid.order.withdrawals, sum(paid.unsent.values())) == ("paid", (), 7)
    paid.console()
    paid.drain()
    assert (paid.order.state, paid.unsent) == ("cancelled", {})


def test_the_rest_of_what_the_hub_paid_back_before_stops_what_is_left(paid: Market) -> None:
    paid.refund({MUG: 1}, "broken")
    paid.drain()
    paid.console()
    paid.drain()
    assert (paid.order.state, paid.unsent) == ("cancelled", {})
    assert sum(r.amount for r in paid.order.valid_refunds) == paid.full


def test_what_had_left_by_then_goes_on_and_the_other_supplier_s_part_comes_back(paid: Market) -> None:
    mine = next(n for n, s in enumerate(paid.shipments) if s.supplier_id == SELLERS[POT])
    paid.report(mine, "dispatched", "s1")
    paid.console()
    paid.drain()
    order = paid.order
    assert (order.state, paid.unsent) == ("paid", {})
    assert {offer_id: order.released_units(offer_id) for offer_id in (MUG, TEA, POT)} == {MUG: 3, TEA: 2, POT: 0}
    assert sum(r.amount for r in order.valid_refunds) == paid.full
    assert paid_back_withdrawal(order, paid.clock()) is None


def test_one_side_wins_where_it_leaves_at_that_moment_and_the_order_says_so(paid: Market) -> None:
    paid.console()
    paid.deliver(0, again=False)
    for n in range(len(paid.shipments)):
        paid.report(n, "dispatched", f"s{n}")
    paid.drain()
    order = paid.order
    assert (order.state, [dict(w.kept) for w in order.withdrawals]) == ("paid", [{MUG: 3, TEA: 2, POT: 2}])
    assert [r.elsewhere for r in order.refunds] == [True]


def test_a_crash_between_the_two_writes_is_made_good_by_the_sweep(paid: Market) -> None:
    paid.console()
    ((_, message),) = paid.bag
    change = after_refund_elsewhere(paid.order, message)  # type: ignore[arg-type]
    assert change is not None
    paid.books.save(change, paid.clock())
    assert sweep_due(change.order) == change.order.placed_at
    paid.sweep(minutes=1)
    paid.drain()
    assert paid.order.state == "cancelled"


def test_a_console_refund_heard_before_its_capture_stops_the_parcel_once_that_is_heard() -> None:
    hub = Market()
    hub.promise()
    hub.drain()
    hub.capture()
    capture = hub.bag.pop()
    hub.console()
    hub.drain()
    assert hub.order.state == "accepted"
    hub.bag.append(capture)
    hub.drain()
    assert (hub.order.state, hub.unsent) == ("cancelled", {})


def test_a_console_refund_that_comes_back_afterwards_is_paid_by_us(paid: Market) -> None:
    paid.console()
    paid.drain()
    (refund,) = [r for r in paid.order.refunds if r.elsewhere]
    paid.by_hand = 0
    failed = PaymentRefundFailed(**paid.about(99), amount=eur(refund.amount), refund_id=refund.id, reason="", was_paid=True)  # type: ignore[arg-type]
    paid.bag.append(("orders", failed))
    paid.drain()
    assert sum(r.amount for r in paid.order.valid_refunds) == paid.full


def test_an_order_whose_promise_ended_is_held_then_taken_back_and_cancelled_as_expired(promised: Market) -> None:
    promised.expire()
    promised.drain()
    order = promised.order
    assert (order.state, promised.view().review, all(s.payment_lost for s in promised.shipments)) == ("review", "authorization_ended", True)
    promised.sweep(hours=PATIENCE - 1)
    assert promised.order.withdrawals == ()
    promised.sweep(hours=2)
    promised.drain()
    order = promised.order
    assert (order.state, order.reason, order.review, promised.unsent) == ("cancelled", "expired", None, {})
    assert stock(promised) == [STOCK] * 3
    assert sweep_due(order) is None


def test_while_patience_lasts_it_may_be_paid_anew_and_goes_on(promised: Market) -> None:
    assert promised.view().payment_ticket is None
    promised.expire()
    promised.drain()
    assert promised.view().payment_ticket is not None
    promised.bag.append(("orders", promise(promised.order, payment_id="pay_2")))
    promised.drain()
    promised.sweep(hours=PATIENCE + 1)
    order = promised.order
    assert (order.state, order.withdrawals, promised.view().review) == ("accepted", (), None)
    assert (promised.view().payment_ticket, any(s.payment_lost for s in promised.shipments)) == (None, False)


def test_nobody_pays_for_what_is_being_taken_back(promised: Market) -> None:
    promised.expire()
    promised.drain()
    promised.cancel()
    assert (promised.view().state, promised.view().payment_ticket) == ("cancelling", None)
    promised.drain()
    assert promised.order.state == "cancelled"


def test_what_had_left_on_a_promise_that_ended_stays_for_a_person(promised: Market) -> None:
    for n in range(len(promised.shipments)):
        promised.report(n, "dispatched", f"s{n}")
    promised.drain()
    promised.expire()
    promised.drain()
    promised.sweep(hours=PATIENCE + 1)
    promised.drain()
    assert (promised.order.state, promised.view().review, promised.order.withdrawals) == ("review", "authorization_ended", ())
    assert sweep_due(promised.order) is None


def test_the_end_of_one_promise_heard_late_touches_no_order_that_another_carries(promised: Market) -> None:
    promised.bag.append(("orders", promise(promised.order, payment_id="pay_2")))
    promised.drain()
    promised.expire()
    promised.drain()
    assert (promised.order.state, promised.counts.get("OrderPaymentLost", 0)) == ("accepted", 0)
    promised.expire("pay_2")
    promised.drain()
    assert (promised.order.state, promised.counts["OrderPaymentLost"]) == ("review", 1)


def test_a_promise_of_more_than_is_owed_by_now_carries_the_order_too(promised: Market) -> None:
    promised.bag.append(("orders", promise(promised.order, payment_id="pay_2")))
    promised.drain()
    promised.refund({MUG: 1}, "broken")
    promised.drain()
    promised.expire()
    promised.drain()
    assert (promised.order.total < promised.full, promised.order.state) == (True, "accepted")
    assert promised.counts.get("OrderPaymentLost", 0) == 0


def test_a_promise_in_test_mode_carries_no_order_that_is_to_be_paid_with_real_money(promised: Market) -> None:
    promised.bag.append(("orders", promise(promised.order, payment_id="pay_2").model_copy(update={"test": True})))
    promised.drain()
    promised.expire()
    promised.drain()
    assert (promised.order.state, promised.counts["OrderPaymentLost"]) == ("review", 1)


def test_a_part_that_was_promised_and_is_so_no_more_holds_no_stock_for_ever() -> None:
    hub = Market()
    hub.bag.append(("orders", promise(hub.order, 500)))
    hub.drain()
    assert hub.view().review == "amount_differs"
    hub.expire()
    hub.drain()
    hub.sweep(hours=PATIENCE + 1)
    hub.drain()
    assert (hub.order.state, hub.order.reason, stock(hub)) == ("cancelled", "expired", [STOCK] * 3)


STEPS = strategies.lists(
    strategies.tuples(
        strategies.sampled_from(
            ["deliver", "deliver", "again", "dispatch", "dispatch", "console", "part", "refund", "cancel", "sweep", "crash"]
        ),
        strategies.integers(0, 5),
    ),
    min_size=6,
    max_size=30,
)


def test_whatever_comes_when_nothing_leaves_once_shipping_has_heard_that_all_was_paid_back() -> None:
    reached = Counter[str]()

    @settings(max_examples=examples(200), deadline=None, derandomize=True)
    @given(STEPS, strategies.booleans())
    def whatever_comes(steps: list[tuple[str, int]], planned: bool) -> None:
        hub = Market()
        hub.capture()
        if planned:
            hub.drain()
        for n, (what, which) in enumerate(steps):
            acts = {
                "deliver": lambda w=which: hub.deliver(w, again=False),
                "again": lambda w=which: hub.deliver(w, again=True),
                "dispatch": lambda w=which, n=n: hub.report(w % 2, "dispatched", f"s{n}"),
                "console": lambda w=which: hub.console(None if w % 2 else 700),
                "part": lambda w=which: hub.cancel(SELLERS[[MUG, TEA, POT][w % 3]]),
                "refund": lambda w=which, n=n: hub.refund({[MUG, TEA, POT][w % 3]: 1}, f"r{n}"),
                "cancel": hub.cancel,
                "sweep": lambda w=which: hub.sweep(minutes=11 * (w + 1)),
                "crash": lambda w=which: setattr(hub, "fuse", w),
            }
            acts[what]()
        hub.fuse = None
        hub.console()
        for _ in range(4):
            hub.drain()
            hub.sweep(hours=7)
        order = hub.order
        assert hub.unsent == {}, "nothing that was paid back whole can still be sent"
        assert sum(r.amount for r in order.valid_refunds) == hub.captured, "and nothing of it was paid back twice"
        assert next_refund_owed(order) is None
        assert (order.state == "cancelled") is not any(s.scanned for s in hub.shipments)
        reached[order.state] += 1
        reached["kept"] += any(w.kept for w in order.withdrawals)

    whatever_comes()
    assert min(reached["cancelled"], reached["paid"], reached["kept"]) >= 10, reached


def test_the_events_say_what_happened(paid: Market) -> None:
    told: list[object] = []
    collect = paid.books.events
    paid.console()
    message = paid.bag.pop()[1]
    consumers(paid.made, lambda: timedelta(days=1))[type(message)](message)
    told += collect
    assert [type(event) for event in told] == [OrderRefunded, OrderUnitsWithdrawn]
    assert not any(isinstance(event, RefundRequested | OrderPaymentLost) for event in told)
