"""A shop whose payments lie at a provider far away, and one payment of it that is captured."""

from collections.abc import Callable

import pytest

from functions.payments.lifecycle.payment import Payment
from tests.unit.payments.kit import Shop
from tests.unit.payments.remote import Remote, Remotes


@pytest.fixture
def remote() -> Remote:
    return Remote()


@pytest.fixture
def shop(make_table: Callable[[str], str], remote: Remote) -> Shop:
    shop = Shop(make_table("payments"), registry=Remotes(remote=remote))
    shop.install("remote", {})
    return shop


@pytest.fixture
def paid(shop: Shop) -> Payment:
    captured = shop.payments.capture(shop.pay(amount=1000))
    shop.store.told.clear()
    return captured
