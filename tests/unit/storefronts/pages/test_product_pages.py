"""A product with variants, on its page."""

import re
from typing import Any

import pytest

from shared.messages import OfferPublished
from shared.trade.product import Product
from tests.unit.storefronts.pages.test_shop_routes import OPEN, documents, links
from tests.unit.storefronts.service import StorefrontsService

OPERATOR = {
    "name": "Kiln <4>",
    "lines": ["12 Porcelain Road"],
    "city": "Jingdezhen",
    "country": "CN",
    "electronic_address": "a@kiln.example",
}


def variant(colour: str, size: str, amount: int, stock: int = 3) -> dict[str, Any]:
    price = {"amount": amount, "currency": "GBP"}
    return {"sku": f"T-{colour}-{size}", "options": {"colour": colour, "size": size}, "price": price, "stock": stock}


def teapot(*variants: dict[str, Any]) -> OfferPublished:
    product = Product.model_validate({
        "sku": "T", "texts": {"en": {"title": "Teapot", "bullets": ["Holds four cups"]}, "zh": {"title": "茶壶"}}, "category": "hg-3-67",
        "price": variants[0]["price"],
        "stock": 0, "options": [{"name": "colour", "names": {"zh": "颜色"}}, {"name": "size"}], "variants": list(variants),
        "safety": {"manufacturer": OPERATOR, "warnings": {"en": "Hot.", "zh": "小心烫。"}},
        "order_quantity": {"minimum": 2, "multiple": 2}, "weight": 300, "size": {"length": 1, "width": 1, "height": 1}, "hs_code": "701399",
        "origin": "CN", "ships_to": ["DE", "FR"],
    })  # fmt: skip
    told = [{"offer_id": f"off_{n}", "choice": [v["options"]["colour"], v["options"]["size"]]} for n, v in enumerate(variants)]
    return OfferPublished.model_validate({
        "version": 1, "offer_id": "off_0", "product_id": "prd_1", "supplier_id": "acc_7", "product": product.model_dump(),
        "first_published_at": "2026-11-01T12:00:00.000Z", "variants": told,
    })  # fmt: skip


@pytest.fixture
def shop(service: StorefrontsService) -> StorefrontsService:
    service.tell(teapot(variant("red", "M", 1000), variant("red", "L", 2000, 0), variant("blue", "M", 1500)))
    service.opened(OPEN)
    return service


def offer_ids(service: StorefrontsService) -> dict[tuple[str, str], str]:
    shown = service.services.cards.get("prd_1")
    assert shown
    return {(each.choice[0], each.choice[1]): each.offer_id for each in shown[1].variants}


def test_the_span_of_prices_is_said_and_each_option_is_a_link(shop: StorefrontsService) -> None:
    page, offers = shop.shown("products/prd_1"), offer_ids(shop)
    assert "from £12.99" in page.body
    assert "to £25.99" in page.body or "to £24.99" in page.body
    assert {f"../products/prd_1?offer={offers['red', 'M']}", f"../products/prd_1?offer={offers['blue', 'M']}"} <= links(page)
    assert documents(page)[0]["offers"]["@type"] == "AggregateOffer"
    assert documents(page)[0]["offers"]["offerCount"] == 3


def test_a_variant_has_an_address_of_its_own_and_what_is_sold_out_says_so(shop: StorefrontsService) -> None:
    offer = offer_ids(shop)["red", "L"]
    page = shop.shown("products/prd_1", {"offer": offer})
    assert page.status == 200
    assert "Sold out" in page.body
    assert documents(page)[0]["offers"]["@type"] == "Offer"
    assert f"offer={offer}" in documents(page)[0]["url"]
    lost = shop.shown("products/prd_1", {"offer": "off_none", "language": "zh"})
    assert (lost.status, lost.headers["Location"]) == (303, "../products/prd_1?language=zh")


def test_options_are_named_in_the_readers_language_and_safety_is_said(shop: StorefrontsService) -> None:
    page = shop.shown("products/prd_1", {"language": "zh"})
    for said in ("颜色", "小心烫。", "Kiln &lt;4&gt;", "德国", "法国", "起订量 2"):
        assert said in page.body, said


def test_of_many_variants_one_is_chosen_from_a_list_by_a_form(service: StorefrontsService) -> None:
    service.tell(teapot(*(variant(f"c{n}", f"s{m}", 1000 + n) for n in range(9) for m in range(9))))
    service.opened(OPEN)
    page = service.shown("products/prd_1")
    assert page.body.count("<option ") == 81
    assert 'action="../products/prd_1"' in page.body


def tiered(service: StorefrontsService, *tiers: tuple[int, int], **more: Any) -> None:
    message = teapot(variant("red", "M", 1000))
    told = message.product.model_dump(exclude_defaults=True) | {"options": [], "variants": [], "price": message.product.price.model_dump()}
    told |= {"stock": 9, "order_quantity": None, **more}
    told["tiers"] = [{"min_quantity": units, "price": {"amount": amount, "currency": "GBP"}} for units, amount in tiers]
    product = Product.model_validate({name: value for name, value in told.items() if value is not None})
    service.tell(message.model_copy(update={"product": product, "variants": ()}))
    service.opened(OPEN)


def test_what_many_cost_is_drawn_with_its_numbers_beside(service: StorefrontsService) -> None:
    tiered(service, (10, 800), (50, 600))
    page = service.shown("products/prd_1")
    steps = re.findall(r'<tr><th scope="row">(\d+\+)</th><td>(£[\d.]+)</td></tr>', page.body)
    assert [units for units, _ in steps] == ["1+", "10+", "50+"]
    assert [price for _, price in steps] == sorted((price for _, price in steps), key=lambda price: -float(price[1:]))
    assert 'role="img" aria-label="Price of one, by how many are ordered: 1+ £' in page.body
    assert ".chart" in page.body.partition("</style>")[0]


def test_one_price_for_many_is_said_and_not_drawn_and_text_alone_has_no_picture(service: StorefrontsService) -> None:
    tiered(service, (10, 800))
    assert ("<svg" in (page := service.shown("products/prd_1")).body, "from 10 units" in page.body, ".chart" in page.body) == (
        False,
        True,
        False,
    )


def test_who_reads_text_alone_reads_what_many_cost_in_a_table(service: StorefrontsService) -> None:
    tiered(service, (10, 800), (50, 600))
    page = service.shown("products/prd_1", {"view": "text"})
    assert ("<svg" in page.body, "from 50 units" in page.body) == (False, True)
