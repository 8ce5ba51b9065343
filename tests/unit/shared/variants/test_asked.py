"""What is still to be said of a product: what couriers, borders and the law ask, of what travels alone."""

from typing import Any

from shared.variants.asked import asked_of
from tests.unit.shared.goods.test_identity import published

PARCEL: dict[str, Any] = {"weight": None, "size": None, "hs_code": None, "origin": None}
WEIGHED = {"weight": 300}
KEY = {"sku": "KEY", "options": {"as": "download"}, "stock": 5, "requires_shipping": False}
DISC = {"sku": "DISC", "options": {"as": "disc"}, "stock": 5, "requires_shipping": True}


def asked(*variants: dict[str, Any], filled: tuple[str, ...] = (), **more: Any) -> list[str]:
    several = {"options": [{"name": "as"}], "variants": list(variants)} if variants else {}
    return [each.pointer for each in asked_of(published(**PARCEL | several | more).product, filled)]


def test_all_that_somebody_will_want_is_asked_of_what_travels():
    assert asked() == ["/weight", "/size", "/hs_code", "/origin", "/safety"]
    assert asked(filled=("weight", "origin"), ships_to=["GB"]) == ["/size", "/hs_code"]


def test_nothing_is_asked_of_virtual_goods():
    assert asked(requires_shipping=False) == []
    assert asked(KEY) == [], "each variant says so"


def test_of_variants_those_are_asked_that_travel():
    assert "/weight" not in asked(KEY, DISC | WEIGHED)
    assert "/weight" in asked(KEY | WEIGHED, DISC)
    assert "/weight" in asked(KEY, DISC, requires_shipping=False), "a variant says so itself"
