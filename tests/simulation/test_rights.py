"""What the services ask of AWS in schedules, each function may: its policy, not the emulator's kindness, says so."""

from collections import defaultdict

import pytest

from infra.granted_rights import Right, allows
from infra.templates import functions
from tests.simulation.asked import asked

BY_HANDLER: dict[str, list[str]] = defaultdict(list)
for name, properties in functions().items():
    BY_HANDLER[properties["Handler"]].append(name)


@pytest.fixture(scope="module", name="asked")
def simulated() -> dict[str, set[Right]]:
    """Handler → what it asked of AWS in some schedules."""
    return asked()


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
