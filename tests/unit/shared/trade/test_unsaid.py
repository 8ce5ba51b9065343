"""What a supplier does not say of a product's weight, size, HS code and origin is nowhere made up, and shown nowhere."""

import json

from functions.audit.verdicts.duplicates import fingerprint_of
from functions.fanout.product_change import ProductChange
from functions.fanout.storefront_view import ParsedChange, entry
from functions.shipping.parcels.parcel_facts import ParcelFacts, parcels
from functions.storefronts.index.product_detail import Detail
from functions.uploads.feeds.feed import Row
from functions.uploads.mapping.product_reader import ProductReader
from functions.uploads.products.submission import flaws
from functions.uploads.values.categories import Categories
from shared.bus import envelope, opened
from shared.messages import OfferPublished
from shared.trade.product import Product
from tests.fakes import NOON
from tests.unit.fanout.world import RULES, view

TEXT = '{"sku":"M-1","texts":{"en":{"title":"Mug"}},"category":"hg-11","price":{"amount":900,"currency":"GBP"},"stock":5}'
BARE = Product.model_validate_json(TEXT)
PUBLISHED = OfferPublished(version=1, offer_id="off_1", product_id="prd_1", supplier_id="acc_1", product=BARE)
UNSAID = {"weight", "size", "hs_code", "origin"}


def test_a_product_without_them_is_taken_sent_and_shown_without_them():
    assert list(flaws(BARE, {"hg-11"})) == []
    event = opened(envelope(PUBLISHED, NOON))
    assert isinstance(event, OfferPublished)
    assert event.product == BARE
    assert json.loads(envelope(PUBLISHED, NOON))["data"]["product"] == json.loads(TEXT)
    assert Detail.of(PUBLISHED).model_dump(exclude_none=True).keys() & UNSAID == set()
    shown = entry(ParsedChange(ProductChange.published(PUBLISHED, NOON)), view(RULES[0]))
    assert shown["product"].keys() & UNSAID == set()


def test_a_parcel_with_a_unit_of_unknown_weight_has_no_weight_that_is_known():
    bare = ParcelFacts.of(PUBLISHED.offers()[0], "acc_1")
    known = bare.model_copy(update={"offer_id": "off_2", "weight": 300, "volume": 1000})
    (parcel,) = parcels({"off_1": 2, "off_2": 1}, {"off_1": bare, "off_2": known})
    assert (parcel.weight, parcel.volume, [content.weight for content in parcel.contents]) == (0, 0, [0, 300])


def test_a_fingerprint_tells_a_weight_from_none():
    assert fingerprint_of(BARE) != fingerprint_of(BARE.model_copy(update={"weight": 300}))


def test_a_feed_may_leave_out_their_columns_and_their_cells_but_not_one_side_of_three():
    columns = ["sku", "title_en", "category", "price", "currency", "stock"]
    known = Categories([["hg-11", "Home & Garden > Kitchen"]])
    cells = ["M-1", "Mug", "hg-11", "9.00", "GBP", "5"]
    assert ProductReader(None, columns, known).read(Row(number=2, cells=cells)).product == BARE
    columns = [*columns, "weight_g", "length_mm", "width_mm", "height_mm"]
    assert ProductReader(None, columns, known).read(Row(number=2, cells=[*cells, "", "", "", ""])).product == BARE
    faults = ProductReader(None, columns, known).read(Row(number=2, cells=[*cells, "300", "100", "", "90"])).faults
    assert [fault.column for fault in faults] == ["width_mm"]
