"""What an operator decides on a supplier and sends again after a lost answer is answered as the first was, and is one decision."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

import pytest

from functions.catalog import handler
from functions.catalog.bootstrap import Services, Settings
from functions.catalog.sanctions.supplier_standing import SupplierStanding
from functions.catalog.sanctions.supplier_standing_store import StandingStore
from functions.catalog.sanctions.suspension_service import SuspensionService
from shared.api.service import Service
from shared.optimistic_retry import AT_ONCE
from tests.dynamodb import losing_answer
from tests.fakes import TICKETS, FakeClock, Reply, call, caller

SUPPLIER = "acc_00000000000000000000000001"


class Repeating(StandingStore):
    """Each write is sent twice, as AWS's client does when it heard no answer: the second meets the first."""

    def save_standing(self, standing: SupplierStanding, now: datetime) -> bool:
        super().save_standing(standing, now)
        return super().save_standing(standing, now)


@pytest.fixture
def table(make_table: Callable[[str], str]) -> str:
    return make_table("catalog")


def app(table: str, **parts: Any) -> Service:
    services = Services(Settings(table), tickets=TICKETS, retry=AT_ONCE, send_job=lambda job, delay: None, **parts)
    return Service("catalog", lambda: services, handler.ROUTES)


def ask(app: Service, what: str) -> Reply:
    body = {"reason": "papers are missing"} if what == "suspension" else None
    path = "/v1/suppliers/{supplier_id}/" + what
    return call(app, "POST", path, path={"supplier_id": SUPPLIER}, body=body, by=caller("acc_0", "operator"))


def prepare(app: Service, what: str) -> int:
    """Let there be something to reinstate; answers the version that `what` makes."""
    return int(ask(app, "suspension").body["version"]) + 1 if what == "reinstatement" else 1


@pytest.mark.parametrize("what", ["suspension", "reinstatement"])
@pytest.mark.parametrize("number", range(4))
def test_the_same_again_is_answered_as_the_first_whatever_answer_was_lost(table: str, what: str, number: int) -> None:
    catalog = app(table)
    version = prepare(catalog, what)
    with losing_answer(number), suppress(ConnectionError):
        ask(catalog, what)
    first, again = ask(catalog, what), ask(catalog, what)
    assert (first.status, first.body["version"]) == (200, version)
    assert again == first


@pytest.mark.parametrize("what", ["suspension", "reinstatement"])
def test_a_write_that_awss_client_repeats_is_known_as_ones_own(table: str, what: str) -> None:
    version = prepare(app(table), what)
    repeating = app(table, suspensions=SuspensionService(Repeating(table), FakeClock(), AT_ONCE))
    assert ask(repeating, what).body["version"] == version
