"""One running hub for all flow tests: the real template on the emulator, with the demo's reference lists and nothing else."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.demo import load_reference
from infra.local.emulator import free_port
from infra.local.stack import Stack
from tests.flow.market import Market


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder: Path = tmp_path_factory.mktemp("hub")
    with Stack(free_port(), free_port(), folder, parameters={"LogLevel": "ERROR"}) as running:
        load_reference(running)
        yield running
        assert running.dead_letters() == {}, "no message of any flow test may die"


@pytest.fixture(scope="session")
def market(stack: Stack) -> Market:
    """Verified merchants, and the words to let them trade."""
    return Market(stack)
