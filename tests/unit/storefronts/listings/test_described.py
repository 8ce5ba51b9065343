"""What describes a product, as shoppers see it over HTTP."""

from typing import Any

import pytest

from shared.messages import OfferDelisted, OfferPublished
from tests.unit.storefronts.service import BODY, StorefrontsService, published

NAMED = {"brand": "StarTech.com", "mpn": "HDMM-2M", "condition": "used", "item_group": "HDMM"}
SEVERAL: dict[str, Any] = {
    "options": [{"name": "length"}],
    "variants": [
        {"sku": "S-2", "options": {"length": "3 m"}, "stock": 1, "mpn": "HDMM-3M", "gtin": "96385074"},
        {"sku": "S-3", "options": {"length": "4 m"}, "stock": 1},
    ],
}


def told(number: int = 1, **fields: Any) -> OfferPublished:
    """`published` with more fields."""
    message = published(number)
    document = message.product.model_dump(exclude_defaults=True) | fields
    return message.model_copy(update={"product": type(message.product).model_validate(document)})


def test_a_card_names_the_brand_and_the_state_and_the_products_page_the_rest(service: StorefrontsService) -> None:
    service.tell(told(1, **NAMED), published(2))
    storefront = service.opened().body["id"]
    plain, named = service.listings(storefront).body["items"]
    assert (named["brand"], named["condition"], "mpn" in named) == ("StarTech.com", "used", False)
    assert not {"brand", "condition", "mpn", "item_group", "gtin"} & set(plain)
    assert {name: service.product(storefront).body[name] for name in NAMED} == NAMED
    assert [item["product_id"] for item in service.listings(storefront, {"q": "hdmm2m"}).body["items"]] == ["prd_1"]


def test_a_product_is_listed_and_counted_in_each_of_its_categories(service: StorefrontsService) -> None:
    service.tell(told(1, categories=["aa-1"]), published(2))
    storefront = service.opened({**BODY, "selection": {}}).body["id"]
    assert [(i["product_id"], i.get("categories")) for i in service.listings(storefront, {"category": "aa"}).body["items"]] == [
        ("prd_1", ["aa-1"])
    ]
    assert {c["value"]: c["count"] for c in service.facets(storefront).body["categories"]} == {"hg": 2, "aa": 1}


def test_a_products_page_shows_its_attributes_and_a_listing_counts_them(service: StorefrontsService) -> None:
    attributes = [{"name": "Material", "values": ["Glass"], "id": "4"}, {"name": "Mood", "values": ["calm", "blue"]}]
    service.tell(told(1, attributes=attributes), published(2))
    storefront = service.opened().body["id"]
    assert service.product(storefront).body["attributes"] == attributes
    counted = service.facets(storefront).body["attributes"]
    assert {"attribute": "Material", "value": "Glass", "narrow": "material:glass", "count": 1, "id": "4"} in counted
    assert len(counted) == 3
    assert "attributes" not in service.facets(storefront, {"q": "vase 2"}).body
    assert [i["product_id"] for i in service.listings(storefront, {"attribute": "mood:BLUE"}).body["items"]] == ["prd_1"]


def test_what_is_of_separating_signs_alone_is_shown_and_no_facet_since_no_listing_could_be_narrowed_to_it(
    service: StorefrontsService,
) -> None:
    attributes = [{"name": "Material", "values": ["|", "::", "★", "Glass"]}, {"name": "||", "values": ["x"]}]
    service.tell(told(1, attributes=attributes))
    storefront = service.opened().body["id"]
    assert service.product(storefront).body["attributes"] == attributes
    counted = service.facets(storefront).body["attributes"]
    assert sorted(each["narrow"] for each in counted) == ["material:glass", "material:★"]
    assert all(service.listings(storefront, {"attribute": each["narrow"]}).body["items"] for each in counted)


def test_each_variant_has_its_own_number_or_none(service: StorefrontsService) -> None:
    service.tell(told(1, **NAMED, **SEVERAL))
    storefront = service.opened().body["id"]
    page = service.product(storefront).body
    first, second = page["variants"]
    assert (page["mpn"], first["mpn"], first["gtin"], "mpn" in second, "gtin" in second) == ("HDMM-2M", "HDMM-3M", "96385074", False, False)
    assert (shown := service.product(storefront, query={"offer": first["offer_id"]}).body)["mpn"] == "HDMM-3M"
    assert shown["brand"] == "StarTech.com"
    assert "mpn" not in service.product(storefront, query={"offer": second["offer_id"]}).body


def test_a_variant_that_is_counted_is_not_said_to_be_on_backorder_because_another_is(service: StorefrontsService) -> None:
    options = [{"name": "size"}]
    variants: list[dict[str, Any]] = [{"sku": f"HDMM-{n}M", "options": {"size": f"{n} m"}, "stock": 0} for n in (3, 5)]
    variants[0]["stock_mode"] = {"mode": "backorder", "units": 5, "days": 14}
    service.tell(told(1, options=options, variants=variants))
    storefront = service.opened().body["id"]
    first, second = service.product(storefront).body["variants"]
    assert service.product(storefront, query={"offer": first["offer_id"]}).body["backorder_days"] == 14
    assert "backorder_days" not in service.product(storefront, query={"offer": second["offer_id"]}).body


def test_a_products_page_has_the_description_as_text_and_as_html(service: StorefrontsService) -> None:
    texts = {"en": {"title": "Vase", "description": "Blown & cut", "description_html": "<p>Blown &amp; cut</p>"}}
    service.tell(told(1, texts=texts), published(2))
    storefront = service.opened().body["id"]
    page = service.product(storefront).body
    assert (page["description"], page["description_html"]) == ("Blown & cut", "<p>Blown &amp; cut</p>")
    assert "description_html" not in service.product(storefront, "prd_2").body


def test_bullets_are_of_the_language_that_is_shown_and_a_title_may_be_long(service: StorefrontsService) -> None:
    long = "x" * 500
    texts = {"en": {"title": long, "bullets": ["Blown by mouth", "300 ml"]}, "zh": {"title": "花瓶", "bullets": ["人工吹制"]}}
    service.tell(told(1, texts=texts, **SEVERAL), published(2))
    storefront = service.opened().body["id"]
    page = service.product(storefront, query={"language": "en"}).body
    assert (page["title"], page["bullets"]) == (long, ["Blown by mouth", "300 ml"])
    assert service.product(storefront, query={"language": "zh"}).body["bullets"] == ["人工吹制"]
    assert "bullets" not in service.product(storefront, "prd_2").body
    variant = service.product(storefront, query={"language": "en", "offer": page["variants"][0]["offer_id"]}).body
    assert variant["title"] == f"{long} — 3 m"


def test_what_is_delisted_is_shown_no_more_until_it_is_published_again(service: StorefrontsService) -> None:
    service.tell(published(1), published(2))
    storefront = service.opened().body["id"]
    service.tell(OfferDelisted(version=2, offer_id="off_1", product_id="prd_1", supplier_id="acc_7", offers=["off_1"]))
    assert [item["product_id"] for item in service.listings(storefront).body["items"]] == ["prd_2"]
    assert service.product(storefront).status == 404
    service.tell(published(1, version=1))
    assert service.product(storefront).status == 404
    service.tell(published(1, version=3))
    assert service.product(storefront).status == 200


ODD = (":", "|", "：", "｜", "\u0301", "\u3164", "ﷺ" * 40, " red", "1:2", "a|b", "Größe", "½", "y  z", "★★★")


@pytest.mark.parametrize("odd", ODD)
def test_whatever_is_counted_narrows_a_listing_to_what_was_counted(service: StorefrontsService, odd: str) -> None:
    """Names and values of signs alone, or that grow when they are folded, are on the product's page, and in no count."""
    value = {"options": [{"name": "size"}], "variants": [{"sku": "S", "options": {"size": odd}, "stock": 1}]}
    service.tell(told(1, attributes=[{"name": odd, "values": ["fine"]}, {"name": "mood", "values": [odd]}], **value))
    storefront = service.opened().body["id"]
    counted = service.facets(storefront).body
    for kind in ("option", "attribute"):
        for each in counted.get(kind + "s", ()):
            found = service.listings(storefront, {kind: each["narrow"]})
            assert (found.status, len(found.body["items"])) == (200, each["count"]), each
    assert [each["values"] for each in service.product(storefront).body["attributes"]] == [["fine"], [odd.strip()]]
