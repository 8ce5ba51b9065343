"""Money, numbers and days as people write them."""

import pytest

from shared.pages.figures import figures
from shared.pages.interface_language import Interface, accepted_interface, interface_of

MONEY: list[tuple[Interface, int, str, str]] = [
    ("en", 1299, "GBP", "£12.99"), ("en", 123456789, "USD", "US$1,234,567.89"), ("zh", 1299, "CNY", "¥12.99"),
    ("en", 1299, "CNY", "CN¥12.99"),
    ("en", 1299, "JPY", "JP¥1,299"), ("zh", 1299, "JPY", "JP¥1,299"), ("en", 1299, "CHF", "CHF\u00a012.99"),
    ("en", 1005, "KWD", "KWD\u00a01.005"),
    ("en", -5, "EUR", "-€0.05"), ("zh", 10**12, "EUR", "€10,000,000,000.00"),
]  # fmt: skip


@pytest.mark.parametrize(("interface", "amount", "currency", "written"), MONEY)
def test_money_is_written_by_its_currencys_decimals_and_the_readers_language(
    interface: Interface, amount: int, currency: str, written: str
):
    assert figures(interface).money(amount, currency) == written


def test_what_a_number_field_reads_has_a_dot_and_no_groups():
    assert [figures("zh").plain(*money) for money in ((1299, "GBP"), (123456, "JPY"), (7, "KWD"))] == ["12.99", "123456", "0.007"]


def test_days_and_countries_are_written_in_the_readers_language():
    moment = "2026-11-03T23:59:59.000Z"
    assert (figures("en").day(moment), figures("zh").day(moment)) == ("3 Nov 2026", "2026年11月3日")
    assert (figures("en").country("DE"), figures("zh").country("DE"), figures("zh").country("XX")) == ("Germany", "德国", "XX")


def test_a_page_speaks_chinese_to_readers_of_any_chinese_and_english_to_all_others():
    assert [interface_of(tag) for tag in ("zh", "zh-Hant-TW", "ZH-cn", "en-GB", "de", "")] == ["zh", "zh", "zh", "en", "en", "en"]
    assert [accepted_interface(a) for a in ("zh-CN,zh;q=0.9", "de, zh;q=0.5", "en-US,zh", "", "*;q=x", "fr" * 9000)] == [
        "zh", "zh", "en", "en", "en", "en",
    ]  # fmt: skip
