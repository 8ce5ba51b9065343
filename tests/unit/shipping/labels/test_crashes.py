"""The process is killed at each of its steps in turn: after recovery there is one label, or none with a clear state."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from functions.shipping.bootstrap import Services
from functions.shipping.labels.label_views import BuyLabel
from functions.shipping.shipments.shipment import Shipment
from functions.shipping.shipments.shipment_states import State
from monsoon_plugin.errors import ErrorKind, PluginError
from tests.fakes import FakeClock, FakeObjects
from tests.unit.shipping.conftest import Make, a_day
from tests.unit.shipping.events import TENANT, accepted, cancelled, facts, key, question
from tests.unit.shipping.fake_courier import CONFIG, FakeCourier, failing

pytestmark = pytest.mark.thorough

WRITES = {"add_plan", "create", "save", "add_pointers", "put"}
CALLS = {"buy", "fetch", "void"}


class Killed(BaseException):
    """The process is gone; nothing catches this."""


@dataclass
class Axe:
    """Kills at the step `at` (counted over all that is watched), before it or after."""

    at: int
    late: bool
    steps: int = 0
    fell: bool = False

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
            self.fell = self.fell or falls
            if falls and not self.late:
                raise Killed
            try:
                return do(*arguments, **named)
            finally:
                if falls:
                    raise Killed

        return done


@dataclass
class World:
    """One order by a courier of its own, its messages, and what follows by itself."""

    make: Make
    store: Any
    couriers: Any
    clock: FakeClock
    installation: str
    order_id: str
    remote: FakeCourier = field(default_factory=FakeCourier)
    objects: FakeObjects = field(default_factory=FakeObjects)

    def services(self, axe: Axe | None = None) -> Services:
        """Shipping's parts, each of whose steps the axe watches."""
        self.couriers.registry.given["remote"] = axe.over(self.remote, CALLS) if axe else self.remote
        objects = axe.over(self.objects, WRITES) if axe else self.objects
        return self.make(store=axe.over(self.store, WRITES) if axe else self.store, objects=objects)

    def confirm(self, axe: Axe | None = None) -> None:
        event = accepted(self.installation, plugin="remote", order_id=self.order_id)
        self.services(axe).order_shipments(a_day).order_confirmed(event)

    def cancel(self, axe: Axe | None = None) -> None:
        self.services(axe).order_shipments(a_day).order_cancelled(cancelled(self.order_id))

    def take_back(self, units: int, axe: Axe | None = None) -> None:
        """Ask for so many units of the order back; asked once more, it is the same question."""
        asked = question({"off_1": units}, f"wdr_{units}", order_id=self.order_id)
        self.services(axe).unit_withdrawals(a_day).answer(asked)

    def meanwhile(self, happens: Callable[[], object]) -> None:
        """Let something happen in another process, which no axe watches."""
        watched = self.couriers.registry.given["remote"]
        happens()
        self.couriers.registry.given["remote"] = watched

    def give_up(self, by: str) -> None:
        """By a question for all its units, or by an old cancellation; neither is brought again once it is done."""
        if not self.shipment.doomed and self.shipment.state is not State.VOIDED:
            self.take_back(2) if by == "question" else self.cancel()

    def buy_again(self, axe: Axe | None = None) -> None:
        self.services(axe).manual_labels(a_day).provide(self.shipment, BuyLabel().wish(), key("again"))

    def sweep(self, axe: Axe | None = None) -> None:
        self.clock.tick(minutes=20)
        self.services(axe).sweep(a_day).run(self.store.due(self.clock(), 100))

    def recovered(self) -> Shipment:
        """The shipment after the sweeps that follow."""
        for _ in range(2):
            self.sweep()
        return self.shipment

    @property
    def shipment(self) -> Shipment:
        (found,) = self.store.shipments(self.store.plan(TENANT, self.order_id))
        return found

    def opened(self) -> list[bytes]:
        links = self.services().document_links
        return [links.file(self.shipment, links.read_link(link.ticket)).content for link in links.links(self.shipment)]


@pytest.fixture(params=[False, True], ids=["before", "after"])
def kills(request: Any, services_of: Make, store: Any, couriers: Any, clock: FakeClock, *, install: Any) -> Any:
    """Kill `way` at its first step, its second, … each in a world of its own; yields the worlds until `way` is done alive."""
    store.keep_facts(facts(), 1)
    installation = install("remote", CONFIG)

    def run(way: Callable[[World, Axe], object], before: Callable[[World], object] = lambda world: None) -> Iterator[World]:
        at = 0
        while True:
            at += 1
            world, axe = World(services_of, store, couriers, clock, installation, f"ord_{at}"), Axe(at, late=request.param)
            world.remote.able = world.remote.able.model_copy(update={"tracking": "webhook"})
            before(world)
            try:
                way(world, axe)
            except Killed:
                yield world
                world.couriers.registry.given["remote"] = world.remote
            else:
                assert not axe.fell
                assert at > 3, "it has steps to be killed at"
                return

    return run


def test_an_order_comes_to_exactly_one_label_with_its_papers(kills):
    worlds = 0
    for world in kills(World.confirm):
        world.confirm()
        found = world.recovered()
        assert (found.state, world.remote.bought, found.setback) == (State.LABELED, 1, None)
        assert [kept.kind for kept in found.documents] == ["label", "commercial_invoice", "cn23"]
        assert len(world.objects.kept) == 3
        assert [content[:5] for content in world.opened()] == [b"%PDF-"] * 3
        assert world.store.find_by_tracking_number(world.installation, "T1") == found
        worlds += 1
    assert worlds == 8, "plan, shipment, purchase, three papers, pointer, label"


def lost(world: World) -> None:
    world.remote.after = failing(ErrorKind.OUTCOME_UNKNOWN, "buy")
    world.confirm()


def test_a_lost_answer_is_settled_though_the_sweep_is_killed(kills):
    for world in kills(World.sweep, lost):
        found = world.recovered()
        assert (found.state, world.remote.bought, len(world.opened())) == (State.LABELED, 1, 3)


def away(world: World) -> None:
    world.remote.before = failing(ErrorKind.UNAVAILABLE, "buy")
    world.confirm()


def test_a_purchase_that_the_courier_did_not_take_is_made_once_though_the_sweep_is_killed(kills):
    for world in kills(World.sweep, away):
        assert (world.recovered().state, world.remote.bought) == (State.LABELED, 1)


def test_a_cancelled_order_ends_voided_with_its_label_given_back(kills):
    for world in kills(World.cancel, World.confirm):
        world.cancel()
        found = world.recovered()
        assert (found.state, world.remote.voided) == (State.VOIDED, [found.id])


def test_an_order_that_is_cancelled_after_the_kill_keeps_no_label(kills):
    for world in kills(World.confirm):
        world.confirm()
        world.cancel()
        assert (world.recovered().state, len(world.remote.voided)) == (State.VOIDED, world.remote.bought)


GIVEN_UP = pytest.mark.parametrize("by", ["question", "cancellation"])


@GIVEN_UP
def test_a_parcel_that_was_given_up_while_its_label_was_bought_keeps_none(kills, by):
    def bought(world: World, axe: Axe) -> None:
        world.remote.before = lambda call: world.meanwhile(lambda: world.give_up(by)) if call == "buy" else None
        world.confirm(axe)

    for world in kills(bought):
        world.confirm()
        world.give_up(by)
        assert (world.recovered().state, len(world.remote.voided)) == (State.VOIDED, world.remote.bought)


@GIVEN_UP
@pytest.mark.parametrize("kind", [ErrorKind.DECLINED, ErrorKind.UNAVAILABLE, ErrorKind.OUTCOME_UNKNOWN])
def test_a_parcel_that_was_given_up_while_its_label_was_refused_is_voided(kills, by, kind):
    def refused(world: World, axe: Axe) -> None:
        def refuse(call: str) -> None:
            if call == "buy":
                world.meanwhile(lambda: world.give_up(by))
                raise PluginError(kind, "the courier says no")

        world.remote.before = refuse
        world.confirm(axe)

    for world in kills(refused):
        world.remote.before = lambda call: None
        world.confirm()
        world.give_up(by)
        assert (world.recovered().state, len(world.remote.voided)) == (State.VOIDED, world.remote.bought)


@GIVEN_UP
def test_a_parcel_that_was_given_up_before_its_labels_lost_answer_is_found_keeps_none(kills, by):
    def lost_and_given_up(world: World) -> None:
        lost(world)
        world.give_up(by)

    for world in kills(World.sweep, lost_and_given_up):
        found = world.recovered()
        assert (found.state, world.remote.bought, world.remote.voided) == (State.VOIDED, 1, [found.id])


def test_a_renewal_that_was_cut_off_ends_with_one_label_and_the_old_one_given_back(kills):
    for world in kills(lambda world, axe: world.take_back(1, axe), World.confirm):
        world.take_back(1)
        found = world.recovered()
        assert (found.state, found.old_label, world.remote.bought, world.remote.voided) == (State.LABELED, None, 2, [found.id])


@GIVEN_UP
def test_what_is_given_up_after_a_renewal_was_cut_off_keeps_neither_label(kills, by):
    for world in kills(lambda world, axe: world.take_back(1, axe), World.confirm):
        world.give_up(by)
        found = world.recovered()
        assert (found.state, sorted(world.remote.voided)) == (State.VOIDED, sorted(world.remote.sold))


def refused(world: World) -> None:
    world.remote.before = failing(ErrorKind.DECLINED, "buy")
    world.confirm()
    assert world.shipment.state is State.DRAFT


def test_a_label_that_the_merchant_has_bought_again_is_bought_once(kills):
    for world in kills(World.buy_again, refused):
        world.buy_again()
        found = world.recovered()
        assert (found.state, world.remote.bought, list(world.remote.sold)) == (State.LABELED, 1, [f"{found.id}-2"])


def blind(world: World) -> None:
    world.remote.able = world.remote.able.model_copy(update={"lookup": False})


def test_where_nothing_can_be_looked_up_a_kill_leaves_at_most_one_label_and_a_clear_state(kills):
    states = set()
    for world in kills(World.confirm, blind):
        world.confirm()
        found = world.recovered()
        assert world.remote.bought <= 1
        assert found.state is State.LABELED or found.untold
        states.add(found.state)
    assert states == {State.LABELED, State.PURCHASING}
