"""What was read before looks were noted is found by what it looks like once the command has gone through, and it does nothing twice."""

from functions.pictures.contents.content_store import ContentStore
from tests.conftest import aws
from tests.unit.pictures.conftest import Pictures, pictures  # noqa: F401
from tests.unit.pictures.contents.test_arrivals import items
from tests.unit.pictures.noise import noise
from tests.unit.pictures.samples import halves
from tools.upgrade.look_at_pictures import SAY_EACH, Looked, look_at, originals_of

TABLE = "pictures-test"


def forgotten(pictures: Pictures, *bodies: bytes) -> list[dict[str, object]]:  # noqa: F811
    """As a release before left it; answers the items of looks as they were."""
    for n, body in enumerate(bodies):
        pictures.send(body, key=f"k{n}", content_type="image/png" if body.startswith(b"\x89PNG") else "image/jpeg")
    known = [item for item in items() if item["pk"]["S"].startswith("look#")]
    for item in items():
        key = {name: item[name] for name in ("pk", "sk")}
        if item in known:
            aws("dynamodb").delete_item(TableName=TABLE, Key=key)
        elif item["sk"]["S"] == "content":
            aws("dynamodb").update_item(TableName=TABLE, Key=key, UpdateExpression="REMOVE look")
    return known


def test_they_are_noted_as_they_would_have_been_and_nothing_is_done_twice(pictures: Pictures) -> None:  # noqa: F811
    known = forgotten(pictures, noise(1), noise(9), halves("#20c0e0", "#20c0e0"))
    bodies = {name: aws("s3").get_object(Bucket="pictures-test", Key=f"originals/{name}")["Body"].read() for name in contents()}
    first = look_at(TABLE, bodies.get, lambda body: pictures.render(body).look, lambda _: None)
    assert (first, str(first).startswith("2 are found")) == (Looked(noted=2, plain=1), True)
    assert [item for item in items() if item["pk"]["S"].startswith("look#")] == known
    assert look_at(TABLE, bodies.get, lambda body: pictures.render(body).look, lambda _: None) == Looked(plain=1)


def test_what_was_taken_down_for_good_is_passed_over_and_what_is_noted_stays(pictures: Pictures) -> None:  # noqa: F811
    forgotten(pictures, noise(1))
    assert look_at(TABLE, lambda _: None, lambda _: "0" * 16, lambda _: None) == Looked(gone=1)
    (content_id,) = contents()
    ContentStore(TABLE).note_look(content_id, "9c3a51f0e2d4b687")
    ContentStore(TABLE).note_look(content_id, "0c3a51f0e2d4b687")
    assert {item["look"]["S"] for item in items() if item["sk"]["S"] == "content"} == {"9c3a51f0e2d4b687"}


def test_originals_are_read_from_the_stages_own_bucket() -> None:
    s3 = aws("s3")
    s3.create_bucket(Bucket="monsoon-drill-media-1-picturebucket-2")
    s3.put_object(Bucket="monsoon-drill-media-1-picturebucket-2", Key="originals/img_1", Body=b"x")
    original = originals_of("drill", s3)
    assert (original("img_1"), original("img_2")) == (b"x", None)
    s3.delete_object(Bucket="monsoon-drill-media-1-picturebucket-2", Key="originals/img_1")
    s3.delete_bucket(Bucket="monsoon-drill-media-1-picturebucket-2")


def contents() -> list[str]:
    return [item["pk"]["S"] for item in items() if item["sk"]["S"] == "content"]


def test_it_says_how_far_it_is(pictures: Pictures) -> None:  # noqa: F811
    for n in range(SAY_EACH + 1):
        aws("dynamodb").put_item(TableName=TABLE, Item={"pk": {"S": f"img_{n}"}, "sk": {"S": "content"}})
    said: list[str] = []
    look_at(TABLE, lambda _: None, lambda _: "", lambda _: None, say=said.append)
    (line,) = said
    assert line.startswith("so far")
    assert "100 are gone" in line
