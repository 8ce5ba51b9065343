"""shared/door: what comes in is checked in words that a shopkeeper understands; what was kept is read as it was."""

import json

import pytest

from monsoon_plugin.address import Address
from monsoon_plugin.money import Amount, CurrencyCode
from shared.api.payload import Body, Query, parsed, queried
from shared.bounds.kept import kept
from shared.door.characters import unseen
from shared.door.checks import flaws
from shared.door.countries import country_flaw
from shared.errors import Invalid
from shared.order_messages import OrderAccepted, OrderPaid
from shared.trade.product import Country, Product
from shared.trade.selection import Selection

LONDON = {"name": "Ann", "lines": ["1 High Street"], "city": "London", "postal_code": "EC4Y 1AU", "country": "GB"}


class Wanted(Body):
    address: Address


class Listing(Query):
    destination: Country | None = None


def told(changes: dict[str, object]) -> dict[str, str]:
    """Pointer → what is said of it."""
    try:
        parsed(Wanted, json.dumps({"address": LONDON | changes}).encode())
    except Invalid as refused:
        return {error.pointer: error.detail for error in refused.errors}
    return {}


@pytest.mark.parametrize(("code", "meant"), [("UK", "GB"), ("gb", "GB"), ("USA", "US"), ("DEU", "DE"), ("SU", "RU")])
def test_a_country_that_is_written_otherwise_is_named(code: str, meant: str):
    assert f'"{meant}"' in str(country_flaw(code))


@pytest.mark.parametrize("code", ["EU", "XX", "ZZ", "", "1", "England"])
def test_what_is_no_country_is_refused_without_a_guess(code: str):
    assert "ISO 3166-1, such as" in str(country_flaw(code))


@pytest.mark.parametrize("code", ["GB", "XK", "TW", "HK", "GG"])
def test_a_country_is_one(code: str):
    assert country_flaw(code) is None


@pytest.mark.parametrize(
    ("changes", "pointer", "said"),
    [
        ({"country": "UK"}, "/address/country", "Write GB"),
        ({"country": "England"}, "/address/country", "two letters"),
        ({"lines": ["1 High Street", " "]}, "/address/lines/1", "leave the line out"),
        ({"name": "  "}, "/address/name", "who receives"),
        ({"city": "Lon\u200bdon"}, "/address/city", "U+200B"),
        ({"lines": ["1 High\u202estreet"]}, "/address/lines/0", "U+202E"),
        ({"lines": ["1 High\nStreet"]}, "/address/lines/0", "one line"),
        ({"phone": "call me"}, "/address/phone", "+44"),
        ({"phone": "+44 20 7946 0018 99999 1234"}, "/address/phone", "+44"),
        ({"email": "ann@localhost"}, "/address/email", "name@example.com"),
    ],
)
def test_an_address_that_no_courier_can_use_is_refused_by_field_and_remedy(changes: dict[str, object], pointer: str, said: str):
    assert said in told(changes)[pointer]
    assert "[A-Z]" not in "".join(told(changes).values())


@pytest.mark.parametrize(
    "changes",
    [
        {}, {"phone": "+44 (0)20 7946-0018"}, {"phone": "020 7946 0018 ext. 12"}, {"phone": "０１２-３４５６-７８９０"},
        {"email": "ann@bücher.example"},
        {"name": "کتاب\u200cها"}, {"name": "क\u094d\u200dष"}, {"city": "\u200fתל אביב"}, {"name": "Ann 👩\u200d🚀"}, {"name": "O’Neill"},
    ],
)  # fmt: skip
def test_an_address_as_people_write_it_is_taken(changes: dict[str, object]):
    assert told(changes) == {}


def test_all_that_is_wrong_is_told_at_once():
    assert set(told({"country": "UK", "lines": [" "], "phone": "-", "city": ""})) == {
        "/address/country", "/address/lines/0", "/address/phone", "/address/city",
    }  # fmt: skip


def test_a_filter_names_a_country():
    with pytest.raises(Invalid) as refused:
        queried(Listing, {"destination": "UK"})
    assert [(e.pointer, "Write GB" in e.detail) for e in refused.value.errors] == [("query/destination", True)]


UNSEEN = ["a\u200cb", "a\u200d", "\u200d", "x\ufeff", "a\u2066b", "a\x85b", "\u3164", "👩\u200d", "a\U000e0041b"]


@pytest.mark.parametrize("text", UNSEEN)
def test_a_character_that_no_script_needs_there_is_found(text: str):
    assert unseen(text)


@pytest.mark.parametrize(
    "text", ["🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "♥\ufe0f", "නි\u0dca\u200dය", "a\tb", "می\u200cخواهم"]
)
def test_a_character_that_a_script_needs_there_stays(text: str):
    assert unseen(text) is None


class Shop(Body):
    name: str


@pytest.mark.parametrize("text", [*UNSEEN, "a\x7fb"])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_a_name_alone_is_read_however_json_writes_it(text: str, ascii_only: bool):
    """Nothing else in the body makes the door look at it."""
    with pytest.raises(Invalid) as refused:
        parsed(Shop, json.dumps({"name": text}, ensure_ascii=ascii_only).encode())
    assert [error.pointer for error in refused.value.errors] == ["/name"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"options": {"colour": "r\u200bed"}}, "/options/colour"), ({"options": {"col\u00adour": "red"}}, "/options"),
        ({"names": {"zh": "颜\u202e色"}}, "/names/zh"), ({"brand": "Son\ufeffy"}, "/brand"), ({"mpn": "A\u2060"}, "/mpn"),
        ({"item_group": "\u3164"}, "/item_group"), ({"variants": [{"options": {"a": "\U000e0041"}}]}, "/variants/0/options/a"),
    ],
)  # fmt: skip
def test_names_options_and_codes_hold_no_character_that_nobody_sees(body: dict[str, object], pointer: str):
    assert [flaw.pointer for flaw in flaws(body)] == [pointer]


class Priced(Body):
    price: Amount
    currencies: list[CurrencyCode]
    by_currency: dict[str, Amount]


class Ledger(Query):
    currency: CurrencyCode | None = None


def test_nothing_new_is_asked_for_in_a_currency_that_was_replaced_and_what_is_kept_is_read_and_filtered_by_it():
    lev = {"amount": 1250, "currency": "BGN"}
    with pytest.raises(Invalid) as refused:
        parsed(Priced, json.dumps({"price": lev, "currencies": ["GBP", "HRK"], "by_currency": {"x": lev}}).encode())
    assert [(error.pointer, error.detail) for error in refused.value.errors] == [
        ("/price/currency", "BGN was replaced by EUR: write it in EUR"),
        ("/currencies/1", "HRK was replaced by EUR: write it in EUR"),
        ("/by_currency/x/currency", "BGN was replaced by EUR: write it in EUR"),
    ]
    assert str(Amount.model_validate(lev).money) == "12.50 BGN"
    assert queried(Ledger, {"currency": "BGN"}).model_dump() == {"currency": "BGN"}


def test_what_was_kept_before_is_still_read():
    """Events and items of before: no door stands between us and what we wrote ourselves."""
    old = LONDON | {"country": "UK", "lines": [" "], "phone": "call me", "city": "Lon\u200bdon", "postal_code": "?"}
    assert Address.model_validate(old).country == "UK"
    assert Selection.model_validate({"destinations": ["EU"]}).destinations == ["EU"]
    product = {
        "sku": "A", "texts": {"en": {"title": "A\u200b cup"}}, "category": "hg", "stock": 1, "weight": 1,
        "price": {"amount": 1, "currency": "GBP"},
        "size": {"length": 1, "width": 1, "height": 1}, "hs_code": "000000", "origin": "UK", "gtin": "4006381333932", "ships_to": ["EU"],
    }  # fmt: skip
    assert kept(Product, json.dumps(product)).origin == "UK"
    assert [model.model_fields["address"].annotation for model in (OrderAccepted, OrderPaid)] == [Address | None] * 2
