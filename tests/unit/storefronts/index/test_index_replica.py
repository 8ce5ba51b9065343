"""index_replica.py: an index that follows the table."""

from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.storefronts.index.index_query import All
from functions.storefronts.index.index_replica import (
    AGE,
    LATE,
    LATE_AGE,
    MOST,
    OVERLAP,
    PATIENCE,
    CardChange,
    IndexReplica,
    ReadPositions,
    WritableIndex,
    catch_up,
    take_in,
    unread,
)
from functions.storefronts.index.product_card import Card
from shared.errors import Unavailable
from tests.unit.storefronts.fakes import FakeIndex, FakeLog, card


def entry(one: Card | None, product_id: str, second: int, version: int = 1, stock_version: int = 0) -> CardChange:
    return CardChange(product_id, f"2026-11-01T12:00:{second:02d}.000Z#{product_id}", version, stock_version, one)


class Turning:
    """A clock that is turned by hand."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def replica_of(log: FakeLog, clock: Turning) -> IndexReplica:
    index = FakeIndex()

    def opened() -> tuple[WritableIndex, ReadPositions]:
        return index, unread()

    return IndexReplica(opened, log, clock)


def shown(replica: IndexReplica) -> set[str]:
    return {one.product_id for one in replica.page(All(), None, 100)}


def test_a_change_is_seen_at_the_next_look_and_looks_are_not_more_often_than_told():
    log, clock = FakeLog(), Turning()
    replica = replica_of(log, clock)
    replica.refresh()
    log.tell(entry(card(1), "prd_1", 1))
    replica.refresh()
    assert shown(replica) == set()
    clock.now += AGE
    replica.refresh()
    assert shown(replica) == {"prd_1"}
    looks = log.looks
    replica.refresh()
    assert log.looks == looks


def test_a_recall_takes_a_card_off_and_a_late_stamp_is_not_passed_over():
    log, clock = FakeLog(), Turning()
    replica = replica_of(log, clock)
    log.tell(entry(card(1), "prd_1", 20))
    replica.refresh()
    log.tell(entry(None, "prd_1", 21, version=2))
    log.tell(entry(card(3), "prd_3", 12))
    clock.now += AGE
    replica.refresh()
    assert shown(replica) == {"prd_3"}


def test_an_availability_alone_is_a_change():
    log, clock = FakeLog(), Turning()
    replica = replica_of(log, clock)
    log.tell(entry(card(1), "prd_1", 1))
    replica.refresh()
    log.tell(entry(card(1, in_stock=False, stock_version=1), "prd_1", 2, stock_version=1))
    clock.now += AGE
    replica.refresh()
    assert replica.counts(All(), "in_stock", 2) == [("false", 1)]


def test_suspended_suppliers_are_hidden_everywhere_and_come_back():
    log, clock = FakeLog(), Turning()
    replica = replica_of(log, clock)
    log.tell(entry(card(1), "prd_1", 1))
    log.tell(entry(card(2, supplier_id="acc_2"), "prd_2", 2))
    log.hidden = {"acc_2"}
    replica.refresh()
    assert (shown(replica), replica.card("prd_2"), replica.count(All())) == ({"prd_1"}, None, 1)
    assert replica.counts(All(), "supplier", 9) == [("acc_1", 1)]
    log.hidden.clear()
    clock.now += AGE
    replica.refresh()
    assert shown(replica) == {"prd_1", "prd_2"}


def test_an_older_state_that_the_index_shows_again_is_not_taken_back_in():
    log, index, tail = FakeLog(), FakeIndex(), unread()
    log.tell(entry(card(1, version=3), "prd_1", 5, version=3))
    take_in(index, log, tail)
    log.tell(entry(card(1, version=2), "prd_1", 6, version=2))
    assert take_in(index, log, tail) == 0
    assert index.cards[0].version == 3


def test_the_first_look_takes_in_all_there_is_and_a_later_one_as_much_as_it_is_told():
    log, clock = FakeLog(), Turning()
    for n in range(50):
        log.tell(entry(card(n), f"prd_{n}", n))
    index, tail = FakeIndex(), unread()
    assert 7 <= take_in(index, log, tail, most=7) < 50
    while take_in(index, log, tail, most=7):
        pass
    assert len(index.cards) == 50
    replica = replica_of(log, clock)
    replica.refresh()
    assert replica.count(All()) == 50


def test_a_first_look_that_takes_too_long_is_refused_and_gone_on_with():
    class Slow(Turning):
        def __call__(self) -> float:
            self.now += PATIENCE / 2
            return self.now

    log, refusals = FakeLog(), 0
    for n in range(4 * MOST):
        log.tell(entry(card(n), f"prd_{n:05}", n % 60))
    replica = replica_of(log, Slow())
    while True:
        try:
            assert replica.count(All()) == 4 * MOST
            break
        except Unavailable:
            refusals += 1
    assert 1 <= refusals <= 4


def test_a_process_that_slept_through_many_changes_shows_none_of_what_they_took_off():
    log, clock = FakeLog(), Turning()
    log.tell(entry(card(0), "prd_0", 0))
    replica = replica_of(log, clock)
    assert replica.card("prd_0")
    for n in range(1, 3 * MOST):
        log.tell(entry(card(n), f"prd_{n}", 1 + n * 50 // (3 * MOST)))
    log.tell(entry(None, "prd_0", 59, version=2))
    clock.now += 3600
    replica.refresh()
    assert replica.card("prd_0") is None
    assert replica.count(All()) == 3 * MOST - 1


def test_a_process_that_cannot_catch_up_in_time_refuses_and_goes_on_where_it_was():
    class Slow(Turning):
        pace = 0.0

        def __call__(self) -> float:
            self.now += self.pace
            return self.now

    log, clock = FakeLog(), Slow()
    replica = replica_of(log, clock)
    replica.refresh()
    for n in range(4 * MOST):
        log.tell(entry(card(n), f"prd_{n:05}", n % 60))
    clock.now, clock.pace = clock.now + LATE_AGE, PATIENCE
    with pytest.raises(Unavailable, match="brought up to date"):
        replica.refresh()
    clock.pace = 0.0
    replica.refresh()
    assert replica.count(All()) == 4 * MOST


def test_a_steady_flow_of_changes_does_not_keep_it_from_beginning():
    class Flowing(FakeLog):
        def changes(self, shard: int, since: str, limit: int) -> Sequence[CardChange]:
            if self.looks < 100:
                self.tell(entry(card(self.looks), f"prd_{self.looks:03}", min(self.looks, 59)))
            return super().changes(shard, since, limit)

    log = Flowing()
    replica_of(log, Turning()).refresh()
    assert catch_up(FakeIndex(), log, unread())
    assert log.looks < 10


def test_a_write_that_took_long_to_be_stored_is_seen_within_a_minute():
    log, clock = FakeLog(), Turning()
    replica = replica_of(log, clock)
    log.tell(entry(card(1), "prd_1", 59))
    replica.refresh()
    assert LATE.total_seconds() > 59 > OVERLAP.total_seconds()
    log.tell(entry(card(2), "prd_2", 0))
    clock.now += AGE
    replica.refresh()
    assert shown(replica) == {"prd_1"}
    clock.now += LATE_AGE
    replica.refresh()
    assert shown(replica) == {"prd_1", "prd_2"}


def test_what_could_not_be_applied_is_read_again():
    class Full(FakeIndex):
        def apply(self, put: Iterable[Card], removed: Iterable[str]) -> None:
            raise OSError("no space left on device")

    log, index, tail = FakeLog(), FakeIndex(), unread()
    log.tell(entry(card(1), "prd_1", 1))
    with pytest.raises(OSError, match="no space"):
        take_in(Full(), log, tail)
    assert catch_up(index, log, tail) == 1


def test_of_two_states_of_a_product_the_later_version_stands_whichever_is_stamped_later():
    class Behind(FakeLog):
        """Its index still lists the state before."""

        def changes(self, shard: int, since: str, limit: int) -> Sequence[CardChange]:
            old, new = entry(card(1), "prd_1", 9), entry(None, "prd_1", 8, version=2)
            return [new, old] if shard == 1 else []

    index = FakeIndex()
    take_in(index, Behind(), unread())
    assert index.cards == []


@given(st.lists(st.tuples(st.integers(1, 5), st.booleans(), st.integers(-6, 3)), max_size=40), st.integers(1, 5))
def test_it_ends_level_with_the_table_whatever_comes_late(changes: list[tuple[int, bool, int]], often: int):
    log, index, tail = FakeLog(), FakeIndex(), unread()
    versions: dict[int, int] = {}
    for turn, (product, on_sale, skew) in enumerate(changes):
        version = versions[product] = versions.get(product, 0) + 1
        second = min(59, max(0, turn + skew))
        log.tell(entry(card(product, version=version) if on_sale else None, f"prd_{product}", second, version))
        if turn % often == 0:
            take_in(index, log, tail)
    catch_up(index, log, tail)
    assert {(c.product_id, c.version) for c in index.cards} == {(e.product_id, e.version) for e in log.entries.values() if e.card}
