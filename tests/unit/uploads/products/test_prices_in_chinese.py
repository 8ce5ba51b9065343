"""What is wrong with a price of a product that is sent as JSON is told in Chinese, too."""

from typing import Any

import pytest

from tests.fakes import call
from tests.unit.uploads.conftest import SUPPLIER, Uploads
from tests.unit.uploads.samples import product

EUR = {"currency": "EUR"}
TWO = [{"sku": f"A-{n}", "options": {"c": str(n)}, "stock": 1} for n in range(2)]


def refused(uploads: Uploads, **changes: Any) -> list[dict[str, str]]:
    body = product() | {"price": {"amount": 1000, **EUR}} | changes
    reply = call(uploads.app, "POST", "/v1/products", body=body, headers={"idempotency-key": "k"}, by=SUPPLIER)
    assert reply.status == 422, reply.body
    return list(reply.body["errors"])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"sale": {"price": {"amount": 1000, **EUR}}}, "促销价"),
        ({"sale": {"price": {"amount": 900, "currency": "GBP"}}}, "EUR"),
        ({"compare_at": {"amount": 900, **EUR}}, "对比价"),
        ({"sale": {"price": {"amount": 900, **EUR}, "starts_at": "2026-11-02T00:00:00Z", "ends_at": "2026-11-01T00:00:00Z"}}, "结束时间"),
        ({"sale": {"price": {"amount": 900, **EUR}, "starts_at": "2299-11-02T00:00:00Z"}}, "一年"),
        ({"tiers": [{"min_quantity": n, "price": {"amount": 900, **EUR}} for n in (5, 5)]}, "起订数量"),
        ({"price": {"amount": -1, **EUR}}, "最小单位"),
        ({"price": {"amount": "12.50", **EUR}}, "最小单位"),
        ({"price": {"amount": 1, "currency": "euro"}}, "ISO 4217"),
        ({"price": {"amount": 1, "currency": "HRK"}}, "EUR"),
        ({"price": None}, "价格"),
        ({"options": [{"name": "c"}], "variants": [TWO[0], TWO[1] | {"price": {"amount": 1, "currency": "GBP"}}]}, "第 1 个款式"),
        ({"options": [{"name": "c"}], "variants": [TWO[0], TWO[1] | {"compare_at": {"amount": 1, **EUR}}]}, "第 1 个款式"),
    ],
)
def test_a_price_is_refused_in_english_and_chinese(uploads: Uploads, changes: dict[str, Any], said: str) -> None:
    (error,) = refused(uploads, **changes)
    assert (said in error["detail_zh"], error["detail"].isascii()) == (True, True), error


def test_what_is_no_price_is_told_as_before(uploads: Uploads) -> None:
    (error,) = refused(uploads, stock="many")
    assert set(error) == {"pointer", "detail"}
