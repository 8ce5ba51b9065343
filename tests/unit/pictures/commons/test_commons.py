"""Pictures that others may use: by whose word, for what, found how, and counted whatever comes twice."""

from typing import Any

import pytest

from functions.pictures.commons.licence import WIDEST, Grant, granting, texts
from functions.pictures.commons.thing import Thing
from shared.pictures.picture_messages import PictureShown
from tests.fakes import Reply, call, caller
from tests.unit.pictures.conftest import ACCOUNT, MEDIA, Pictures, keys
from tests.unit.pictures.contents.test_arrivals import events, items
from tests.unit.pictures.noise import noise
from tests.unit.pictures.samples import opened, photo
from tools.near_duplicates.altered import half, jpeg

PHOTO = photo(90, 60)
GTIN, OTHER_GTIN = "4006381333931", "4006381333948"
BOWL = {"title": "Walnut bowl 木碗", "brand": "Kiln", "gtin": GTIN}


class Commons:
    """The service, asked by suppliers who give and who take."""

    def __init__(self, pictures: Pictures) -> None:
        self.pictures, self.app = pictures, pictures.app

    def ask(self, method: str, route: str, by: str = ACCOUNT, query: dict[str, str] | None = None, body: Any = None, **how: Any) -> Reply:
        headers = {"idempotency-key": how.pop("key")} if "key" in how else {}
        who = caller(by, how.pop("role", "supplier"))
        return call(self.app, method, route, body=body, path=how, query=query, by=who, headers=headers)

    def send(self, by: str = ACCOUNT, body: bytes = PHOTO, key: str = "k1") -> str:
        return str(self.pictures.send(body, key, by)["picture_id"])

    def give(self, picture_id: str, licence: str = "sellers", by: str = ACCOUNT, credit: str = "Ada Lens", **shows: Any) -> Reply:
        body = {"licence": licence, "credit": credit, "shows": shows or BOWL}
        return self.ask("PUT", "/v1/pictures/{picture_id}/licence", by, body=body, picture_id=picture_id)

    def given(self, licence: str = "sellers", by: str = ACCOUNT, body: bytes = PHOTO, **shows: Any) -> str:
        """A picture of the commons; answers its content."""
        return str(self.give(self.send(by, body), licence, by, **shows).body["content_id"])

    def choose(self, content_id: str, by: str = "acc_2", sku: str = "B-1", key: str = "u1", **shows: Any) -> Reply:
        route, body = "/v1/commons/pictures/{content_id}/uses", {"sku": sku, "shows": shows or {"gtin": GTIN}}
        return self.ask("POST", route, by, body=body, key=key, content_id=content_id)

    def look(self, content_id: str, by: str = "acc_2") -> Reply:
        return self.ask("GET", "/v1/commons/pictures/{content_id}", by, content_id=content_id)

    def search(self, **query: str) -> Reply:
        return self.ask("GET", "/v1/commons/pictures", "acc_2", query=query)

    def found(self, **query: str) -> list[str]:
        return [each["content_id"] for each in self.search(**query).body["items"]]


def problem(answer: Reply) -> str:
    return str(answer.body["type"]).rpartition(":")[2]


@pytest.fixture
def commons(pictures: Pictures) -> Commons:
    return Commons(pictures)


def test_a_picture_that_its_sender_gives_is_found_and_taken_by_who_sells_the_thing(commons: Commons) -> None:
    content_id = commons.given()
    assert commons.found(gtin=GTIN) == [content_id]
    answer = commons.choose(content_id)
    assert (answer.status, answer.body["licence"]["licence"], answer.body["credit"]) == (201, "sellers", "Ada Lens")
    shown = commons.pictures.look(answer.body["picture_id"], "acc_2").body
    assert (shown["state"], shown["shown"]["width"]) == ("shown", 90)
    told = [event for event in events() if event.account_id == "acc_2"]
    assert [(type(event), event.version, event.shown.content) for event in told] == [(PictureShown, 1, content_id)]
    assert len(keys(MEDIA)) == 2, "one object in each size, whoever shows it"


@pytest.mark.parametrize("shows", [{"gtin": OTHER_GTIN}, {"title": "Walnut bowl 木碗"}, {"brand": "Kiln", "mpn": "B1"}])
def test_who_sells_something_else_may_not_take_what_is_for_its_sellers(commons: Commons, shows: dict[str, str]) -> None:
    answer = commons.choose(commons.given(), **shows)
    assert (answer.status, problem(answer)) == (403, "not-licensed")
    assert [event for event in events() if event.account_id == "acc_2"] == []


def test_the_same_thing_is_known_by_brand_and_part_number_however_they_are_written(commons: Commons) -> None:
    content_id = commons.given(title="Headphones", brand="Sony", mpn="WH-1000XM4")
    assert commons.choose(content_id, brand="SONY", mpn="wh 1000 xm4").status == 201


@pytest.mark.parametrize("licence", ["attribution", "public-domain"])
def test_what_is_given_to_everyone_is_taken_for_anything(commons: Commons, licence: str) -> None:
    assert commons.choose(commons.given(licence), gtin=OTHER_GTIN).status == 201


def test_what_is_for_its_sender_alone_is_neither_found_nor_shown_nor_taken(commons: Commons) -> None:
    content_id = commons.given("own-use")
    assert (commons.found(gtin=GTIN), commons.look(content_id).status, commons.choose(content_id).status) == ([], 404, 403)
    assert commons.look(content_id, ACCOUNT).status == 200


@pytest.mark.parametrize(
    ("licence", "credit", "shows", "pointer"),
    [("sellers", "", {"title": "Bowl"}, "/shows/gtin"), ("attribution", "", {"title": "Bowl"}, "/credit"),
     ("public-domain", "", {}, "/shows/title")],
)  # fmt: skip
def test_a_licence_says_what_it_needs(commons: Commons, licence: str, credit: str, shows: dict[str, str], pointer: str) -> None:
    answer = commons.give(commons.send(), licence, credit=credit, **(shows or {"title": ""}))
    assert (answer.status, [error["pointer"] for error in answer.body["errors"]]) == (422, [pointer])


def test_a_use_is_counted_once_by_merchant_and_product_and_to_who_gave_it(commons: Commons) -> None:
    content_id = commons.given()
    ids = {
        commons.choose(content_id, sku=sku, key=key).body["picture_id"]
        for sku, key in (("B-1", "u1"), ("B-1", "u1"), ("B-1", "u2"), ("B-2", "u3"))
    }
    assert len(ids) == 1, "an account has one picture of a content"
    commons.choose(content_id, by="acc_3")
    assert commons.look(content_id).body["uses"] == {"products": 3, "merchants": 2, "more": False}
    (given,) = commons.ask("GET", "/v1/commons/contributions").body["items"]
    assert (given["content_id"], given["uses"]) == (content_id, 3)


def test_a_key_is_for_one_choice(commons: Commons) -> None:
    content_id = commons.given()
    commons.choose(content_id)
    assert problem(commons.choose(content_id, sku="B-9")) == "idempotency-key-reused"


def test_a_withdrawn_licence_ends_new_uses_and_those_that_were_begun_go_on(commons: Commons) -> None:
    picture_id = commons.send()
    content_id = commons.give(picture_id).body["content_id"]
    theirs = commons.choose(content_id).body["picture_id"]
    ended = commons.give(picture_id, "own-use").body
    assert (ended["licence"]["licence"], ended["uses"]) == ("own-use", 1)
    assert (commons.found(gtin=GTIN), commons.found(q="walnut"), commons.choose(content_id, by="acc_3").status) == ([], [], 403)
    assert commons.pictures.look(theirs, "acc_2").body["state"] == "shown"
    assert [item for item in items() if item["pk"]["S"].startswith("commons#")] == []


def test_a_grant_said_again_is_written_once_and_changed_it_is_found_by_what_it_says_now(commons: Commons) -> None:
    picture_id = commons.send()
    commons.give(picture_id)
    before = items()
    assert commons.give(picture_id).status == 200
    assert items() == before
    commons.give(picture_id, title="Oak plate", gtin=OTHER_GTIN)
    assert (commons.found(q="walnut"), commons.found(gtin=GTIN), len(commons.found(q="oak plate"))) == ([], [], 1)


def test_it_is_found_by_all_words_in_any_script_and_by_brand(commons: Commons) -> None:
    bowl = commons.given()
    cup = commons.given(body=photo(30, 30), by="acc_9", title="Walnut cup", brand="Kiln", gtin=OTHER_GTIN)
    assert set(commons.found(q="walnut")) == {bowl, cup}
    assert (commons.found(q="BOWL walnut"), commons.found(q="木碗"), commons.found(q="walnut", gtin=OTHER_GTIN)) == ([bowl], [bowl], [cup])
    assert set(commons.found(brand="KILN")) == {bowl, cup}
    assert (commons.found(q="walnut chair"), commons.search().status) == ([], 422)


def test_a_product_without_a_gtin_is_found_by_brand_and_part_number(commons: Commons) -> None:
    ears = commons.given(title="Headphones", brand="Sony", mpn="WH-1000XM4")
    commons.given(body=photo(30, 30), by="acc_9", title="Headphones", brand="Sony", mpn="WH-1000XM5")
    assert (commons.found(brand="sony", mpn="wh 1000 xm4"), commons.found(brand="Sony", mpn="X")) == ([ears], [])
    assert commons.search(mpn="WH-1000XM4").status == 422


def test_a_picture_of_ones_own_finds_what_others_give_that_looks_like_it_and_takes_it_in_one_call(commons: Commons) -> None:
    body = noise(1)
    near = commons.given("attribution", body=half(opened(body)), by="acc_5", title="Spots, small")
    same = commons.given("public-domain", body=body, by="acc_6", title="Spots")
    commons.given("own-use", body=jpeg(opened(body), 50), by="acc_7")
    commons.given("public-domain", body=noise(9), by="acc_8", title="Other")
    mine = commons.send("acc_2", body)
    found = commons.search(picture_id=mine).body["items"]
    assert [each["content_id"] for each in found] == [same, near]
    assert (found[0]["distance"], 0 <= found[1]["distance"] <= 5, found[1]["licence"]["licence"]) == (0, True, "attribution")
    assert commons.choose(near, "acc_2").status == 201


@pytest.mark.parametrize("asked", ["pic_0000000000000000000000000A", "x#y"])
def test_a_picture_that_is_not_ones_own_or_was_not_read_finds_nothing(commons: Commons, asked: str) -> None:
    theirs = commons.send("acc_9")
    assert [commons.search(picture_id=each).status for each in (asked, theirs)] == [404, 404]


def test_a_search_goes_on_page_by_page_and_reads_no_more_than_a_page(commons: Commons) -> None:
    made = {commons.given(body=photo(20 + n, 20), by=f"acc_{n}", title="Walnut thing", gtin=GTIN) for n in range(3, 8)}
    found, cursor = list[str](), None
    for _ in range(3):
        page = commons.search(q="walnut", limit="2", **({"cursor": cursor} if cursor else {})).body
        found, cursor = [*found, *(each["content_id"] for each in page["items"])], page.get("next")
    assert (set(found), len(found), cursor) == (made, 5, None)


def test_each_who_sent_the_same_bytes_gives_them_for_itself(commons: Commons) -> None:
    content_id = commons.given()
    assert commons.given("public-domain", "acc_5") == content_id
    told = commons.look(content_id).body
    assert [grant["licence"]["licence"] for grant in told["grants"]] == ["sellers", "public-domain"]
    assert "acc_" not in str(told), "who it was is nobody's business but by the name it gives"
    assert commons.choose(content_id, gtin=OTHER_GTIN).body["licence"]["licence"] == "public-domain"


def test_who_took_a_picture_cannot_give_it_and_nobody_gives_anothers_or_what_is_broken(commons: Commons) -> None:
    theirs = commons.choose(commons.given()).body["picture_id"]
    assert problem(commons.give(theirs, by="acc_2")) == "not-yours"
    assert commons.give(theirs, by="acc_3").status == 404
    assert problem(commons.give(commons.send(body=b"GIF8", key="k2"))) == "not-shown"


def test_the_widest_grant_counts_and_of_these_the_first() -> None:
    def grant(name: str, licence: Any, at: str) -> Grant:
        return Grant(account_id=name, picture_id="p", licence=licence, credit="", shows=Thing(gtin=GTIN), granted_at=at)

    all_of_them = [grant("a", "sellers", "1"), grant("b", "attribution", "3"), grant("c", "attribution", "2"), grant("d", "own-use", "0")]
    assert granting(all_of_them, Thing(gtin=GTIN)) == all_of_them[2]
    assert granting(all_of_them[:1], Thing(gtin=OTHER_GTIN)) is None
    assert set(WIDEST) | {"own-use"} == set(texts())


def test_the_texts_of_all_licences_are_linked(commons: Commons) -> None:
    told = commons.ask("GET", "/v1/commons/licences", role="storefront").body["items"]
    assert [(each["licence"], bool(each["text"]), each["summary"] != each["summary_zh"]) for each in told] == [
        (name, True, True) for name in texts()
    ]
