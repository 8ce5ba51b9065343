"""How shops' own files say what is virtual."""

from shared.variants.offered import offers_of
from tests.unit.uploads.mapping.test_formats import of_text, whole

DIGITAL = """
    Handle,Title,Vendor,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Qty,Variant Price,Variant Requires Shipping
    book,Lamp making,Meadow,Form,Paper,B-P,4,12.50,TRUE
    book,,,,E-book,B-E,9,6.50,false
    card,Gift card,Meadow,Title,Default Title,G-1,9,20.00,FALSE
    lamp,Lamp,Meadow,Title,Default Title,L-1,9,20.00,
"""
WOOCOMMERCE_TYPES = """
    Type,SKU,Name,Regular price,Stock,Parent,Attribute 1 name,Attribute 1 value(s)
    simple,L-1,Lamp,9.00,3,,,
    "simple, downloadable, virtual",P-1,Pattern,3.00,9,,,
    "simple, downloadable",C-1,Course with a workbook,30.00,9,,,
    variable,BK,Book,,,,Form,"Paper, E-book"
    variation,BK-P,Book,12.00,4,BK,Form,Paper
    "variation, virtual",BK-E,Book,6.00,9,BK,Form,E-book
"""


def test_shopifys_requires_shipping_says_what_is_virtual_of_each_variant() -> None:
    book, card, lamp = of_text(DIGITAL)
    whole([book, card, lamp])
    assert [offered.product.requires_shipping for offered in offers_of("off", "prd", book.product)] == [True, False]
    assert (card.product.requires_shipping, lamp.product.requires_shipping) == (False, True)


def test_woocommerces_type_says_what_is_virtual_and_a_download_alone_may_come_on_something() -> None:
    found = of_text(WOOCOMMERCE_TYPES)
    told = {reading.sku: reading.product.requires_shipping for reading in found if reading.product and not reading.product.variants}
    assert told == {"L-1": True, "P-1": False, "C-1": True}
    (book,) = (reading.product for reading in found if reading.product and reading.product.variants)
    assert [offered.product.requires_shipping for offered in offers_of("off", "prd", book)] == [True, False]


def test_a_cell_that_says_neither_yes_nor_no_is_told() -> None:
    (read,) = of_text(DIGITAL.replace("FALSE", "maybe").replace("book", "card"))[:1]
    assert [(each.column, "virtual" in each.detail) for each in read.faults] == [("Variant Requires Shipping", True)]
