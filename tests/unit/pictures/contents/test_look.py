"""Pictures that look alike are found by few keys, whatever few bits differ, and are hints for who may see them."""

from itertools import combinations

import pytest

from functions.pictures.contents.look import BANDS, REACH, bands, distance, neighbours
from functions.pictures.reading.rendering import render
from tests.unit.pictures.commons.test_commons import GTIN, Commons, commons  # noqa: F401
from tests.unit.pictures.contents.test_arrivals import items
from tests.unit.pictures.noise import noise
from tests.unit.pictures.samples import halves, opened, photo
from tools.near_duplicates.altered import half, jpeg, marked

LOOK = "9c3a51f0e2d4b687"


def turned(*places: int) -> str:
    bits = int(LOOK, 16)
    for place in places:
        bits ^= 1 << place
    return f"{bits:016x}"


def test_all_within_reach_are_found_by_sixty_seven_keys() -> None:
    keys = list(neighbours(LOOK))
    assert (len(keys), len(set(keys)), sum(BANDS)) == (67, 67, 64)
    for places in combinations(range(0, 64, 3), REACH):
        other = turned(*places)
        assert distance(LOOK, other) == REACH
        assert set(bands(other)) & set(keys), places


def test_one_further_apart_need_not_be_found() -> None:
    assert not set(bands(turned(0, 1, 22, 23, 43, 44))) & set(neighbours(LOOK))


def test_a_copy_made_anew_looks_alike_and_another_picture_does_not() -> None:
    body = noise(1)
    look = render(body).look
    assert all(distance(look, render(copy(opened(body))).look) <= REACH for copy in (half, marked, lambda image: jpeg(image, 50)))
    assert distance(look, render(noise(9)).look) > REACH
    assert render(halves("#20c0e0", "#20c0e0")).look == "", "one colour alone looks like nothing"


def test_a_picture_made_anew_is_proposed_to_who_may_see_it_with_how_far_it_is_apart(commons: Commons) -> None:  # noqa: F811
    body = noise(1)
    first = commons.given(body=body)
    copy = commons.given(body=half(opened(body)), by="acc_3", title="Copy", gtin=GTIN)
    hidden = commons.given("own-use", "acc_4", body=jpeg(opened(body), 50))
    commons.given(body=noise(9), by="acc_5", title="Other", gtin=GTIN)

    def similar(content_id: str, by: str) -> list[str]:
        answer = commons.ask("GET", "/v1/commons/pictures/{content_id}/similar", by, content_id=content_id)
        assert all(0 <= each["distance"] <= REACH for each in answer.body["items"])
        return [each["content_id"] for each in answer.body["items"]]

    assert similar(first, "acc_2") == [copy]
    assert set(similar(first, "acc_4")) == {copy, hidden}, "what is one's own is seen, whoever else may"
    assert commons.ask("GET", "/v1/commons/pictures/{content_id}/similar", "acc_2", content_id=hidden).status == 404


@pytest.mark.parametrize("known", [False, True])
def test_three_items_are_written_for_new_bytes_and_none_for_known_ones(commons: Commons, known: bool) -> None:  # noqa: F811
    commons.send("acc_1", photo(70, 50))
    before = len([item for item in items() if item["pk"]["S"].startswith("look#")])
    commons.send("acc_2", photo(70, 50) if known else noise(4))
    after = len([item for item in items() if item["pk"]["S"].startswith("look#")])
    assert (before, after - before) == (3, 0 if known else 3)
