"""Names in addresses: whose they are, and which nobody has."""

from typing import Any

import pytest
from pydantic import ValidationError

from functions.storefronts.configuration.shop_pages import MOST_SLUGS, RESERVED, ShopPages, skeleton
from tests.fakes import Reply, call, caller
from tests.unit.storefronts.service import BODY, StorefrontsService

GOOD = ["tea", "harbour-tea", "cha-guan", "7eleven", "a1b2", "x" * 40]
BAD = ["te", "x" * 41, "-tea", "tea-", "tea--house", "Tea", "tea_house", "tea.house", "tea house", "téa", "茶馆", "xn--tea", "123", "",
       "../tea",
       "раураl", "ｔｅａ", "tea\u200b", "admin", "adm1n", "adrnin", "ad-min", "check-out", "0rders", "payrnents", "monsoon"]  # fmt: skip
ALIKE = [
    ("tea-house", "teahouse"),
    ("lily", "1i1y"),
    ("room", "roorn"),
    ("good", "g00d"),
    ("view", "vievv"),
    ("boss", "b0ss"),
    ("clay", "day"),
]


def opened(service: StorefrontsService, slug: str, key: str, account: str = "acc_1") -> Reply:
    body: dict[str, Any] = {**BODY, "pages": {"slug": slug}}
    return call(service.app, "POST", "/v1/storefronts", body=body, headers={"idempotency-key": key}, by=caller(account))


@pytest.mark.parametrize("slug", GOOD)
def test_letters_digits_and_single_hyphens_make_a_name(slug: str):
    assert ShopPages(slug=slug).slug == slug


@pytest.mark.parametrize("slug", BAD)
def test_other_scripts_reserved_names_and_what_looks_like_them_are_refused(slug: str):
    with pytest.raises(ValidationError):
        ShopPages(slug=slug)


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_names_that_look_alike_are_one(one: str, other: str):
    assert skeleton(one) == skeleton(other)


def test_a_refusal_says_what_to_write_in_a_shopkeepers_words(service: StorefrontsService) -> None:
    refused = opened(service, "茶馆", "k1")
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, "/pages/slug")
    assert "such as harbour-tea" in refused.body["errors"][0]["detail"] or "at least 3" in refused.body["errors"][0]["detail"]
    assert opened(service, sorted(RESERVED)[0], "k2").status == 422


@pytest.mark.parametrize("other", ["tea-house", "teahouse", "tea-h0use"])
def test_a_name_is_one_storefronts_and_nothing_is_opened_without_it(service: StorefrontsService, other: str) -> None:
    assert opened(service, "tea-house", "k1").status == 201
    for account, key in (("acc_2", "k1"), ("acc_1", "k2")):
        refused = opened(service, other, key, account)
        assert (refused.status, refused.body["type"]) == (409, "urn:monsoon:problem:slug-taken")
        assert refused.body["errors"][0]["pointer"] == "/pages/slug"
        listed = call(service.app, "GET", "/v1/storefronts", by=caller(account)).body["items"]
        assert len(listed) == (1 if account == "acc_1" else 0)


def test_the_same_request_opens_one_storefront_with_its_name(service: StorefrontsService) -> None:
    first, again = opened(service, "tea-house", "k1"), opened(service, "tea-house", "k1")
    assert first == again
    assert (first.body["pages"]["slug"], first.body["slugs"]) == ("tea-house", ["tea-house"])


def test_a_change_that_says_nothing_of_pages_leaves_them(service: StorefrontsService) -> None:
    id_ = opened(service, "tea-house", "k1").body["id"]
    assert service.changed(id_, 1, name="Lamp").body["pages"]["slug"] == "tea-house"


def test_all_names_that_a_storefront_had_stay_its_own_and_they_are_bounded(service: StorefrontsService) -> None:
    id_ = opened(service, "tea-1a", "k1").body["id"]
    for n in range(2, MOST_SLUGS + 1):
        assert service.changed(id_, n - 1, pages={"slug": f"tea-{n}a"}).status == 200
    refused = service.changed(id_, MOST_SLUGS, pages={"slug": "tea-99a"})
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, "/pages/slug")
    back = service.changed(id_, MOST_SLUGS, pages={"slug": "tea-1a"})
    assert (back.status, back.body["pages"]["slug"], len(back.body["slugs"])) == (200, "tea-1a", MOST_SLUGS)
    assert opened(service, "tea-3a", "k2", "acc_2").status == 409


def test_a_rival_that_takes_a_name_meanwhile_leaves_the_storefront_as_it_was(service: StorefrontsService) -> None:
    id_ = opened(service, "tea-house", "k1").body["id"]
    assert opened(service, "coffee-house", "k1", "acc_2").status == 201
    refused = service.changed(id_, 1, name="Coffee", pages={"slug": "coffee-house"})
    assert refused.status == 409
    assert service.changed(id_, 1, name="Lamp").body["version"] == 2
