"""What is owed is told once, levelled to the truth, and told again when it has changed or is over."""

from shared.messages import StockOwed
from tests.unit.orders.conftest import Shop
from tests.unit.orders.given import MUG, SUPPLIER, count, key


def told(shop: Shop) -> list[tuple[int, int]]:
    return [(event.version, event.owed) for event in shop.store.events if isinstance(event, StockOwed)]


def watched(shop: Shop) -> None:
    """Bring the announcer every move that it has not seen."""
    while shop.store.moves:
        shop.debts.record_move(*shop.store.moves.pop(0))


def test_a_count_below_what_is_ordered_is_told_and_so_is_its_end(memory: Shop) -> None:
    order = memory.place(units=8)
    memory.clock.tick(seconds=1)
    memory.inventory.record_count(count(5, at=memory.clock.now, stock_counts="on_hand"))
    watched(memory)
    assert told(memory) == [(1, 3)]
    memory.inventory.adjust(SUPPLIER, MUG, 1, "found", key("a1"))
    watched(memory)
    memory.cancel(order)
    watched(memory)
    assert told(memory) == [(1, 3), (2, 2), (3, 0)]


def test_a_move_that_comes_twice_or_late_tells_nothing_that_is_not_true(memory: Shop) -> None:
    order = memory.place(units=8)
    memory.clock.tick(seconds=1)
    memory.inventory.record_count(count(5, at=memory.clock.now, stock_counts="on_hand"))
    memory.cancel(order)
    moves = list(memory.store.moves)
    watched(memory)
    assert told(memory) == []
    for move in moves:
        memory.debts.record_move(*move)
    assert told(memory) == []


def test_an_ordinary_sale_tells_nothing(memory: Shop) -> None:
    memory.place(units=10)
    watched(memory)
    assert told(memory) == []
