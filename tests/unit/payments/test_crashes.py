"""The process is killed before and after each of its steps in turn: after recovery one effect, or none with a clear state."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from functions.payments.lifecycle.payment import Payment
from functions.payments.operation_runner import OperationRunner
from functions.payments.payment_service import PaymentService
from monsoon_plugin.errors import ErrorKind
from monsoon_plugin.payment import State
from shared.errors import Problem
from tests.unit.payments.kit import BANK, Shop
from tests.unit.payments.remote import CALLS, Remote, Remotes, failing

WRITES = {"save", "index_reference"}
MOST_STEPS = 12
"""Of anything that is done here; the tests stop when an axe no longer falls."""


class Killed(BaseException):
    """The process is gone; nothing catches this."""


@dataclass
class Axe:
    """Kills at the step `at`, counted over all that is watched: before it, or after it (`late`)."""

    at: int
    late: bool
    steps: int = 0

    def over(self, thing: Any, names: set[str]) -> Any:
        """`thing`, each of whose methods `names` is a step."""
        axe = self

        class Watched:
            def __getattr__(self, name: str) -> Any:
                found = getattr(thing, name)
                return axe.step(found) if name in names else found

        return Watched()

    def step(self, do: Callable[..., Any]) -> Callable[..., Any]:
        def done(*arguments: Any, **named: Any) -> Any:
            self.steps += 1
            falls = self.steps == self.at
            if falls and not self.late:
                raise Killed
            answer = do(*arguments, **named)
            if falls:
                raise Killed
            return answer

        return done


@dataclass
class World:
    """A shop whose process can be killed, and its provider."""

    shop: Shop
    remote: Remote
    order_id: str = ""

    def payments(self, axe: Axe | None = None) -> PaymentService:
        """A new process's."""
        plugins = self.shop.installations
        if axe is None:
            return PaymentService(self.shop.runner)
        watched = {name: axe.over(plugin, CALLS) for name, plugin in plugins.registry.plugins.items()}  # type: ignore[attr-defined]
        mortal = replace(plugins, registry=Remotes(**watched))
        return PaymentService(OperationRunner(mortal, axe.over(self.shop.store, WRITES), self.shop.clock, self.shop.runner.time_left))

    def start(self, payments: PaymentService) -> None:
        shop = replace(self.shop)
        shop.payments = payments
        shop.pay(self.order_id, 1000, key=self.order_id)

    @property
    def payment(self) -> Payment:
        return self.shop.payments.of_order(self.shop.tenant, self.order_id)[-1]

    def effects(self) -> list[str]:
        return [call for call in self.remote.done if call != "start"]


def confirm(world: World, payments: PaymentService) -> None:
    payments.confirm(world.payment, {}, merchant=False)


def capture(world: World, payments: PaymentService) -> None:
    payments.capture(world.payment)


def cancel(world: World, payments: PaymentService) -> None:
    payments.cancel(world.payment)


def refund(world: World, payments: PaymentService) -> None:
    payments.refund(world.payment, "ref_1", 400)


def kills() -> Iterator[Axe]:
    return (Axe(at, late) for at in range(1, MOST_STEPS) for late in (False, True))


@pytest.fixture
def worlds(make_table: Callable[[str], str]) -> Iterator[World]:
    """One after another, in one table: each an order of its own at a provider of its own."""

    def made() -> Iterator[World]:
        table = make_table("payments")
        for n in range(2 * MOST_STEPS):
            remote = Remote()
            shop = Shop(table, registry=Remotes(remote=remote), tenant=f"acc_{n}#sf_1")
            shop.install("remote", {})
            yield World(shop, remote, f"ord_{n}")

    return made()


def survived(world: World, axe: Axe, act: Callable[[PaymentService], None]) -> None:
    """If the axe falls in `act`: what follows by itself, and the same asked for once more."""
    try:
        act(world.payments(axe))
    except Killed:
        for _ in range(2):
            world.shop.swept()
        again(act, world.payments())
        world.shop.swept()


def again(act: Callable[[PaymentService], None], payments: PaymentService) -> None:
    """By somebody who may be told that it has been done."""
    try:
        act(payments)
    except Problem as problem:
        assert problem.status in (409, 503)  # noqa: PT017


def test_a_start_killed_anywhere_makes_one_payment_at_the_provider_or_none_and_says_which(worlds: Iterator[World]) -> None:
    for axe, world in zip(kills(), worlds, strict=False):
        survived(world, axe, world.start)
        payment = world.payment
        assert not payment.unsettled
        assert (payment.state, len(world.remote.done)) in {(State.AUTHORIZED, 1), (State.FAILED, 0)}
        if axe.steps < axe.at:
            break
    assert axe.at > 3


@pytest.mark.parametrize(
    ("begun", "act", "effect", "after"),
    [
        (State.REQUIRES_ACTION, confirm, "confirm", State.AUTHORIZED),
        (State.AUTHORIZED, capture, "capture", State.CAPTURED),
        (State.AUTHORIZED, cancel, "cancel", State.CANCELED),
    ],
)
def test_what_follows_a_start_killed_anywhere_happens_once(
    worlds: Iterator[World], begun: State, act: Callable[[World, PaymentService], None], effect: str, after: State
) -> None:
    for axe, world in zip(kills(), worlds, strict=False):
        world.remote.starts = begun
        world.start(world.payments())
        survived(world, axe, lambda payments, w=world: act(w, payments))  # type: ignore[misc]
        payment = world.payment
        assert (payment.state, payment.unsettled, world.effects()) == (after, (), [effect])
        assert payment.captured == (1000 if after is State.CAPTURED else 0)
        if axe.steps < axe.at:
            break
    assert axe.at > 3


def test_a_refund_killed_anywhere_is_paid_once(worlds: Iterator[World]) -> None:
    for axe, world in zip(kills(), worlds, strict=False):
        world.start(world.payments())
        world.payments().capture(world.payment)
        survived(world, axe, lambda payments, w=world: refund(w, payments))  # type: ignore[misc]
        payment = world.payment
        assert (payment.refunded, payment.unsettled, world.effects()) == (400, (), ["capture", "refund"])
        if axe.steps < axe.at:
            break
    assert axe.at > 3


def test_a_start_killed_while_it_is_passed_on_is_paid_at_one_provider_or_at_none(make_table: Callable[[str], str]) -> None:
    table = make_table("payments")
    for n, axe in enumerate(kills()):
        first, second = Remote(), Remote()
        first.before = failing("start", ErrorKind.UNAVAILABLE)
        shop = Shop(table, registry=Remotes(first=first, second=second), tenant=f"acc_{n}#sf_1")
        shop.install("first", {}, rank=1)
        shop.install("second", {}, rank=2)
        world = World(shop, second, f"ord_{n}")
        survived(world, axe, world.start)
        paid = [p for p in shop.payments.of_order(shop.tenant, world.order_id) if p.state is State.AUTHORIZED]
        assert all(not p.unsettled for p in shop.payments.of_order(shop.tenant, world.order_id))
        assert len(paid) == len(second.done) <= 1
        if axe.steps < axe.at:
            break
    assert axe.at > 6


def test_a_transfer_whose_start_was_killed_is_still_found_by_its_reference(make_table: Callable[[str], str]) -> None:
    table = make_table("payments")
    for n, axe in enumerate(kills()):
        shop = Shop(table, tenant=f"acc_{n}#sf_1")
        shop.install("bank_transfer", BANK)
        mortal = replace(shop)
        mortal.payments = PaymentService(replace(shop.runner, store=axe.over(shop.store, WRITES)))
        try:
            mortal.pay(key="k")
        except Killed:
            shop.run = mortal.run
            shop.pay(key="k")
        payment = shop.payments.of_order(shop.tenant, "ord_1")[0]
        assert shop.store.find_by_reference(shop.tenant, payment.provider_ref) == payment
        if axe.steps < axe.at:
            break
    assert axe.at > 2
