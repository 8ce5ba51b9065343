"""A file as the hub would read and audit it, without a hub."""

from pathlib import Path

from functions.uploads.mapping.how_to_read import HowToRead
from tests.unit.audit.given import LISTS
from tests.unit.uploads.samples import CATEGORIES
from tools.audit_report.feeds import report_of

SAID = HowToRead(constants={"currency": "GBP", "stock": "3", "category": "hg"})


def report(folder: Path, text: str, how: HowToRead = SAID):
    path = folder / "products.csv"
    path.write_text(text)
    return report_of(path, how, CATEGORIES, LISTS)


def test_each_product_of_a_file_is_faulty_or_audited_and_doubles_are_seen(tmp_path: Path):
    found = report(
        tmp_path,
        "Handle,Title,Variant SKU,Variant Price,Status\nbowl,Oak bowl,B-1,9,active\nbowl-2,Oak bowl,B-2,9,active\n"
        "pot,Clay pot,,free,active\nold,Old pot,O-1,9,draft\npistol,A pistol,P-1,9,active\n",
    )
    assert (found.mapping, found.products, [sku for sku, _ in found.faulty]) == ("shopify", 5, ["pot"])
    assert dict(found.verdicts()) == {"approved": 1, "review": 2}
    assert [[each.code for each in findings] for _, findings in found.audited] == [[], ["duplicate"], ["prohibited-word"]]


def test_a_file_that_its_supplier_would_be_asked_about_is_read_as_is_proposed(tmp_path: Path):
    found = report(tmp_path, "Artikelnummer,Bezeichnung,Preis\nA-1,Laterne,9.50\n")
    assert (found.mapping, [product.texts["en"].title for product, _ in found.audited]) == ("proposed", ["Laterne"])
