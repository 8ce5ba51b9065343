"""What an owner or an operator sends again after a lost answer is answered as the first was, and changes nothing more."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import pytest

from functions.storefronts.configuration.storefront import Storefront
from functions.storefronts.configuration.storefront_store import StorefrontStore
from tests.dynamodb import losing_answer
from tests.fakes import Reply
from tests.unit.storefronts.service import StorefrontsService

Ask = Callable[[StorefrontsService, str], Reply]
ASKS: dict[str, Ask] = {
    "change": lambda service, id_: service.changed(id_, 2, name="Lamp"),
    "suspension": lambda service, id_: service.sanctioned(id_, "suspension", reason="sold copies"),
    "reinstatement": lambda service, id_: service.sanctioned(id_, "reinstatement"),
}


def prepared(service: StorefrontsService, what: str) -> str:
    """A storefront of version 2, of which `what` makes version 3."""
    id_ = str(service.opened().body["id"])
    second = service.sanctioned(id_, "suspension", reason="late") if what == "reinstatement" else service.changed(id_, 1, name="Second")
    assert second.body["version"] == 2
    return id_


@pytest.mark.parametrize("what", ASKS)
def test_what_is_sent_twice_is_answered_twice_alike(service: StorefrontsService, what: str) -> None:
    id_ = prepared(service, what)
    first, again = ASKS[what](service, id_), ASKS[what](service, id_)
    assert (first.status, first.body["version"]) == (200, 3)
    assert again == first


@pytest.mark.parametrize("number", range(1, 4))
@pytest.mark.parametrize("what", ASKS)
def test_after_any_lost_answer_the_same_again_is_answered_as_the_first(service: StorefrontsService, what: str, number: int) -> None:
    id_ = prepared(service, what)
    with losing_answer(number), suppress(ConnectionError):
        ASKS[what](service, id_)
    again = ASKS[what](service, id_)
    assert (again.status, again.body["version"]) == (200, 3)


class Repeating(StorefrontStore):
    """Each write is sent twice, as AWS's client does when it heard no answer: the second meets the first."""

    def save(self, storefront: Storefront, now: datetime, claim: str = "") -> bool:
        super().save(storefront, now, claim)
        return super().save(storefront, now, claim)


@pytest.mark.parametrize("what", ASKS)
def test_a_write_that_awss_client_repeats_is_known_as_ones_own(service: StorefrontsService, what: str) -> None:
    id_ = prepared(service, what)
    vars(service.services)["storefront_store"] = Repeating(service.table)
    vars(service.services).pop("storefronts", None)
    again = ASKS[what](service, id_)
    assert (again.status, again.body["version"]) == (200, 3)


def test_another_change_of_an_older_version_is_refused_still(service: StorefrontsService) -> None:
    id_ = prepared(service, "change")
    assert service.changed(id_, 2, name="Lamp").status == 200
    assert service.changed(id_, 3, name="Torch").body["version"] == 4
    stale = service.changed(id_, 2, name="Lamp")
    assert (stale.status, stale.body["type"]) == (409, "urn:monsoon:problem:storefront-changed")


def test_the_thirtieth_change_of_a_minute_is_answered_again_too(service: StorefrontsService) -> None:
    id_ = prepared(service, "change")
    for version in range(2, 31):
        assert service.changed(id_, version, name=f"Lamp {version}").status == 200
    assert service.changed(id_, 30, name="Lamp 30").status == 200
