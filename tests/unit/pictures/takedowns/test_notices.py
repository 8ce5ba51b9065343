"""A notice hides a picture wherever it is shown, an answer has it decided, and all of it is on record for both sides."""

from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from functions.pictures.takedowns.notice import MOST_A_DAY, TRUSTED_UNTIL
from shared.aws.packing import unpacked
from shared.bus import opened
from shared.pictures.picture_messages import ContentModerated, ContentWalkContinued, PictureHidden, PictureShown
from tests.conftest import aws
from tests.fakes import Reply, call, caller, sqs
from tests.unit.pictures.commons.test_commons import GTIN, Commons, problem
from tests.unit.pictures.conftest import ACCOUNT, MEDIA, SENT, Pictures, keys
from tests.unit.pictures.contents.test_arrivals import items
from tests.unit.pictures.samples import photo

PHOTO = photo(90, 60)
OWNER = "acc_owner"
STATEMENT = "I took this photograph and licensed it to nobody."
NAMES = ["1280.jpg", "320.webp"]


class Hub:
    """The service, asked by who shows pictures, who objects, and who decides."""

    def __init__(self, pictures: Pictures) -> None:
        self.pictures, self.commons, self.told = pictures, Commons(pictures), list[Any]()

    def ask(self, method: str, route: str, by: str, role: str = "", *, body: Any = None, key: str = "", **path: str) -> Reply:
        headers = {"idempotency-key": key} if key else {}
        return call(self.pictures.app, method, route, body=body, path=path, by=caller(by, *([role] if role else [])), headers=headers)

    def notice(self, content_id: str, by: str = OWNER, key: str = "n1", ground: str = "copyright") -> Reply:
        body = {"ground": ground, "name": "Ada Lens", "statement": STATEMENT, "good_faith": True}
        return self.ask("POST", "/v1/commons/pictures/{content_id}/notices", by, body=body, key=key, content_id=content_id)

    def counter(self, picture_id: str, by: str = ACCOUNT, key: str = "c1") -> Reply:
        body, route = {"statement": "I took it myself, in my own shop."}, "/v1/pictures/{picture_id}/counter-notices"
        return self.ask("POST", route, by, "supplier", body=body, key=key, picture_id=picture_id)

    def decide(self, content_id: str, notice_id: str, upheld: bool) -> Reply:
        route = "/v1/commons/pictures/{content_id}/notices/{notice_id}/decision"
        path = {"content_id": content_id, "notice_id": notice_id}
        return self.ask("PUT", route, "acc_op", "operator", body={"upheld": upheld, "reason": "looked at"}, **path)

    def seen(self, content_id: str, by: str) -> list[str]:
        found = self.ask("GET", "/v1/commons/pictures/{content_id}/notices", by, content_id=content_id).body["items"]
        return [each["state"] for each in found]

    def publish(self) -> None:
        """Hand on what the content's item tells, as its stream does; keeps what the others are told."""
        for item in items():
            text = unpacked(item["event"]) if "event" in item else ""
            if text and text not in self.told and isinstance(opened(text), ContentModerated | ContentWalkContinued):
                self.told.append(text)
                assert self.pictures.worker(sqs(text), None) == {"batchItemFailures": []}

    def state(self, picture_id: str, by: str = ACCOUNT) -> str:
        return str(self.pictures.look(picture_id, by).body["state"])

    def event(self, picture_id: str) -> Any:
        """The last that was told of a picture."""
        (found,) = [opened(unpacked(item["event"])) for item in items() if item["sk"]["S"] == picture_id]
        return found


@pytest.fixture
def hub(pictures: Pictures) -> Hub:
    return Hub(pictures)


def shared(hub: Hub) -> tuple[str, dict[str, str]]:
    """A content that one account sent twice, another sent too, and a third took: its id, and each picture's account."""
    first = hub.commons.send()
    content_id = hub.commons.give(first).body["content_id"]
    taken = hub.commons.choose(content_id).body["picture_id"]
    return content_id, {first: ACCOUNT, hub.commons.send(key="k2"): ACCOUNT, hub.commons.send("acc_3"): "acc_3", taken: "acc_2"}


def test_a_notice_hides_its_files_and_every_picture_that_shows_it_and_says_why(hub: Hub) -> None:
    content_id, all_of_them = shared(hub)
    answer = hub.notice(content_id)
    assert (answer.status, answer.body["state"], keys(MEDIA)) == (201, "hidden", [f"{content_id}/{name}" for name in NAMES])
    hub.publish()
    assert keys(MEDIA) == []
    assert [key for key in keys(SENT) if key.startswith("hidden/")] == [f"hidden/{content_id}/{name}" for name in NAMES]
    assert {hub.state(picture_id, by) for picture_id, by in all_of_them.items()} == {"hidden"}
    for picture_id in all_of_them:
        told = hub.event(picture_id)
        assert isinstance(told, PictureHidden)
        assert (told.content, told.code, told.version) == (content_id, "copyright", 2)
    assert hub.pictures.look(next(iter(all_of_them))).body["hidden"]["ground"] == "copyright"
    assert (hub.commons.look(content_id).status, hub.commons.choose(content_id, by="acc_7", sku="Z").status) == (404, 404)


def test_a_counter_notice_and_a_decision_bring_it_back_as_it_was_and_both_sides_read_all_of_it(hub: Hub) -> None:
    content_id, all_of_them = shared(hub)
    before = aws("s3").get_object(Bucket=MEDIA, Key=f"{content_id}/320.webp")
    body = before["Body"].read()
    notice_id = hub.notice(content_id).body["notice_id"]
    hub.publish()
    picture_id = next(iter(all_of_them))
    assert hub.counter(picture_id).body["state"] == "countered"
    (waiting,) = hub.ask("GET", "/v1/notices", "acc_op", "operator").body["items"]
    assert (waiting["notice_id"], waiting["counter"]["text"]) == (notice_id, "I took it myself, in my own shop.")
    hub.publish()
    assert keys(MEDIA) == [], "it is hidden until it is decided"
    assert hub.decide(content_id, notice_id, upheld=False).body["state"] == "rejected"
    hub.publish()
    after = aws("s3").get_object(Bucket=MEDIA, Key=f"{content_id}/320.webp")
    assert (after["Body"].read(), after["CacheControl"], after["ContentType"]) == (body, before["CacheControl"], before["ContentType"])
    assert {hub.state(each, by) for each, by in all_of_them.items()} == {"shown"}
    assert {(type(told := hub.event(each)), told.version) for each in all_of_them} == {(PictureShown, 3)}
    assert hub.seen(content_id, OWNER) == hub.seen(content_id, ACCOUNT) == hub.seen(content_id, "acc_2") == ["rejected"]
    assert hub.ask("GET", "/v1/notices", "acc_op", "operator").body["items"] == []


def test_what_is_upheld_is_gone_for_good_whoever_sends_the_same_bytes_again(hub: Hub) -> None:
    content_id, all_of_them = shared(hub)
    hub.notice(content_id)
    hub.publish()
    notice_id = hub.counter(next(iter(all_of_them))).body["notice_id"]
    hub.decide(content_id, notice_id, upheld=True)
    hub.publish()
    assert (keys(MEDIA), keys(SENT)) == ([], [])
    later = hub.pictures.send(PHOTO, "k9", "acc_8")
    assert (later["state"], later["hidden"]["ground"], keys(MEDIA)) == ("hidden", "copyright", [])
    assert problem(hub.decide(content_id, notice_id, upheld=False)) == "already-decided"
    assert hub.decide(content_id, notice_id, upheld=True).status == 200


def test_a_picture_that_two_object_to_is_back_when_neither_notice_stands(hub: Hub) -> None:
    picture_id = hub.commons.send()
    content_id = hub.commons.give(picture_id).body["content_id"]
    first = hub.notice(content_id).body["notice_id"]
    hub.pictures.clock.now += timedelta(seconds=1)
    second = hub.notice(content_id, "acc_other", ground="likeness").body["notice_id"]
    hub.publish()
    assert hub.counter(picture_id).body["notice_id"] == first
    hub.decide(content_id, first, upheld=False)
    hub.publish()
    assert (hub.state(picture_id), hub.event(picture_id).code) == ("hidden", "likeness")
    hub.decide(content_id, second, upheld=False)
    hub.publish()
    assert hub.state(picture_id) == "shown"


def test_the_same_request_twice_is_one_notice_and_another_under_its_key_is_refused(hub: Hub) -> None:
    content_id = hub.commons.given()
    assert hub.notice(content_id).body["notice_id"] == hub.notice(content_id).body["notice_id"]
    assert problem(hub.notice(content_id, ground="privacy")) == "idempotency-key-reused"
    assert hub.seen(content_id, OWNER) == ["hidden"]


def test_an_account_sends_so_many_a_day(hub: Hub) -> None:
    content_id = hub.commons.given()
    found = [hub.notice(content_id, key=f"n{n}").status for n in range(MOST_A_DAY + 1)]
    assert found == [201] * MOST_A_DAY + [429]
    hub.pictures.clock.now = hub.pictures.clock.now.replace(day=hub.pictures.clock.now.day + 1)
    assert hub.notice(content_id, key="tomorrow").status == 201


def test_who_was_wrong_three_times_hides_nothing_before_an_operator_looked(hub: Hub) -> None:
    content_id = hub.commons.given()
    for n in range(TRUSTED_UNTIL):
        hub.decide(content_id, hub.notice(content_id, key=f"n{n}").body["notice_id"], upheld=False)
    waits = hub.notice(content_id, key="again")
    hub.publish()
    assert (waits.body["state"], len(keys(MEDIA))) == ("waiting", 2)
    assert hub.notice(content_id, by="acc_new").body["state"] == "hidden", "it is the account's own record"
    hub.decide(content_id, waits.body["notice_id"], upheld=True)
    hub.publish()
    assert keys(MEDIA) == []


def test_what_somebody_else_said_is_shown_to_neither_side_of_another_picture(hub: Hub) -> None:
    content_id = hub.commons.given()
    hub.notice(content_id)
    assert hub.seen(content_id, "acc_stranger") == []
    picture_id = hub.commons.send("acc_5", photo(33, 33))
    assert problem(hub.counter(picture_id, "acc_5")) == "nothing-to-counter"
    assert hub.counter(picture_id, "acc_6").status == 404
    assert hub.notice("img_01JAF3M0Q8W7V5T4S3R2P1N0MK").status == 404


def test_a_message_that_comes_twice_late_or_half_done_leaves_what_the_content_says_now(hub: Hub) -> None:
    picture_id = hub.commons.send()
    content_id = hub.commons.give(picture_id).body["content_id"]
    notice_id = hub.notice(content_id).body["notice_id"]
    hub.publish()
    hub.decide(content_id, notice_id, upheld=False)
    hub.publish()
    late = hub.told[0]
    assert hub.pictures.worker(sqs(late, late), None) == {"batchItemFailures": []}
    assert (hub.state(picture_id), len(keys(MEDIA)), hub.event(picture_id).version) == ("shown", 2, 3)


def test_a_worker_that_dies_half_way_is_taken_up(hub: Hub) -> None:
    content_id, all_of_them = shared(hub)
    hub.notice(content_id)
    store = hub.pictures.services.picture_store
    whole, left = store.settle, [2]

    def settle(*given: Any) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise ConnectionError
        whole(*given)

    hub.pictures.services.moderation._pictures = type("Dies", (), {"get": store.get, "settle": staticmethod(settle)})()
    text = next(unpacked(item["event"]) for item in items() if item["sk"]["S"] == "content")
    assert len(hub.pictures.worker(sqs(text), None)["batchItemFailures"]) == 1
    hub.pictures.services.moderation._pictures = store
    hub.publish()
    assert {hub.state(each, by) for each, by in all_of_them.items()} == {"hidden"}
    assert {hub.event(each).version for each in all_of_them} == {2}


def test_a_picture_that_is_read_while_its_content_is_hidden_is_hidden_too(hub: Hub) -> None:
    """The notice comes between the reader's look at the content and its write."""
    content_id = hub.commons.given()
    picture_id = hub.pictures.put(PHOTO, account="acc_4")
    contents = hub.pictures.services.arrivals._contents
    grant = contents.grant

    def meanwhile(*given: Any) -> None:
        hub.notice(content_id)
        hub.publish()
        grant(*given)

    contents.grant = meanwhile  # type: ignore[method-assign]
    hub.pictures.arrive(picture_id, "acc_4")
    assert hub.state(picture_id, "acc_4") == "hidden"


def test_a_reader_that_dies_before_it_hides_a_picture_hides_it_when_it_comes_again(hub: Hub) -> None:
    hub.notice(hub.commons.given())
    picture_id = hub.pictures.put(PHOTO, account="acc_4")
    store, times = hub.pictures.services.picture_store, count()

    class Dies:
        get = store.get

        def settle(self, *given: Any) -> None:
            if next(times):
                raise ConnectionError
            store.settle(*given)

    hub.pictures.services.arrivals._pictures = Dies()  # type: ignore[assignment]
    assert hub.pictures.arrive(picture_id, "acc_4")["batchItemFailures"]
    assert hub.state(picture_id, "acc_4") == "shown"
    hub.pictures.services.arrivals._pictures = store
    hub.pictures.arrive(picture_id, "acc_4")
    assert hub.state(picture_id, "acc_4") == "hidden"


def test_a_choice_in_the_moment_of_a_notice_is_not_made(hub: Hub) -> None:
    content_id = hub.commons.given()
    commons = hub.pictures.services.commons
    whole = commons._commons.use

    def meanwhile(*given: Any) -> bool:
        hub.notice(content_id)
        return bool(whole(*given))

    commons._commons = replace_use(commons._commons, meanwhile)
    assert hub.commons.choose(content_id, gtin=GTIN).status == 404
    assert [item for item in items() if item["sk"]["S"].startswith("use#")] == []


def replace_use(store: Any, use: Any) -> Any:
    """The store, with another way to use."""
    store.use = use
    return store
