"""A stock mode is said by its product or variant, shown to shoppers and sites as days alone, and absent where nobody said it."""

import json

import pytest
from pydantic import ValidationError

from functions.catalog.offers.audited import after_approval
from functions.fanout.product_change import ProductChange
from functions.fanout.storefront_view import ParsedChange, entry
from functions.orders.inventory.inventory_items import replica_of
from functions.orders.inventory.stock_item import after_publication
from functions.storefronts.index.product_card import Card
from functions.storefronts.index.product_detail import Detail
from functions.uploads.feeds.feed import Row
from functions.uploads.mapping.product_reader import ProductReader
from functions.uploads.values.categories import Categories
from shared.bus import envelope
from shared.goods.stock_mode import Always, Backorder
from shared.messages import OfferPublished, ProductApproved
from shared.trade.product import Product
from tests.fakes import NOON
from tests.unit.fanout.world import PRODUCT, RULES, view

BACKORDER = Backorder(mode="backorder", units=20, days=14)
NAMES = ["sku", "title_en", "category", "price", "currency", "stock", "stock_mode", "backorder_units", "backorder_days"]


def published(**more: object) -> OfferPublished:
    product = PRODUCT.model_copy(update=more)
    return OfferPublished(version=1, offer_id="off_1", product_id="prd_1", supplier_id="acc_1", product=product)


def told(message: OfferPublished) -> dict[str, object]:
    shown: dict[str, object] = entry(ParsedChange(ProductChange.published(message, NOON)), view(RULES[0]))["product"]
    return shown


def test_what_is_on_backorder_is_shown_with_its_days_and_without_its_number():
    message = published(stock=0, stock_mode=BACKORDER)
    card = Card.of(message, "2026-11-01T12:00:00.000Z")
    assert (card.in_stock, card.backorder_days) == (False, 14)
    assert Card.from_json(card.to_json()) == card
    shown = told(message)
    assert (shown["in_stock"], shown["backorder_days"]) == (False, 14)
    assert "20" not in json.dumps(shown)


def test_what_is_always_available_is_in_stock_whatever_its_number():
    message = published(stock=0, stock_mode=Always(mode="always"))
    assert Card.of(message, "2026-11-01T12:00:00.000Z").in_stock
    assert told(message)["in_stock"] is True
    assert "backorder_days" not in told(message)


def test_a_variant_is_sold_as_it_says_and_as_its_product_says_if_it_says_nothing():
    product = Product.model_validate(
        json.loads(PRODUCT.model_dump_json(exclude_defaults=True)) | {
            "stock_mode": {"mode": "always"}, "options": [{"name": "size"}],
            "variants": [{"sku": "M-1", "options": {"size": "S"}, "stock": 0},
                         {"sku": "M-2", "options": {"size": "M"}, "stock": 0, "stock_mode": {"mode": "counted"}},
                         {"sku": "M-3", "options": {"size": "L"}, "stock": 0, "stock_mode": {"mode": "backorder", "units": 1, "days": 3}}],
        }
    )  # fmt: skip
    message = published().model_copy(update={"product": product})
    assert [(v.in_stock, v.backorder_days) for v in Detail.of(message).variants] == [(True, None), (False, None), (False, 3)]
    assert [v.get("backorder_days") for v in told(message)["variants"]] == [None, None, 3]
    floors = [after_publication(None, message, each) for each in message.offers()]
    assert [stock.floor for stock in floors if stock] == [-(10**15), 0, -1]


def test_another_mode_is_told_to_all():
    first = ProductApproved(version=1, product_id="prd_1", supplier_id="acc_1", product=PRODUCT, decided_by="rules")
    change = after_approval(None, first, NOON)
    assert change is not None
    second = first.model_copy(update={"version": 2, "product": PRODUCT.model_copy(update={"stock_mode": BACKORDER})})
    assert isinstance(getattr(after_approval(change.offer, second, NOON), "event", None), OfferPublished)


def test_a_product_that_says_nothing_is_the_event_and_the_items_of_before():
    message = published()
    assert json.loads(envelope(message, NOON))["data"]["product"] == json.loads(PRODUCT.model_dump_json(exclude_unset=True))
    stock = after_publication(None, message, message.offers()[0])
    assert stock is not None
    assert replica_of(stock).floor is None
    assert "stock_mode" not in (replica_of(stock).facts or "")
    assert "backorder_days" not in Card.of(message, "2026-11-01T12:00:00.000Z").to_json()


@pytest.mark.parametrize(("cells", "found"), [
    (["always", "", ""], Always(mode="always")), (["Backorder", "20", "14"], BACKORDER), (["", "", ""], None),
    (["backorder", "20", ""], "backorder_days"), (["backorder", "0", "14"], "backorder_units"), (["maybe", "", ""], "stock_mode"),
])  # fmt: skip
def test_a_feeds_row_says_it_in_three_cells(cells: list[str], found: object):
    known = Categories([["hg-11", "Home & Garden > Kitchen"]])
    read = ProductReader(None, NAMES, known).read(Row(number=2, cells=["M-1", "Mug", "hg-11", "9.00", "GBP", "0", *cells]))
    if read.product:
        assert read.product.stock_mode == found
    else:
        assert [fault.column for fault in read.faults] == [found]


def test_a_backorder_without_its_bound_is_refused():
    with pytest.raises(ValidationError):
        Product.model_validate(json.loads(PRODUCT.model_dump_json(exclude_defaults=True)) | {"stock_mode": {"mode": "backorder"}})
