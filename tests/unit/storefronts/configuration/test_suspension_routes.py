"""Operators suspend storefronts; whom the reason is told."""

import json

from shared.aws.packing import unpacked
from tests.conftest import aws
from tests.fakes import caller
from tests.unit.storefronts.service import StorefrontsService


def test_a_suspension_is_one_write_with_its_event_and_is_told_to_the_owner(service: StorefrontsService) -> None:
    storefront = service.opened().body["id"]
    assert service.sanctioned(storefront, "suspension", reason="sold copies").body["suspended"] == "sold copies"
    assert service.sanctioned(storefront, "suspension", reason="sold copies").body["version"] == 2
    items = aws("dynamodb").scan(TableName=service.table)["Items"]
    assert [json.loads(unpacked(item["event"]))["data"]["suspended"] for item in items] == ["sold copies"]
    kept = service.changed(storefront, 2)
    assert (kept.status, kept.body["suspended"]) == (200, "sold copies")
    person, key = service.listings(storefront), caller("acc_1", "client_site", storefront_id=storefront)
    sites = [service.listings(storefront, by=key), service.product(storefront, by=key), service.facets(storefront, by=key)]
    for answer in (person, *sites):
        assert (answer.status, answer.body["type"]) == (409, "urn:monsoon:problem:storefront-suspended")
    assert "sold copies" in person.body["detail"]
    assert "sold copies" not in json.dumps([answer.body for answer in sites]), "no key is shown an operator's reason"
    again = service.sanctioned(storefront, "reinstatement")
    assert (again.status, again.body) == (200, {"id": storefront, "account_id": "acc_1", "version": 4})
    service.forget()
    assert service.listings(storefront, by=key).status == 200


def test_only_an_operator_sanctions_and_only_what_there_is(service: StorefrontsService) -> None:
    storefront = service.opened().body["id"]
    for route in ("suspension", "reinstatement"):
        body = {"reason": "a rival"} if route == "suspension" else {}
        assert service.sanctioned(storefront, route, by=caller(), **body).status == 403
        assert service.sanctioned("sf_none", route, **body).status == 404
    assert service.sanctioned(storefront, "suspension", reason="").body["errors"][0]["pointer"] == "/reason"
