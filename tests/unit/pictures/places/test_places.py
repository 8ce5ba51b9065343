"""A supplier gets a place for each picture, and sees what became of its own."""

from PIL import Image

from tests.conftest import aws
from tests.fakes import call, caller
from tests.unit.pictures.conftest import ACCOUNT, SENT, Pictures
from tests.unit.pictures.samples import photo


def test_a_picture_gets_one_id_and_a_place_bound_to_its_type_length_and_checksum(pictures: Pictures) -> None:
    body = b"abc"
    answer = pictures.open(body, content_type="image/png")
    upload = answer.body["upload"]
    assert answer.status == 201
    assert upload["headers"]["content-length"] == "3"
    assert upload["headers"]["x-amz-checksum-sha256"] == "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="
    assert f"sent/{ACCOUNT}/{answer.body['picture_id']}" in upload["url"]
    assert pictures.open(body, content_type="image/png").body["picture_id"] == answer.body["picture_id"]
    assert pictures.open(body + b"d", content_type="image/png").status == 422, "the same key with another file"


def test_what_is_too_large_or_of_another_type_is_refused_before_it_is_sent(pictures: Pictures) -> None:
    large = pictures.open(b"", bytes=10_000_001)
    assert (large.status, [error["pointer"] for error in large.body["errors"]]) == (422, ["/bytes"])
    assert pictures.open(b"", content_type="image/svg+xml").body["errors"][0]["pointer"] == "/content_type"


def test_it_says_whether_its_file_came_and_is_looked_at(pictures: Pictures) -> None:
    picture_id = pictures.open(photo()).body["picture_id"]
    assert pictures.look(picture_id).body == {"picture_id": picture_id, "state": "missing"}
    aws("s3").put_object(Bucket=SENT, Key=f"sent/{ACCOUNT}/{picture_id}", Body=photo())
    assert pictures.look(picture_id).body["state"] == "reading"
    pictures.arrive(picture_id)
    assert pictures.look(picture_id).body["state"] == "shown"


def test_what_the_file_said_of_its_rights_is_shown_to_who_sent_it(pictures: Pictures) -> None:
    told = Image.Exif()
    told[0x8298] = "(c) Kiln"
    assert pictures.send(photo(exif=told))["rights"] == {"copyright": "(c) Kiln"}
    assert "rights" not in pictures.send(photo(301, 300), "k2")


def test_another_suppliers_picture_is_not_found(pictures: Pictures) -> None:
    picture_id = pictures.send(photo())["picture_id"]
    assert (pictures.look(picture_id, "acc_2").status, pictures.look("nonsense").status) == (404, 404)
    shopper = call(pictures.app, "GET", "/v1/pictures/{picture_id}", path={"picture_id": picture_id}, by=caller("acc_1", "shopper"))
    assert shopper.status == 403


def test_a_storefronts_owner_sends_a_logo_as_suppliers_send_pictures(pictures: Pictures) -> None:
    sent = pictures.send(photo())
    owner = call(
        pictures.app, "GET", "/v1/pictures/{picture_id}", path={"picture_id": sent["picture_id"]}, by=caller("acc_1", "storefront")
    )
    assert owner.status == 200
    assert owner.body["shown"]["sizes"][0]["url"].split("/")[-2] == owner.body["shown"]["content_id"], "what a shop's look names"
