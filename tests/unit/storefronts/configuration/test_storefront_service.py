"""Opening, changing, suspending and reinstating storefronts."""

from datetime import datetime

import pytest

from functions.storefronts.configuration.storefront import MOST_CHANGES, Configuration, Storefront, StorefrontChanged, TooManyChanges
from functions.storefronts.configuration.storefront_service import StorefrontService
from shared.api.idempotency import Idempotency, KeyReused
from shared.errors import Invalid, NotFound
from shared.optimistic_retry import AT_ONCE
from shared.trade.fx import Rates
from shared.trade.selection import PriceRule, Selection
from tests.fakes import FakeClock

CONFIGURATION = Configuration("Lantern", ("en",), Selection(categories=["hg"]), PriceRule(), True)
REQUEST = Idempotency("k1", "acc_1 POST /v1/storefronts", "f1")


class FakeStorefronts:
    """Storefronts in a dict; `rival` is changed first by somebody else so many times."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Storefront] = {}
        self.writes = self.rival = 0

    def get(self, account_id: str, storefront_id: str) -> Storefront | None:
        return self.kept.get((account_id, storefront_id))

    def save(self, storefront: Storefront, now: datetime, claim: str = "") -> bool:
        held = self.get(storefront.account_id, storefront.id)
        if self.rival or (held.version if held else 0) != storefront.version - 1:
            self.rival -= 1
            return False
        self.kept[storefront.account_id, storefront.id] = storefront
        self.writes += 1
        return True


@pytest.fixture
def kept() -> FakeStorefronts:
    return FakeStorefronts()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def storefronts(kept: FakeStorefronts, clock: FakeClock) -> StorefrontService:
    return StorefrontService(kept, lambda: frozenset({"hg"}), lambda: Rates("2026-10-30", {}), clock, AT_ONCE)


def test_a_request_opens_one_storefront_however_often_it_comes(storefronts: StorefrontService, kept: FakeStorefronts) -> None:
    assert storefronts.open("acc_1", CONFIGURATION, REQUEST) == storefronts.open("acc_1", CONFIGURATION, REQUEST)
    assert kept.writes == 1
    with pytest.raises(KeyReused):
        storefronts.open("acc_1", CONFIGURATION, Idempotency(REQUEST.key, REQUEST.scope, "f2"))


def test_a_contradictory_rule_is_neither_opened_nor_changed_to(storefronts: StorefrontService, kept: FakeStorefronts) -> None:
    wrong = Configuration("Lantern", ("en",), Selection(categories=["zz"]), PriceRule(), True)
    with pytest.raises(Invalid):
        storefronts.open("acc_1", wrong, REQUEST)
    made = storefronts.open("acc_1", CONFIGURATION, REQUEST)
    with pytest.raises(Invalid):
        storefronts.change("acc_1", made.id, 1, wrong)
    assert kept.writes == 1


def test_of_a_thousand_changes_a_minute_thirty_are_made(storefronts: StorefrontService, kept: FakeStorefronts, clock: FakeClock) -> None:
    held, refused = storefronts.open("acc_1", CONFIGURATION, REQUEST), []
    for _ in range(1000):
        clock.tick(milliseconds=55)
        try:
            held = storefronts.change("acc_1", held.id, held.version, CONFIGURATION)
        except TooManyChanges as problem:
            refused.append(problem)
    assert (kept.writes, held.version) == (1 + MOST_CHANGES, 1 + MOST_CHANGES)
    assert len(refused) == 1000 - MOST_CHANGES
    assert (refused[0].status, refused[0].code) == (429, "too-many-changes")
    clock.tick(seconds=refused[-1].more["retry_after"])
    assert storefronts.change("acc_1", held.id, held.version, CONFIGURATION).changes == 1


def test_a_suspension_is_the_next_version_and_saying_it_again_is_no_write(storefronts: StorefrontService, kept: FakeStorefronts) -> None:
    made = storefronts.open("acc_1", CONFIGURATION, REQUEST)
    suspended = storefronts.sanction("acc_1", made.id, "sold copies")
    assert storefronts.sanction("acc_1", made.id, "sold copies") == suspended
    assert (suspended.version, suspended.event.suspended, kept.writes) == (2, "sold copies", 2)
    assert storefronts.sanction("acc_1", made.id, "and lied about it").version == 3
    assert storefronts.sanction("acc_1", made.id, "").event.suspended == ""
    assert storefronts.sanction("acc_1", made.id, "").version == 4
    with pytest.raises(NotFound):
        storefronts.sanction("acc_2", made.id, "sold copies")


def test_an_owners_change_keeps_the_suspension(storefronts: StorefrontService) -> None:
    made = storefronts.open("acc_1", CONFIGURATION, REQUEST)
    storefronts.sanction("acc_1", made.id, "sold copies")
    assert storefronts.change("acc_1", made.id, 2, CONFIGURATION).suspended == "sold copies"


def test_a_suspension_outlasts_an_owner_who_changes_the_storefront_meanwhile(storefronts: StorefrontService, kept: FakeStorefronts) -> None:
    made = storefronts.open("acc_1", CONFIGURATION, REQUEST)
    kept.rival = 3
    assert storefronts.sanction("acc_1", made.id, "sold copies").suspended
    kept.rival = 9
    with pytest.raises(StorefrontChanged):
        storefronts.sanction("acc_1", made.id, "")
