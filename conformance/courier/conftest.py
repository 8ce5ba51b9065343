"""What the courier checks share."""

from typing import Any

import pytest

from conformance.courier.courier_under_trial import CourierUnderTrial
from conformance.proxy import Proxy
from monsoon_plugin.testing import CourierTrial


@pytest.fixture
def courier(plugin: Any, trial: CourierTrial, standin: str) -> CourierUnderTrial:
    """The plug-in at its stand-in."""
    return CourierUnderTrial(plugin, trial, standin, {})


@pytest.fixture
def labels(courier: CourierUnderTrial) -> CourierUnderTrial:
    """The plug-in of a courier that sells labels."""
    if not courier.capability.labels:
        pytest.skip("it sells no labels")
    return courier


@pytest.fixture
def through(labels: CourierUnderTrial, proxy: Proxy) -> CourierUnderTrial:
    """The same, through the proxy."""
    return labels.at(proxy.address)


@pytest.fixture
def abroad(trial: CourierTrial) -> str:
    if trial.abroad is None:
        pytest.skip("it stays within the country")
    return trial.abroad
