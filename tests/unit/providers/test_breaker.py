"""The circuit breaker: failures in a row open it, one probe at a time closes it, for one installation and for every process."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from monsoon_plugin.clock import from_rfc3339
from monsoon_plugin.errors import ErrorKind, PluginError
from shared.providers.breaker import CLOSED, FAILURES, LONGEST, PAUSE, PROBE, WINDOW, Circuit, Tally
from shared.providers.credentials import Credentials
from shared.providers.installation import Installation
from shared.providers.installation_store import InstallationStore
from shared.providers.installations import Installations
from shared.providers.registry import Registry
from tests.fakes import NOON, FakeClock
from tests.unit.providers.fakes import FakeKeys
from tests.unit.providers.test_installation import ONE

DOWN = PluginError(ErrorKind.UNAVAILABLE, "no answer")
MINE = "acc_1#sf_1"


def test_each_opening_in_a_row_waits_twice_as_long_up_to_a_bound_however_many_there_are() -> None:
    circuit, waits = CLOSED, []
    for _ in range(1000):
        circuit = circuit.tripped(NOON)
        assert not circuit.closed(NOON)
        waits.append(from_rfc3339(circuit.until) - NOON)
    assert waits[:4] == [PAUSE, 2 * PAUSE, 4 * PAUSE, 8 * PAUSE]
    assert waits[10:] == [LONGEST] * 990


def test_failures_open_it_only_if_they_follow_each_other_closely() -> None:
    tally, now = Tally(), NOON
    assert [tally.failed(now) for _ in range(FAILURES)] == [False] * (FAILURES - 1) + [True]
    tally.reset()
    for _ in range(3 * FAILURES):
        now += WINDOW / (FAILURES - 2)
        assert not tally.failed(now)


class Process:
    """One of several that share a table."""

    def __init__(self, table: str, clock: FakeClock) -> None:
        self.store = InstallationStore(table)
        self.installations: Installations[Any] = Installations(Registry({}), self.store, Credentials(FakeKeys()), clock)

    def read(self, installation_id: str = "ins_1", tenant: str = MINE) -> Installation:
        return self.installations.get(tenant, installation_id)

    def allowed(self, installation_id: str = "ins_1", tenant: str = MINE) -> bool:
        return self.installations.allow_call(self.read(installation_id, tenant))

    def record(self, error: PluginError | None, times: int = 1) -> None:
        for _ in range(times):
            self.installations.record_outcome(self.read(), error)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def two(make_table: Callable[[str], str], clock: FakeClock) -> tuple[Process, Process]:
    table = make_table("payments")
    one, other = Process(table, clock), Process(table, clock)
    one.store.add(ONE)
    return one, other


def test_what_one_process_opens_is_open_in_every_other(two: tuple[Process, Process]) -> None:
    one, other = two
    one.record(DOWN, FAILURES - 1)
    assert one.allowed()
    one.record(DOWN)
    assert (one.allowed(), other.allowed()) == (False, False)
    assert [i.circuit.opened for i in other.store.of(MINE)] == [1]


@pytest.mark.parametrize("kind", [ErrorKind.DECLINED, ErrorKind.INVALID, ErrorKind.CONFIG, ErrorKind.UNSUPPORTED, ErrorKind.CONFLICT])
def test_a_refusal_is_an_answer_and_ends_a_row_of_failures(two: tuple[Process, Process], kind: ErrorKind) -> None:
    one, _ = two
    for _ in range(3):
        one.record(DOWN, FAILURES - 1)
        one.record(PluginError(kind, "no"))
    assert one.allowed()


def test_after_a_pause_one_probe_is_let_through_and_its_success_closes_the_circuit_for_all(
    two: tuple[Process, Process], clock: FakeClock
) -> None:  # fmt: skip
    one, other = two
    one.record(DOWN, FAILURES)
    clock.now += PAUSE
    read = one.read(), other.read()
    assert [one.installations.allow_call(read[0]), other.installations.allow_call(read[1])] == [True, False]
    one.record(None)
    assert (one.allowed(), other.allowed(), other.read().circuit) == (True, True, CLOSED)


def test_a_probe_that_fails_opens_it_for_longer_and_one_that_never_ends_makes_room_for_another(
    two: tuple[Process, Process], clock: FakeClock
) -> None:  # fmt: skip
    one, other = two
    one.record(DOWN, FAILURES)
    clock.now += PAUSE
    assert one.allowed()
    one.record(DOWN)
    clock.now += PAUSE
    assert not other.allowed()
    clock.now += PAUSE
    assert other.allowed()
    assert not one.allowed()
    clock.now += PROBE
    assert one.allowed()


def test_one_installations_failures_open_no_other(two: tuple[Process, Process]) -> None:
    one, _ = two
    one.store.add(replace(ONE, id="ins_10"))
    one.store.add(replace(ONE, id="ins_2", tenant="acc_2#sf_1"))
    one.record(DOWN, FAILURES)
    assert (one.allowed("ins_10"), one.allowed("ins_2", "acc_2#sf_1"), one.allowed()) == (True, True, False)
    assert [i.id for i in one.store.of(MINE)] == ["ins_1", "ins_10"]


def test_a_provider_that_is_well_costs_no_write_and_no_further_read(two: tuple[Process, Process]) -> None:
    one, _ = two
    installation = one.read()
    one.installations.store.turn = one.installations.store.find = lambda *given: pytest.fail("asked for nothing")  # type: ignore[method-assign]
    assert one.installations.allow_call(installation)
    one.installations.record_outcome(installation, None)
    one.installations.record_outcome(installation, DOWN)


def test_a_circuit_is_not_turned_by_whoever_has_read_an_older_one(two: tuple[Process, Process], clock: FakeClock) -> None:
    one, other = two
    stale = other.read()
    one.record(DOWN, FAILURES)
    assert not other.store.set_circuit(stale, Circuit(9, "2026-11-01T13:00:00.000Z"), clock())
    assert one.read().circuit.opened == 1
