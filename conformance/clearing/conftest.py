"""What the clearing checks share."""

from typing import Any

import pytest

from conformance.clearing.clearing_under_trial import ClearingUnderTrial
from conformance.proxy import Proxy
from monsoon_plugin.testing import ClearingTrial


@pytest.fixture
def clearing(plugin: Any, trial: ClearingTrial, standin: str) -> ClearingUnderTrial:
    """The plug-in at its stand-in."""
    return ClearingUnderTrial(plugin, trial, standin, {})


@pytest.fixture
def payer(clearing: ClearingUnderTrial) -> ClearingUnderTrial:
    """A plug-in that pays."""
    if not clearing.capability.pays:
        pytest.skip("it pays nobody")
    return clearing


@pytest.fixture
def through(payer: ClearingUnderTrial, proxy: Proxy) -> ClearingUnderTrial:
    """The same, through the proxy."""
    return payer.at(proxy.address)


@pytest.fixture
def reader(clearing: ClearingUnderTrial) -> ClearingUnderTrial:
    """A plug-in that reads statements."""
    if clearing.trial.statement is None:
        pytest.skip("it reads no statements")
    return clearing


@pytest.fixture
def noticed(clearing: ClearingUnderTrial) -> ClearingUnderTrial:
    """A plug-in whose provider sends notices."""
    if clearing.trial.notice is None:
        pytest.skip("nobody sends it notices")
    return clearing
