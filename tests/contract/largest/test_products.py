"""The largest product that a supplier can send goes the whole way, from upload to checkout: each item and each event of it fits."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app import Gateway, Request
from functions.uploads.products.submission import MAX_PRODUCT
from monsoon_plugin.money import MAX_AMOUNT, Amount
from shared.api.caller import Caller
from shared.bus import envelope
from shared.goods.attributes import Attribute
from shared.goods.order_quantity import OrderQuantity
from shared.goods.safety import EconomicOperator, Safety
from shared.goods.stock_mode import Backorder
from shared.goods.unit_measure import UnitMeasure
from shared.messages import Message, OfferPublished, ProductApproved, ProductSubmitted
from shared.subscribers import SUBSCRIBERS
from shared.trade.product import Product, Size, Text, Tier
from shared.variants.sale import Reduced, Sale
from tests.conftest import aws
from tests.contract.conftest import Equip
from tests.contract.largest.sizes import WIDE, check_item, events_in, ids
from tests.fakes import NOON, sqs

STARTS, ENDS = (datetime(year, 11, 1, 12, tzinfo=UTC) for year in (2026, 2999))
"""A sale is on when the product is published."""


def asked(less: int) -> Amount:
    return Amount(amount=MAX_AMOUNT - less, currency="KWD")


REDUCED: dict[str, Any] = {"price": asked(1), "compare_at": asked(0), "sale": Sale(price=asked(2), starts_at=STARTS, ends_at=ENDS)}
"""A price, what it is compared with, and what is asked for a time, each as long as it may be."""
LANGUAGES = [f"{first}{second}" for first in "abcd" for second in "abcde"][1:]
PRODUCT_ID, SUPPLIER = ids("prd", 1)[0], ids("acc", 1)[0]
OPERATOR = EconomicOperator(
    name=WIDE * 200, lines=[WIDE * 100] * 4, city=WIDE * 100, region=WIDE * 100, postal_code="1" * 16, country="DE",
    electronic_address=f"{'a' * 64}@{'b' * 60}.example",
)  # fmt: skip


def product(description: int) -> Product:
    """With descriptions of so many characters of four bytes each, and all else as long as it may be."""
    return Product(
        sku=WIDE * 64, texts={language: Text(title=WIDE * 500, description=WIDE * description) for language in LANGUAGES}
        | {"zz": Text(title="z", bullets=[WIDE * 500] * 10)},
        category="hg-3-2", **REDUCED, tiers=[Tier(min_quantity=n, price=asked(1)) for n in range(2, 12)], stock=10_000_000,
        weight=1_000_000, size=Size(length=10_000, width=10_000, height=10_000), hs_code="6214100000", origin="GB",
        tags=[WIDE * 38 + f"{n:02}" for n in range(20)], ships_to=["GB"] * 250, pictures=[], gtin="01234567890128",
        stock_mode=Backorder(mode="backorder", units=1_000_000, days=365), order_quantity=OrderQuantity(minimum=10_000, multiple=10_000),
        handling_days=60, unit_measure=UnitMeasure(value=1_000_000_000, unit="cm2", base_value=1000, base_unit="m2"),
        safety=Safety(manufacturer=OPERATOR, responsible=OPERATOR, warnings={"en": "w" * 2000}),
        brand=WIDE * 70, mpn=WIDE * 70, item_group=WIDE * 50, condition="refurbished",
        categories=["hg-3-2"] * 5, attributes=[Attribute(name=WIDE * 57 + f"{n:03}", values=["v" * 100] * 2) for n in range(40)],
    )  # fmt: skip


LARGEST = next(made for n in range(1500, 0, -25) if len((made := product(n)).model_dump_json().encode()) <= MAX_PRODUCT)
ABOUT: dict[str, Any] = {"product_id": PRODUCT_ID, "supplier_id": SUPPLIER, "product": LARGEST, "version": 10**6}
ADDRESSES = [f"https://shop.example/{n:02}".ljust(2001, "a") for n in range(12)]
SUBMITTED = ProductSubmitted(**ABOUT, submitted_at="2026-11-01T12:00:00.000Z", picture_urls=ADDRESSES)
APPROVED = ProductApproved(**ABOUT, decided_by=SUPPLIER)
AT = "2026-11-01T12:00:00.000Z"
PUBLISHED = OfferPublished(**ABOUT, offer_id=ids("off", 1)[0], first_published_at=AT, priced_at=AT, lowest=[MAX_AMOUNT - 3])


def written() -> list[dict[str, Any]]:
    """All items of all tables."""
    client = aws("dynamodb")
    return [item for table in client.list_tables()["TableNames"] for item in client.scan(TableName=table)["Items"]]


def test_the_largest_product_is_as_large_as_its_route_takes():
    assert MAX_PRODUCT - len(LARGEST.model_dump_json().encode()) < 2_500


def test_it_is_on_sale_and_compared_with_another_price():
    (offered,) = PUBLISHED.offers()
    assert (offered.product.price, offered.reduced) == (asked(2), Reduced(MAX_AMOUNT - 1, MAX_AMOUNT - 3, "2999-11-01T12:00:00.000Z"))


def test_it_is_taken_in_over_http_and_fits_with_its_event(equipped: Equip):
    gateway = Gateway([equipped("uploads").app], lambda event: Caller(SUPPLIER, frozenset({"supplier"}), verified=True).context())
    headers = {"authorization": "Bearer x", "content-type": "application/json", "idempotency-key": "k"}
    reply = gateway(Request("POST", "/v1/products", headers, LARGEST.model_dump_json().encode()))
    assert reply.status == 202, reply.body[:300]
    items = written()
    assert max(map(check_item, items)) > 100_000
    assert len(list(events_in(items))) >= 1


@pytest.mark.parametrize("message", [SUBMITTED, APPROVED, PUBLISHED], ids=lambda message: type(message).__name__)
def test_whoever_hears_of_it_can_write_it_and_tell_it_on(equipped: Equip, message: Message):
    hearing = [service for service, messages in SUBSCRIBERS.items() if type(message) in messages]
    assert hearing
    for service in hearing:
        if service == "uploads":
            continue  # it hears of its own submissions, and keeps nothing of the product
        worker = equipped(service).worker
        assert worker(sqs(envelope(message, NOON)), None) == {"batchItemFailures": []}, service
        sizes = [check_item(item) for item in written()]
        assert sizes, service
