"""Files of shop systems and marketplaces, written by ourselves in their formats: what becomes of them."""

import csv
import io
from pathlib import Path
from textwrap import dedent

import pytest

from functions.uploads.feeds.feed import Feed, FeedRefused
from functions.uploads.feeds.feed_splitter import kept_lines
from functions.uploads.feeds.product_rows import chunks_of
from functions.uploads.feeds.spool import Spool
from functions.uploads.mapping.document import Reading
from functions.uploads.mapping.mapping import Mapping, Rule
from functions.uploads.mapping.product_reader import ProductReader
from functions.uploads.mapping.recognise import KnownNames
from functions.uploads.products.safe_html import with_safe_html
from functions.uploads.reading.delimited import delimited
from functions.uploads.reading.json_lines import JsonLines
from functions.uploads.reading.line import Lines
from functions.uploads.reading.xml_items import XmlItems
from tests.unit.uploads.samples import CATEGORIES, CELLS, COLUMNS, file_of

FEED = Feed(id="fd_1", account_id="acc_1", name="x", bytes=1, created_at="", as_of="2026-11-01T08:00:00.000Z")
DEFAULTS = {
    "currency": "EUR", "stock": "3", "weight_g": "300 g", "length_mm": "1", "width_mm": "1", "height_mm": "1", "hs_code": "940550",
    "origin": "CN", "category": "hg-3-2",
}  # fmt: skip


def readings(lines: Lines, **others: str) -> list[Reading]:
    """What becomes of each product of a file, with a supplier's defaults set."""
    spool = Spool(io.BytesIO())
    found, columns = kept_lines(lines, spool)
    rules = [*found.rules, *(Rule(field=field, constant=said) for field, said in (DEFAULTS | others).items())]
    mapping = Mapping(name=found.name, rules=rules, grouping=found.grouping)
    chunks = list(chunks_of(FEED, mapping, columns, spool))
    return [ProductReader(mapping, each.columns, CATEGORIES, at=each.as_of).read(row) for each in chunks for row in each.rows]


def of_text(text: str, **others: str) -> list[Reading]:
    return readings(delimited(io.StringIO(dedent(text).lstrip("\n"), newline=""), KnownNames()), **others)


def whole(found: list[Reading]) -> None:
    assert [reading.faults for reading in found] == [[] for _ in found]


SHOPIFY = """
    Handle,Title,Body (HTML),Vendor,Tags,Option1 Name,Option1 Value,Variant SKU,Variant Grams,Variant Inventory Qty,Variant Price,Image Src
    scarf,Silk scarf,<p>Soft <b>silk</b><script>x()</script></p>,Meadow,"gift, silk goods",Color,Red,SC-R,120,4,12.50,https://a.example/1.jpg
    bowl,Oak bowl,,Meadow,,Title,Default Title,BO-1,900,2,20.00,
    scarf,,,,,,Blue,SC-B,130,6,13.50,https://a.example/2.jpg
    scarf,,,,,,,,,,,https://a.example/3.jpg
"""


def shopify(**cells: str) -> str:
    """A file of one product."""
    said = {
        "Handle": "mug",
        "Title": "Mug",
        "Variant SKU": "M-1",
        "Variant Price": "5",
        "Variant Barcode": "",
        "Variant Inventory Qty": "4",
    }
    rows = io.StringIO()
    csv.writer(rows).writerows([said, (said | cells).values()])
    return rows.getvalue()


@pytest.mark.parametrize(
    ("said", "gtin"),
    [
        ("4006381333931", "4006381333931"), ("'036000291452", "036000291452"), ("978-0-306-40615-7", "9780306406157"), ("63826-1000", None),
        ("EG00000001", None), ("1234567890", None), ("10012346", None), ("6382-6100", None), ("00000000", None), ("", None),
    ],
)  # fmt: skip
def test_a_shops_field_of_bar_codes_may_hold_any_code_and_what_is_no_gtin_is_not_taken_for_one(said: str, gtin: str | None) -> None:
    (found,) = of_text(shopify(**{"Variant Barcode": said}))
    whole([found])
    assert found.product
    assert found.product.gtin == gtin


def test_our_own_gtin_is_a_gtin_or_a_fault() -> None:
    (found,) = of_text(file_of([*CELLS[:15], "63826-1000", *CELLS[16:]]))
    assert [fault.column for fault in found.faults] == ["gtin"]


@pytest.mark.parametrize(("said", "units"), [("-3", 0), ("-103", 0), ("0", 0), ("7", 7)])
def test_of_what_a_shop_sold_beyond_its_stock_there_is_none(said: str, units: int) -> None:
    (found,) = of_text(shopify(**{"Variant Inventory Qty": said}))
    whole([found])
    assert found.product
    assert found.product.stock == units


def test_variants_may_have_more_together_than_a_product_may_say() -> None:
    head = "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Qty,Variant Price\n"
    (found,) = of_text(head + "".join(f"tee,Tee,Size,{i},T-{i},1000000,5\n" for i in range(12)))
    whole([found])
    assert found.product
    assert (found.product.units, found.product.stock) == (12_000_000, 10_000_000)


def test_what_a_shop_goes_on_selling_without_stock_is_always_available_and_its_sister_is_not() -> None:
    head = "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Qty,Variant Inventory Policy,Variant Price\n"
    (found,) = of_text(head + "tee,Tee,Size,S,T-S,0,continue,5\ntee,,,M,T-M,0,deny,5\n")
    whole([found])
    assert found.product
    assert [variant.stock_mode and variant.stock_mode.mode for variant in found.product.variants] == ["always", None]
    assert found.product.stock_mode is None
    (mug,) = of_text("""
        ID,Type,SKU,Name,Regular price,Stock,Backorders allowed?
        13,simple,MUG,Mug,4.5,0,notify
    """)
    assert mug.product
    assert mug.product.stock_mode
    assert mug.product.stock_mode.mode == "always"


def test_rows_of_one_handle_are_one_product_wherever_they_stand() -> None:
    scarf, bowl = of_text(SHOPIFY)
    whole([scarf, bowl])
    assert scarf.product
    assert bowl.product
    assert (scarf.product.sku, scarf.product.texts["en"].title) == ("scarf", "Silk scarf")
    assert with_safe_html(scarf.product).texts["en"].description == "Soft silk"
    assert [(v.sku, v.options, v.stock) for v in scarf.product.variants] == [
        ("SC-R", {"Color": "Red"}, 4), ("SC-B", {"Color": "Blue"}, 6)
    ]  # fmt: skip
    assert (scarf.product.price.amount, scarf.product.variants[1].price and scarf.product.variants[1].price.amount) == (1250, 1350)
    assert scarf.product.tags == ["gift", "silk-goods"]
    assert scarf.picture_urls == tuple(f"https://a.example/{i}.jpg" for i in (1, 2, 3))
    assert (bowl.product.sku, bowl.product.variants, bowl.product.weight) == ("BO-1", [], 900)


def test_an_item_group_is_one_product_whose_options_are_what_differs() -> None:
    found = of_text("""
        id\ttitle\tprice\tavailability\titem_group_id\tcolor\tsize\tgoogle_product_category\tshipping_weight
        d1-s\tLinen dress\t40,00 EUR\tin stock\td1\tred\tS\t1604\t0.4 kg
        d1-m\tLinen dress\t42,00 EUR\tin stock\td1\tred\tM\t1604\t14 oz
        p1\tPot\t9.99 EUR\tin stock\t\tred\t\t\t2 lb
    """)
    whole(found)
    dress, pot = (reading.product for reading in found)
    assert dress
    assert pot
    assert (dress.sku, dress.category, [v.options for v in dress.variants]) == ("d1", "aa-1-2", [{"size": "S"}, {"size": "M"}])
    assert (dress.weight, dress.variants[1].weight, pot.weight) == (400, 397, 907)
    assert (pot.sku, pot.variants) == ("p1", [])


APART = """
    id\ttitle\tprice\tavailability\titem_group_id\tcolor\tproduct_type
    c1\tColour cream\t40 EUR\tin stock\thair\t\thair
    c2\tHair oil\t42 EUR\tin stock\thair\t\thair
    c3\tTonic\t9 EUR\tin stock\thair\t\thair
"""


def test_items_that_a_shop_groups_by_its_category_and_that_vary_in_nothing_are_products_of_their_own() -> None:
    """Of a shop's 107 items in four groups none was taken: each was told to be there already."""
    found = of_text(APART)
    whole(found)
    assert [reading.product and (reading.product.sku, reading.product.variants) for reading in found] == [
        ("c1", []),
        ("c2", []),
        ("c3", []),
    ]


def test_items_of_a_group_that_say_the_same_of_a_colour_and_differ_in_title_keep_their_own_codes() -> None:
    found = of_text(APART.replace("\t\thair", "\tred\thair"))
    whole(found)
    assert [reading.sku for reading in found] == ["c1", "c2", "c3"]


@pytest.mark.parametrize(
    "changed", [("Hair oil", "Colour cream"), ("c2\t", "c1\t"), ("oil\t42 EUR\tin stock\thair\t\t", "oil\t42 EUR\tin stock\thair\tred\t")]
)
def test_items_of_one_title_or_code_or_that_differ_in_an_option_are_one_product(changed: tuple[str, str]) -> None:
    assert len(of_text(APART.replace(*changed))) == 1


def test_what_is_left_of_an_item_group_is_still_that_product() -> None:
    """It was another product: the one of before stayed on sale with all that is sold out, and the shop counted a new one."""
    head = "id\ttitle\tprice\tavailability\titem_group_id\tcolor\tsize\tgender\n"
    rows = [f"d1-{size}\tDress\t40 EUR\tin stock\td1\tred\t{size}\tfemale\n" for size in ("s", "m")]
    (before,), (after,) = of_text(head + "".join(rows)), of_text(head + rows[1])
    whole([before, after])
    assert before.product
    assert after.product
    assert (before.product.sku, after.product.sku, after.product.variants[0].sku) == ("d1", "d1", "d1-m")
    assert after.product.variants[0].options == {"color": "red", "size": "m"}
    assert [each.product and each.product.sku for each in of_text(head + rows[1].replace("\td1\t", "\td1-m\t"))] == ["d1-m"]


def test_what_rows_of_a_product_do_not_differ_in_describes_it() -> None:
    """It was read as an option that is none, and lost."""
    found = of_text("""
        id\ttitle\tprice\tavailability\titem_group_id\tcolor\tsize\tgender
        d1-s\tDress\t40 EUR\tin stock\td1\tred\tS\tfemale
        d1-m\tDress\t40 EUR\tin stock\td1\tred\tM\tfemale
        p1\tPot\t9.99 EUR\tin stock\t\tred\t\t
    """)
    whole(found)
    described = [{each.name: each.values for each in reading.product.attributes} if reading.product else None for reading in found]
    assert described == [{"color": ["red"], "gender": ["female"]}, {"color": ["red"]}]
    (mug,) = of_text("""
        ID,Type,SKU,Name,Regular price,Stock,Attribute 1 name,Attribute 1 value(s)
        13,simple,MUG,Mug,4.5,9,Material,"Clay, glaze"
    """)
    assert mug.product
    assert [(each.name, each.values) for each in mug.product.attributes] == [("Material", ["Clay, glaze"])]


@pytest.mark.parametrize(
    ("word", "status"), [("publish", "active"), ("Enabled", "active"), ("pending", "draft"), ("trash", "archived"), ("disabled", "draft")]
)
def test_a_status_is_read_as_shop_systems_write_it(word: str, status: str) -> None:
    (found,) = of_text(f"Handle,Title,Variant SKU,Variant Price,Status\nmug,Mug,M-1,4,{word}\n")
    assert found.product
    assert found.product.status == status


def test_variations_come_to_their_parent_by_its_code_or_its_number() -> None:
    found = of_text("""
        ID,Type,SKU,Name,Regular price,Stock,Weight (kg),Parent,Categories,Attribute 1 name,Attribute 1 value(s)
        11,variation,TEE-S,Tee - S,10,5,0.2,TEE,,Size,S
        7,variable,TEE,Tee,,,,,Clothing,Size,"S, M"
        12,variation,TEE-M,Tee - M,11,6,0.2,id:7,,Size,M
        13,simple,MUG,Mug,4.5,9,0.35,,Kitchen,Colour,Red
    """)
    whole(found)
    tee, mug = (reading.product for reading in found)
    assert tee
    assert mug
    assert (tee.sku, tee.texts["en"].title, [v.sku for v in tee.variants], tee.units) == ("TEE", "Tee", ["TEE-S", "TEE-M"], 11)
    assert (mug.sku, mug.variants, mug.price.amount, mug.weight) == ("MUG", [], 450, 350)


def test_a_flat_file_is_read_below_its_two_lines_of_others() -> None:
    found = of_text("""
        TemplateType=fptcustom\tVersion=2026.1001\tThe top 3 rows are for the marketplace's use only.
        Seller SKU\tProduct Name\tStandard Price\tQuantity\tParentage\tParent SKU\tColor\tPackage Weight\tUnit
        item_sku\titem_name\tstandard_price\tquantity\tparent_child\tparent_sku\tcolor_name\tpackage_weight\tpackage_weight_unit_of_measure
        L\tLantern\t\t\tparent\t\t\t\t
        L-W\tLantern, white\t12.00\t5\tchild\tL\tWhite\t1.5\tPounds
        L-R\tLantern, red\t12.00\t7\tchild\tL\tRed\t1.5\tPounds
    """)
    whole(found)
    product = found[0].product
    assert product
    assert (product.sku, product.texts["en"].title, product.weight, product.units) == ("L", "Lantern", 680, 12)
    assert [v.options for v in product.variants] == [{"color": "White"}, {"color": "Red"}]


GOOGLE_XML = """<?xml version="1.0"?>
<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel><title>Shop</title>
<item><g:id>p1</g:id><title>Pot &amp; lid</title><g:price>9.99 EUR</g:price><g:availability>in_stock</g:availability>
<g:additional_image_link>https://a.example/1.jpg</g:additional_image_link><g:additional_image_link>https://a.example/2.jpg</g:additional_image_link>
<g:shipping><g:country>DE</g:country><g:price>4 EUR</g:price></g:shipping></item></channel></rss>"""


def test_a_merchant_feed_in_xml_is_read_item_by_item(tmp_path: Path) -> None:
    (tmp_path / "f").write_text(GOOGLE_XML)
    found = readings(XmlItems(tmp_path / "f"))
    whole(found)
    assert found[0].product
    assert (found[0].product.texts["en"].title, found[0].product.price.amount) == ("Pot & lid", 999)
    assert found[0].picture_urls == ("https://a.example/1.jpg", "https://a.example/2.jpg")


def test_a_merchant_feed_has_as_many_items_as_it_likes(tmp_path: Path) -> None:
    """The bound of an item's elements counted those of all that followed each other: 200 products were too many."""
    item = GOOGLE_XML[GOOGLE_XML.index("<item>") : GOOGLE_XML.index("</channel>")]
    items = "".join(item.replace(">p1<", f">p{i}<") for i in range(1000))
    (tmp_path / "f").write_text(GOOGLE_XML.replace(item, items))
    assert sum(1 for _ in XmlItems(tmp_path / "f")) == 1000


def test_of_several_types_in_one_item_the_first_that_is_known_counts(tmp_path: Path) -> None:
    types = "<g:product_type>Sale &gt; Pots</g:product_type><g:product_type>Home &amp; Garden &gt; Decor &gt; Lanterns</g:product_type>"
    (tmp_path / "f").write_text(GOOGLE_XML.replace("<g:shipping>", f"{types}<g:shipping>"))
    lines, spool = XmlItems(tmp_path / "f"), Spool(io.BytesIO())
    mapping, columns = kept_lines(lines, spool)
    (chunk,) = chunks_of(FEED, mapping, columns, spool)
    cell = ProductReader(chunk.mapping, chunk.columns, CATEGORIES)._groups.read([(1, chunk.rows[0].cells)]).main.fields["category"]
    assert cell.texts == ("Sale > Pots", "Home & Garden > Decor > Lanterns")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ('<!DOCTYPE a [<!ENTITY x "lol"><!ENTITY y "&x;&x;">]><rss><item><id>&y;</id></item></rss>', "unsafe-xml"),
        ('<!DOCTYPE a SYSTEM "file:///etc/passwd"><rss/>', "unsafe-xml"),
        ("<rss><item>", "not-xml"),
        ("<rss>" + "<a>" * 50, "unsafe-xml"),
        ("<rss><item>" + "<a/>" * 3000, "unsafe-xml"),
        ('<?xml version="1.0" encoding="nonsense"?><rss/>', "not-xml"),
    ],
)
def test_xml_that_is_unsafe_or_broken_is_refused(tmp_path: Path, content: str, code: str) -> None:
    (tmp_path / "f").write_text(content)
    with pytest.raises(FeedRefused) as refused:
        list(XmlItems(tmp_path / "f"))
    assert refused.value.code == code


def test_json_lines_are_whole_products_or_flat_objects() -> None:
    product = '{"sku":"J-1","texts":{"en":{"title":"Jar"}},"category":"hg-3-2","price":{"amount":255,"currency":"EUR"},"stock":4,'
    product += '"weight":310,"size":{"length":1,"width":2,"height":3},"hs_code":"940550","origin":"CN"}'
    flat = '{"sku":"J-2","title_en":"Jug","price":2.5,"stock":7,"weight_g":"0.3 kg","tags":["gift","silk"]}'
    whole(readings(JsonLines(io.StringIO(product + "\n"))))
    found = readings(JsonLines(io.StringIO(flat + "\n")))
    whole(found)
    assert found[0].product
    assert (found[0].product.price.amount, found[0].product.weight, found[0].product.tags) == (250, 300, ["gift", "silk"])


def test_a_whole_product_is_priced_in_no_currency_that_was_replaced() -> None:
    product = '{"sku":"J-1","texts":{"en":{"title":"Jar"}},"category":"hg-3-2","price":{"amount":255,"currency":"BGN"},"stock":4}'
    (reading,) = readings(JsonLines(io.StringIO(product + "\n")))
    assert reading.product is None
    assert [(fault.column, "EUR" in fault.detail, "EUR" in fault.detail_zh) for fault in reading.faults] == [("price/currency", True, True)]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("excel", [True, False])
def test_our_csv_comes_with_any_separator_and_with_empty_columns_at_the_end(separator: str, excel: bool) -> None:
    text = (
        file_of(["A", *CELLS[1:]], columns=[f" {column.upper()} " for column in COLUMNS]).replace("\r\n", ",,\r\n").replace(",", separator)
    )
    found = readings(delimited(io.StringIO((f"sep={separator}\r\n" if excel else "") + text, newline=""), KnownNames()))
    whole(found)
    assert found[0].sku == "A"


def test_our_rows_of_one_parent_are_its_variants() -> None:
    found = of_text("""
        sku,parent_sku,title_en,price,option1_name,option1_value
        S,,Shawl,30,,
        S-R,S,,30,colour,red
        S-B,S,,32,colour,blue
    """)
    whole(found)
    assert found[0].product
    assert (found[0].product.sku, [v.sku for v in found[0].product.variants]) == ("S", ["S-R", "S-B"])


def test_variants_that_cannot_be_told_apart_are_named_and_nothing_is_taken() -> None:
    found = of_text("""
        Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price
        a,Shawl,Color,red,1,30
        a,,,red,2,30
    """)
    assert found[0].product is None
    assert found[0].faults[0].column == "Option1 Value"


def test_a_product_of_more_variants_than_there_may_be_is_a_fault() -> None:
    lines = "".join(f"a,,,v{i},k{i},30\n" for i in range(300))
    found = readings(
        delimited(io.StringIO("Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price\na,T,Size,x,y,1\n" + lines), KnownNames())
    )
    assert [fault.code for fault in found[0].faults] == ["too-many-variants"]


def test_the_shop_systems_samples_are_read_whole(data: Path) -> None:
    with (data / "feeds" / "spree" / "products.csv").open(newline="", encoding="utf-8") as file:
        found = readings(delimited(file, KnownNames()))
    whole(found)
    assert (len(found), sum(len(reading.product.variants) for reading in found if reading.product)) == (37, 87)
