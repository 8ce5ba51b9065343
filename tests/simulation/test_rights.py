"""What the services ask of AWS in schedules, each function may: its policy, not the emulator's kindness, says so."""

from collections import defaultdict

import pytest

from infra.granted_rights import Right, allows
from infra.templates import functions
from simulation.aws.rights import RUNNING, rights_of
from simulation.schedule import run, theatre

SEEDS = range(1, 26)
BY_HANDLER: dict[str, list[str]] = defaultdict(list)
for name, properties in functions().items():
    BY_HANDLER[properties["Handler"]].append(name)


@pytest.fixture(scope="module")
def asked() -> dict[str, set[Right]]:
    """Handler → what it asked of AWS in some schedules, faults and all."""
    found, door = defaultdict[str, set[Right]](set), theatre().place.door
    before, door.heard = door.heard, lambda service, operation, raw: found[RUNNING.get()].update(rights_of(service, operation, raw))
    for seed in SEEDS:
        run(seed)
    door.heard = before
    return {handler: rights for handler, rights in found.items() if handler}


def test_most_entry_points_are_reached(asked: dict[str, set[Right]]):
    assert asked.keys() <= BY_HANDLER.keys()
    assert len(asked) >= 20
    assert sum(map(len, asked.values())) > 80


def test_every_function_may_do_what_its_code_asked(asked: dict[str, set[Right]]):
    denied = {
        (function, *right)
        for handler in asked
        for function in BY_HANDLER[handler]
        for right in asked[handler]
        if not allows(function, right)
    }
    assert denied == set()
