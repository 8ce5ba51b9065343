"""What the clearing checks share."""

from typing import Any

import pytest

from conformance.clearing.desk import Desk
from conformance.proxy import Proxy
from monsoon_plugin.testing import ClearingTrial


@pytest.fixture
def desk(plugin: Any, trial: ClearingTrial, standin: str) -> Desk:
    """The plug-in at its stand-in."""
    return Desk(plugin, trial, standin, {})


@pytest.fixture
def payer(desk: Desk) -> Desk:
    """A plug-in that pays."""
    if not desk.capability.pays:
        pytest.skip("it pays nobody")
    return desk


@pytest.fixture
def through(payer: Desk, proxy: Proxy) -> Desk:
    """The same, through the proxy."""
    return payer.at(proxy.address)


@pytest.fixture
def reader(desk: Desk) -> Desk:
    """A plug-in that reads statements."""
    if desk.trial.statement is None:
        pytest.skip("it reads no statements")
    return desk


@pytest.fixture
def noticed(desk: Desk) -> Desk:
    """A plug-in whose provider sends notices."""
    if desk.trial.notice is None:
        pytest.skip("nobody sends it notices")
    return desk
