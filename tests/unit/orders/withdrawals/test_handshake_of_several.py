"""The handshake, where refunds name several suppliers' units, promises end and come anew, and two decline at once: money, and its end."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import example, given, settings, strategies

from functions.orders.lifecycle.sweep_due import sweep_due
from functions.orders.order_views import OrderView
from functions.orders.refunds.refund import RefundAsk
from functions.orders.withdrawals.withdrawal import Withdrawal
from functions.shipping.fulfilment.shipment_plan import Plan
from functions.shipping.shipments.shipment import Shipment
from shared.ids import derived_id
from shared.shipment_messages import ShipmentEvent
from tests.fakes import caller
from tests.unit.orders.given import ACCOUNT, MUG, PAYMENT, STOREFRONT, TEA, capture, ended, key, promise
from tests.unit.orders.withdrawals.exchange import POT, Exchange
from tests.unit.orders.withdrawals.test_handshake import ACTS, OFFERS, _step, ends, holds
from tests.unit.shipping.memory import MemoryShipping

pytestmark = pytest.mark.thorough

MERCHANT = caller(ACCOUNT, "storefront")
SEVERAL = [{MUG: 1, POT: 1}, {MUG: 3, POT: 2}, {MUG: 2}, {TEA: 2, POT: 1}, {MUG: 2, TEA: 1}, {POT: 2}]


@dataclass
class Raced(MemoryShipping):
    meanwhile: Callable[[], None] | None = None
    """Done between the next write's reading and the write."""

    def save(self, shipment: Shipment, message: ShipmentEvent | None = None, plan: Plan | None = None) -> bool:
        act, self.meanwhile = self.meanwhile, None
        if act:
            act()
        return super().save(shipment, message, plan)


@dataclass
class Fair(Exchange):
    """The exchange with a promise that may end, and somebody who is quicker by a moment."""

    parcels: Raced = field(default_factory=Raced)
    paying: str = PAYMENT
    promises: int = 1
    over: bool = False

    def refund_several(self, which: int, text: str) -> None:
        ask = RefundAsk(SEVERAL[which], which % 2 == 0, [None, True, False][which % 3], text)
        self.act(lambda: self.orders.refund(ACCOUNT, STOREFRONT, self.order_id, ask, key(text)))

    def decline_at_once(self, which: int, units: dict[str, int], text: str) -> None:
        """Twice the same units, of which the second is quicker."""
        self.parcels.meanwhile = lambda: self.decline(which, units, f"{text} quick")
        self.decline(which, units, text)
        self.parcels.meanwhile = None

    def end_promise(self) -> None:
        if self.promised and not self.captured:
            self.promised, self.over = False, True
            self.bag.append(("orders", ended(self.order, payment_id=self.paying)))

    def promise_anew(self) -> None:
        """By another payment, of what is owed now."""
        if self.over and not self.given_up:
            self.promises += 1
            self.promised, self.over, self.due = True, False, None
            self.paying = derived_id("pay", f"{self.promises}")
            self.bag.append(("orders", promise(self.order, payment_id=self.paying)))

    def capture(self, amount: int | None = None) -> None:
        if not self.captured and not self.over:
            self.captured = self.full if amount is None else amount
            self.bag.append(("orders", capture(self.order, self.captured, payment_id=self.paying)))

    def settle(self) -> None:
        """Whoever promised another amount than is owed, or in vain, promises it anew; who promised it after all was delivered pays."""
        self.fuse = None
        for _ in range(5):
            self._drain()
            if self.order.state == "review":
                self.end_promise()
                self.promise_anew()
        super().settle()
        if self.order.state == "accepted":
            self.capture(self.order.total)
            self._drain()

    def _drain(self) -> None:
        for _ in range(200):
            if self.bag:
                self.deliver(0, again=False)


def half_answered(withdrawal: Withdrawal) -> bool:
    return bool(withdrawal.answered) and not withdrawal.settled


def never_too_much(hub: Fair) -> None:
    order = hub.order
    OrderView.of(order, MERCHANT)
    assert sweep_due(order) != "", "hidden from the sweep"
    for line in order.lines:
        back = order.refunded_units(line.offer_id) + order.dropped_units(line.offer_id)
        assert back <= line.quantity, "no unit is paid back twice"
    assert order.shipping_left >= 0
    assert order.total >= 0


MORE = ["several", "several", "half", "half", "half", "one leaves", "at once", "promise ends", "promised anew"]
STEPS = strategies.lists(strategies.tuples(strategies.sampled_from(ACTS + MORE), strategies.integers(0, 5)), min_size=12, max_size=45)


def take(hub: Fair, what: str, which: int, n: int) -> None:
    if what in ("several", "half"):
        hub.refund_several(which, f"m{n}")
        for _ in range(2 if what == "half" else 0):  # the question, and one answer to it
            hub.deliver(-1, again=False)
    elif what == "one leaves":
        hub.report(which % 2, "dispatched", f"l{n}")
        hub.deliver(-1, again=False)
    elif what == "at once":
        hub.decline_at_once(which % 2, {OFFERS[which % 3]: 1 + which % 3}, f"q{n}")
    elif what == "promise ends":
        hub.end_promise()
    elif what == "promised anew":
        hub.promise_anew()
    else:
        _step(hub, what, which, n)


DECLINED_UNHEARD = [("one leaves", 4), ("at once", 1), ("half", 1), ("half", 0), ("half", 5)]
"""What an emptied parcel's supplier had declined was paid back as if it had left, and once more when the decline was heard."""
REACHED = {
    "half answered": 60, "asked beside a half answer": 20, "left, and the rest asked for": 10, "RefundRequested": 80, "OrderReduced": 25,
    "OrderPaymentLost": 10, "promised anew": 10,
}  # fmt: skip


def watch(hub: Fair, before: int) -> None:
    """Note what came to pass in this step; `before`: the questions that the order had asked before it."""
    order = hub.order
    half = any(half_answered(w) for w in order.withdrawals)
    hub.counts |= {"half answered": 1} if half else {}
    hub.counts |= {"asked beside a half answer": 1} if half and len(order.withdrawals) > before else {}
    hub.counts |= {"left, and the rest asked for": 1} if any(w.left for w in order.withdrawals) else {}
    hub.counts |= {"promised anew": 1} if hub.promises > 1 else {}


def test_no_unit_is_paid_back_twice_whoever_answers_first_and_everything_ends() -> None:
    reached = Counter[str]()

    @settings(max_examples=250, deadline=None, derandomize=True)
    @given(STEPS, strategies.sampled_from(["promise", "capture"]), strategies.sampled_from([True, True, True, False]))
    @example(DECLINED_UNHEARD, "capture", True)
    def whatever_comes(steps: list[tuple[str, int]], pay: str, planned: bool) -> None:
        hub = Fair()
        hub.promise() if pay == "promise" else hub.capture()
        while planned and hub.bag:
            hub.deliver(0, again=False)
        for n, (what, which) in enumerate(steps):
            asked = len(hub.order.withdrawals)
            take(hub, what, which, n)
            watch(hub, asked)
            never_too_much(hub)
        holds(hub)
        hub.settle()
        holds(hub)
        never_too_much(hub)
        ends(hub)
        reached.update(hub.counts.keys())

    whatever_comes()
    assert {what: reached[what] for what, least in REACHED.items() if reached[what] < least} == {}, reached
