"""An address's form, in the way of each country, and how it is written there."""

import pytest

from monsoon_plugin.address import Address
from shared.errors import Invalid
from shared.pages.addresses.address_form import AddressForm, written
from shared.pages.addresses.address_layout import address_layout, countries
from shared.pages.figures import figures

USUAL = {"visit": "v", "lines": "off_1:1", "name": "Ada", "line1": "1 Street", "city": "Town", "postal_code": "1"}


@pytest.mark.parametrize(
    ("country", "parts", "needed"),
    [("GB", ("name", "line1", "line2", "city", "postal_code"), {"city", "postal_code"}),
     ("US", ("name", "line1", "line2", "city", "region", "postal_code"), {"city", "region", "postal_code"}),
     ("JP", ("postal_code", "region", "line1", "line2", "name"), {"region", "postal_code"}),
     ("SG", ("name", "line1", "line2", "postal_code"), {"postal_code"}),
     ("HK", ("region", "city", "line1", "line2", "name"), {"region", "city"})],
)  # fmt: skip
def test_a_form_asks_what_the_country_writes_in_its_order(country: str, parts: tuple[str, ...], needed: set[str]) -> None:
    layout = address_layout(country)
    assert layout.parts == parts
    assert layout.needed == needed | {"name", "line1"}


def test_every_country_has_a_form_that_can_be_filled_in_and_a_name() -> None:
    for country in countries():
        form = AddressForm.model_validate({**USUAL, "country": country, "region": "R"})
        assert form.address().country == country
        assert figures("en").country(country) != "", country


def test_what_a_country_needs_is_named() -> None:
    with pytest.raises(Invalid) as flawed:
        AddressForm.model_validate({"visit": "v", "lines": "off_1:1", "country": "US"}).address()
    assert {error.pointer for error in flawed.value.errors} == {"/name", "/line1", "/city", "/region", "/postal_code"}


def test_an_address_is_shown_as_its_country_writes_it() -> None:
    told = {"name": "Ada", "lines": ["1 Street", "Flat 2"], "city": "Bristol", "postal_code": "BS1 4DJ"}
    assert " ".join(written(Address(**told, country="GB"))) == "Ada 1 Street Flat 2 Bristol BS1 4DJ"
    chinese = Address(**told | {"region": "广东省", "city": "深圳市"}, country="CN")
    assert " ".join(written(chinese)).startswith("BS1 4DJ 广东省 深圳市 1 Street")
