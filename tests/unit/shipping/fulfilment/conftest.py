"""An order by a courier that only computes, and questions for its units."""

import pytest

from tests.unit.shipping.conftest import a_day
from tests.unit.shipping.events import TARIFF, accepted, question


@pytest.fixture
def ask(services):
    return lambda *about, **more: services.unit_withdrawals(a_day).answer(question(*about, **more))


@pytest.fixture
def ship(fulfilment, install):
    """Confirm the order by a courier that only computes."""
    return lambda *lines: fulfilment.order_confirmed(accepted(install("table_rate", TARIFF), *lines))
