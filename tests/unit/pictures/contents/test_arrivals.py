"""A file that arrived is read once, kept once whoever sends it, and what became of it is told with its picture."""

from datetime import timedelta
from typing import Any

import pytest

from functions.pictures.contents.arrival_service import MOST_ATTEMPTS
from shared.aws.packing import unpacked
from shared.bus import opened
from shared.pictures.picture_messages import PictureRefused, PictureShown
from tests.conftest import aws
from tests.contract.largest.sizes import item_bytes
from tests.unit.pictures.conftest import ACCOUNT, MEDIA, SENT, URL, Pictures, keys
from tests.unit.pictures.samples import photo

PHOTO = photo(900, 600)


def items() -> list[dict[str, Any]]:
    return list(aws("dynamodb").scan(TableName="pictures-test")["Items"])


def events() -> list[Any]:
    return [opened(unpacked(item["event"])) for item in items() if "event" in item]


def test_a_picture_is_read_kept_and_told_and_its_file_taken_away(pictures: Pictures) -> None:
    found = pictures.send(PHOTO)
    (told,) = events()
    assert isinstance(told, PictureShown)
    assert (told.picture_id, told.account_id, told.version) == (found["picture_id"], ACCOUNT, 1)
    content = told.shown.content
    assert keys(SENT) == [f"originals/{content}"]
    assert aws("s3").get_object(Bucket=SENT, Key=f"originals/{content}")["Body"].read() == PHOTO
    assert keys(MEDIA) == [f"{content}/{name}" for name in ("1280.jpg", "1280.webp", "320.webp", "640.webp")]
    served = aws("s3").get_object(Bucket=MEDIA, Key=f"{content}/640.webp")
    assert (served["ContentType"], served["CacheControl"]) == ("image/webp", "public, max-age=300, s-maxage=31536000")
    shown = found["shown"]
    assert (found["state"], shown["width"], shown["height"], shown["colour"]) == ("shown", 900, 600, told.shown.colour)
    assert [each["url"] for each in shown["sizes"]] == [f"{URL}/{content}/{size}.webp" for size in (320, 640, 1280)]
    assert shown["blur"].startswith("data:image/webp;base64,")


def test_the_same_bytes_of_a_thousand_suppliers_are_one_object_and_are_read_once(pictures: Pictures) -> None:
    ours = pictures.send(PHOTO)
    theirs = pictures.send(PHOTO, account="acc_2")
    assert ours["shown"] == theirs["shown"]
    assert (pictures.rendered, len(keys(SENT)), len(keys(MEDIA))) == (1, 1, 4)
    content = events()[0].shown.content
    assert set(pictures.services.content_store.senders(content)) == {(ACCOUNT, ours["picture_id"]), ("acc_2", theirs["picture_id"])}


def test_two_who_send_the_same_bytes_at_once_leave_one_content(pictures: Pictures) -> None:
    """The other's is kept between this one's look and its write."""
    first, second = pictures.put(PHOTO), pictures.put(PHOTO, account="acc_2")
    render = pictures.services.arrivals._render

    def meanwhile(body: bytes) -> Any:
        pictures.services.arrivals._render = render
        pictures.arrive(second, "acc_2")
        return render(body)

    pictures.services.arrivals._render = meanwhile
    assert pictures.arrive(first) == {"batchItemFailures": []}
    assert len([item for item in items() if item["sk"]["S"] == "content"]) == 1
    assert {told.shown for told in events()} == {events()[0].shown}
    assert len(keys(MEDIA)) == 4


def test_a_message_that_comes_twice_or_late_changes_nothing(pictures: Pictures) -> None:
    picture_id = pictures.put(PHOTO)
    pictures.arrive(picture_id)
    before = items()
    assert pictures.arrive(picture_id, attempt=MOST_ATTEMPTS + 1) == {"batchItemFailures": []}
    assert (items(), pictures.rendered) == (before, 1)


@pytest.mark.parametrize("part", ["keep", "drop"])
def test_a_process_that_ends_half_way_is_taken_up_where_it_ended(pictures: Pictures, part: str) -> None:
    """It fails once at what it does before it tells, and at what it does after."""
    picture_id, files = pictures.put(PHOTO), pictures.services.arrivals._files
    whole = getattr(files, part)

    def fail(*given: Any) -> None:
        setattr(files, part, whole)
        raise ConnectionError

    setattr(files, part, fail)
    assert len(pictures.arrive(picture_id)["batchItemFailures"]) == 1
    assert pictures.arrive(picture_id, attempt=2) == {"batchItemFailures": []}
    assert pictures.look(picture_id).body["state"] == "shown"
    assert (len(events()), len(keys(SENT)), len(keys(MEDIA))) == (1, 1, 4)


def test_what_is_no_picture_is_told_by_name_and_not_kept(pictures: Pictures) -> None:
    found = pictures.send(b"<!doctype html><script>alert(1)</script>")
    (told,) = events()
    assert isinstance(told, PictureRefused)
    assert (told.code, told.version, "HTML" in told.reason, "HTML" in told.reason_zh) == ("wrong-type", 1, True, True)
    assert (found["state"], found["broken"]["code"], found["broken"]["detail"]) == ("broken", "wrong-type", told.reason)
    assert (keys(SENT), keys(MEDIA)) == ([], [])


def test_bytes_that_are_not_those_that_were_announced_are_refused(pictures: Pictures) -> None:
    assert pictures.send(PHOTO, sha256="0" * 64)["broken"]["code"] == "other-bytes"


def test_a_picture_that_ended_its_reader_three_times_is_told_to_be_broken_without_a_look(pictures: Pictures) -> None:
    picture_id = pictures.put(PHOTO)
    assert pictures.arrive(picture_id, attempt=MOST_ATTEMPTS + 1) == {"batchItemFailures": []}
    assert (pictures.look(picture_id).body["broken"]["code"], pictures.rendered) == ("unreadable", 0)


def test_another_content_never_takes_the_place_of_one_with_its_id(pictures: Pictures) -> None:
    pictures.send(PHOTO)
    aws("dynamodb").update_item(
        TableName="pictures-test", Key={"pk": {"S": events()[0].shown.content}, "sk": {"S": "content"}},
        UpdateExpression="SET sha256 = :other", ExpressionAttributeValues={":other": {"S": "f" * 64}},
    )  # fmt: skip
    assert pictures.send(PHOTO, account="acc_2")["broken"]["code"] == "unreadable"


def test_a_place_and_a_broken_picture_expire_and_one_that_is_shown_does_not(pictures: Pictures) -> None:
    shown, broken, awaited = pictures.send(PHOTO)["picture_id"], pictures.send(b"GIF8", "k2")["picture_id"], pictures.put(b"x", "k3")
    ends = {item["sk"]["S"]: int(item["expires_at"]["N"]) for item in items() if "expires_at" in item}
    days = {key: timedelta(seconds=at - pictures.clock.now.timestamp()).days for key, at in ends.items()}
    assert (days, shown in days) == ({broken: 90, awaited: 7}, False)


def test_what_arrives_where_no_place_was_opened_is_passed_over(pictures: Pictures) -> None:
    assert pictures.arrive("pic_unknown") == {"batchItemFailures": []}
    assert pictures.arrive("a/b/c") == {"batchItemFailures": []}
    assert items() == []


@pytest.mark.parametrize(("known", "most"), [(False, 10), (True, 4)])
def test_new_bytes_cost_ten_write_units_at_most_and_known_ones_four(pictures: Pictures, known: bool, most: int) -> None:
    """Each write is of one item of less than a kilobyte, in no transaction and under no index; a picture's own item is written twice."""
    if known:
        pictures.send(PHOTO, account="acc_2")
    before = items()
    pictures.send(PHOTO)
    written = [item for item in items() if item not in before]
    assert max(item_bytes(item) for item in written) < 1024
    assert len(written) + 1 <= most
