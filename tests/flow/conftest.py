"""One running hub for all flow tests: the real template on the emulator, with the demo's reference lists and nothing else."""

import json
from collections.abc import Iterator

import pytest

from functions.shipping.plugins.karrio.ups.standin import Ups
from local.conditions.ports import free_port
from local.demo import load_reference
from local.stack import Stack
from monsoon_plugin.standin import serving
from tests.flow.market import Market


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder, stripe_port = tmp_path_factory.mktemp("hub"), free_port()
    with serving(Ups().answer) as ups:
        bases = {"stripe": f"http://127.0.0.1:{stripe_port}", "ups": ups}
        parameters = {"LogLevel": "ERROR", "ProviderBases": json.dumps(bases)}
        yield from hub(Stack(free_port(), stripe_port, folder, parameters=parameters))


def hub(stack: Stack) -> Iterator[Stack]:
    with stack as running:
        load_reference(running)
        yield running
        assert running.dead_letters() == {}, "no message of any flow test may die"


@pytest.fixture(scope="session")
def market(stack: Stack) -> Market:
    """Verified merchants, and the words to let them trade."""
    return Market(stack)
