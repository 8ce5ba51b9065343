"""A receipt as PDF: what was paid, in whatever letters, by the order's link; who bought it for whoever knows the e-mail."""

import base64
import io
import re
from dataclasses import replace

import pytest
from pypdf import PdfReader

from functions.orders.buyers.buyer import Buyer
from functions.orders.pages.receipts.receipt import Receipt, ReceiptLine
from functions.orders.pages.receipts.receipt_pdf import BOX, draw_receipt
from shared.buyers.seller import Seller
from tests.fakes import Reply
from tests.unit.orders.deployed import Deployed
from tests.unit.orders.given import configuration
from tests.unit.orders.pages.test_review_pages import Shopper, fields

TEA = Receipt(
    shop="海港茶行 Harbour Tea", number="2GV1C-E162Y", placed_at="2026-12-01T12:00:00.000Z", country="CN", currency="CNY",
    lines=[ReceiptLine("高山烏龍，喆堃窑", 2, 9900, 19800)], goods=19800, service="顺丰 SF", shipping=1200, total=21000, paid=21000,
    refunded=0, test=False, buyer=Buyer(name="赟祎", tax_id="91310000MA1FL0000X"),
)  # fmt: skip


SELLER = Seller(name="Mugs & Co Ltd", lines=["1 Kiln Lane"], city="Stoke", postal_code="ST4", country="GB")


def words(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def file_of(reply: Reply) -> bytes:
    assert reply.status == 200, reply.body
    assert reply.headers["Content-Type"] == "application/pdf"
    assert reply.headers["Cache-Control"] == "no-store"
    return base64.b64decode(reply.body)


@pytest.fixture
def shopper(hub: Deployed) -> Shopper:
    return Shopper(hub)


def ordered(shopper: Shopper) -> tuple[str, str]:
    """The link to an order of a business, and its id."""
    link = shopper.places(shopper.reviews(), buyer_name="Ada 陈", buyer_tax_id="GB 123 4567 89").headers["Location"]
    return link, str(shopper.orders()[0]["id"])


def receipt_link(page: Reply) -> str:
    found = re.search(r'href="(receipt\?[^"]*)"', page.body)
    return found[1].replace("&amp;", "&") if found else ""


def test_a_receipt_is_in_chinese_letters_that_it_holds_itself_and_is_small():
    pdf = draw_receipt(TEA, "zh")
    said = words(pdf)
    for each in (
        "海港茶行 Harbour Tea",
        "收据 2GV1C-E162Y",
        "高山烏龍，喆堃窑",
        "¥198.00",
        "¥210.00",
        "顺丰 SF",
        "买方：赟祎",
        "统一社会信用代码: 91310000MA1FL0000X",
    ):
        assert each in said, each
    assert BOX not in said
    assert len(pdf) < 40_000
    assert b"/FontFile2" in pdf
    assert b"Helvetica" not in pdf
    assert draw_receipt(TEA, "zh") == pdf


def test_what_the_font_lacks_is_a_box_and_said_and_a_currency_is_named_by_its_code():
    said = words(draw_receipt(replace(TEA, shop="ร้านชา", currency="INR"), "en"))
    assert BOX in said
    assert "stands for a letter that this paper cannot show" in said
    assert "INR 210.00" in said


def test_hundreds_of_lines_take_more_pages():
    long = replace(TEA, lines=[ReceiptLine("很长的名称" * 90, 10_000, 10**9, 10**13)] * 50)
    assert len(PdfReader(io.BytesIO(draw_receipt(long, "zh"))).pages) > 3


def test_whoever_has_the_link_reads_what_was_paid_and_not_who_bought_it(shopper: Shopper) -> None:
    link, order_id = ordered(shopper)
    unpaid = shopper.looks(link)
    assert receipt_link(unpaid) == ""
    assert shopper.looks(link.replace("order?", "receipt?")).status == 409
    shopper.hub.pay(order_id)
    said = words(file_of(shopper.looks(receipt_link(shopper.looks(link)))))
    for each in ("Mugs & more", "Blue mug, 300 ml", "€29.50", "Received"):
        assert each in said, each
    for secret in ("Ada", "123 4567", "ada@example.com", "Harbour Road"):
        assert secret not in said


def test_the_order_and_its_receipt_name_who_sells_once_their_owner_has_said_it(shopper: Shopper) -> None:
    link, order_id = ordered(shopper)
    shopper.hub.pay(order_id)
    silent = shopper.looks(link)
    assert "Sold by" not in silent.body
    shopper.hub.hear(configuration(2, seller=SELLER))
    page = shopper.looks(link)
    assert "Sold by: Mugs &amp; Co Ltd, 1 Kiln Lane, ST4 Stoke, United Kingdom" in page.body
    said = words(file_of(shopper.looks(receipt_link(page))))
    for each in ("Mugs & Co Ltd", "1 Kiln Lane", "ST4 Stoke", "United Kingdom"):
        assert each in said, each


def test_whoever_knows_the_email_too_reads_the_buyers_name_and_tax_number(shopper: Shopper) -> None:
    link, order_id = ordered(shopper)
    shopper.hub.pay(order_id)
    form = fields(shopper.looks(link), "receipt")
    for wrong in ("eve@example.com", "", "x"):
        refused = shopper.posts("receipt", **{**form, "receipt_email": wrong})
        assert (refused.status, "The receipt was not made" in refused.body) == (422, True), wrong
    said = words(file_of(shopper.posts("receipt", **{**form, "receipt_email": " ADA@example.com "})))
    assert "Buyer: Ada 陈" in said
    assert "VAT number: GB 123 4567 89" in said


def test_another_shops_link_and_a_forged_one_give_none(shopper: Shopper) -> None:
    link, order_id = ordered(shopper)
    shopper.hub.pay(order_id)
    own = receipt_link(shopper.looks(link))
    assert shopper.looks(own, slug="tea-house").status == 404
    assert shopper.looks("receipt?ticket=forged").status == 422
    assert shopper.posts("receipt", order="forged", receipt_email="ada@example.com").status == 422
