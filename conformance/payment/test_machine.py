"""Any course of events, by hypothesis: totals only grow, and never beyond what there is."""

from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from conformance.payment.shop import Shop
from conformance.proxy import Fault, Proxy
from functions.payments.lifecycle.operation import Phase
from functions.payments.lifecycle.payment import PROMISED, Payment
from monsoon_plugin.payment import OperationKind, State
from shared.errors import Problem

COURSES, STEPS = 6, 8
FAULTS: tuple[Fault, ...] = ("", "", "lose", "busy", "error_after")


class Course(RuleBasedStateMachine):
    """One payment at `shop`; without a proxy nothing goes wrong on the way."""

    shop: Shop
    proxy: Proxy | None

    def __init__(self) -> None:
        super().__init__()
        self.payment: Payment = self.shop.start()
        self.before = self.payment

    def _try(self, fault: Fault, act: Any) -> None:
        self.before = self.shop.reread(self.payment)
        if self.proxy is not None and fault:
            self.proxy.fault, self.proxy.times = fault, 1
        try:
            act()
        except Problem:
            pass  # a refusal is an answer; the invariants say whether it was right
        finally:
            if self.proxy is not None:
                self.proxy.heal()
        self.payment = self.shop.reread(self.payment)

    @precondition(lambda self: self.payment.state not in PROMISED and self.payment.live)
    @rule(fault=st.sampled_from(FAULTS))
    def act(self, fault: Fault) -> None:
        self._try(fault, lambda: self.shop.acted(self.payment))

    @rule(fault=st.sampled_from(FAULTS))
    def capture(self, fault: Fault) -> None:
        self._try(fault, lambda: self.shop.payments.capture(self.payment))

    @rule(fault=st.sampled_from(FAULTS), share=st.integers(1, 3))
    def refund(self, fault: Fault, share: int) -> None:
        amount = max(self.payment.amount.amount // share, 1)
        self._try(fault, lambda: self.shop.payments.refund(self.payment, f"ref_{len(self.payment.operations)}", amount))

    @rule(fault=st.sampled_from(FAULTS))
    def cancel(self, fault: Fault) -> None:
        self._try(fault, lambda: self.shop.payments.cancel(self.payment))

    @rule()
    def sweep(self) -> None:
        self._try("", self.shop.swept)

    @invariant()
    def totals_only_grow_and_never_beyond(self) -> None:
        now, before = self.shop.reread(self.payment), self.before
        assert now.captured >= before.captured
        assert now.refunded >= before.refunded
        assert 0 <= now.refunded <= now.captured <= now.amount.amount
        assert before.state is not State.CAPTURED or now.state is State.CAPTURED

    def teardown(self) -> None:
        self.shop.swept()
        payment = self.shop.finished(self.shop.reread(self.payment))
        assert [o for o in payment.operations if not o.settled and o.phase is not Phase.ACCEPTED] == []
        charges = self.shop.charges(payment)
        assert charges is None or charges <= 1
        paid = sum(o.amount for o in payment.operations if o.kind is OperationKind.REFUND and o.phase is Phase.SUCCEEDED)
        assert payment.refunded == paid


def test_in_any_course_totals_hold_and_nothing_stays_open(shop: Shop, request: pytest.FixtureRequest) -> None:
    through = request.getfixturevalue("proxy") if shop.online else None
    tried = Shop(shop.plugin, shop.trial, through.address if through else "", shop.standin)

    class CourseThere(Course):
        shop, proxy = tried, through

    checked = settings(
        max_examples=COURSES, stateful_step_count=STEPS, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(CourseThere, settings=checked)
