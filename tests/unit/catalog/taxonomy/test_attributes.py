"""The taxonomy's list of attributes over HTTP."""

from pathlib import Path

from functions.catalog.bootstrap import Services
from functions.catalog.handler import ROUTES
from hubclient.reference.documents import document
from shared.api.service import Service
from shared.trade.reference_data import Reference, load
from tests.fakes import TICKETS, FakeObjects, Reply, call, caller

ENGLISH = [["1", "Color", [["2", "Red"]]], ["7", "Color pattern", []], ["4", "Material", [["5", "Cotton"]]]]


def served(**lists: object) -> Service:
    objects = FakeObjects()
    for language, rows in lists.items():
        load(objects, f"attributes/{language}", "1", rows)  # type: ignore[arg-type]
    return Service("catalog", lambda: Services(tickets=TICKETS, reference=Reference(objects)), ROUTES)


def listed(app: Service, **query: str) -> Reply:
    return call(app, "GET", "/v1/attributes", query=query, by=caller())


def test_attributes_are_listed_page_by_page():
    app = served(en=ENGLISH)
    first = listed(app, limit="2").body
    assert [(i["id"], i["values"]) for i in first["items"]] == [("1", 1), ("7", 0)]
    assert [i["name"] for i in listed(app, limit="2", cursor=first["next"]).body["items"]] == ["Material"]


def test_an_attribute_has_its_values_by_ids_that_every_language_shares():
    app = served(en=ENGLISH, zh=[["1", "颜色", [["2", "红色"]]]])
    found = call(app, "GET", "/v1/attributes/{attribute_id}", path={"attribute_id": "1"}, query={"language": "zh-CN"}, by=caller())
    assert found.body == {"id": "1", "name": "颜色", "language": "zh", "values": [{"id": "2", "name": "红色"}]}
    assert call(app, "GET", "/v1/attributes/{attribute_id}", path={"attribute_id": "99"}, by=caller()).status == 404


def test_an_operator_who_loads_no_list_has_an_empty_one():
    """It may be left out: each attribute is a supplier's own then."""
    assert (listed(served()).status, listed(served()).body["items"]) == (200, [])
    assert call(served(), "GET", "/v1/attributes/{attribute_id}", path={"attribute_id": "1"}, by=caller()).status == 404


def test_what_has_not_changed_is_not_sent_again():
    app = served(en=ENGLISH)
    tag = listed(app).headers["ETag"]
    assert call(app, "GET", "/v1/attributes", headers={"if-none-match": tag}, by=caller()).status == 304


def test_the_published_list_is_listed_whole(data: Path):
    rows = document("attributes", [data / "taxonomy" / "en" / name for name in ("attributes.txt", "attribute_values.txt")])
    app, seen, query = served(en=rows), list[str](), {"limit": "100"}
    while True:
        page = listed(app, **query).body
        seen += [item["id"] for item in page["items"]]
        if "next" not in page:
            break
        query["cursor"] = page["next"]
    assert len(set(seen)) == len(seen) == 1987
