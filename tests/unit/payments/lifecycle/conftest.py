"""One payment, captured at the provider far away."""

import pytest

from functions.payments.lifecycle.payment import Payment
from tests.unit.payments.kit import Shop


@pytest.fixture
def paid(shop: Shop) -> Payment:
    captured = shop.payments.capture(shop.pay(amount=1000))
    shop.store.told.clear()
    return captured
