"""One running hub for all flow tests: the real template on the emulator, with the demo's reference lists and nothing else."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from functions.shipping.plugins.karrio.ups.standin import Ups
from local.conditions.ports import free_port
from local.demo import load_reference
from local.stack import Stack
from monsoon_plugin.standin import serving
from tests.flow.market import Market
from tests.flow.rights import run_schedules, unused, used

PLUGINS = ",".join(
    f"{kind}/elsewhere=arn:aws:lambda:us-east-1:000000000000:function:monsoon-plugin-{kind}" for kind in ("payment", "courier", "clearing")
)
"""Functions of an operator's own, which test_operators_plugins.py deploys."""
_ran = set[str]()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A hub's tests run in one worker, or each worker starts a hub and none is walked whole.

    They do where their file is marked, and where pytest-xdist can group: it writes the group behind a test's id, if pytest lets it.
    """
    if takes_hub(item):
        groups = [group for mark in item.iter_markers("xdist_group") for group in mark.args]
        if groups != ["hub"]:
            pytest.fail('this file takes the hub: it needs pytestmark = pytest.mark.xdist_group("hub")', pytrace=False)
        if getattr(item.config.option, "loadgroup", False) and not item.nodeid.endswith("@hub"):
            pytest.fail("pytest-xdist groups no tests with this pytest: install what requirements/dev.txt says", pytrace=False)
    _ran.add(item.nodeid)


def takes_hub(item: pytest.Item) -> bool:
    return "stack" in getattr(item, "fixturenames", ())


def walked_whole(request: pytest.FixtureRequest) -> bool:
    """Whether every file of flow tests that share this hub ran here, whole: then what no function asked for is of no use."""
    items = [item for item in request.session.items if takes_hub(item)]
    files = {path.name for path in Path(__file__).parent.glob("test_*.py") if 'xdist_group("hub")' in path.read_text(encoding="utf-8")}
    narrowed = request.config.option.keyword or request.config.option.markexpr
    return not narrowed and {item.nodeid for item in items} <= _ran and files <= {item.path.name for item in items}


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Stack]:
    folder, stripe_port = tmp_path_factory.mktemp("hub"), free_port()
    with serving(Ups().answer) as ups:
        bases = {"stripe": f"http://127.0.0.1:{stripe_port}", "ups": ups}
        parameters = {"LogLevel": "ERROR", "ProviderBases": json.dumps(bases), "PluginFunctions": PLUGINS, "PayoutHoldDays": "0"}
        workers = 4  # Lambda starts as many as are asked: test_neighbours.py lets three hang, and a fourth must be there
        yield from hub(Stack(free_port(), stripe_port, folder, parameters=parameters, workers=workers), request)


def hub(stack: Stack, request: pytest.FixtureRequest) -> Iterator[Stack]:
    with stack as running:
        load_reference(running)
        yield running
        assert running.queues.dead_letters() == {}, "no message of any flow test may die"
        whole = walked_whole(request)
        if whole:
            run_schedules(running)
        uses, denied = used(running)
        assert denied == set(), "a function's policy lacks what its code asks for"
        if whole:
            assert unused(uses) == {}, "granted and never used: take it away, or walk it"


@pytest.fixture(scope="session")
def market(stack: Stack) -> Market:
    """Verified merchants, and the words to let them trade."""
    return Market(stack)
