"""localstripe, with the kit's proxy before it."""

from collections.abc import Iterator

import pytest

from conformance.proxy import Proxy
from functions.payments.plugins.stripe.trial import start


@pytest.fixture(scope="session")
def localstripe() -> Iterator[str]:
    """Stripe's stand-in; answers its address."""
    with start() as address:
        yield address


@pytest.fixture
def proxy(localstripe: str) -> Iterator[Proxy]:
    """Between the plug-in and localstripe, without a fault."""
    with Proxy(localstripe) as between:
        yield between
