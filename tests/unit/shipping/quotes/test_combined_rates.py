"""Several parcels as one price, and what a courier's file really is."""

import pytest

from functions.shipping.documents.media_types import media_type_of
from functions.shipping.quotes.combined_rates import together
from monsoon_plugin.courier import Rate


def rate(name: str, price: int, days: tuple[int, int] = (2, 3), currency: str = "EUR") -> Rate:
    return Rate(name, name, price, days, currency, "DHL")


def test_prices_add_up_and_the_slowest_parcel_counts() -> None:
    assert together([{"a": rate("a", 100, (1, 2))}, {"a": rate("a", 250, (2, 5))}]) == [rate("a", 350, (2, 5))]


def test_a_service_that_one_parcel_does_not_have_is_none() -> None:
    assert together([{"a": rate("a", 100), "b": rate("b", 90)}, {"a": rate("a", 250)}]) == [rate("a", 350)]


def test_prices_of_two_currencies_are_not_added() -> None:
    assert together([{"a": rate("a", 100)}, {"a": rate("a", 250, currency="USD")}]) == []


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"^XA^FDlabel^FS^XZ", "application/zpl"),
        (b"CT~~CD,~CC^~CT~\r\n^XA^XZ", "application/zpl"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"<html></html>", None),
        (b"", None),
    ],
)
def test_a_document_is_what_its_bytes_say(content: bytes, media_type: str | None) -> None:
    assert media_type_of(content) == media_type
