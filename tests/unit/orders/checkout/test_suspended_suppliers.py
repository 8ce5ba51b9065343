"""A suspended supplier or storefront sells nothing, at once, for no read more than an order makes anyway."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import boto3
import pytest
from hypothesis import given, strategies

from functions.orders.checkout.checkout_replica import KEPT, CheckoutReplica
from functions.orders.checkout.storefront import SuspendedStorefront
from functions.orders.checkout.suspended_suppliers import MAX_AGE, SuspendedSupplier, SuspendedSuppliers
from tests.fakes import NOON, FakeClock
from tests.unit.orders.conftest import Shop, stored
from tests.unit.orders.given import (
    ACCOUNT,
    MUG,
    STOREFRONT,
    SUPPLIER,
    TEA,
    MemoryStore,
    configuration,
    publication,
    reinstatement,
    suspension,
)


@dataclass
class Book:
    """Suspensions with their revision; it notes how often it was read."""

    known: Mapping[str, str] = field(default_factory=dict)
    revision: int = 0
    reads: int = 0

    def read(self) -> Mapping[str, str]:
        self.reads += 1
        return self.known

    def suspend(self, supplier_id: str) -> None:
        self.known, self.revision = {**self.known, supplier_id: "fake"}, self.revision + 1


def test_a_suspended_supplier_sells_nothing_until_it_is_reinstated(shop: Shop) -> None:
    assert shop.place(units=1)
    shop.replica.record_suspension(suspension())
    shop.clock.tick(seconds=MAX_AGE)
    with pytest.raises(SuspendedSupplier) as refused:
        shop.place(text="k2")
    assert [error.pointer for error in refused.value.errors] == ["/lines/0/offer_id"]
    assert "counterfeits" not in str(refused.value.document())
    shop.replica.record_reinstatement(reinstatement())
    shop.clock.tick(seconds=MAX_AGE)
    assert shop.place(units=1, text="k2")
    assert shop.left == 8


def test_a_suspended_storefront_takes_no_orders(shop: Shop) -> None:
    shop.replica.record_storefront(configuration(version=2, suspended="fraud"))
    with pytest.raises(SuspendedStorefront, match="operator"):
        shop.place()
    shop.replica.record_storefront(configuration(version=3))
    assert shop.place()


def test_other_suppliers_go_on_selling(shop: Shop) -> None:
    shop.replica.record_suspension(suspension(supplier_id="acc_other"))
    assert shop.place()


def test_an_order_that_was_placed_before_is_still_answered_with(shop: Shop) -> None:
    first = shop.place()
    shop.replica.record_suspension(suspension())
    shop.clock.tick(seconds=MAX_AGE)
    assert shop.place() == first


@given(strategies.permutations([suspension(1), reinstatement(2), suspension(3), suspension(3), reinstatement(2)]))
def test_whatever_the_order_of_the_news_the_last_version_decides(news: list[object]) -> None:
    store = MemoryStore()
    replica = CheckoutReplica(store, FakeClock())
    for message in news:
        replica.record_reinstatement(message) if message.version == 2 else replica.record_suspension(message)
    assert store.snapshot(ACCOUNT, STOREFRONT, []).suspended == {SUPPLIER: "counterfeits"}


@pytest.fixture
def on_dynamodb(make_table: Callable[[str], str]) -> Shop:
    return stored(make_table("orders"))


def test_older_and_doubled_news_change_nothing_on_dynamodb(on_dynamodb: Shop) -> None:
    on_dynamodb.replica.record_suspension(suspension(3))
    on_dynamodb.replica.record_reinstatement(reinstatement(2))
    on_dynamodb.replica.record_suspension(suspension(3))
    assert on_dynamodb.stores.snapshots.snapshot(ACCOUNT, STOREFRONT, [MUG]).suspended == {SUPPLIER: "counterfeits"}


def test_a_reinstatement_is_kept_against_older_news_and_then_expires(on_dynamodb: Shop) -> None:
    on_dynamodb.replica.record_suspension(suspension(1))
    on_dynamodb.replica.record_reinstatement(reinstatement(2))
    item = boto3.resource("dynamodb").Table("orders-test").get_item(Key={"pk": "suspended", "sk": SUPPLIER})["Item"]
    assert (item["version"], item["expires_at"], "reason" in item) == (2, int((NOON + KEPT).timestamp()), False)


def test_the_revision_is_not_taken_for_a_supplier_or_an_offer(on_dynamodb: Shop) -> None:
    on_dynamodb.inventory.record_publication(publication(TEA))
    on_dynamodb.replica.record_suspension(suspension())
    seen = on_dynamodb.stores.snapshots.snapshot(ACCOUNT, STOREFRONT, [MUG, TEA])
    assert (set(seen.stock), set(seen.suspended)) == ({MUG, TEA}, {SUPPLIER})


def test_what_is_remembered_is_read_again_only_when_the_revision_changed() -> None:
    book, now = Book(), [100.0]
    suspensions = SuspendedSuppliers(book.read, lambda: now[0])
    assert suspensions.due
    suspensions.look(book.revision)
    assert (book.reads, suspensions.due) == (0, False)
    book.suspend("acc_1")
    now[0] += MAX_AGE
    assert suspensions.due
    suspensions.look(book.revision)
    suspensions.look(book.revision)
    assert (book.reads, suspensions.known, suspensions.due) == (1, {"acc_1": "fake"}, False)
    now[0] -= 60
    assert suspensions.due, "a clock that was put back is not trusted"


@given(strategies.lists(strategies.tuples(strategies.sampled_from(["suspend", "order"]), strategies.integers(0, 3000)), max_size=60))
def test_no_process_sells_for_a_supplier_that_was_suspended_longer_ago_than_the_age(steps: list[tuple[str, int]]) -> None:
    book, now, since = Book(), [0], {}
    suspensions = SuspendedSuppliers(book.read, lambda: now[0] / 1000)
    for n, (step, milliseconds) in enumerate(steps):
        now[0] += milliseconds
        if step == "suspend":
            book.suspend(f"acc_{n}")
            since[f"acc_{n}"] = now[0]
        elif suspensions.due:
            suspensions.look(book.revision)
        if step == "order":
            assert all(who in suspensions.known for who, moment in since.items() if now[0] - moment >= MAX_AGE * 1000)
    assert book.reads <= book.revision
