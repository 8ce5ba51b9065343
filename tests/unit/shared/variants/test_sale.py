"""A price for a time: when it is on, what it is compared with, and what cannot be."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from functions.fanout.product_change import ProductChange
from functions.fanout.storefront_view import ParsedChange, SiteView, entry
from functions.fanout.webhook_delivery.change_json import ChangeJson
from functions.storefronts.index.product_card import Card
from functions.storefronts.index.product_detail import Detail
from functions.storefronts.listings.listing_page import Narrowing, Window
from functions.storefronts.listings.listing_views import ListingDetail, as_variant
from functions.storefronts.listings.price_ranges import Pricing
from monsoon_plugin.clock import rfc3339
from monsoon_plugin.money import Amount
from shared.bounds.kept import kept
from shared.messages import OfferPublished
from shared.trade.fx import NO_RATES
from shared.trade.product import Product
from shared.trade.selection import PriceBand, PriceRule, Selection
from shared.trade.selling_rule import Rule
from shared.variants.offered import offers_of
from shared.variants.sale import Priced, Reduced, Sale
from tests.fakes import NOON

DAY = timedelta(days=1)
MUG: dict[str, Any] = {
    "sku": "M", "texts": {"en": {"title": "Mug"}}, "category": "hg-1", "price": {"amount": 1000, "currency": "EUR"}, "stock": 5,
    "tiers": [{"min_quantity": n, "price": {"amount": amount, "currency": "EUR"}} for n, amount in ((2, 900), (9, 600))],
}  # fmt: skip
SALE = {"price": {"amount": 800, "currency": "EUR"}, "starts_at": rfc3339(NOON), "ends_at": rfc3339(NOON + DAY)}
RULE = Rule(Selection(), PriceRule(margin_per_mille=100))


def mug(**more: Any) -> Product:
    return kept(Product, MUG | {"sale": SALE} | more)


def several(*variants: dict[str, Any], **more: Any) -> Product:
    held = [{"sku": f"M-{n}", "options": {"colour": f"c{n}"}, "stock": 1} | each for n, each in enumerate(variants)]
    return kept(Product, MUG | {"options": [{"name": "colour"}], "variants": held, "tiers": []} | more)


def published(product: Product, at: datetime, lowest: list[int] | None = None) -> OfferPublished:
    ids = {"offer_id": "off_1", "product_id": "prd_1", "supplier_id": "acc_1"}
    return OfferPublished(version=1, product=product, priced_at=rfc3339(at), lowest=lowest or [], first_published_at=rfc3339(NOON), **ids)


@pytest.mark.parametrize(
    ("after", "price", "tiers", "reduced"),
    [
        (-timedelta(seconds=1), 1000, [900, 600], None),
        (timedelta(), 800, [800, 600], Reduced(1000, None, "2026-11-02T12:00:00.000Z")),
        (DAY - timedelta(seconds=1), 800, [800, 600], Reduced(1000, None, "2026-11-02T12:00:00.000Z")),
        (DAY, 1000, [900, 600], None),
    ],
)
def test_what_is_asked_at_a_moment_is_the_sale_price_from_its_begin_until_just_before_its_end(
    after: timedelta, price: int, tiers: list[int], reduced: Reduced | None
):
    assert rfc3339(NOON) == "2026-11-01T12:00:00.000Z"
    (one,) = offers_of("off_1", "prd_1", mug(), Priced(NOON + after))
    assert (one.product.price.amount, one.lowest.amount, one.reduced) == (price, price, reduced)
    assert [tier.price.amount for tier in one.product.tiers] == tiers, "no tier is dearer than one unit"


def test_a_sale_without_moments_is_on_and_a_comparison_needs_none():
    (always,) = offers_of("off_1", "prd_1", mug(sale={"price": {"amount": 1, "currency": "EUR"}}), Priced(NOON))
    (compared,) = offers_of("off_1", "prd_1", mug(sale=None, compare_at={"amount": 1200, "currency": "EUR"}), Priced(None, (7,)))
    assert (always.product.price.amount, always.reduced) == (1, Reduced(1000))
    assert (compared.product.price.amount, compared.reduced) == (1000, Reduced(1200, 7))


def test_a_variant_with_a_price_of_its_own_has_its_own_sale_or_none():
    product = several({}, {"price": {"amount": 700, "currency": "EUR"}}, {"sale": {"price": {"amount": 500, "currency": "EUR"}}}, sale=SALE)
    found = offers_of("off_1", "prd_1", product, Priced(NOON))
    assert [each.product.price.amount for each in found] == [800, 700, 500]
    assert {each.lowest.amount for each in found} == {500}, "rules choose by the lowest that is asked now"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"sale": SALE | {"price": {"amount": 1000, "currency": "EUR"}}}, "must be lower than the price"),
        ({"sale": SALE | {"price": {"amount": 0, "currency": "EUR"}}}, "more than 0"),
        ({"sale": SALE | {"price": {"amount": 1, "currency": "GBP"}}}, "in the price's currency, EUR"),
        ({"sale": SALE | {"ends_at": SALE["starts_at"]}}, "ends before it begins"),
        ({"compare_at": {"amount": 1000, "currency": "EUR"}}, "must be higher than the price"),
        ({"compare_at": {"amount": 2000, "currency": "GBP"}}, "in the price's currency, EUR"),
    ],
)
def test_what_cannot_be_is_refused_in_words(more: dict[str, Any], said: str):
    with pytest.raises(ValidationError, match=said):
        mug(**more)


def test_a_variants_sale_is_held_to_the_price_that_it_has_of_its_product():
    with pytest.raises(ValidationError, match="variant 0: the sale price must be lower"):
        several({"sale": {"price": {"amount": 1000, "currency": "EUR"}}})


def test_moments_are_kept_in_utc_to_the_second():
    found = kept(Sale, {"price": MUG["price"], "starts_at": "2026-11-27T00:00:00.5+08:00"})
    assert found.starts_at == datetime(2026, 11, 26, 16, tzinfo=UTC)
    assert (found.next_change(NOON), found.next_change(NOON + 90 * DAY)) == (found.starts_at, None)


def window(rule: Rule = RULE) -> Window:
    return Window(Pricing(rule, NO_RATES, frozenset({"EUR"})), Narrowing())


def shown(message: OfferPublished, rule: Rule = RULE) -> dict[str, Any]:
    card = Card.from_json(Card.of(message, rfc3339(NOON)).to_json())
    detail = kept(Detail, Detail.of(message).model_dump_json(exclude_defaults=True))
    priced = window(rule).priced(card)
    assert priced is not None
    return ListingDetail.of_product(priced, detail, window(rule), "en", "").model_dump(mode="json", exclude_none=True)


def test_a_listing_shows_the_price_of_now_and_what_it_is_compared_with_at_the_storefronts_own_prices():
    told = shown(published(mug(), NOON, [950]))
    assert told["price"]["amount"] == 880
    assert told["reduction"] == {
        "compare_at": {"amount": 1100, "currency": "EUR"}, "lowest_30_days": {"amount": 1045, "currency": "EUR"},
        "until": "2026-11-02T12:00:00.000Z",
    }  # fmt: skip
    assert "reduction" not in shown(published(mug(), NOON + DAY))


def test_a_client_site_is_told_the_same_by_feed_and_webhook():
    message = published(several({}, {"price": {"amount": 700, "currency": "EUR"}}, sale=SALE), NOON, [0, 1])
    change, view = ProductChange.published(message, NOON), SiteView("sf_1", "acc_1", 1, RULE, NO_RATES)
    told = entry(ParsedChange(change), view)
    assert told == json.loads(ChangeJson(change).entry(view) or b"")
    listed = shown(message)
    first, second = told["product"]["variants"]
    assert (first["price"], first["reduction"]) == (listed["variants"][0]["price"], listed["variants"][0]["reduction"])
    assert "reduction" not in second
    assert "reduction" not in told["product"], "the cheapest is not reduced"
    assert ProductChange.published(published(mug(), NOON), NOON).following(change).earlier is None


def test_the_lowest_of_before_is_not_told_where_the_storefront_priced_otherwise_since_or_converts():
    repriced = Rule(Selection(), PriceRule(margin_per_mille=100), repriced_at=rfc3339(NOON - 29 * DAY))
    long_ago = Rule(Selection(), PriceRule(margin_per_mille=100), repriced_at=rfc3339(NOON - 30 * DAY))
    message = published(mug(), NOON, [950])
    assert "lowest_30_days" not in shown(message, repriced)["reduction"]
    assert "lowest_30_days" in shown(message, long_ago)["reduction"]


def test_where_rounding_leaves_no_difference_nothing_is_announced():
    coarse = Rule(Selection(), PriceRule(round_to=5000))
    assert "reduction" not in shown(published(mug(), NOON), coarse)


def test_a_rule_chooses_by_what_is_asked_now():
    rule = Rule(Selection(price_band=PriceBand(currency="EUR", high=800)), PriceRule())
    assert window(rule).priced(Card.of(published(mug(), NOON), rfc3339(NOON))) is not None
    assert window(rule).priced(Card.of(published(mug(), NOON + DAY), rfc3339(NOON))) is None
    view = SiteView("sf_1", "acc_1", 1, rule, NO_RATES)
    told = [entry(ParsedChange(ProductChange.published(published(mug(), at), NOON)), view)["type"] for at in (NOON, NOON + DAY)]
    assert told == ["upsert", "removal"]


def test_a_variants_own_page_shows_its_own_reduction():
    message = published(several({}, {"price": {"amount": 700, "currency": "EUR"}}, sale=SALE), NOON)
    card = Card.of(message, rfc3339(NOON))
    priced = window().priced(card)
    assert priced is not None
    view = ListingDetail.of_product(priced, Detail.of(message), window(), "en", "")
    assert view.reduction is None
    found = as_variant(view, message.offers()[0].offer_id).reduction
    assert found is not None
    assert found.compare_at == Amount(amount=1100, currency="EUR")
