"""What putting a product on sale writes, from its verdict on: with its variants, and not with the storefronts."""

import math
from typing import Any

import pytest

from bench.capacity import Schema, charged
from bench.fanout.publishing import shown
from shared.aws.packing import unpacked
from shared.bus import envelope, opened
from shared.ids import derived_id
from shared.messages import OfferPublished, ProductApproved
from shared.pictures.picture_messages import PictureShown
from shared.trade.gtin import check_digit
from shared.trade.product import Product
from tests.conftest import aws
from tests.contract.conftest import Equip
from tests.fakes import NOON, sqs

DESCRIPTION = (
    "Hand-rolled edges and a soft lustre make this scarf a quiet companion for every season. Woven in Huzhou from grade 6A mulberry silk, "
    "it weighs less than a letter and keeps its colour through years of gentle washing. Wear it at the neck, tie it to a bag, or frame "
    "it: the print was drawn by hand and runs to both sides. Each piece is inspected twice and comes in a flat gift box with care "
    "instructions in four languages. Size ninety by ninety centimetres; sixteen momme; azo-free dyes."
)
"""Half a kilobyte as people write it: a sentence said twenty times packs better than any."""
TEXT = {"title": "Silk scarf, hand-rolled edges, 90 × 90 cm", "description": DESCRIPTION}
ONE: dict[str, Any] = {
    "sku": "SCARF-1", "texts": {"en": TEXT}, "category": "aa", "price": {"amount": 4900, "currency": "GBP"}, "stock": 40, "weight": 120,
    "size": {"length": 200, "width": 150, "height": 30}, "hs_code": "621410", "origin": "CN", "gtin": "4006381333931",
}  # fmt: skip


def gtin(number: int) -> str:
    """Each variant's own: by it another supplier's offer of it is found, and its card keeps what that needs."""
    body = f"400638133{number:03}"
    return body + check_digit(body)


def product(variants: int) -> Product:
    several = [
        {"sku": f"SCARF-1-{n:03}", "options": {"colour": f"shade {n % 10}", "size": f"{n // 10}"}, "stock": 4, "gtin": gtin(n)}
        for n in range(variants)
    ]
    options = [{"name": "colour"}, {"name": "size"}] if variants else []
    return Product.model_validate(ONE | {"options": options, "variants": several})


MAKER = {
    "name": "Huzhou Silk Co., Ltd",
    "lines": ["88 Lake Road"],
    "city": "Huzhou",
    "country": "CN",
    "electronic_address": "qa@silk.example",
}
IN_UNION = MAKER | {"name": "Seide GmbH", "lines": ["Am Markt 2"], "city": "Krefeld", "postal_code": "47798", "country": "DE"}
DESCRIBED: dict[str, Any] = {
    "brand": "Fern & Field", "mpn": "FF-9090-16", "item_group": "FF-9090", "categories": ["aa-1", "aa-2"],
    "attributes": [{"name": f"Attribute {n}", "values": [f"value {n}", f"other {n}"], "id": str(n)} for n in range(10)],
    "safety": {"manufacturer": MAKER, "responsible": IN_UNION, "warnings": {"en": "Keep away from fire.", "de": "Von Feuer fernhalten."}},
    "texts": {"en": TEXT | {
        "bullets": ["Sixteen momme mulberry silk", "Edges rolled and sewn by hand", "Comes in a flat gift box"],
        "description_html": "".join(f"<p>{line}.</p>" for line in DESCRIPTION.split(". ")) * 2,
    }},
}  # fmt: skip
"""All that describes a product: ten attributes of two values each, three bullets, HTML of a kilobyte, who answers for its safety."""


def units(equipped: Equip, variants: int, *pictures: PictureShown, **more: Any) -> dict[str, int]:
    """WCU that each service's first writing of the product costs; the catalog's with what it heard of `pictures` before."""
    whole = Product.model_validate(product(variants).model_dump(exclude_defaults=True) | more)
    told: Any = ProductApproved(version=1, product_id="prd_1", supplier_id="acc_1", product=whole, decided_by="rules")
    found, seen = {}, 0
    for service in ("catalog", "storefronts", "fanout", "orders", "shipping"):
        before = pictures if service == "catalog" else ()
        assert equipped(service).worker(sqs(*(envelope(each, NOON) for each in (*before, told))), None) == {"batchItemFailures": []}
        everything = _charged()
        found[service], seen = everything - seen, everything
        if service == "catalog":
            events = (opened(unpacked(item["event"])) for item in _items("catalog") if "event" in item)
            told = next(event for event in events if isinstance(event, OfferPublished))
    return found


def _items(table: str) -> list[dict[str, Any]]:
    client = aws("dynamodb")
    (name,) = (name for name in client.list_tables()["TableNames"] if name.startswith(table))
    return list(client.scan(TableName=name)["Items"])


def _charged() -> int:
    client = aws("dynamodb")
    tables = [client.describe_table(TableName=name)["Table"] for name in client.list_tables()["TableNames"]]
    return sum(charged(Schema.of(t), None, item) for t in tables for item in client.scan(TableName=t["TableName"])["Items"])


def test_a_product_without_variants_and_with_texts_of_half_a_kilobyte_costs_at_most_eight_units(equipped: Equip):
    assert len(DESCRIPTION) >= 480
    assert sum(units(equipped, 0).values()) <= 8


def test_a_picture_that_is_shown_writes_no_item_and_no_kilobyte_more(equipped: Equip):
    picture_id = derived_id("pic", "1")
    found = units(equipped, 0, shown("acc_1", picture_id), pictures=[picture_id])
    assert found["catalog"] == 2, "what was heard of it, and the product with it"
    assert (found["storefronts"], found["fanout"]) == (2, 3), "the card and the change are packed"
    assert (found["orders"], found["shipping"]) == (1, 1)


def test_all_that_may_describe_a_product_doubles_it_and_writes_no_item_more(equipped: Equip):
    found = units(equipped, 0, **DESCRIBED)
    assert found["catalog"] <= 2
    assert found["storefronts"] <= 4, "the card and its entry, two kilobytes each"
    assert found["fanout"] <= 9, "the change and its entry, four kilobytes each"
    assert (found["orders"], found["shipping"]) == (1, 1)


@pytest.mark.parametrize("variants", [50, 250])
def test_each_variant_costs_a_unit_of_its_stock_and_one_of_its_parcel_and_the_product_its_kilobytes(equipped: Equip, variants: int):
    found = units(equipped, variants)
    kilobytes = math.ceil(len(product(variants).model_dump_json(exclude_defaults=True)) / 1024)
    assert (found["orders"], found["shipping"]) == (variants, variants)
    assert found["catalog"] <= kilobytes // 2 + 1, "the product in its event, packed"
    assert found["fanout"] <= 2 * kilobytes + 3, "the change, its index, its announcement"
    assert found["storefronts"] <= 2 * math.ceil(kilobytes / 3) + 4, "the card and its index; the detail is compressed"
