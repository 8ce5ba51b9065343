"""card_store.py: one item a product, whatever comes first."""

import zlib
from collections.abc import Callable
from datetime import timedelta

import pytest

from bench.capacity import size
from functions.storefronts.index.card_store import CardStore
from functions.storefronts.index.index_replica import BEGINNING, SHARDS, CardChange
from functions.storefronts.index.product_card import Card
from functions.storefronts.index.product_detail import Detail
from monsoon_plugin.clock import rfc3339
from shared.aws.packing import unpacked
from shared.messages import OfferAvailabilityChanged, OfferPublished
from shared.optimistic_retry import AT_ONCE
from shared.trade.product import Text
from tests.conftest import aws
from tests.fakes import NOON, FakeClock
from tests.unit.orders.given import product

NOW, PRODUCT = rfc3339(NOON), product()


@pytest.fixture
def table(make_table: Callable[[str], str]) -> str:
    return make_table("storefronts")


@pytest.fixture
def store(table: str) -> CardStore:
    return CardStore(table, FakeClock(), AT_ONCE)


def publish(store: CardStore, version: int = 1, product_id: str = "prd_1", stock: int = 5) -> None:
    product = PRODUCT.model_copy(update={"stock": stock})
    told = OfferPublished(offer_id="off_1", product_id=product_id, supplier_id="acc_1", product=product, version=version)
    store.publish(Card.of(told, NOW), Detail.of(told))


def stocked(store: CardStore, version: int, in_stock: bool) -> None:
    store.keep_stock(
        OfferAvailabilityChanged(offer_id="off_1", product_id="prd_1", supplier_id="acc_1", in_stock=in_stock, version=version)
    )


def entries(store: CardStore) -> list[CardChange]:
    return [entry for shard in range(SHARDS) for entry in store.changes(shard, BEGINNING, 100)]


def expiry(table: str) -> int | None:
    (item,) = aws("dynamodb").scan(TableName=table)["Items"]
    return int(item["expires_at"]["N"]) if "expires_at" in item else None


def found(store: CardStore) -> Card:
    got = store.get("prd_1")
    assert got
    return got[0]


def test_a_published_card_is_found_with_its_detail_and_listed_as_a_change(store: CardStore):
    publish(store)
    card, detail = store.get("prd_1") or (None, None)
    assert card
    assert detail
    assert detail.texts == PRODUCT.texts
    assert [(e.product_id, e.version, e.card) for e in entries(store)] == [("prd_1", 1, card)]


def test_an_older_publication_changes_nothing(store: CardStore):
    publish(store, 3)
    publish(store, 2)
    assert found(store).version == 3


def test_a_recall_is_told_to_followers_and_bars_what_is_older_for_ninety_days(table: str, store: CardStore):
    publish(store)
    store.remove("prd_1", 3)
    publish(store, 2)
    assert store.get("prd_1") is None
    assert [(e.version, e.card) for e in entries(store)] == [(3, None)]
    assert expiry(table) == int((NOON + timedelta(days=90)).timestamp())
    publish(store, 4)
    assert found(store).version == 4
    assert expiry(table) is None


def test_an_availability_heard_before_the_product_and_after_its_recall_shows_nothing(store: CardStore):
    stocked(store, 1, True)
    assert (store.get("prd_1"), [e.card for e in entries(store)]) == (None, [None])
    publish(store)
    store.remove("prd_1", 2)
    stocked(store, 2, False)
    assert [(e.version, e.stock_version, e.card) for e in entries(store)] == [(2, 2, None)]


def test_a_card_says_when_it_was_last_changed_be_it_by_an_availability(table: str):
    clock = FakeClock()
    store = CardStore(table, clock, AT_ONCE)
    publish(store)
    clock.tick(minutes=5)
    stocked(store, 1, False)
    assert found(store).changed_at == "2026-11-01T12:05:00.000Z"
    assert [e.card for e in entries(store)] == [found(store)]


def test_a_product_as_shops_have_them_costs_two_write_units_and_its_change_three(table: str, store: CardStore):
    """One item and its entry in the log, each of at most 1 KB; a change takes the entry out and puts another in."""
    en = "Thrown and glazed by hand, so no two are quite alike. Holds three cups; the dishwasher does it no harm, the microwave neither."
    zh = "手工拉坯上釉，每只略有不同，可盛三杯，可用洗碗机与微波炉。"
    texts = {
        "en": Text(title="Stoneware mug, hand glazed, 300 ml", description=en),
        "zh": Text(title="手工上釉陶瓷马克杯 三百毫升", description=zh),
    }
    changes = {"texts": texts, "pictures": [f"pic_{'x' * 26}{n}" for n in range(2)], "tags": ["gift", "kitchen"], "ships_to": ["DE", "FR"]}
    told = OfferPublished(
        offer_id="off_" + "1" * 26, product_id="prd_" + "1" * 26, supplier_id="acc_" + "1" * 26, product=PRODUCT.model_copy(update=changes),
        version=1,
    )  # fmt: skip
    store.publish(Card.of(told, NOW), Detail.of(told))
    dynamodb = aws("dynamodb")
    listed = dynamodb.scan(TableName=table, IndexName="by_time")["Items"]
    assert [size(item) <= 1024 for item in dynamodb.scan(TableName=table)["Items"]] == [True]
    assert [size(entry) <= 1024 for entry in listed] == [True]


@pytest.mark.parametrize("first", ["publication", "availability"])
def test_an_availability_stays_whichever_is_heard_first(store: CardStore, first: str):
    if first == "publication":
        publish(store)
    stocked(store, 1, False)
    publish(store, 2)
    assert (found(store).in_stock, found(store).stock_version) == (False, 1)
    stocked(store, 3, True)
    stocked(store, 2, False)
    assert found(store).in_stock


def test_until_an_availability_is_heard_the_suppliers_stock_says_it(store: CardStore):
    publish(store, 1, stock=0)
    assert not found(store).in_stock
    publish(store, 2, stock=1)
    assert found(store).in_stock


def test_suppliers_are_hidden_and_shown_by_the_newest_word(store: CardStore):
    store.suspend("acc_1", 1, suspended=True)
    store.suspend("acc_2", 2, suspended=False)
    store.suspend("acc_2", 1, suspended=True)
    assert set(store.suspended()) == {"acc_1"}


def pictured(version: int = 1) -> OfferPublished:
    """A product of three pictures; the one that stands for it is the second, its first is not shown."""
    names = [f"pic_{number * 26}" for number in "123"]
    lines = [f"{name} img_{name[4:]} 4032 3024 #a1b2c3" for name in names[1:]]
    product = PRODUCT.model_copy(update={"pictures": names, "alt_texts": {names[1]: {"en": "From the left"}}})
    return OfferPublished(
        offer_id="off_1", product_id="prd_1", supplier_id="acc_1", product=product, version=version, shown=lines, blurs=["QUFB", "QkJC"]
    )


@pytest.mark.parametrize("texts", ["plain", "packed"])
def test_a_card_with_its_pictures_is_read_as_it_was_told_by_whichever_release_it_was_kept(
    store: CardStore, texts: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("STORED_TEXTS", texts)
    told = pictured()
    store.publish(Card.of(told, NOW), Detail.of(told))
    monkeypatch.delenv("STORED_TEXTS")
    assert store.get("prd_1") == (Card.of(told, NOW), Detail.of(told))
    assert [entry.card for entry in entries(store)] == [Card.of(told, NOW)]


def test_what_is_kept_plain_is_as_the_release_before_reads_it(table: str, store: CardStore, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("STORED_TEXTS", "plain")
    told = pictured()
    store.publish(Card.of(told, NOW), Detail.of(told))
    (item,) = aws("dynamodb").scan(TableName=table)["Items"]
    assert Card.from_json(item["card"]["S"]) == Card.of(told, NOW)
    assert Detail.model_validate_json(zlib.decompress(item["detail"]["B"])) == Detail.of(told)


def test_a_picture_costs_a_product_no_write_unit_more(table: str, store: CardStore):
    """What the card says of it is not said again beside it."""
    told = pictured()
    store.publish(Card.of(told, NOW), Detail.of(told))
    (item,) = aws("dynamodb").scan(TableName=table)["Items"]
    assert told.shown[0] not in unpacked(item["detail"])
    assert told.shown[1] in unpacked(item["detail"])
    assert size(item) <= 1024
