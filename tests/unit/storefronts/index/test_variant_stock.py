"""A product with variants is one card: each variant's stock comes by itself, in any order, and the card says what they come to."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from functions.storefronts.index.card_items import CardItem
from functions.storefronts.index.card_store import CardStore
from functions.storefronts.index.index_replica import BEGINNING, SHARDS
from functions.storefronts.index.product_card import Card
from functions.storefronts.index.product_detail import Detail
from monsoon_plugin.clock import rfc3339
from shared.messages import OfferAvailabilityChanged, OfferPublished
from shared.optimistic_retry import AT_ONCE
from shared.variants.offered import variant_offer_id
from shared.variants.variant_stock import MOST, VariantStock
from tests.fakes import NOON, FakeClock
from tests.unit.fanout.test_variants import beyond
from tests.unit.orders.inventory.test_variants import BLUE, GREEN, PRODUCT, RED, scarf

NOW = rfc3339(NOON)


@pytest.fixture
def store(make_table: Callable[[str], str]) -> CardStore:
    return CardStore(make_table("storefronts"), FakeClock(), AT_ONCE)


def publish(store: CardStore, message: OfferPublished) -> None:
    store.publish(Card.of(message, NOW), Detail.of(message))


def told(offer_id: str, version: int, in_stock: bool, variant: bool = True) -> OfferAvailabilityChanged:
    return OfferAvailabilityChanged(
        version=version, offer_id=offer_id, product_id=PRODUCT, supplier_id="acc_1", in_stock=in_stock, variant=variant
    )


def shown(store: CardStore) -> tuple[bool, dict[str, bool]]:
    """Of the card, and of each variant."""
    found = store.get(PRODUCT)
    assert found
    card, detail = found
    (change,) = [c for shard in range(SHARDS) for c in store.changes(shard, BEGINNING, 10)]
    assert change.card == card
    return card.in_stock, {variant.offer_id: variant.in_stock for variant in detail.variants}


def test_one_card_has_the_lowest_price_the_offer_that_has_it_the_highest_and_all_options(store: CardStore):
    publish(store, scarf(red=5, blue=3))
    card, detail = store.get(PRODUCT) or pytest.fail("no such card")
    assert (card.cost.amount, card.offer_id, card.highest and card.highest.amount) == (1000, RED, 1800)
    assert [(option.name, option.values) for option in card.options] == [("colour", ("red", "blue"))]
    assert [(v.offer_id, v.choice, v.price.amount) for v in detail.variants] == [(RED, ["red"], 1000), (BLUE, ["blue"], 1800)]


def test_the_product_is_in_stock_while_any_of_its_variants_is(store: CardStore):
    publish(store, scarf(red=5, blue=0))
    assert shown(store) == (True, {RED: True, BLUE: False})
    store.keep_stock(told(RED, 1, in_stock=False))
    assert shown(store) == (False, {RED: False, BLUE: False})
    store.keep_stock(told(BLUE, 1, in_stock=True))
    assert shown(store) == (True, {RED: False, BLUE: True})
    store.keep_stock(told(RED, 1, in_stock=True))
    assert shown(store)[1][RED] is False


NEWS: list[Any] = [
    scarf(1, red=5, blue=3), scarf(2, red=5, blue=3, green=1), told(RED, 1, False), told(RED, 2, True), told(BLUE, 1, False),
    told(RED, 3, False), told(GREEN, 1, False),
]  # fmt: skip


@pytest.mark.parametrize("turn", range(7))
@pytest.mark.parametrize("backwards", [False, True])
def test_in_any_order_and_doubled_the_last_of_each_counts(store: CardStore, turn: int, backwards: bool):
    messages = [*NEWS[turn:], *NEWS[:turn]][:: -1 if backwards else 1]
    for message in [*messages, *messages[:3]]:
        publish(store, message) if isinstance(message, OfferPublished) else store.keep_stock(message)
    assert shown(store) == (False, {RED: False, BLUE: False, GREEN: False})


def test_each_news_of_a_variant_raises_what_followers_tell_states_by(store: CardStore):
    publish(store, scarf(red=5, blue=3))
    seen = []
    for message in (told(RED, 1, False), told(BLUE, 1, False), told(RED, 2, True)):
        store.keep_stock(message)
        seen += [c.state for shard in range(SHARDS) for c in store.changes(shard, BEGINNING, 10)]
    assert seen == sorted(set(seen))


def test_a_product_that_gains_variants_keeps_what_was_told_of_its_offer_and_one_that_loses_them_too(store: CardStore):
    plain = scarf()
    plain = plain.model_copy(update={"product": plain.product.model_copy(update={"stock": 7})})
    publish(store, plain)
    store.keep_stock(told(RED, 1, in_stock=False, variant=False))
    publish(store, scarf(2, red=7, blue=0))
    assert shown(store) == (False, {RED: False, BLUE: False})
    store.keep_stock(told(BLUE, 1, in_stock=True))
    publish(store, plain.model_copy(update={"version": 3}))
    assert shown(store) == (False, {})
    store.keep_stock(told(RED, 2, in_stock=True, variant=False))
    assert shown(store) == (True, {})


def test_cards_of_before_there_were_variants_are_read_as_before_and_written_as_before(store: CardStore):
    publish(store, scarf())
    card, _ = store.get(PRODUCT) or pytest.fail("no such card")
    assert not {"options", "highest"} & set(card.to_json().replace('"', " ").split())
    assert Card.from_json(card.to_json()) == card


def test_what_is_kept_of_variants_that_are_gone_is_bounded_and_its_sum_never_falls():
    stock = VariantStock()
    for n in range(MOST + 1):
        stock = stock.after(variant_offer_id(PRODUCT, "S", str(n)), 2, in_stock=True)
    kept = VariantStock({RED: (1, False), **stock.told}).within_bounds({RED, BLUE})
    assert (len(kept.told), kept.told[RED], kept.version) == (MOST, (1, False), stock.version + 1)
    last = variant_offer_id(PRODUCT, "S", str(MOST))
    assert kept.told[last] == (2, True)
    again = kept.after(BLUE, 3, in_stock=True).within_bounds({RED, BLUE})
    assert (len(again.told), again.of(RED, True), again.of(BLUE, False), again.version) == (MOST, False, True, kept.version + 3)


def test_a_product_without_variants_keeps_what_was_told_of_it_whatever_variants_it_had(store: CardStore):
    publish(store, scarf(red=5, blue=3))
    many = VariantStock({RED: (1, False)} | {variant_offer_id(PRODUCT, "S", str(n)): (1, True) for n in range(MOST)})
    item = CardItem.get(f"product#{PRODUCT}", "card")
    item.variant_stock, item.stock_version = many.to_json(), many.version
    item.save()
    plain = scarf()
    publish(store, plain.model_copy(update={"version": 2, "product": plain.product.model_copy(update={"stock": 7})}))
    assert shown(store) == (False, {})


class Interrupted(FakeClock):
    """A clock that lets another worker in, once, between a store's look at an item and its writing."""

    def __init__(self, meanwhile: Callable[[], None]) -> None:
        super().__init__()
        self.meanwhile: Callable[[], None] | None = meanwhile

    def __call__(self) -> datetime:
        if meanwhile := self.meanwhile:
            self.meanwhile = None
            meanwhile()
        return super().__call__()


@pytest.mark.parametrize("meanwhile", ["another variant", "a new version", "a recall"])
def test_what_another_wrote_between_looking_and_writing_is_kept(store: CardStore, meanwhile: str):
    publish(store, scarf(red=5, blue=3))
    others: dict[str, Callable[[], None]] = {
        "another variant": lambda: store.keep_stock(told(BLUE, 1, in_stock=False)),
        "a new version": lambda: publish(store, scarf(version=2, red=5)),
        "a recall": lambda: store.remove(PRODUCT, 2),
    }
    CardStore("storefronts-test", Interrupted(others[meanwhile]), AT_ONCE).keep_stock(told(RED, 1, in_stock=False))
    if meanwhile == "a recall":
        assert store.get(PRODUCT) is None
        publish(store, scarf(version=3, red=5, blue=3))
    wanted = {"another variant": (False, {RED: False, BLUE: False}), "a new version": (False, {RED: False})}
    assert shown(store) == wanted.get(meanwhile, (True, {RED: False, BLUE: True}))


def awaited(store: CardStore) -> tuple[int | None, list[int | None]]:
    """On the card, as the index has it too, and of each variant on the page."""
    card, detail = store.get(PRODUCT) or pytest.fail("no such card")
    (change,) = [c for shard in range(SHARDS) for c in store.changes(shard, BEGINNING, 10)]
    assert change.card == card
    return card.backorder_days, [variant.backorder_days for variant in detail.variants]


def full(offer_id: str, version: int, variant: bool = True) -> OfferAvailabilityChanged:
    return told(offer_id, version, False, variant).model_copy(update={"backorder": "full"})


def test_a_card_says_no_more_that_what_nobody_may_order_is_on_backorder(store: CardStore):
    sold = beyond(scarf(red=5, blue=3), 7, 9)
    publish(store, sold)
    assert awaited(store) == (9, [7, 9])
    store.keep_stock(full(BLUE, 1))
    assert awaited(store) == (7, [7, None])
    store.keep_stock(full(RED, 1))
    publish(store, sold.model_copy(update={"version": 2}))
    assert awaited(store) == (None, [None, None])
    store.keep_stock(told(BLUE, 2, True))
    assert (awaited(store), shown(store)[0]) == ((9, [None, 9]), True)


@pytest.mark.parametrize("early", [True, False])
def test_of_a_product_without_variants_too_whatever_comes_first(store: CardStore, early: bool):
    sold, bound = beyond(scarf(), 7), full(RED, 2, variant=False)
    store.keep_stock(bound) if early else publish(store, sold)
    publish(store, sold) if early else store.keep_stock(bound)
    store.keep_stock(told(RED, 1, True, variant=False))
    assert (awaited(store), shown(store)[0]) == ((None, []), False)
    publish(store, sold.model_copy(update={"version": 3}))
    assert awaited(store) == (None, [])
    store.keep_stock(told(RED, 3, False, variant=False))
    assert awaited(store) == (7, [])
