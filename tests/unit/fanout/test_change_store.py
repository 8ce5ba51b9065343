"""What the table keeps of changes, on its real definition."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import permutations
from random import Random
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from functions.fanout.announcement_store import AnnouncementStore
from functions.fanout.change_items import StampedItem
from functions.fanout.change_store import ANNOUNCED_READ, ChangeStore
from functions.fanout.product_change import ANNOUNCED_WITHIN, INDEX_LAG, LAG, WRITTEN_WITHIN, ProductChange
from monsoon_plugin.clock import rfc3339
from shared.messages import OfferAvailabilityChanged, OfferPublished
from shared.optimistic_retry import AT_ONCE
from tests.conftest import aws
from tests.dynamodb import watched_by
from tests.fakes import NOON
from tests.unit.fanout.world import available, published, recalled

LATER = NOON + timedelta(hours=1)


class Now:
    """A clock that tells `at`, or, as long as there are, the next of `jumps` later."""

    def __init__(self) -> None:
        self.at, self.jumps = NOON, list[timedelta]()

    def __call__(self) -> datetime:
        self.at += self.jumps.pop(0) if self.jumps else timedelta(0)
        return self.at


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def store(make_table: Callable[[str], str], now: Now) -> ChangeStore:
    return ChangeStore(make_table("fanout"), now, AT_ONCE)


def items(sk: str) -> list[dict[str, Any]]:
    found = aws("dynamodb").scan(TableName="fanout-test")["Items"]
    return [item for item in found if item["sk"]["S"].startswith(sk)]


def read(store: ChangeStore, shard: str, after: str, until: str, limit: int) -> list[ProductChange]:
    return list(store.between(shard, after, until, limit).changes)


def tell(store: ChangeStore, message: Any, now: datetime = NOON) -> None:
    """Let the store hear of it at that moment."""
    store._clock.at = now  # type: ignore[attr-defined]
    if isinstance(message, OfferAvailabilityChanged):
        store.keep_stock(ProductChange.stocked(message, now))
    elif isinstance(message, OfferPublished):
        store.keep(ProductChange.published(message, now))
    else:
        store.keep(ProductChange.recalled(message, now))


def test_a_change_is_one_item_however_often_late_and_mixed_its_events_come(store: ChangeStore) -> None:
    told = [published("prd_1", 1), published("prd_1", 2, cost=700), available("prd_1", 1, False), available("prd_1", 2, True)]
    for n, order in enumerate(permutations(told)):
        for message in (*order, *order):
            tell(store, message.model_copy(update={"product_id": f"prd_{n}"}))
        (change,) = store.changes([f"prd_{n}"])
        assert (change.version, change.stock_version, change.revision, change.in_stock) == (2, 2, 4, True)
        assert '"amount":700' in str(change.product)
    assert len(items("change")) == 24


@pytest.mark.parametrize("texts", ["plain", "packed"])
def test_a_change_is_read_as_it_was_told_by_whichever_release_it_was_kept(
    store: ChangeStore, texts: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown, blurs = [f"pic_{'1' * 26} img_{'2' * 26} 4032 3024 #a1b2c3"], ["QUFB"]
    told = published("prd_1", 1).model_copy(update={"shown": shown, "blurs": blurs})
    monkeypatch.setenv("STORED_TEXTS", texts)
    tell(store, told)
    (item,) = items("change")
    assert {kind for name in ("product", "shown") for kind in item[name]} == {"S" if texts == "plain" else "B"}
    monkeypatch.delenv("STORED_TEXTS")
    assert store.changes(["prd_1"]) == [ProductChange.published(told, NOON)]


def test_stock_is_what_orders_said_last_and_until_then_what_the_supplier_says(store: ChangeStore) -> None:
    def in_stock() -> bool:
        return store.changes(["prd_1"])[0].in_stock

    tell(store, published("prd_1", 1, stock=0))
    assert not in_stock()
    tell(store, published("prd_1", 2, stock=7))
    assert in_stock()
    tell(store, available("prd_1", 1, False))
    tell(store, published("prd_1", 3, stock=7))
    assert not in_stock()


def test_stock_that_is_heard_before_the_product_is_kept_for_it(store: ChangeStore) -> None:
    tell(store, available("prd_1", 3, False))
    assert (store.changes(["prd_1"])[0].version, store.changes(["prd_1"])[0].product) == (0, None)
    tell(store, published("prd_1", 1))
    change = store.changes(["prd_1"])[0]
    assert (change.revision, change.in_stock, change.product is None) == (4, False, False)


def test_a_recall_takes_the_product_off_and_what_is_older_does_not_bring_it_back(store: ChangeStore) -> None:
    for message in (published("prd_1", 1), recalled("prd_1", 3), published("prd_1", 2)):
        tell(store, message)
    change = store.changes(["prd_1"])[0]
    assert (change.version, change.product) == (3, None)
    tell(store, published("prd_1", 4))
    assert store.changes(["prd_1"])[0].product


def test_every_write_moves_the_change_to_its_stamp_and_a_refused_one_does_not(store: ChangeStore) -> None:
    tell(store, published("prd_1", 1), NOON)
    shard = store.changes(["prd_1"])[0].shard
    first, stamped, dropped = (ProductChange.stocked(available("prd_1", 1, False), NOON + timedelta(hours=n)).at for n in (0, 1, 2))
    tell(store, available("prd_1", 1, False), LATER)
    tell(store, available("prd_1", 1, True), LATER + timedelta(hours=1))
    assert [change.at for change in read(store, shard, "", "9", 9)] == [stamped]
    assert read(store, shard, first, dropped, 9)
    assert read(store, shard, stamped, dropped, 9) == read(store, shard, "", first, 9) == read(store, shard, dropped, first, 9) == []


def test_between_reads_a_shard_in_the_order_of_its_stamps_and_no_more_than_asked(store: ChangeStore) -> None:
    for n in range(12):
        tell(store, published(f"prd_{n}", 1), NOON + timedelta(seconds=100 - n))
    for shard in "0123":
        found = read(store, shard, "", "9", 100)
        assert [change.at for change in found] == sorted(change.at for change in found)
        assert read(store, shard, "", "9", 1) == found[:1]
        assert [*read(store, shard, "", "9", 1), *read(store, shard, found[0].at, "9", 100)] == found


def behind(product_id: str) -> None:
    """Let the index be behind: it does not show the product's last change, which the table holds."""
    key = {"pk": {"S": f"product#{product_id}"}, "sk": {"S": "change"}}
    aws("dynamodb").update_item(TableName="fanout-test", Key=key, UpdateExpression="REMOVE #s", ExpressionAttributeNames={"#s": "shard"})


def test_what_the_index_does_not_show_yet_is_read_all_the_same(store: ChangeStore) -> None:
    """A reader that passed it would keep a recalled product on sale for ever."""
    tell(store, published("prd_1", 1), NOON)
    tell(store, recalled("prd_1", 2), NOON + timedelta(minutes=1))
    (change,) = store.changes(["prd_1"])
    behind("prd_1")
    until = rfc3339(NOON + timedelta(minutes=2))
    assert read(store, change.shard, "", until, 9) == [change]
    assert read(store, change.shard, rfc3339(NOON), until, 1) == [change]
    assert read(store, change.shard, change.at, until, 9) == [] == read(store, change.shard, "", rfc3339(NOON), 9)


def test_an_announced_change_that_was_not_written_or_was_written_again_is_not_read(store: ChangeStore) -> None:
    tell(store, published("prd_1", 2), NOON)
    tell(store, published("prd_1", 3), NOON + timedelta(seconds=2))
    (change,) = store.changes(["prd_1"])
    AnnouncementStore("fanout-test").announce(change.shard, f"{rfc3339(NOON + timedelta(seconds=1))}#prd_1", NOON)
    AnnouncementStore("fanout-test").announce(change.shard, f"{rfc3339(NOON + timedelta(seconds=3))}#prd_1", NOON)
    behind("prd_1")
    assert read(store, change.shard, "", "9", 9) == [change]
    assert change.at.startswith(rfc3339(NOON + timedelta(seconds=2)))


def test_what_comes_twice_or_late_is_not_announced(store: ChangeStore) -> None:
    """Each announcement without a change costs every reader a unit: a hub that is told everything again would be dear."""
    for n, message in enumerate((published("prd_1", 2), published("prd_1", 2), published("prd_1", 1), available("prd_1", 1, True))):
        tell(store, message, NOON + timedelta(seconds=2 * n))
        tell(store, message, NOON + timedelta(seconds=2 * n + 1))
    assert [item["sk"]["S"] for item in items("2026")] == [f"{rfc3339(NOON + timedelta(seconds=n))}#prd_1" for n in (0, 6)]


def test_pages_hold_each_change_once_and_in_order_whatever_the_index_shows(store: ChangeStore) -> None:
    chance = Random(5)
    for step in range(500):
        tell(store, published(f"prd_{chance.randrange(250):03}", step + 1), NOON + timedelta(milliseconds=step))
    products = sorted(item["pk"]["S"].removeprefix("product#") for item in items("change"))
    for product_id in chance.sample(products, 120):
        behind(product_id)
    held = [change for start in range(0, len(products), 100) for change in store.changes(products[start : start + 100])]
    for shard, limit in (("0", 1), ("1", 7), ("2", 25), ("3", 100)):
        found, after, until = list[ProductChange](), "", rfc3339(NOON + timedelta(milliseconds=400))
        while after != until:
            page = store.between(shard, after, until, limit)
            assert len(page.changes) <= limit
            assert after < page.until
            found, after = [*found, *page.changes], page.until
        assert found == sorted((c for c in held if c.shard == shard and c.at <= until), key=lambda change: change.at)


def test_one_look_passes_so_much_of_a_catalog_that_was_sent_twice_and_no_more(store: ChangeStore) -> None:
    """Else a reader would be at it until the request's time is over, and begin at the same place again, for an hour."""
    announcements = AnnouncementStore("fanout-test")
    shard = ProductChange.recalled(recalled("prd_1", 1), NOON).shard
    places = [f"{rfc3339(NOON + timedelta(milliseconds=n))}#prd_{n}" for n in range(2 * ANNOUNCED_READ + 1)]
    for at in places:
        announcements.announce(shard, at, NOON)
    tell(store, recalled("prd_1", 1), NOON + timedelta(seconds=1))
    behind("prd_1")
    until, after = rfc3339(NOON + timedelta(seconds=2)), ""
    for end in (places[ANNOUNCED_READ - 1], places[2 * ANNOUNCED_READ - 1]):
        page = store.between(shard, after, until, 9)
        assert (page.changes, page.until) == ([], end)
        after = page.until
    assert [change.product_id for change in read(store, shard, after, until, 9)] == ["prd_1"]


def test_what_is_announced_or_written_too_late_after_its_stamp_is_stamped_anew(store: ChangeStore, now: Now) -> None:
    """Readers may have passed the stamp meanwhile."""
    none, second = timedelta(0), timedelta(seconds=1)
    late = {
        "announced late": [2 * second],
        "written late": [none, 9 * second],
        "both, one after the other": [2 * second, none, none, 9 * second],
    }
    for n, jumps in enumerate(late.values()):
        now.jumps = list(jumps)
        tell(store, published(f"prd_{n}", 1), NOON)
        (change,) = store.changes([f"prd_{n}"])
        assert NOON + sum(jumps, none) - timedelta(seconds=4) <= change.stamped <= now.at, list(late)[n]
        assert [item["sk"]["S"] for item in items("2026")].count(change.at) == 1
        tell(store, available(f"prd_{n}", 1, False), now.at + second)


@contextmanager
def losing(answers: int, lost: Callable[[Any], None]) -> Iterator[None]:
    """So many answers to writes of changes are lost; what was asked is told to `lost` before."""
    left, events = list(range(answers)), StampedItem._get_connection().connection.client.meta.events

    def lose(request: Any, **_: Any) -> None:
        if left:
            left.pop()
            lost(json.loads(request.body))
            raise ReadTimeoutError(endpoint_url=request.url)

    events.register_first("before-send.dynamodb.UpdateItem", lose)
    try:
        yield
    finally:
        events.unregister("before-send.dynamodb.UpdateItem", lose)


@pytest.mark.parametrize("done", [True, False])
def test_a_write_whose_answer_was_lost_is_stamped_anew(store: ChangeStore, now: Now, done: bool) -> None:
    """It may have been done when readers had passed its stamp; the queue's next message would find it done, and leave it there."""

    def late(asked: Any) -> None:
        now.at += timedelta(seconds=9)
        if done:
            aws("dynamodb").update_item(**asked)

    with losing(1, late):
        tell(store, published("prd_1", 1))
    (change,) = store.changes(["prd_1"])
    assert (change.version, change.stamped) == (1, NOON + timedelta(seconds=9))
    assert change.at in [item["sk"]["S"] for item in items("2026")]


def test_a_write_whose_answer_was_lost_does_not_take_back_a_later_stamp(store: ChangeStore, now: Now) -> None:
    """Lost on its way, it is done after the one that came after it."""
    lost = list[Any]()

    def slow(asked: Any) -> None:
        now.at += timedelta(seconds=1)
        lost.append(asked)

    with losing(2, slow):
        tell(store, published("prd_1", 1))
    for asked in lost:
        with pytest.raises(ClientError, match="ConditionalCheckFailed"):
            aws("dynamodb").update_item(**asked)
    assert store.changes(["prd_1"])[0].stamped == NOON + timedelta(seconds=2)


def test_after_a_lost_answer_nothing_is_written_over_what_another_wrote_meanwhile(store: ChangeStore) -> None:
    """Of variants' stock, two that write at once count alike, and say other things."""
    with losing(1, lambda _: tell(store, published("prd_1", 1, cost=1234), NOON + timedelta(seconds=1))):
        tell(store, published("prd_1", 1, cost=5678))
    assert '"amount":1234' in str(store.changes(["prd_1"])[0].product)


def test_a_change_that_is_never_written_in_time_is_left_to_the_queue(store: ChangeStore, now: Now) -> None:
    now.jumps = [timedelta(seconds=2)] * 9
    with pytest.raises(RuntimeError, match="prd_1"):
        tell(store, published("prd_1", 1))
    assert store.changes(["prd_1"]) == []


def test_a_stamp_of_what_was_written_late_does_not_bring_back_what_a_newer_change_replaced(store: ChangeStore, now: Now) -> None:
    class Slow(ChangeStore):
        """While it looks at the clock after its write, another process writes newer news."""

        def _age(self, change: ProductChange) -> timedelta:
            if items("change") and store.changes(["prd_1"])[0].version == 1:
                tell(store, recalled("prd_1", 2), NOON)
                return timedelta(seconds=9)
            return timedelta(0)

    tell(Slow("fanout-test", now, AT_ONCE), published("prd_1", 1))
    (change,) = store.changes(["prd_1"])
    assert (change.version, change.product) == (2, None)


def test_an_announcement_costs_one_unit_is_not_listed_by_time_and_expires(store: ChangeStore) -> None:
    ids = "prd_01J9ZQ3V7M8XK2N4P6R8T0W1Y3"
    tell(store, published(ids, 1))
    (item,) = items("2026")
    assert set(item) == {"pk", "sk", "expires_at"}
    assert int(item["expires_at"]["N"]) > (NOON + INDEX_LAG).timestamp(), "while it is asked for"


def test_a_change_is_announced_and_written_in_less_than_the_lag(store: ChangeStore) -> None:
    """It is written in one attempt: a second one would carry a stamp that readers have passed."""
    tell(store, published("prd_1", 1))
    config = StampedItem._get_connection().connection.client.meta.config
    assert config.retries["total_max_attempts"] == 1
    assert ANNOUNCED_WITHIN + timedelta(seconds=config.connect_timeout + config.read_timeout) <= WRITTEN_WITHIN < LAG


def test_a_usual_product_is_an_item_of_less_than_a_kilobyte(store: ChangeStore) -> None:
    """So a publication costs one unit for the item and one for the index; a change of it two for the index, whose key moves."""
    en = {"title": "Maple bowl 17", "description": "Turned by hand from one piece of wood, oiled twice, and good for years. " * 3}
    zh = {"title": "木器 17", "description": "手工车制，上油两遍。"}
    message = published("prd_01J9ZQ3V7M8XK2N4P6R8T0W1Y3", 1)
    texts = {tag: {**text} for tag, text in (("en", en), ("zh", zh))}
    product = type(message.product).model_validate({**message.product.model_dump(), "texts": texts})
    ids = {"offer_id": "off_01J9ZQ3V7M8XK2N4P6R8T0W1Y3", "supplier_id": "acc_01J9ZQ3V7M8XK2N4P6R8T0W1Y3"}
    tell(store, message.model_copy(update={"product": product, **ids}))
    (item,) = items("change")
    size = sum(len(name) + len(str(next(iter(value.values()))).encode()) for name, value in item.items())
    assert size <= 1024, size


def test_what_it_cost_is_kept_while_nothing_else_changes(store: ChangeStore) -> None:
    def earlier() -> list[int]:
        return [costs[0] for _, costs in store.changes(["prd_1"])[0].earlier_costs.states]

    for n, cost in enumerate((900, 910, 920)):
        tell(store, published("prd_1", n + 1, cost), NOON + timedelta(minutes=n))
    assert earlier() == [900, 910]
    tell(store, available("prd_1", 1, False), LATER)
    assert earlier() == [], "whether there are any is shown"
    tell(store, published("prd_1", 4, 930), LATER + timedelta(minutes=1))
    assert earlier() == [920]
    assert store.changes(["prd_1"])[0].earlier_costs.states[0][0] == rfc3339(LATER), "from where it was out of stock"
    tell(store, recalled("prd_1", 5), LATER + timedelta(minutes=2))
    assert store.changes(["prd_1"])[0].earlier is None


def test_what_another_wrote_after_it_was_read_is_not_passed_over_as_known(store: ChangeStore, now: Now) -> None:
    """Between looking at a product and writing it orders may tell of its stock: that state, too, is what the cost changes from."""
    tell(store, published("prd_1", 1, 900), NOON)
    announce, told = store._announcements.announce, []

    def meanwhile(*args: Any) -> None:
        announce(*args)
        if not told:
            told.append(True)
            store.keep_stock(ProductChange.stocked(available("prd_1", 1, False), now.at))

    store._announcements.announce = meanwhile  # type: ignore[method-assign]
    tell(store, published("prd_1", 2, 910), LATER)
    change = store.changes(["prd_1"])[0]
    assert (change.version, change.stock_version, change.in_stock) == (2, 1, False)
    assert [moment for moment, _ in change.earlier_costs.states] == [rfc3339(LATER)]


def test_what_orders_tell_of_another_variant_between_looking_and_writing_is_kept(store: ChangeStore, now: Now) -> None:
    announce, told = store._announcements.announce, []

    def variant(name: str, version: int = 1) -> ProductChange:
        return ProductChange.stocked(available("prd_1", version, False).model_copy(update={"offer_id": name, "variant": True}), now.at)

    def meanwhile(*args: Any) -> None:
        announce(*args)
        if not told:
            told.append(True)
            store.keep_stock(variant("off_blue"))

    store._announcements.announce = meanwhile  # type: ignore[method-assign]
    store.keep_stock(variant("off_red", 3))
    assert store.changes(["prd_1"])[0].stock.told == {"off_blue": (1, False), "off_red": (3, False)}


@contextmanager
def calls() -> Iterator[list[bool]]:
    """One for each call to DynamoDB meanwhile."""
    made: list[bool] = []
    with watched_by(lambda after: made.append(after) if after else None):
        yield made


def test_what_is_known_is_looked_for_once(store: ChangeStore):
    first, again = published("prd_1", 1), published("prd_1", 2, stock=0)
    for message, many in ((first, 3), (again, 3), (first, 1), (again, 1)):
        with calls() as made:
            tell(store, message, LATER)
        assert len(made) == many, "a look, an announcement, a write; of what is known the look alone"


def test_several_that_are_on_sale_for_the_first_time_are_looked_for_and_announced_together(store: ChangeStore):
    known, *new = (published(f"prd_{n}", 1) for n in range(4))
    tell(store, known)
    with calls() as made:
        store.announce([known, *new])
        for message in (known, *new):
            tell(store, message)
    assert len(made) == 1 + 1 + 1 + len(new), "a look for all, an announcement of the three that are new; one look, and a write of each"
    announced = [item["sk"]["S"] for item in items("2026")]
    assert sorted(announced) == sorted(change.at for change in store.changes([f"prd_{n}" for n in range(4)]))


def test_one_that_was_announced_together_and_is_kept_too_late_is_announced_anew(store: ChangeStore):
    message = published("prd_1", 1)
    store.announce([message, published("prd_2", 1)])
    tell(store, message, NOON + ANNOUNCED_WITHIN + timedelta(seconds=1))
    (change,) = store.changes(["prd_1"])
    assert change.stamped > NOON + ANNOUNCED_WITHIN
    assert change.at in [item["sk"]["S"] for item in items("2026")]


def test_what_was_announced_together_is_no_newer_version(store: ChangeStore):
    first, second = published("prd_1", 1), published("prd_1", 2, cost=1200)
    store.announce([first, published("prd_2", 1)])
    for message in (second, first):
        tell(store, message)
    (change,) = store.changes(["prd_1"])
    assert change.version == 2
