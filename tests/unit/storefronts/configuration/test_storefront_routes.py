"""Owners' storefronts over HTTP, on the real table definition."""

import json

from shared.aws.packing import unpacked
from tests.conftest import aws
from tests.fakes import call, caller
from tests.unit.storefronts.service import BODY, StorefrontsService


def test_a_storefront_is_one_item_with_its_event_and_its_request_opens_it_once(service: StorefrontsService) -> None:
    first, again = service.opened(), service.opened()
    assert (first.status, again.status) == (201, 201)
    assert first.body == again.body
    items = aws("dynamodb").scan(TableName=service.table)["Items"]
    event = json.loads(unpacked(items[0]["event"]))
    assert (len(items), event["type"], event["data"]["storefront_id"]) == (1, "monsoon.storefront.configured.v1", first.body["id"])
    assert service.opened({**BODY, "name": "Other"}).body["type"] == "urn:monsoon:problem:idempotency-key-reused"


def test_unknown_categories_and_empty_words_are_named(service: StorefrontsService) -> None:
    wrong = service.opened({**BODY, "selection": {"categories": ["hg-3", "zz-1"]}})
    assert (wrong.status, wrong.body["errors"][0]["pointer"]) == (422, "/selection/categories/1")
    empty = service.opened({**BODY, "selection": {"excluded_words": [""]}})
    assert (empty.status, empty.body["errors"][0]["pointer"]) == (422, "/selection/excluded_words/0")
    assert service.opened({**BODY, "name": "x" * 70_000}).status == 413


def test_a_change_is_based_on_the_version_that_was_read(service: StorefrontsService) -> None:
    path = {"storefront_id": service.opened().body["id"]}
    route = "/v1/storefronts/{storefront_id}"
    made = service.changed(path["storefront_id"], 1, name="Lamp")
    assert (made.status, made.body["version"], made.body["name"]) == (200, 2, "Lamp")
    stale = service.changed(path["storefront_id"], 1)
    assert (stale.status, stale.body["errors"][0]["pointer"]) == (409, "/version")
    assert call(service.app, "GET", route, path=path, by=caller()).body == made.body
    assert call(service.app, "GET", route, path=path, by=caller("acc_2")).status == 404


def test_an_account_lists_its_own_storefronts(service: StorefrontsService) -> None:
    made = {service.opened(key=f"k{n}").body["id"] for n in range(3)}
    first = call(service.app, "GET", "/v1/storefronts", query={"limit": "2"}, by=caller())
    second = call(service.app, "GET", "/v1/storefronts", query={"limit": "2", "cursor": first.body["next"]}, by=caller())
    assert {s["id"] for s in first.body["items"] + second.body["items"]} == made
    assert "next" not in second.body
    assert call(service.app, "GET", "/v1/storefronts", by=caller("acc_2")).body == {"items": []}


def test_a_storefront_is_changed_thirty_times_a_minute_at_most(service: StorefrontsService) -> None:
    storefront = service.opened().body["id"]
    answers = [service.changed(storefront, version) for version in range(1, 63)]
    refused = next(answer for answer in answers if answer.status != 200)
    assert (refused.status, refused.body["type"]) == (429, "urn:monsoon:problem:too-many-changes")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
