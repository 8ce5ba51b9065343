"""What shops' files say of goods that come later, of how much a unit holds and of several categories; Amazon's newer templates."""

from typing import Any

import pytest

from functions.uploads.mapping.document import Reading
from functions.uploads.mapping.mapping import folded
from functions.uploads.values.how_sold import held_of
from functions.uploads.values.words import Unreadable
from shared.trade.product import Product
from tests.unit.uploads.mapping.test_formats import FEED, of_text


def google(head: str, *cells: str, **others: str) -> Reading:
    """One row of a Google Merchant feed with these further columns; its file arrived on 1 November 2026 at 08:00."""
    assert FEED.as_of.startswith("2026-11-01T08:00")
    (reading,) = of_text(f"id\ttitle\tprice\tavailability\t{head}\np1\tPot\t9.99 EUR\t" + "\t".join(cells) + "\n", **others)
    return reading


def product(reading: Reading) -> Product:
    assert reading.product, reading.faults
    return reading.product


def sold(*cells: str, head: str = "availability_date\tquantity", **others: str) -> tuple[int, dict[str, Any] | None]:
    found = product(google(head, *cells, **others))
    return found.stock, found.stock_mode.model_dump() if found.stock_mode else None


@pytest.mark.parametrize("word", ["preorder", "pre-order", "backorder", "https://schema.org/BackOrder", "PreOrder"])
def test_what_is_sold_before_it_is_there_has_no_stock_and_a_day(word: str) -> None:
    mode = {"mode": "backorder", "units": 1_000_000, "days": 30}
    assert sold(word, "2026-12-01T08:00:00Z", "") == (0, mode)
    assert sold(word, "2026-12-01T08:00:00Z", "50") == (0, mode | {"units": 50})


def test_a_day_is_counted_from_the_files_moment_and_one_that_is_past_is_the_next() -> None:
    assert [sold("preorder", day, "5")[1] for day in ("2026-11-02", "2026-11-03T08:00:01+00:00", "2026-10-01")] == [
        {"mode": "backorder", "units": 5, "days": days} for days in (1, 3, 1)
    ]


def test_where_nobody_says_when_it_comes_it_is_not_sold_unless_its_supplier_says_so_for_all() -> None:
    assert sold("backorder", "", "7") == (0, None)
    assert sold("backorder", "2028-01-01", "7") == (0, None), "longer than a year is no promise"
    assert sold("backorder", "", "7", backorder_days="10") == (0, {"mode": "backorder", "units": 7, "days": 10})
    assert sold("backorder", "", "", backorder_days="10", backorder_units="3") == (0, {"mode": "backorder", "units": 3, "days": 10})


def test_what_is_there_is_counted_whatever_day_stands_beside_it() -> None:
    assert sold("in_stock", "2026-12-01", "7", backorder_days="10") == (7, None)
    assert sold("out_of_stock", "2026-12-01", "") == (0, None)


def test_a_day_that_is_none_is_told_by_its_column() -> None:
    (fault,) = google("availability_date", "preorder", "soon").faults
    assert (fault.column, "2026-12-24" in fault.detail, "2026-12-24" in fault.detail_zh) == ("availability_date", True, True)


def test_each_variant_says_its_own() -> None:
    (reading,) = of_text("""
        id\ttitle\tprice\tavailability\titem_group_id\tsize\tavailability_date\tunit_pricing_measure
        d-s\tDress\t40 EUR\tin stock\td\tS\t\t1 ct
        d-m\tDress\t40 EUR\tpreorder\td\tM\t2026-11-11T08:00:00Z\t2 ct
    """)
    small, medium = product(reading).variants
    assert (small.stock, small.stock_mode, medium.stock) == (3, None, 0)
    assert medium.stock_mode
    assert medium.stock_mode.model_dump()["days"] == 10
    assert [each.unit_measure and each.unit_measure.value for each in (small, medium)] == [1, 2]


@pytest.mark.parametrize(
    ("held", "base", "measure"),
    [
        ("750 ml", "1 l", (750, "ml", 1, "l")), ("750ml", "100ml", (750, "ml", 100, "ml")), ("0.75 l", "", (750, "ml", 1, "l")),
        ("1,5 kg", "1kg", (1500, "g", 1, "kg")), ("12 ct", "", (12, "ct", 1, "ct")), ("2 sqm", "1 sqm", (2, "m2", 1, "m2")),
        ("1 cbm", "", (1, "m3", 1, "m3")), ("", "1 l", None), ("12 floz", "1 floz", None), ("0 g", "", None),
    ],
)  # fmt: skip
def test_how_much_a_unit_holds_is_read_with_the_base_that_is_said_or_the_usual_one(held: str, base: str, measure: Any) -> None:
    found = product(google("unit_pricing_measure\tunit_pricing_base_measure", "in stock", held, base)).unit_measure
    assert (tuple(found.model_dump().values()) if found else None) == measure


def test_what_does_not_say_how_much_is_told() -> None:
    assert [fault.column for fault in google("unit_pricing_measure", "in stock", "plenty").faults] == ["unit_pricing_measure"]
    assert google("unit_pricing_measure\tunit_pricing_base_measure", "in stock", "1 l", "1 kg").faults
    with pytest.raises(Unreadable):
        held_of("750")


CATEGORY = "google_product_category\tproduct_type"
LANTERNS = "Home & Garden > Decor > Lanterns"


def test_a_product_is_in_the_further_categories_that_are_known_and_none_twice() -> None:
    found = product(
        google(CATEGORY, "in stock", LANTERNS, "Apparel & Accessories > Clothing|Winter sale|Home & Garden > Decor|" + LANTERNS)
    )
    assert (found.category, found.categories) == ("hg-3-2", ["aa-1-2"]), "what the main one lies in is said by it"


def test_our_own_further_categories_are_known_or_a_fault() -> None:
    head = "sku,title_en,category,categories,price,currency,stock\n"
    (reading,) = of_text(head + "A,Lamp,hg-3-2,1604|hg-3-2,10,EUR,1\n")
    assert product(reading).categories == ["aa-1-2"]
    (wrong,) = of_text(head + "A,Lamp,hg-3-2,Nonsense,10,EUR,1\n")
    assert [fault.column for fault in wrong.faults] == ["categories"]


LISTINGS = {
    "contribution_sku#1.value": ("L", "L-W", "L-R"),
    "product_type#1.value": ("LANTERN",) * 3,
    "parentage_level[marketplace_id=A1PA6795UKMFR9]#1.value": ("Parent", "Child", "Child"),
    "child_parent_sku_relationship[marketplace_id=A1PA6795UKMFR9]#1.parent_sku": ("", "L", "L"),
    "item_name[marketplace_id=A1PA6795UKMFR9][language_tag=en_GB]#1.value": ("Lantern", "Lantern, white", "Lantern, red"),
    "bullet_point[marketplace_id=A1PA6795UKMFR9][language_tag=en_GB]#1.value": ("Bright", "", ""),
    "bullet_point[marketplace_id=A1PA6795UKMFR9][language_tag=en_GB]#2.value": ("- Light", "", ""),
    "purchasable_offer[marketplace_id=A1PA6795UKMFR9][audience=ALL]#1.our_price#1.schedule#1.value_with_tax": ("", "12.00", "12.50"),
    "fulfillment_availability#1.quantity": ("", "5", "7"),
    "color[marketplace_id=A1PA6795UKMFR9][language_tag=en_GB]#1.value": ("", "White", "Red"),
    "item_package_weight[marketplace_id=A1PA6795UKMFR9]#1.value": ("", "1.5", "1.5"),
    "item_package_weight[marketplace_id=A1PA6795UKMFR9]#1.unit": ("", "Pounds", "Pounds"),
    "main_product_image_locator[marketplace_id=A1PA6795UKMFR9]#1.media_location": ("https://a.example/1.jpg", "", ""),
}


def test_amazons_newer_templates_are_read_below_their_lines_of_others() -> None:
    rows = ["\t".join(cells) for cells in zip(*LISTINGS.values(), strict=True)]
    lines = ["settings=contentLanguageTag=en_GB", "Listing Identity", "", "\t".join(["SKU", "Product Type"]), "\t".join(LISTINGS), *rows]
    (reading,) = of_text("\n".join(lines) + "\n")
    found = product(reading)
    assert (found.sku, found.texts["en"].title, found.texts["en"].bullets, found.weight) == ("L", "Lantern", ["Bright", "- Light"], 680)
    assert [(v.sku, v.options, v.stock) for v in found.variants] == [("L-W", {"color": "White"}, 5), ("L-R", {"color": "Red"}, 7)]
    assert (found.price.amount, [v.price and v.price.amount for v in found.variants]) == (1200, [None, 1250])
    assert reading.picture_urls == ("https://a.example/1.jpg",)


def test_what_stands_between_brackets_in_a_columns_name_is_passed_over_where_it_names_something() -> None:
    assert folded("Item_Name[marketplace_id=A1][language_tag=de_DE]#1.value") == "item_name#1.value"
    assert folded("Price [EUR]") == "price [eur]"
