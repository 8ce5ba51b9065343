"""A product with variants is one change: a site is told of each variant's price and stock, in any order, and once if nothing is new."""

import json
from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest

from functions.fanout.change_items import ChangeItem
from functions.fanout.change_store import ChangeStore
from functions.fanout.feed.feed_views import ChangeView
from functions.fanout.product_change import ProductChange
from functions.fanout.storefront_view import ParsedChange, entry
from functions.fanout.webhook_delivery.change_json import ChangeJson
from shared.goods.stock_mode import Backorder
from shared.goods.trade_item import by_gtin, by_part, own_trade_item
from shared.messages import OfferAvailabilityChanged, OfferPublished, OfferRecalled
from shared.optimistic_retry import AT_ONCE
from shared.trade.selection import PriceBand, PriceRule, Selection
from shared.trade.selling_rule import Rule
from shared.variants.offered import variant_offer_id
from shared.variants.variant_stock import MOST, VariantStock
from tests.fakes import NOON, FakeClock
from tests.unit.fanout.world import view
from tests.unit.orders.inventory.test_variants import BLUE, GREEN, PRODUCT, RED, scarf

RULE = Rule(Selection(), PriceRule(margin_per_mille=100))


def told(offer_id: str, version: int, in_stock: bool, variant: bool = True) -> OfferAvailabilityChanged:
    ids = {"offer_id": offer_id, "product_id": PRODUCT, "supplier_id": "acc_1"}
    return OfferAvailabilityChanged(version=version, in_stock=in_stock, variant=variant, **ids)


def change(message: OfferPublished) -> ParsedChange:
    return ParsedChange(ProductChange.published(message, NOON))


@pytest.fixture
def store(make_table: Callable[[str], str]) -> ChangeStore:
    return ChangeStore(make_table("fanout"), FakeClock(), AT_ONCE)


def hear(store: ChangeStore, *messages: Any) -> ParsedChange:
    for message in messages:
        match message:
            case OfferAvailabilityChanged():
                store.keep_stock(ProductChange.stocked(message, NOON))
            case OfferRecalled():
                store.keep(ProductChange.recalled(message, NOON))
            case _:
                store.keep(ProductChange.published(message, NOON))
    (found,) = store.changes([PRODUCT])
    return ParsedChange(found)


def stock(parsed: ParsedChange) -> tuple[bool, dict[str, bool]]:
    product = entry(parsed, view(RULE))["product"]
    return product["in_stock"], {each["offer_id"]: each["in_stock"] for each in product["variants"]}


def test_a_site_is_told_of_each_variant_at_its_own_price_and_of_the_cheapest_as_the_products():
    said = entry(change(scarf(red=5, blue=3)), view(RULE))
    assert (said["offer_id"], said["product"]["price"]) == (RED, {"amount": 1100, "currency": "EUR"})
    assert [(v["offer_id"], v["options"], v["price"]["amount"], v["in_stock"]) for v in said["product"]["variants"]] == [
        (RED, {"colour": "red"}, 1100, True), (BLUE, {"colour": "blue"}, 1980, True),
    ]  # fmt: skip
    assert ChangeView.model_validate(said).model_dump(mode="json", exclude_none=True)["product"]["options"] == [
        {"name": "colour", "names": {}}
    ]


def test_a_gtin_is_told_of_each_variant_that_has_one_and_of_no_other():
    """A site that reads none must not take the product's for it."""
    published = scarf(red=5, blue=3)
    numbered = published.product.model_copy(update={"gtin": "4006381333931", "sku": published.product.variants[0].sku})
    said = entry(change(published.model_copy(update={"product": numbered})), view(RULE))
    assert [variant.get("gtin") for variant in said["product"]["variants"]] == ["4006381333931", None]


@pytest.mark.parametrize("stocked", [{"red": 5, "blue": 3}, {"red": 0, "blue": 0}, {}])
def test_webhooks_say_of_variants_what_the_feed_says(stocked: dict[str, int]):
    written = ProductChange.published(scarf(**stocked), NOON)
    said = ChangeJson(written).entry(view(RULE))
    assert said
    assert json.loads(said) == entry(ParsedChange(written), view(RULE))


def test_a_product_without_variants_is_told_as_before_there_were_any():
    said = entry(change(scarf()), view(RULE))
    assert not {"options", "variants"} & said["product"].keys()


def test_a_rule_chooses_the_product_by_its_lowest_price():
    band = Selection(price_band=PriceBand(currency="EUR", high=1000))
    assert entry(change(scarf(red=1, blue=1)), view(Rule(band, PriceRule())))["type"] == "upsert"
    assert entry(change(scarf(blue=1)), view(Rule(band, PriceRule())))["type"] == "removal"


def test_views_that_price_the_cheapest_alike_and_another_variant_not_do_not_tell_alike():
    parsed = change(scarf(red=1, blue=1))
    plain, rounded = view(Rule(Selection(), PriceRule())), view(Rule(Selection(), PriceRule(round_to=1000)))
    assert plain.prices(parsed) == rounded.prices(parsed)
    assert plain.told(parsed) != rounded.told(parsed)


NEWS = [scarf(2, red=5, blue=3, green=1), told(RED, 1, False), told(RED, 2, True), told(BLUE, 1, False)]


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_in_any_order_and_doubled_the_last_of_each_counts(store: ChangeStore, order: tuple[int, ...]):
    messages = [NEWS[n] for n in order]
    parsed = hear(store, *messages, *messages[:2])
    assert stock(parsed) == (True, {RED: True, BLUE: False, GREEN: True})
    assert parsed.change.revision == 2 + 2 + 1


def test_each_news_of_a_variant_raises_the_sequence_and_what_is_known_already_does_not(store: ChangeStore):
    seen = [hear(store, scarf(red=5, blue=3)).change.revision]
    for message in (told(RED, 1, False), told(BLUE, 1, False), told(RED, 2, True)):
        seen.append(hear(store, message).change.revision)
    assert seen == sorted(set(seen))
    assert hear(store, told(RED, 1, False)).change.revision == seen[-1]


def test_a_product_that_gains_or_loses_variants_keeps_what_was_said_of_its_own_offer(store: ChangeStore):
    plain = scarf()
    plain = plain.model_copy(update={"product": plain.product.model_copy(update={"stock": 7})})
    hear(store, plain, told(RED, 1, False, variant=False))
    assert stock(hear(store, scarf(2, red=7, blue=0))) == (False, {RED: False, BLUE: False})
    assert stock(hear(store, told(BLUE, 1, True))) == (True, {RED: False, BLUE: True})
    single = hear(store, plain.model_copy(update={"version": 3}))
    assert entry(single, view(RULE))["product"]["in_stock"] is False
    single = hear(store, told(RED, 2, True, variant=False))
    assert (entry(single, view(RULE))["product"]["in_stock"], single.change.offer_id) == (True, RED)


def test_a_recall_removes_the_product_whatever_is_said_of_its_variants(store: ChangeStore):
    recall = OfferRecalled(version=2, offer_id=RED, product_id=PRODUCT, supplier_id="acc_1", reason="dye", variants=[RED, BLUE])
    parsed = hear(store, scarf(red=5, blue=3), recall, told(BLUE, 1, False))
    assert entry(parsed, view(RULE)) == {
        "type": "removal",
        "product_id": PRODUCT,
        "offer_id": RED,
        "sequence": view(RULE).sequence(parsed.change),
    }


def test_what_is_kept_of_variants_is_bounded_however_many_a_product_had_and_its_sequence_never_falls(store: ChangeStore):
    hear(store, scarf(red=5, blue=3), told(BLUE, 1, False))
    many = VariantStock({BLUE: (1, False)} | {variant_offer_id(PRODUCT, "S", str(n)): (2, True) for n in range(MOST)})
    item = ChangeItem.get(f"product#{PRODUCT}", "change")
    item.variant_stock, item.stock_version = many.to_json(), many.version
    item.save()
    parsed = hear(store, told(RED, 1, False))
    assert stock(parsed) == (False, {RED: False, BLUE: False})
    assert (len(parsed.change.stock.told), parsed.change.stock_version) == (MOST, many.version + 1)
    assert hear(store, told(RED, 1, True)).change == parsed.change


def known(red: dict[str, Any], blue: dict[str, Any], **said: Any) -> list[tuple[str | None, list[str] | None]]:
    """What the feed says of a red and a blue variant with these codes, by the view that documents it."""
    published = scarf(red=5, blue=3)
    variants = [each.model_copy(update=codes) for each, codes in zip(published.product.variants, (red, blue), strict=True)]
    product = published.product.model_copy(update={"brand": "Stabilo", "variants": variants})
    parsed = change(published.model_copy(update={"product": product, **said}))
    told = entry(parsed, view(RULE))
    assert json.loads(ChangeJson(parsed.change).entry(view(RULE)) or b"")["product"] == told["product"], "webhooks say the same"
    shown = ChangeView.model_validate(told).product
    assert shown is not None
    return [(each.trade_item, each.trade_items) for each in shown.variants or ()]


def test_a_site_is_told_of_each_variant_which_thing_it_is():
    gtin = {"gtin": "4006381333931"}
    item = by_gtin("4006381333931", "new")
    assert known(gtin, {}) == [(item, None), (None, None)]
    assert known(gtin, gtin) == [(None, None)] * 2, "a code that two say is of neither"
    assert known(gtin, {"mpn": "88/2"}) == [(item, None), (by_part("Stabilo", "88/2", "new"), None)]
    assert known(gtin, {}, trade_item="itm_alone") == [(None, None)] * 2
    assert known(gtin, {}, variant_items=["", "itm_other"]) == [(item, None), ("itm_other", None)]
    assert known(gtin, {}, variants_named=[0]) == [(item, [item, own_trade_item(RED)]), (None, None)]


def test_a_variant_that_is_linked_is_news_and_is_kept_till_it_is_undone(store: ChangeStore):
    plain, linked = scarf(1, red=5, blue=3), scarf(2, red=5, blue=3).model_copy(update={"variant_items": ["", "itm_other"]})
    kept = hear(store, plain, linked)
    assert kept.change.words.items == {BLUE: "itm_other"}
    assert not kept.change.earlier, "a link is no change of costs"
    assert hear(store, linked.model_copy(update={"version": 3, "variant_items": []})).change.variant_words is None


def awaited(parsed: ParsedChange) -> tuple[int | None, list[int | None]]:
    product = entry(parsed, view(RULE))["product"]
    return product.get("backorder_days"), [each.get("backorder_days") for each in product.get("variants", ())]


def beyond(message: OfferPublished, *days: int) -> OfferPublished:
    """Its variants, or it by itself, sold beyond their stock."""
    modes = [Backorder(mode="backorder", units=9, days=each) for each in days]
    several = [v.model_copy(update={"stock_mode": m}) for v, m in zip(message.product.variants, modes, strict=False)]
    told = {"variants": several} if several else {"stock_mode": modes[0]}
    return message.model_copy(update={"product": message.product.model_copy(update=told)})


def test_what_may_be_ordered_beyond_the_stock_no_more_is_told_as_sold_out_until_it_may_again(store: ChangeStore):
    full = told(RED, 1, False).model_copy(update={"backorder": "full"})
    sold = beyond(scarf(red=5, blue=3), 7, 9)
    assert awaited(hear(store, sold)) == (9, [7, 9])
    assert awaited(hear(store, full, told(BLUE, 1, False).model_copy(update={"backorder": "full"}))) == (None, [None, None])
    again = sold.model_copy(update={"version": 2})
    assert awaited(hear(store, again, full)) == (None, [None, None]), "a publication says nothing of what is ordered"
    assert awaited(hear(store, told(RED, 2, False).model_copy(update={"backorder": "open"}), full)) == (7, [7, None])


@pytest.mark.parametrize("early", [True, False])
def test_of_a_product_without_variants_the_same_in_any_order(store: ChangeStore, early: bool):
    sold = beyond(scarf(), 7)
    full = told(RED, 2, False, variant=False).model_copy(update={"backorder": "full"})
    news = [full, sold] if early else [sold, full]
    assert awaited(hear(store, *news, told(RED, 1, False, variant=False))) == (None, [])
    assert awaited(hear(store, told(RED, 3, False, variant=False))) == (7, []), "as a release tells it that knows of no bound"
