"""What the courier checks share."""

from typing import Any

import pytest

from conformance.courier.desk import Desk
from conformance.proxy import Proxy
from monsoon_plugin.testing import CourierTrial


@pytest.fixture
def desk(plugin: Any, trial: CourierTrial, standin: str) -> Desk:
    """The plug-in at its stand-in."""
    return Desk(plugin, trial, standin, {})


@pytest.fixture
def labels(desk: Desk) -> Desk:
    """The plug-in of a courier that sells labels."""
    if not desk.capability.labels:
        pytest.skip("it sells no labels")
    return desk


@pytest.fixture
def through(labels: Desk, proxy: Proxy) -> Desk:
    """The same, through the proxy."""
    return labels.at(proxy.address)


@pytest.fixture
def abroad(trial: CourierTrial) -> str:
    if trial.abroad is None:
        pytest.skip("it stays within the country")
    return trial.abroad
