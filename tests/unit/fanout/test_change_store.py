"""What the table keeps of changes, on its real definition."""

from collections.abc import Callable
from datetime import timedelta
from itertools import permutations
from typing import Any

import boto3
import pytest

from functions.fanout.change_store import ChangeStore, StampedItem
from functions.fanout.product_change import ProductChange
from shared.messages import OfferAvailabilityChanged, OfferPublished
from tests.fakes import NOON
from tests.unit.fanout.world import available, published, recalled

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def store(make_table: Callable[[str], str]) -> ChangeStore:
    return ChangeStore(make_table("fanout"))


def items(sk: str) -> list[dict[str, Any]]:
    found = boto3.client("dynamodb").scan(TableName="fanout-test")["Items"]
    return [item for item in found if item["sk"]["S"].startswith(sk)]


def tell(store: ChangeStore, message: Any, now: Any = NOON) -> None:
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
    assert [change.at for change in store.between(shard, "", "9", 9)] == [stamped]
    assert store.between(shard, first, dropped, 9)
    assert store.between(shard, stamped, dropped, 9) == store.between(shard, "", first, 9) == store.between(shard, dropped, first, 9) == []


def test_between_reads_a_shard_in_the_order_of_its_stamps_and_no_more_than_asked(store: ChangeStore) -> None:
    for n in range(12):
        tell(store, published(f"prd_{n}", 1), NOON + timedelta(seconds=100 - n))
    for shard in "0123":
        found = store.between(shard, "", "9", 100)
        assert [change.at for change in found] == sorted(change.at for change in found)
        assert store.between(shard, "", "9", 1) == found[:1]
        assert [*store.between(shard, "", "9", 1), *store.between(shard, found[0].at, "9", 100)] == found


def test_a_change_is_written_in_one_attempt_of_less_than_the_lag(store: ChangeStore) -> None:
    """A second attempt would carry a stamp that readers have passed."""
    tell(store, published("prd_1", 1))
    config = StampedItem._get_connection().connection.client.meta.config
    assert config.retries["total_max_attempts"] == 1
    assert config.connect_timeout + config.read_timeout <= 4


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
