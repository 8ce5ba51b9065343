"""Of a picture that very many show each call follows some, and the next goes on where it ended, whatever dies, comes twice or late."""

from datetime import timedelta
from itertools import count

import pytest

from functions.pictures.takedowns.moderation_service import ENOUGH, ModerationService
from functions.pictures.takedowns.walk_store import WalkStore
from shared.aws.packing import unpacked
from shared.bus import opened
from shared.pictures.picture_messages import ContentModerated, ContentWalkContinued
from tests.fakes import sqs
from tests.unit.pictures.commons.test_commons import GTIN
from tests.unit.pictures.conftest import Pictures
from tests.unit.pictures.contents.test_arrivals import items
from tests.unit.pictures.takedowns.test_notices import Hub

MOST = 2


@pytest.fixture
def hub(pictures: Pictures) -> Hub:
    services = pictures.services
    walks = WalkStore("pictures-test", services.clock)
    moderation = ModerationService(services.picture_store, services.content_store, services.served, walks, MOST)
    vars(services)["moderation"] = moderation
    return Hub(pictures)


def used(hub: Hub, takers: int = 5) -> tuple[str, dict[str, str]]:
    """A content that two sent and others took: its id, and each picture's account."""
    content_id, all_of_them = hub.commons.given(), {hub.commons.send("acc_3"): "acc_3"}
    for n in range(takers):
        all_of_them[hub.commons.choose(content_id, by=f"acc_t{n}", gtin=GTIN).body["picture_id"]] = f"acc_t{n}"
    return content_id, all_of_them


def steps(hub: Hub) -> list[ContentWalkContinued]:
    return [message for message in map(opened, hub.told) if isinstance(message, ContentWalkContinued)]


def carried_out(hub: Hub) -> None:
    """Hand on until nothing more is told."""
    before = -1
    while len(hub.told) != before:
        before = len(hub.told)
        hub.publish()


def test_all_follow_some_in_each_call_and_none_is_looked_at_twice(hub: Hub) -> None:
    content_id, all_of_them = used(hub)
    hub.notice(content_id)
    carried_out(hub)
    assert {hub.state(picture_id, by) for picture_id, by in all_of_them.items()} == {"hidden"}
    assert [step.version for step in steps(hub)] == [1, 2, 3]
    places = [step.after for step in steps(hub)]
    assert places == sorted(set(places))


def test_a_message_that_comes_twice_or_late_goes_on_from_its_own_place(hub: Hub) -> None:
    content_id, all_of_them = used(hub)
    notice_id = hub.notice(content_id).body["notice_id"]
    carried_out(hub)
    hub.decide(content_id, notice_id, upheld=False)
    late = list(hub.told)
    carried_out(hub)
    assert hub.pictures.worker(sqs(*late), None) == {"batchItemFailures": []}
    carried_out(hub)
    assert {hub.state(picture_id, by) for picture_id, by in all_of_them.items()} == {"shown"}
    assert {hub.event(picture_id).version for picture_id in all_of_them} == {3}


def test_where_time_runs_out_the_next_call_goes_on(hub: Hub) -> None:
    content_id, all_of_them = used(hub)
    hub.notice(content_id)
    (text,) = [unpacked(item["event"]) for item in items() if item["sk"]["S"] == "content"]
    message, looks = opened(text), count()
    assert isinstance(message, ContentModerated)
    hub.pictures.services.moderation.follow(message, lambda: ENOUGH if next(looks) < 1 else timedelta(0))
    assert len([1 for picture_id, by in all_of_them.items() if hub.state(picture_id, by) == "hidden"]) <= 1
    hub.told.append(text)
    carried_out(hub)
    assert {hub.state(picture_id, by) for picture_id, by in all_of_them.items()} == {"hidden"}


def test_without_time_for_a_single_one_it_comes_again(hub: Hub) -> None:
    content_id, _ = used(hub, 0)
    hub.notice(content_id)
    (text,) = [unpacked(item["event"]) for item in items() if item["sk"]["S"] == "content"]
    message = opened(text)
    assert isinstance(message, ContentModerated)
    with pytest.raises(TimeoutError):
        hub.pictures.services.moderation.follow(message, lambda: timedelta(0))


def test_who_shows_it_reads_the_notices_however_many_show_it(hub: Hub) -> None:
    content_id, _ = used(hub)
    hub.notice(content_id)
    assert [hub.seen(content_id, by) for by in ("acc_3", "acc_t4", "acc_t", "acc_99")] == [["hidden"], ["hidden"], [], []]
