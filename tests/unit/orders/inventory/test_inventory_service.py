"""Offers and their stock follow what the catalog tells, in whatever order it is heard, and the supplier's own corrections."""

import pytest
from hypothesis import given, strategies

from functions.orders.inventory.adjustment import TooFew
from functions.orders.inventory.inventory_service import InventoryService
from shared.api.idempotency import KeyReused
from shared.errors import NotFound
from shared.optimistic_retry import AT_ONCE
from tests.fakes import FakeClock
from tests.unit.orders.conftest import Shop
from tests.unit.orders.given import ACCOUNT, MUG, STOREFRONT, SUPPLIER, TEA, MemoryStore, configuration, key, publication, recall


def test_a_later_publication_moves_the_stock_by_what_the_supplier_declares_anew(shop: Shop) -> None:
    shop.place(units=3)
    shop.inventory.record_publication(publication(version=2, stock=15))
    assert shop.left == 12
    shop.inventory.record_publication(publication(version=3, stock=15))
    assert shop.left == 12
    shop.inventory.record_publication(publication(version=4, stock=1))
    assert shop.left == 0
    shop.inventory.record_publication(publication(version=5, stock=4))
    assert shop.left == 3


def test_an_older_or_repeated_publication_changes_nothing(shop: Shop) -> None:
    shop.inventory.record_publication(publication(version=3, stock=15, price=500))
    shop.inventory.record_publication(publication(version=2, stock=99))
    shop.inventory.record_publication(publication(version=3, stock=99))
    held = shop.stores.stock.stock_item(MUG)
    assert (held.quantity, held.version, held.offer.price.amount) == (15, 3, 500)


def test_a_recall_stops_the_sale_and_a_later_publication_resumes_it(shop: Shop) -> None:
    shop.inventory.record_recall(recall(version=3))
    shop.inventory.record_publication(publication(version=2))
    held = shop.stores.stock.stock_item(MUG)
    assert (held.sellable, held.reason) == (False, "unsafe")
    shop.inventory.record_publication(publication(version=4))
    shop.inventory.record_recall(recall(version=3))
    held = shop.stores.stock.stock_item(MUG)
    assert (held.sellable, held.reason) == (True, "")


def test_a_recall_that_comes_before_its_offer_still_stops_it(shop: Shop) -> None:
    shop.inventory.record_recall(recall(TEA, version=2))
    shop.inventory.record_publication(publication(TEA, version=1))
    assert not shop.stores.stock.stock_item(TEA).sellable
    shop.inventory.record_publication(publication(TEA, version=3, stock=7))
    assert (shop.stores.stock.stock_item(TEA).quantity, shop.stores.stock.stock_item(TEA).sellable) == (7, True)


def test_a_storefronts_older_rules_are_dropped(shop: Shop) -> None:
    shop.replica.record_storefront(configuration(version=5, open=False))
    shop.replica.record_storefront(configuration(version=4))
    assert not shop.stores.snapshots.snapshot(ACCOUNT, STOREFRONT, [MUG]).storefront.open


def test_a_supplier_corrects_its_stock_once_for_its_key(shop: Shop) -> None:
    once = shop.inventory.adjust(SUPPLIER, MUG, -4, "broken", key())
    shop.clock.tick(hours=1)
    assert shop.inventory.adjust(SUPPLIER, MUG, -4, "broken", key()) == once
    assert shop.left == 6
    with pytest.raises(KeyReused):
        shop.inventory.adjust(SUPPLIER, MUG, -4, "broken", key(fingerprint="f2"))


def test_a_correction_never_ends_below_zero(shop: Shop) -> None:
    with pytest.raises(TooFew):
        shop.inventory.adjust(SUPPLIER, MUG, -11, "lost", key())
    shop.inventory.adjust(SUPPLIER, MUG, -10, "lost", key())
    assert shop.left == 0


def test_another_suppliers_offer_is_not_found(shop: Shop) -> None:
    for offer_id in (MUG, TEA):
        with pytest.raises(NotFound):
            shop.inventory.adjust("acc_other", offer_id, 1, "mine", key())
        with pytest.raises(NotFound):
            shop.inventory.stock_item("acc_other", offer_id)
    assert shop.inventory.stock_item(SUPPLIER, MUG).quantity == 10


@given(strategies.permutations([publication(version=v, stock=s) for v, s in ((1, 5), (2, 9), (4, 7))] + [recall(version=3)]))
def test_whatever_the_order_of_the_news_the_last_version_decides(news: list[object]) -> None:
    store = MemoryStore()
    inventory = InventoryService(store, FakeClock(), AT_ONCE)
    for message in news:
        inventory.record_recall(message) if message.version == 3 else inventory.record_publication(message)
    held = store.kept[MUG]
    assert (held.version, held.sellable, held.quantity) == (4, True, 7)
