"""A real Chromium, and one hub with the demo, for all tests of this folder. Without Chromium they skip, and say how it is had."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, sync_playwright

from local.conditions.ports import free_port
from local.stack import Stack
from tests.browser.chromium import HOW_TO_GET_IT, installed, launched
from tests.browser.demo_hub import DemoHub
from tests.browser.shopper import Shopper
from tests.browser.stand_ins import StandIns


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """They run in one worker: there is one hub and one browser."""
    for item in items:
        if item.path.parent.name == "browser":
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Ends with this folder's tests: the loop that it runs in would be in the way of others'."""
    if installed() is None:
        pytest.skip(HOW_TO_GET_IT)
    with sync_playwright() as playwright:
        browser = launched(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def stand_ins(chromium: Browser) -> Iterator[StandIns]:
    with StandIns().serving() as several:
        yield several


@pytest.fixture
def scanning(stand_ins: StandIns) -> StandIns:
    """Where the stand-ins of Node's can be had."""
    if stand_ins.missing:
        pytest.skip(f"no telephone to scan with: {stand_ins.missing}")
    return stand_ins


@pytest.fixture(scope="package")
def demo(stand_ins: StandIns, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoHub]:
    folder, stripe_port = tmp_path_factory.mktemp("browsed"), free_port()
    bases = {"stripe": f"http://127.0.0.1:{stripe_port}", **stand_ins.bases}
    port = free_port()
    told = {"LogLevel": "ERROR", "ProviderBases": json.dumps(bases), "PublicUrl": f"http://127.0.0.1:{port}/hub"}
    with Stack(port, stripe_port, folder, parameters=told) as stack:
        yield DemoHub(stack, stack.load_demo(folder / "demo.json"))
        assert stack.queues.dead_letters() == {}, "no message may die of what a browser sends"


@pytest.fixture(scope="package")
def pictured(demo: DemoHub) -> DemoHub:
    """The same hub, once its pages look as they stay."""
    demo.wait_for_pictures()
    return demo


@pytest.fixture
def shopper(chromium: Browser) -> Iterator[Callable[..., Shopper]]:
    """Makes shoppers of a test, each with a browser of its own; script is off unless it is asked for."""
    with ExitStack() as open_contexts:

        def make(language: str = "en-GB", width: int = 1280, **options: object) -> Shopper:
            asked = {"java_script_enabled": False, "locale": language, "viewport": {"width": width, "height": 800}} | options
            context = chromium.new_context(**asked)
            context.set_default_timeout(30_000)
            open_contexts.callback(context.close)
            return Shopper(context.new_page())

        yield make
