"""Who answers for a product's safety is said in our own CSV's columns, or once for a whole file by constants."""

import pytest

from functions.uploads.mapping.mapping import Mapping, Rule
from functions.uploads.mapping.product_reader import ProductReader
from functions.uploads.mapping.recognise import ours
from shared.goods.safety import EconomicOperator, Safety
from tests.unit.uploads.samples import CATEGORIES, COLUMNS, row

MAKER = {
    "manufacturer_name": "Kiln", "manufacturer_address": "1 Clay Road | Yard 2", "manufacturer_city": "Shenzhen",
    "manufacturer_postcode": "518000", "manufacturer_country": "cn", "manufacturer_email": "safety@kiln.example",
}  # fmt: skip
RESPONSIBLE = {
    "responsible_name": "Kiln EU", "responsible_address": "2 Damm", "responsible_city": "Berlin", "responsible_country": "DE",
    "responsible_email": "https://kiln.example/contact",
}  # fmt: skip
SAID = {**MAKER, **RESPONSIBLE, "warnings_en": "Hot when lit."}
WHOLE = Safety(
    manufacturer=EconomicOperator(
        name="Kiln", lines=["1 Clay Road", "Yard 2"], city="Shenzhen", postal_code="518000", country="CN",
        electronic_address="safety@kiln.example",
    ),
    responsible=EconomicOperator(
        name="Kiln EU", lines=["2 Damm"], city="Berlin", country="DE", electronic_address="https://kiln.example/contact"
    ),
    warnings={"en": "Hot when lit."},
)  # fmt: skip


def reading(cells: dict[str, str], **constants: str):  # type: ignore[no-untyped-def]
    columns = [*COLUMNS, *cells]
    found = ours(columns)
    assert found
    mapping = Mapping(name="x", rules=[*found.rules, *(Rule(field=field, constant=said) for field, said in constants.items())])
    line = row()
    return ProductReader(mapping, columns, CATEGORIES).read(line.model_copy(update={"cells": [*line.cells, *cells.values()]}))


def test_columns_say_who_answers_and_what_is_to_be_known() -> None:
    assert reading(SAID).product.safety == WHOLE


def test_constants_say_it_for_each_row() -> None:
    assert reading({}, **SAID).product.safety == WHOLE


def test_a_makers_name_alone_is_no_answer_and_no_fault() -> None:
    assert reading({"manufacturer_name": "Kiln"}).product.safety is None


@pytest.mark.parametrize("lacks", ["manufacturer_name", "manufacturer_address", "manufacturer_email"])
def test_what_is_lacking_is_told_by_its_column(lacks: str) -> None:
    (fault,) = reading({name: cell for name, cell in MAKER.items() if name != lacks}).faults
    assert (fault.code, fault.column) == ("missing", lacks)


def test_what_is_wrong_is_told_by_its_column() -> None:
    (fault,) = reading(MAKER | {"manufacturer_country": "China"}).faults
    assert (fault.code, fault.column) == ("invalid", "manufacturer_country")
