"""The largest product with variants goes the whole way, too: as many as may be, in as many bytes as its route takes."""

from bisect import bisect_right
from dataclasses import replace
from typing import Any

import pytest

from app import Gateway, Request
from functions.fanout.feed.feed_views import ChangeView
from functions.fanout.product_change import ProductChange
from functions.fanout.storefront_view import MOST_TOLD, ParsedChange, SiteView, entry
from functions.fanout.webhook_delivery.change_json import ChangeJson
from functions.uploads.products.submission import MAX_PRODUCT
from monsoon_plugin.money import MAX_AMOUNT
from shared.api.caller import Caller
from shared.bounds.fields import MAX_EVENT
from shared.bus import envelope
from shared.goods.stock_mode import Backorder
from shared.goods.told_apart import MOST_TIERS
from shared.goods.unit_measure import UnitMeasure
from shared.ids import derived_id
from shared.messages import (
    Message,
    OfferAvailabilityChanged,
    OfferDelisted,
    OfferPublished,
    OfferRecalled,
    ProductApproved,
    ProductDelisted,
    ProductSubmitted,
    StockCounted,
)
from shared.pictures.product_pictures import MOST_BLURRED, MOST_SHOWN
from shared.subscribers import SUBSCRIBERS
from shared.trade.fx import NO_RATES
from shared.trade.product import MOST_VARIANTS, Option, Product, Size, Text, Tier, Variant
from shared.trade.selection import PriceRule, Selection
from shared.trade.selling_rule import Rule
from tests.contract.conftest import Equip
from tests.contract.largest.sizes import WIDE, check_item, events_in, ids
from tests.contract.largest.test_products import AT, REDUCED, asked, written
from tests.fakes import NOON, sqs

PRODUCT_ID, OWN, SUPPLIER = ids("prd", 1)[0], ids("off", 1)[0], ids("acc", 1)[0]
PICTURES = [f"pic_{n:026}" for n in range(MOST_SHOWN)]
SHOWN = [f"{each} {each.replace('pic', 'img')} 20000 20000 #ffffff" for each in PICTURES]
MEDIA = f"https://{'m' * 92}"
"""As long a place for pictures as any."""
SIZE = Size(length=10_000, width=10_000, height=10_000)


REDUCTIONS = 8
"""Variants with a sale and a comparison of their own: more would make a longer request than is taken."""


def variant(n: int, wide: int) -> Variant:
    """With values of so many characters of four bytes, and as many tiers as all variants together may have."""
    tiers = [Tier(min_quantity=k, price=asked(1)) for k in range(2, 2 + MOST_TIERS // MOST_VARIANTS)]
    choice = {f"o{option}": WIDE * wide + f"{n:03}" for option in range(3)}
    sold: dict[str, Any] = {
        "stock_mode": Backorder(mode="backorder", units=1_000_000, days=365),
        "unit_measure": UnitMeasure(value=1_000_000_000 - n, unit="cm2", base_value=1000, base_unit="m2"),
    }  # more of them would make a longer request than is taken
    price = REDUCED if n < REDUCTIONS else {"price": asked(1)}
    return Variant(sku=f"{n:03}", options=choice, stock=10_000_000, **price, tiers=tiers, weight=1_000_000 - n, gtin="01234567890128",
                   mpn=f"{n:03}" * 10, **(sold if n < 20 else {}))  # fmt: skip


def product(wide: int) -> Product:
    return Product(
        sku="000", texts={"en": Text(title=WIDE * 200, description=WIDE * 800)}, category="hg-3-2", **REDUCED, stock=0,
        weight=1_000_000, size=SIZE, hs_code="6214100000", origin="GB", options=[Option(name=f"o{n}") for n in range(3)],
        variants=[variant(n, wide) for n in range(MOST_VARIANTS)],
    )  # fmt: skip


def size(made: Product) -> int:
    """Bytes of the request that sends it."""
    return len(made.model_dump_json(exclude_defaults=True).encode())


LARGEST = product(bisect_right(range(97), MAX_PRODUCT, key=lambda wide: size(product(wide))) - 1)
OTHERS = [derived_id("off", PRODUCT_ID, f"gone {n}") for n in range(MOST_VARIANTS)]
PUBLISHED = OfferPublished(offer_id=OWN, product_id=PRODUCT_ID, supplier_id=SUPPLIER, product=LARGEST, version=10**6, gone=OTHERS,
                           priced_at=AT, lowest=[MAX_AMOUNT - 3] * MOST_VARIANTS,
                           shown=SHOWN, blurs=["A" * 400] * MOST_BLURRED)  # fmt: skip
ALL = [each.offer_id for each in PUBLISHED.offers()]
ABOUT: dict[str, Any] = {"product_id": PRODUCT_ID, "supplier_id": SUPPLIER, "version": 10**6}
MESSAGES: list[Message] = [
    ProductSubmitted(**ABOUT, product=LARGEST, submitted_at="2026-11-01T12:00:00.000Z", picture_urls=["https://shop.example/1"]),
    ProductApproved(**ABOUT, product=LARGEST, decided_by=SUPPLIER),
    ProductDelisted(**ABOUT, product=LARGEST.model_copy(update={"status": "archived"})),
    OfferDelisted(**ABOUT, offer_id=OWN, offers=[*ALL, *OTHERS]),
    PUBLISHED,
    OfferRecalled(**ABOUT, offer_id=OWN, reason="x" * 2000, variants=[*ALL, *OTHERS]),
    StockCounted(**ABOUT, offer_id=OWN, stock=0, stock_counts="available", counted_at="2026-11-01T12:00:00.000Z",
                 received_at="2026-11-01T12:00:00.000Z", variants=dict.fromkeys(ALL, 10_000_000)),
]  # fmt: skip


def test_variants_are_on_sale_and_compared_with_another_price():
    offers = PUBLISHED.offers()
    reduced = [each for each in offers if each.reduced and each.reduced.lowest and each.product.price == asked(2)]
    assert (len(reduced), len(offers)) == (REDUCTIONS, MOST_VARIANTS)


def test_it_is_taken_in_over_http_and_fits_with_its_event(equipped: Equip):
    assert 0 <= MAX_PRODUCT - size(LARGEST) < 5_000
    gateway = Gateway([equipped("uploads").app], lambda event: Caller(SUPPLIER, frozenset({"supplier"}), verified=True).context())
    headers = {"authorization": "Bearer x", "content-type": "application/json", "idempotency-key": "k"}
    reply = gateway(Request("POST", "/v1/products", headers, LARGEST.model_dump_json(exclude_defaults=True).encode()))
    assert reply.status == 202, reply.body[:300]
    items = written()
    assert max(map(check_item, items)) > 100_000
    assert list(events_in(items))


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_whoever_hears_of_it_can_write_it_and_tell_it_on(equipped: Equip, message: Message):
    for service in (service for service, messages in SUBSCRIBERS.items() if type(message) in messages and service != "uploads"):
        worker = equipped(service).worker
        assert worker(sqs(envelope(message, NOON)), None) == {"batchItemFailures": []}, service
        assert [check_item(item) for item in written()], service


def test_the_stock_of_each_of_its_variants_is_kept_with_it(equipped: Equip):
    about: dict[str, Any] = {**ABOUT, "in_stock": False, "variant": True}
    news = [OfferAvailabilityChanged(**about, offer_id=offer_id) for offer_id in (ALL[0], *OTHERS[:3], ALL[-1])]
    for service in ("storefronts", "fanout"):
        worker = equipped(service).worker
        told = [envelope(each, NOON) for each in (PUBLISHED, *news)]
        assert worker(sqs(*told), None) == {"batchItemFailures": []}, service
        assert max(map(check_item, written())) < 400 * 1024


def test_a_client_site_is_told_of_it_in_one_message():
    change = replace(ProductChange.published(PUBLISHED, NOON), media_url=MEDIA)
    view = SiteView("sf_1", "acc_1", 1, Rule(Selection(), PriceRule()), NO_RATES)
    told = entry(ParsedChange(change), view)
    product = ChangeView.model_validate(told).product
    assert product
    assert (len(product.variants or ()), len(product.shown or ())) == (MOST_VARIANTS, MOST_TOLD)
    assert len(ChangeJson(change).entry(view) or b"") < MAX_EVENT - 4096
