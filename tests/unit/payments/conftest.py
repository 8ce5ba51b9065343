"""A shop whose payments lie at a provider far away."""

from collections.abc import Callable

import pytest

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
