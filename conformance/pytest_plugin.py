"""Tries any provider plug-in: `pytest --plugin acme.plugin:Acme --standin http://127.0.0.1:4010`.

With --plugin, pytest collects the kit's suite of the plug-in's family instead of the tests of the folder it is started in. Without
it, this plug-in does nothing.
"""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from conformance.proxy import Proxy
from conformance.table import Result, lines
from monsoon_plugin.testing import Trial
from shared.providers.registry import loaded

SUITES = Path(__file__).parent
KEY = pytest.StashKey["Run"]()


class Run:
    """One plug-in under trial."""

    def __init__(self, entry: str, standin: str, trial: str) -> None:
        """Raises UsageError where the plug-in or its trial cannot be imported."""
        try:
            self.plugin = loaded(entry)
            self.trial: Trial = import_module(trial or trial_of(entry, self.plugin.manifest.id)).TRIAL
        except (ImportError, AttributeError, ValueError) as error:
            raise pytest.UsageError(f"--plugin {entry}: {error}") from error
        self.standin = standin
        self.results: list[Result] = []

    def serving(self) -> AbstractContextManager[str]:
        """The stand-in's address while it serves; empty for a plug-in that calls nobody. Raises UsageError."""
        if not self.plugin.manifest.allowed_hosts:
            return nullcontext("")
        if self.standin != "auto":
            return nullcontext(self.standin.rstrip("/"))
        if self.trial.start is None:
            raise pytest.UsageError("--standin: give the address where the provider's stand-in answers")
        return self.trial.start()


def trial_of(entry: str, plugin_id: str) -> str:
    """Where the trial of a plug-in is looked for: `trial` beside it or, where several share a folder, in a folder of its id there."""
    folder = entry.partition(":")[0].rpartition(".")[0]
    own = f"{folder}.{plugin_id}"
    return f"{own if folder and find_spec(own) else folder}.trial".lstrip(".")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("conformance", "Monsoon's conformance kit for provider plug-ins")
    group.addoption("--plugin", default="", metavar="MODULE:CLASS", help="the plug-in to try")
    group.addoption("--standin", default="auto", metavar="URL", help="where its provider's stand-in answers; auto: its trial starts one")
    group.addoption("--trial", default="", metavar="MODULE", help="what is said of it for the kit; default: `trial` beside the plug-in")


def pytest_configure(config: pytest.Config) -> None:
    entry = config.getoption("--plugin")
    if not entry:
        return
    run = config.stash[KEY] = Run(entry, config.getoption("--standin"), config.getoption("--trial"))
    config.args = [str(SUITES / run.plugin.manifest.kind)]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    run = config.stash.get(KEY, None)
    if run is None:
        return
    names = {check_of(item.name) for item in items} | {item.name for item in items}
    unknown = run.trial.gaps.keys() - names
    if unknown:
        raise pytest.UsageError(f"gaps name no check: {', '.join(sorted(unknown))}")
    for item in items:
        reason = run.trial.gaps.get(item.name) or run.trial.gaps.get(check_of(item.name))
        if reason:
            item.add_marker(pytest.mark.xfail(reason=reason, strict=item.name in run.trial.gaps or "[" not in item.name))


def check_of(name: str) -> str:
    """A check's name without its parameters."""
    return name.partition("[")[0]


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: Any) -> Iterator[None]:
    outcome: Any = yield
    report, run = outcome.get_result(), item.config.stash.get(KEY, None)
    if run is None or (report.when != "call" and report.outcome == "passed") or report.when == "teardown":
        return
    group = re.sub(r"^test_", "", item.path.stem)
    expected = hasattr(report, "wasxfail")
    word = {"skipped": "xfailed" if expected else "skipped"}.get(report.outcome, report.outcome)
    why = report.wasxfail if expected else report.longrepr[2] if report.skipped else ""
    run.results.append(Result(group, item.name, word, str(why).removeprefix("Skipped: ").removeprefix("reason: ")))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    run = config.stash.get(KEY, None)
    if run is not None and run.results:
        terminalreporter.section("conformance")
        for line in lines(f"{run.plugin.manifest.kind} plug-in {run.plugin.manifest.id}", run.trial.standin, run.results):
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def run(request: pytest.FixtureRequest) -> Run:
    """The plug-in under trial."""
    return request.config.stash[KEY]


@pytest.fixture(scope="session")
def plugin(run: Run) -> Any:
    return run.plugin


@pytest.fixture(scope="session")
def trial(run: Run) -> Any:
    return run.trial


@pytest.fixture(scope="session")
def standin(run: Run) -> Iterator[str]:
    """The stand-in's address; empty for a plug-in that calls nobody."""
    with run.serving() as address:
        yield address


@pytest.fixture
def proxy(run: Run, standin: str) -> Iterator[Proxy]:
    """The proxy before the stand-in, without a fault; the test skips for a plug-in that calls nobody."""
    if not standin:
        pytest.skip("it calls nobody")
    with Proxy(standin, run.trial.changes) as between:
        yield between
