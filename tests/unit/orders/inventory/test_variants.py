"""Each variant of a product is an offer with a stock of its own; one event publishes, recalls or counts them all."""

from typing import Any

import pytest
from hypothesis import given, strategies

from functions.orders.inventory.inventory_service import InventoryService
from functions.orders.inventory.shortage import NotSellable
from functions.orders.order import Order
from monsoon_plugin.clock import rfc3339
from shared.messages import OfferDelisted, OfferPublished, OfferRecalled, StockCounted
from shared.optimistic_retry import AT_ONCE
from shared.trade.product import Option, Variant
from shared.trade.selection import PriceBand, Selection
from shared.variants.offered import variant_offer_id
from tests.fakes import NOON, FakeClock
from tests.unit.orders.conftest import Shop
from tests.unit.orders.given import ACCOUNT, STOREFRONT, SUPPLIER, MemoryStore, basket, capture, configuration, eur, key, product

PRODUCT = "prd_scarf"
RED, BLUE, GREEN = (variant_offer_id(PRODUCT, "S", sku) for sku in ("S", "S-blue", "S-green"))
SKUS = {"red": "S", "blue": "S-blue", "green": "S-green"}


def scarf(version: int = 1, gone: tuple[str, ...] = (), **stock: int) -> OfferPublished:
    """With a variant for each colour of `stock`; blue is dearer than the others."""
    variants = [
        Variant(sku=SKUS[colour], options={"colour": colour}, stock=n, price=eur(1800) if colour == "blue" else None)
        for colour, n in stock.items()
    ]
    sold = product(0, sku="S", options=[Option(name="colour")] if variants else [], variants=variants)
    return OfferPublished(version=version, offer_id=RED, product_id=PRODUCT, supplier_id=SUPPLIER, product=sold, gone=list(gone))


def counted(version: int = 1, **units: int) -> StockCounted:
    told = {variant_offer_id(PRODUCT, "S", SKUS[colour]): n for colour, n in units.items()}
    at: dict[str, Any] = {"counted_at": rfc3339(NOON), "received_at": rfc3339(NOON), "stock_counts": "available"}
    return StockCounted(
        version=version, offer_id=RED, product_id=PRODUCT, supplier_id=SUPPLIER, stock=sum(units.values()), variants=told, **at
    )


def left(shop: Shop, *offer_ids: str) -> list[int]:
    return [int(shop.stores.stock.stock_item(offer_id).quantity) for offer_id in offer_ids]


def test_an_order_of_two_variants_has_each_ones_price_title_and_takes_each_ones_stock(shop: Shop) -> None:
    shop.inventory.record_publication(scarf(red=5, blue=3))
    order = shop.checkout.place(ACCOUNT, STOREFRONT, basket({RED: 2, BLUE: 1}), key())
    assert [(line.title, line.unit_cost, line.product_id) for line in order.lines] == [
        ("Blue mug, 300 ml — red", 1000, PRODUCT), ("Blue mug, 300 ml — blue", 1800, PRODUCT),
    ]  # fmt: skip
    assert left(shop, RED, BLUE) == [3, 2]


def test_a_storefronts_rule_chooses_the_product_by_its_lowest_price_for_all_variants_alike(shop: Shop) -> None:
    shop.replica.record_storefront(configuration(version=2, selection=Selection(price_band=PriceBand(currency="EUR", high=1000))))
    shop.inventory.record_publication(scarf(red=5, blue=3))
    assert shop.checkout.place(ACCOUNT, STOREFRONT, basket({BLUE: 1}), key()).lines[0].unit_cost == 1800


def test_a_variant_that_is_gone_is_not_sold_but_who_ordered_it_still_gets_it(shop: Shop) -> None:
    shop.inventory.record_publication(scarf(red=5, blue=3))
    order = shop.checkout.place(ACCOUNT, STOREFRONT, basket({BLUE: 1}), key())
    shop.inventory.record_publication(scarf(2, gone=(BLUE,), red=5))
    with pytest.raises(NotSellable):
        shop.checkout.place(ACCOUNT, STOREFRONT, basket({BLUE: 1}), key("k2"))
    assert shop.order(order).flagged == {}
    shop.orders.record_capture(capture(shop.order(order)))
    after = shop.order(order)
    assert (after.state, after.withdrawals) == ("paid", ())


def test_a_variant_that_comes_back_is_sold_again_under_the_same_id_with_what_is_left_of_it(shop: Shop) -> None:
    shop.inventory.record_publication(scarf(red=5, blue=3))
    shop.checkout.place(ACCOUNT, STOREFRONT, basket({BLUE: 1}), key())
    shop.inventory.record_publication(scarf(2, gone=(BLUE,), red=5))
    shop.inventory.record_publication(scarf(3, red=5, blue=3))
    assert left(shop, BLUE) == [2]
    assert shop.checkout.place(ACCOUNT, STOREFRONT, basket({BLUE: 1}), key("k2")).lines[0].offer_id == BLUE


def test_a_recall_takes_all_variants_off_sale_those_that_are_gone_too_and_a_publication_brings_back_those_it_has(shop: Shop) -> None:
    shop.inventory.record_publication(scarf(red=5, blue=3, green=1))
    shop.inventory.record_publication(scarf(2, gone=(GREEN,), red=5, blue=3))
    news = OfferRecalled(
        version=3, offer_id=RED, product_id=PRODUCT, supplier_id=SUPPLIER, reason="dye", variants=[RED, BLUE, GREEN]
    )  # fmt: skip
    shop.inventory.record_recall(news)
    held = [shop.stores.stock.stock_item(offer_id) for offer_id in (RED, BLUE, GREEN)]
    assert [(item.is_recalled, item.reason) for item in held] == [(True, "dye")] * 3
    shop.inventory.record_publication(scarf(4, gone=(GREEN,), red=5, blue=3))
    held = [shop.stores.stock.stock_item(offer_id) for offer_id in (RED, BLUE, GREEN)]
    assert [(item.sellable, item.is_recalled, item.gone) for item in held] == [
        (True, False, False), (True, False, False), (False, False, True),
    ]  # fmt: skip


def seen(shop: Shop, order: Order) -> dict[str, str]:
    """What the order's owner is told of recalled goods."""
    return dict(shop.orders.order(ACCOUNT, STOREFRONT, order.id).flags)


def test_a_recall_reaches_the_orders_of_what_is_gone_since_so_long_that_no_event_names_it(shop: Shop) -> None:
    def news(version: int) -> OfferRecalled:
        return OfferRecalled(
            version=version, offer_id=RED, product_id=PRODUCT, supplier_id=SUPPLIER, reason="dye", variants=[RED], more_gone=True
        )

    def told(version: int) -> OfferPublished:
        return scarf(version, red=5).model_copy(update={"more_gone": True})

    shop.inventory.record_publication(scarf(red=5, blue=9))
    unpaid, paid, late = (shop.checkout.place(ACCOUNT, STOREFRONT, basket({BLUE: 1}), key(name)) for name in ("k1", "k2", "k3"))
    shop.inventory.record_publication(scarf(2, gone=(BLUE,), red=5))
    shop.inventory.record_publication(told(3))
    assert seen(shop, unpaid) == {}
    shop.inventory.record_recall(news(4))
    shop.inventory.record_publication(told(3))
    assert seen(shop, unpaid) == {BLUE: "dye"}
    shop.orders.record_capture(capture(paid))
    assert [(one.why, one.units) for one in shop.order(paid).withdrawals] == [("recall", {BLUE: 1})]
    delisted = OfferDelisted(version=5, offer_id=RED, product_id=PRODUCT, supplier_id=SUPPLIER, offers=[RED], more_gone=True)
    for free in (lambda: shop.inventory.record_publication(told(5)), lambda: shop.inventory.record_delisting(delisted)):
        free()
        assert seen(shop, unpaid) == {}
        shop.inventory.record_recall(news(4))
        assert seen(shop, unpaid) == {}, "news of before"
    shop.inventory.record_recall(news(6))
    shop.inventory.record_delisting(delisted.model_copy(update={"version": 7}))
    shop.orders.record_capture(capture(late))
    assert shop.order(late).withdrawals == ()


def test_a_product_that_gains_variants_keeps_its_offer_and_its_stock_if_one_has_its_sku(shop: Shop) -> None:
    plain = scarf()
    shop.inventory.record_publication(plain.model_copy(update={"product": plain.product.model_copy(update={"stock": 7})}))
    order = shop.checkout.place(ACCOUNT, STOREFRONT, basket({RED: 2}), key())
    shop.inventory.record_publication(scarf(2, red=7, blue=3))
    assert left(shop, RED, BLUE) == [5, 3]
    assert shop.order(order).lines[0].offer_id == RED


def test_a_count_of_some_variants_leaves_the_others_as_they_are(shop: Shop) -> None:
    shop.inventory.record_publication(scarf(red=5, blue=3, green=1))
    shop.inventory.record_count(counted(1, red=50, green=10))
    shop.inventory.record_count(counted(2, green=20))
    shop.inventory.record_count(counted(1, red=50, green=10))
    assert left(shop, RED, BLUE, GREEN) == [50, 3, 20]


VERSIONS = [
    scarf(1, red=5, blue=3), scarf(2, gone=(BLUE,), red=5, green=4), scarf(3, gone=(GREEN,), red=5, blue=3),
    scarf(4, gone=(RED, GREEN), blue=3),
]  # fmt: skip


@given(
    strategies.lists(strategies.sampled_from(VERSIONS), min_size=4, max_size=12).map(lambda found: [*found, VERSIONS[3]]),
    strategies.randoms(),
)
def test_in_any_order_and_doubled_what_the_newest_version_has_is_on_sale_and_nothing_else(
    messages: list[OfferPublished], random: Any
) -> None:
    random.shuffle(messages)
    store = MemoryStore()
    inventory = InventoryService(store, FakeClock(), AT_ONCE)
    for message in messages:
        inventory.record_publication(message)
    assert {offer_id for offer_id, item in store.kept.items() if item.sellable} == {BLUE}


def test_a_publication_that_was_cut_short_is_finished_by_its_next_delivery(memory: Shop) -> None:
    memory.inventory.record_publication(scarf(red=5, green=3))
    half = scarf(2, gone=(GREEN,), red=9, blue=4)
    first, *_ = half.offers()
    memory.inventory._update(half, first)
    memory.inventory.record_publication(half)
    assert left(memory, RED, BLUE) == [9, 4]
    assert memory.stores.stock.stock_item(GREEN).gone


def test_what_is_delisted_is_sold_no_more_and_who_ordered_it_gets_it_until_it_is_published_again(shop: Shop) -> None:
    shop.inventory.record_publication(scarf(red=5, blue=3))
    order = shop.checkout.place(ACCOUNT, STOREFRONT, basket({RED: 2}), key())
    shop.inventory.record_delisting(
        OfferDelisted(version=2, offer_id=RED, product_id=PRODUCT, supplier_id=SUPPLIER, offers=[RED, BLUE, GREEN])
    )
    for offer_id in (RED, BLUE):
        with pytest.raises(NotSellable):
            shop.checkout.place(ACCOUNT, STOREFRONT, basket({offer_id: 1}), key(offer_id))
    item = shop.stores.stock.stock_item(RED)
    assert (item.sellable, item.gone, item.is_recalled, left(shop, RED)) == (False, True, False, [3])
    shop.inventory.record_publication(scarf(version=1, red=5, blue=3))
    assert not shop.stores.stock.stock_item(RED).sellable, "an older publication comes too late"
    shop.inventory.record_publication(scarf(version=3, red=5, blue=3))
    assert shop.checkout.place(ACCOUNT, STOREFRONT, basket({RED: 1}), key("later")).lines[0].quantity == 1
    assert order.lines[0].quantity == 2


def test_what_was_dropped_while_it_was_recalled_is_not_sold_and_is_recalled_though_the_recall_was_never_heard(shop: Shop) -> None:
    shop.inventory.record_publication(scarf(red=5, blue=3))
    shop.inventory.record_publication(scarf(version=3, red=5).model_copy(update={"withheld": [BLUE], "withheld_for": "lead"}))
    items = shop.stores.stock.stock_items([RED, BLUE])
    assert [(items[offer_id].sellable, items[offer_id].is_recalled, items[offer_id].reason) for offer_id in (RED, BLUE)] == [
        (True, False, ""), (False, True, "lead"),
    ]  # fmt: skip
