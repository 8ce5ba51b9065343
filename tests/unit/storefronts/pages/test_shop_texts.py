"""What a shop says of itself, why a product is in it, what sending costs, and its feed."""

import xml.etree.ElementTree as ET
from typing import Any

import pytest

from functions.storefronts.configuration.shop_texts import MOST_BYTES, TOPICS
from tests.unit.storefronts.pages.test_shop_pictures import FRONT, media, pictured
from tests.unit.storefronts.pages.test_shop_routes import OPEN, PAGES, links
from tests.unit.storefronts.service import StorefrontsService, published

ATOM = "{http://www.w3.org/2005/Atom}"
TEXTS = {"imprint": {"en": "Lantern <Ltd>\n1 Street", "zh": "灯笼公司"}, "returns": {"en": "30 days."}}
SELLER = {"name": "Harbour Tea Ltd", "lines": ["12 Harbour Street"], "city": "Bristol", "postal_code": "BS1 4XX", "country": "GB"}
SENDING = {
    "to": "GB", "currency": "GBP",
    "zones": [
        {"countries": ["GB"], "bands": [{"max_weight": 2000, "price": 395}]},
        {"countries": ["*"], "bands": [{"max_weight": 200, "price": 995}]},
    ],
}  # fmt: skip


def open_shop(service: StorefrontsService, *, selection: dict[str, Any] | None = None, **pages: Any) -> None:
    made = service.opened({**OPEN, "pages": {**PAGES, **pages}, "selection": selection or {"categories": ["hg-3"]}})
    assert made.status == 201, made.body


def test_an_owners_texts_are_shown_as_text_in_the_readers_language_else_in_what_there_is(service: StorefrontsService) -> None:
    open_shop(service, texts=TEXTS)
    assert "Lantern &lt;Ltd&gt;\n1 Street" in service.shown("about/imprint").body
    assert "灯笼公司" in service.shown("about/imprint", {"language": "zh"}).body
    assert 'lang="en">30 days.' in service.shown("about/returns", {"language": "zh"}).body


def test_what_is_not_written_yet_says_so_and_is_found_by_no_search_engine(service: StorefrontsService) -> None:
    open_shop(service)
    for topic in TOPICS:
        page = service.shown(f"about/{topic}")
        assert (page.status, "noindex" in page.body) == (200, True)
    assert "has not said so here yet" in service.shown("about/imprint").body
    assert service.shown("about/nonsense").status == 404


def test_who_sells_is_named_on_the_imprint_and_told_to_the_services_that_write_papers(service: StorefrontsService) -> None:
    open_shop(service, seller=SELLER)
    page = service.shown("about/imprint")
    assert "Harbour Tea Ltd<br>12 Harbour Street<br>BS1 4XX Bristol<br>United Kingdom" in page.body
    assert ("noindex" in page.body, "has not said so here yet" in page.body) == (False, False)
    assert "Harbour Tea Ltd" not in service.shown("about/returns").body


def test_what_a_shop_owes_its_buyers_is_told_to_its_owner_until_it_is_said(service: StorefrontsService) -> None:
    told = service.opened({**OPEN, "pages": PAGES}, key="k1").body["missing"]
    assert [each["pointer"] for each in told] == ["/pages/seller", "/pages/texts/imprint"]
    pages = {**PAGES, "slug": "said-house", "seller": SELLER, "texts": {"imprint": {"en": "We."}}}
    assert "missing" not in service.opened({**OPEN, "pages": pages}, key="k2").body


def test_pages_lead_to_the_texts_that_there_are_and_always_to_who_runs_the_shop(service: StorefrontsService) -> None:
    open_shop(service, texts={"returns": {"en": "30 days."}})
    told = {href for href in links(service.shown()) if "about/" in href}
    assert {href.rpartition("/")[2] for href in told} == {"imprint", "returns"}


@pytest.mark.parametrize(
    ("texts", "pointer"),
    [
        ({"manifesto": {"en": "x"}}, "/pages/texts/manifesto"),
        ({"imprint": {"en": ""}}, "/pages/texts/imprint/en"),
        ({"imprint": {"en": "x" * 12_001}}, "/pages/texts/imprint/en"),
        ({topic: {"en": "x" * 9_000} for topic in TOPICS}, "/pages/texts"),
    ],
)
def test_texts_that_cannot_be_are_refused_by_name(service: StorefrontsService, texts: dict[str, Any], pointer: str) -> None:
    refused = service.opened({**OPEN, "pages": {**PAGES, "texts": texts}})
    assert (refused.status, refused.body["errors"][0]["pointer"].startswith(pointer)) == (422, True), refused.body


def test_the_longest_texts_that_are_taken_fit_a_storefront(service: StorefrontsService) -> None:
    texts = {topic: {"zh": "字" * (MOST_BYTES // 3 // len(TOPICS))} for topic in TOPICS}
    open_shop(service, texts=texts)
    assert "字" * 100 in service.shown("about/terms", {"language": "zh"}).body


@pytest.mark.parametrize(
    ("selection", "said"),
    [
        ({"picks": ["prd_1"], "tags": ["other"]}, "Lantern picked it by hand."),
        ({"categories": ["hg-3"]}, "Lantern sells what is in: Decor."),
        ({"tags": ["glass", "other"]}, "Lantern sells what is marked: glass."),
        ({"suppliers": ["acc_7"]}, "Lantern chose its supplier."),
        ({"words": ["vase"]}, "Lantern sells what has in its title: vase."),
        ({"tags": []}, "Lantern sells all that the hub has approved."),
    ],
)
def test_a_product_says_by_which_part_of_the_rule_it_is_here(service: StorefrontsService, selection: dict[str, Any], said: str) -> None:
    service.tell(published(1))
    open_shop(service, selection=selection)
    assert any("why/prd_1" in href for href in links(service.shown("products/prd_1")))
    page = service.shown("why/prd_1")
    assert said in page.body
    assert "250" not in page.body, "a margin is its owner's business"
    assert service.shown("why/prd_2").status == 404


def test_what_sending_costs_is_said_by_country_before_any_address_where_the_rule_has_a_tariff(service: StorefrontsService) -> None:
    service.tell(published(1))
    open_shop(service, selection={"categories": ["hg-3"], "offers": {"sending": SENDING}})
    page = service.shown("products/prd_1").body
    assert '<th scope="row">United Kingdom</th><td>about £3.95</td>' in page
    assert '<th scope="row">All other countries</th><td>not sent</td>' in page, "300 grams are more than is sent there"


def test_without_a_tariff_it_says_when_it_is_known(service: StorefrontsService) -> None:
    service.tell(published(1))
    open_shop(service)
    assert "said before you order" in service.shown("products/prd_1").body


def test_a_supplier_has_a_page_of_all_that_a_shop_sells_of_it(service: StorefrontsService) -> None:
    other = published(2).model_copy(update={"supplier_id": "acc_8"})
    service.tell(published(1), other)
    open_shop(service)
    (way,) = {href for href in links(service.shown("products/prd_2")) if "supplier=" in href}
    assert way.endswith("products?supplier=acc_8")
    page = service.shown("products", {"supplier": "acc_8"}).body
    assert ("Vase 2" in page, "Vase 1" in page) == (True, False)
    assert "From one supplier" in page


def test_what_is_new_is_a_feed_with_prices_and_pictures(service: StorefrontsService) -> None:
    service.tell(pictured(published(1), [FRONT]), published(2))
    open_shop(service)
    found = service.shown("feed.xml", {"language": "en"})
    assert found.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    entries = ET.fromstring(found.body).findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == ["Vase 2", "Vase 1"]
    assert [link.get("href") for link in entries[1].findall(f"{ATOM}link")][1] == media(FRONT, "1280.jpg")
    assert (entries[0].findtext(f"{ATOM}summary") or "").startswith("£")
    assert 'type="application/atom+xml"' in service.shown().body
