"""Whatever the stock does and whenever it is told of: in the end what was told is whether units are left."""

from collections.abc import Callable

import boto3
import pytest
from hypothesis import given, settings, strategies

from functions.orders.inventory.availability import Announced, AvailabilityAnnouncer
from functions.orders.inventory.inventory_items import stock_in_image
from functions.orders.refunds.refund import RefundAsk
from shared.aws.packing import unpacked
from shared.errors import Problem
from shared.goods.stock_mode import Backorder
from shared.messages import OfferAvailabilityChanged
from shared.optimistic_retry import AT_ONCE
from tests.conftest import aws
from tests.examples import examples
from tests.unit.orders.conftest import Shop, remembered, stored
from tests.unit.orders.given import ACCOUNT, MUG, STOREFRONT, SUPPLIER, TEA, capture, count, key, publication, recall


def told(shop: Shop) -> list[bool]:
    """What was told of the mug, as told to others."""
    return [event.in_stock for event in shop.store.events if isinstance(event, OfferAvailabilityChanged)]


def watched(shop: Shop) -> None:
    """Bring the announcer every move that it has not seen."""
    while shop.store.moves:
        shop.availability.record_move(*shop.store.moves.pop(0))


def test_the_last_unit_is_told_once_and_the_next_one_again(memory: Shop) -> None:
    order = memory.place(units=10)
    watched(memory)
    assert told(memory) == [False]
    memory.cancel(order)
    watched(memory)
    assert told(memory) == [False, True]


def test_what_moves_without_reaching_or_leaving_zero_tells_nothing(memory: Shop) -> None:
    memory.place(units=9)
    memory.inventory.adjust(SUPPLIER, MUG, -1 + 5, "found", key("a1"))
    memory.inventory.record_recall(recall())
    memory.inventory.record_publication(publication(version=3))
    watched(memory)
    assert told(memory) == []


@pytest.mark.parametrize("stock", [0, 7])
def test_a_first_publication_tells_nothing(stock: int) -> None:
    shop = remembered()
    shop.store.moves.clear()
    shop.inventory.record_publication(publication("off_new", stock=stock))
    watched(shop)
    assert told(shop) == []


@pytest.mark.parametrize(("counted", "published"), [(8, 0), (0, 8)])
def test_a_count_that_came_before_the_publication_is_told_where_that_says_otherwise(memory: Shop, counted: int, published: int) -> None:
    memory.inventory.record_count(count(counted, offer_id=TEA))
    watched(memory)
    assert told(memory) == []
    memory.inventory.record_publication(publication(TEA, stock=published))
    watched(memory)
    assert told(memory) == [bool(counted)]


def test_units_that_a_refund_puts_back_count_too(memory: Shop) -> None:
    order = memory.place(units=10)
    memory.orders.record_capture(capture(order))
    watched(memory)
    memory.orders.refund(ACCOUNT, STOREFRONT, order.id, RefundAsk({MUG: 1}, False, True, "unwanted"), key("r1"))
    memory.release(order)
    watched(memory)
    assert told(memory) == [False, True]


def test_a_declared_nought_does_not_hide_units_that_are_left(memory: Shop) -> None:
    """Until something was told, who shows a product goes by what its supplier declared."""
    memory.inventory.adjust(SUPPLIER, MUG, 5, "found", key("a1"))
    memory.inventory.record_publication(publication(version=2, stock=0))
    watched(memory)
    assert (memory.left, told(memory)) == (5, [True])


def test_a_replayed_move_tells_what_is_true_now(memory: Shop) -> None:
    order = memory.place(units=10)
    moves = list(memory.store.moves)
    watched(memory)
    memory.cancel(order)
    moves += memory.store.moves
    watched(memory)
    for move in moves:
        memory.availability.record_move(*move)
    assert told(memory)[-1] is True


def test_who_read_before_another_told_looks_again() -> None:
    """Between a watcher's read and its write the last unit comes back, and another watcher finds nothing to tell."""
    shop = remembered()
    order = shop.place(units=10)
    shop.store.availabilities[MUG] = Announced(1, True)

    class Slow:
        def stock_item(self, offer_id):
            seen = shop.stores.stock.stock_item(offer_id)
            if shop.order(order).state != "cancelled":
                shop.cancel(order)
                shop.availability.record_move(*shop.store.moves[-1])
            return seen

    AvailabilityAnnouncer(Slow(), shop.stores.announcements, shop.clock, AT_ONCE).record_move(*shop.store.moves[-1])
    assert shop.stores.announcements.last_announced(MUG) == Announced(3, True)


MOVES = strategies.lists(
    strategies.tuples(
        strategies.sampled_from(["buy", "cancel", "adjust", "publish", "recall", "watch", "replay", "contend"]), strategies.integers(0, 5)
    ),
    max_size=40,
)


def run(shop: Shop, steps: list[tuple[str, int]]) -> None:
    """Take the steps; moves reach the announcer late, and some of them again."""
    placed, version, seen = [], 1, []
    for n, (step, units) in enumerate(steps):
        try:
            if step == "buy":
                placed.append(shop.place(units + 1, text=f"k{n}"))
            elif step == "cancel" and placed:
                shop.cancel(placed.pop())
            elif step == "adjust":
                shop.inventory.adjust(SUPPLIER, MUG, units - 3, "counted", key(f"a{n}"))
            elif step in ("publish", "recall"):
                version += 1
                shop.inventory.record_recall(recall(version=version)) if step == "recall" else shop.inventory.record_publication(
                    publication(version=version, stock=units)
                )
            elif step == "watch" and shop.store.moves:
                seen.append(shop.store.moves.pop(0))
                shop.availability.record_move(*seen[-1])
            elif step == "replay" and seen:
                shop.availability.record_move(*seen[units % len(seen)])
            elif step == "contend":
                shop.store.contended = units
        except Problem:
            continue


@settings(max_examples=examples(400), deadline=None)
@given(MOVES)
def test_after_all_moves_what_is_shown_is_whether_units_are_left(steps: list[tuple[str, int]]) -> None:
    shop = remembered()
    run(shop, steps)
    shop.store.contended = 0
    watched(shop)
    last, left = shop.stores.announcements.last_announced(MUG), shop.stores.stock.stock_item(MUG)
    shown = last.in_stock if last else left.declared > 0
    assert shown == (left.quantity > 0)
    versions = [event.version for event in shop.store.events if isinstance(event, OfferAvailabilityChanged)]
    assert versions == list(range(1, len(versions) + 1))


def test_on_dynamodb_it_is_one_item_with_its_event_and_an_image_is_read_as_it_was(make_table: Callable[[str], str]) -> None:
    shop = stored(make_table("orders"))
    client = aws("dynamodb")
    images = [client.get_item(TableName="orders-test", Key={"pk": {"S": MUG}, "sk": {"S": "offer"}})["Item"]]
    shop.place(units=10)
    images.append(client.get_item(TableName="orders-test", Key={"pk": {"S": MUG}, "sk": {"S": "offer"}})["Item"])
    before, after = map(stock_in_image, images)
    assert (before.quantity, after) == (10, shop.stores.stock.stock_item(MUG))
    for _ in range(2):
        shop.availability.record_move(before, after)
    assert shop.stores.announcements.last_announced(MUG) == Announced(1, False)
    item = boto3.resource("dynamodb").Table("orders-test").get_item(Key={"pk": MUG, "sk": "availability"})["Item"]
    assert f'"type":"{OfferAvailabilityChanged.type}"' in unpacked({"B": bytes(item["event"])})


@pytest.mark.parametrize("image", [{}, {"pk": {"S": "off_1"}, "version": {"N": "1"}}, {"version": {"S": "one"}}, {"pk": "off_1"}])
def test_an_image_that_is_no_offers_is_one_of_the_errors_that_are_passed_over(image) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        stock_in_image(image)


def sold_beyond(shop: Shop, units: int, version: int = 2, stock: int = 10) -> None:
    shop.inventory.record_publication(
        publication(version=version, stock=stock, stock_mode=Backorder(mode="backorder", units=units, days=14) if units else None)
    )


def bounds(shop: Shop) -> list[tuple[bool, str]]:
    watched(shop)
    return [(event.in_stock, event.backorder) for event in shop.store.events if isinstance(event, OfferAvailabilityChanged)]


def test_a_bound_that_is_reached_is_told_and_that_more_may_be_ordered_again(memory: Shop) -> None:
    sold_beyond(memory, 4)
    memory.place(units=12, text="first")
    last = memory.place(units=2, text="second")
    assert bounds(memory) == [(False, "full")], "what was on backorder between two looks was shown to nobody"
    memory.cancel(last)
    assert bounds(memory)[1:] == [(False, "open")]
    memory.place(units=2, text="third")
    memory.inventory.adjust(SUPPLIER, MUG, 9, "found", key("a1"))
    assert bounds(memory)[2:] == [(True, "")]


def test_nothing_is_told_of_a_bound_that_nobody_is_shown(memory: Shop) -> None:
    sold_beyond(memory, 4)
    memory.place(units=14)
    assert bounds(memory) == [(False, "full")]
    sold_beyond(memory, 0, version=3)
    assert bounds(memory)[1:] == [], "sold by its count alone it is sold out either way"
    sold_beyond(memory, 20, version=4)
    assert bounds(memory)[1:] == [(False, "open")]


def test_what_came_back_before_anybody_was_told_is_not_told(memory: Shop) -> None:
    memory.cancel(memory.place(units=10))
    assert bounds(memory) == []


def test_a_mode_that_changes_while_units_are_there_tells_nothing(memory: Shop) -> None:
    for version, units in ((2, 4), (3, 0), (4, 9)):
        sold_beyond(memory, units, version)
    assert bounds(memory) == []


def test_the_bound_is_kept_with_what_was_told(make_table: Callable[[str], str]) -> None:
    shop = stored(make_table("orders"))
    sold_beyond(shop, 4)
    before = shop.stores.stock.stock_item(MUG)
    shop.place(units=14)
    shop.availability.record_move(before, shop.stores.stock.stock_item(MUG))
    assert shop.stores.announcements.last_announced(MUG) == Announced(1, False, full=True)
    sold_beyond(shop, 20, version=3)
    shop.availability.record_move(before, shop.stores.stock.stock_item(MUG))
    assert shop.stores.announcements.last_announced(MUG) == Announced(2, False)
