"""What a product without the fields of later comes to is what it came to before them, to the byte; what was stored then is read."""

import json
from dataclasses import replace
from pathlib import Path

from functions.audit.verdicts.duplicates import fingerprint_of
from functions.fanout.product_change import ProductChange
from functions.fanout.storefront_view import ParsedChange, SiteView, entry
from functions.storefronts.index.product_card import Card
from functions.storefronts.index.product_detail import Detail
from functions.uploads.products.product_views import SentProduct
from functions.uploads.products.submission import digest_of
from shared.bounds.kept import kept
from shared.bus import envelope, opened
from shared.goods.trade_item import trade_item_of
from shared.messages import OfferPublished
from shared.trade.fx import NO_RATES
from shared.trade.selection import PriceRule, Selection
from shared.trade.selling_rule import Rule
from tests.fakes import NOON

NOW = "2026-11-01T12:00:00.000Z"
BEFORE = Path(__file__).with_name("before.json")
"""Written by the release before there was a brand: a request, its event of publication, its card, its detail and its change."""


def before(part: str) -> str:
    found: str = json.loads(BEFORE.read_text(encoding="utf-8"))[part]
    return found


def published() -> OfferPublished:
    event = opened(before("published"))
    assert isinstance(event, OfferPublished)
    return event


def test_a_request_of_before_is_the_same_request_so_that_its_idempotency_key_stays_good():
    assert SentProduct.model_validate_json(before("request")).model_dump_json() == before("request")


def test_an_event_of_before_is_read_and_written_as_it_was():
    assert envelope(published(), NOON) == before("published")


def test_a_card_and_its_detail_are_what_they_were_and_are_read():
    card, detail = Card.of(published(), NOW), Detail.of(published())
    assert (card.weight, card.origin) == (300, "CN"), "told of what others could sell, too, by whom it is compared"
    card = replace(card, weight=None, origin=None)
    assert (card.to_json(), detail.model_dump_json(exclude_defaults=True)) == (before("card"), before("detail"))
    assert (Card.from_json(before("card")), kept(Detail, before("detail"))) == (card, detail)
    assert (card.brand, card.mpns, card.condition, detail.mpn) == (None, (), "new", None)


def test_a_client_site_is_told_what_it_was_told():
    told = entry(
        ParsedChange(ProductChange.published(published(), NOON)), SiteView("sf_1", "acc_1", 1, Rule(Selection(), PriceRule()), NO_RATES)
    )
    assert told["product"].pop("trade_item") == trade_item_of(published().product), "since it can be another supplier's thing, too"
    assert told["product"].pop("placeholder"), "since pictures are shown, and this one is not"
    assert json.dumps(told, separators=(",", ":")) == before("change")


def test_it_is_no_new_content_and_no_other_thing():
    assert (digest_of(published().product), fingerprint_of(published().product)) == (before("digest"), before("fingerprint"))
