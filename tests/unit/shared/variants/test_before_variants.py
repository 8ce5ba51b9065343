"""What was stored and sent before there were variants is read as before: an upgrade needs no migration."""

import json

from functions.orders.inventory.offer import Offer
from functions.shipping.parcels.parcel_facts import ParcelFacts
from functions.storefronts.index.product_card import Card
from functions.storefronts.index.product_detail import Detail
from functions.uploads.products.submission import digest_of
from shared.bounds.kept import kept
from shared.bus import envelope, opened
from shared.messages import OfferAvailabilityChanged, OfferPublished, OfferRecalled, StockCounted
from shared.trade.product import Product
from tests.fakes import NOON

PRODUCT = (
    '{"sku":"M-1","texts":{"en":{"title":"Mug"}},"category":"hg-11-10-5-5","price":{"amount":900,"currency":"GBP"},"stock":5,'
    '"weight":300,"size":{"length":100,"width":80,"height":90},"hs_code":"691110","origin":"CN"}'
)
HEAD = '{"specversion":"1.0","id":"off_1:%s:1","source":"/monsoon/x","type":"%s","subject":"off_1","time":"2026-11-01T12:00:00.000Z",'
PUBLISHED = f'"data":{{"version":1,"offer_id":"off_1","product_id":"prd_1","supplier_id":"acc_1","product":{PRODUCT}}}}}'
CARD = (
    '{"product_id":"prd_1","offer_id":"off_1","supplier_id":"acc_1","version":1,"category":"hg","cost":{"amount":900,"currency":"GBP"},'
    '"titles":{"en":"Mug"},"picture":null,"rank":7,"tags":[],"ships_to":[],"changed_at":"2026-11-01T12:00:00.000Z","in_stock":true,'
    '"stock_version":0}'
)
DETAIL = '{"texts":{"en":{"title":"Mug"}},"pictures":[],"tiers":[],"weight":300,"size":{"length":100,"width":80,"height":90},"origin":"CN"}'
FACTS = '{"product_id":"prd_1","category":"hg","titles":{"en":"Mug"},"price":{"amount":900,"currency":"GBP"},"supplier_id":"acc_1"}'
PARCEL = '{"offer_id":"off_1","supplier_id":"acc_1","title":"Mug","weight":300,"volume":720000,"hs_code":"691110","origin":"CN"}'


def test_a_publication_of_before_is_of_one_offer_its_own():
    name = "monsoon.offer.published.v1"
    event = opened(HEAD % (name, name) + PUBLISHED)
    assert isinstance(event, OfferPublished)
    assert [(each.offer_id, each.choice, each.product) for each in event.offers()] == [("off_1", (), event.product)]
    assert event.gone == []


def test_what_a_product_without_variants_sends_is_the_text_of_before():
    product = Product.model_validate_json(PRODUCT)
    about = {"version": 1, "offer_id": "off_1", "product_id": "prd_1", "supplier_id": "acc_1"}
    counted = {"stock": 5, "stock_counts": "available", "counted_at": "2026-11-01", "received_at": "2026-11-01"}
    sent = [
        (OfferPublished(**about, product=product), {*about, "product"}),
        (OfferRecalled(**about, reason="lead"), {*about, "reason"}),
        (OfferAvailabilityChanged(**about, in_stock=True), {*about, "in_stock"}),
        (StockCounted(**about, **counted), {*about, *counted}),
    ]
    for message, names in sent:
        assert json.loads(envelope(message, NOON))["data"].keys() == names
    assert json.loads(product.model_dump_json(exclude_defaults=True)) == json.loads(PRODUCT)
    assert digest_of(product) == digest_of(Product.model_validate(json.loads(PRODUCT) | {"options": [], "variants": []}))


def test_items_of_before_are_read_as_what_has_no_variants():
    card = Card.from_json(CARD)
    assert (card.options, card.highest, json.loads(card.to_json())) == ((), None, json.loads(CARD))
    assert kept(Detail, DETAIL).variants == []
    offer = kept(Offer, FACTS)
    assert (offer.title("en"), offer.facts.cost.amount) == ("Mug", 900)
    assert kept(ParcelFacts, PARCEL).title == "Mug"
