"""Papers to print: customs forms that say what they must, kept so that nobody but their shipment's reader opens them."""

import io
from datetime import timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from functions.shipping.documents.customs_forms import customs_forms
from functions.shipping.documents.customs_pdf import draw_form
from functions.shipping.documents.shipment_documents import MAX_BYTES
from functions.shipping.parcels.box_packing import packed
from functions.shipping.parcels.customs_borders import crosses
from functions.shipping.parcels.parcel_facts import parcels
from functions.shipping.shipments.shipment import Shipment
from monsoon_plugin.courier import Capability, Document, Label, Purchase
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.plugin import Ctx
from shared.api.tickets import TicketRefused
from shared.errors import NotFound
from shared.providers.credentials import Unreadable
from shared.trade.fx import NO_RATES, Rates
from tests.fakes import NOON
from tests.unit.shipping.events import LONDON, facts
from tests.unit.shipping.fake_courier import CONFIG, PDF, SHENZHEN, FakeCourier
from tests.unit.shipping.shipments.test_shipment import shipment

CTX: Ctx[Any] = Ctx(config=FakeCourier.config_model.model_validate(CONFIG), base_url="", deadline=NOON, now=NOON)


def sold(weight: int = 400, units: int = 2, value: int = 2500, currency: str = "EUR", max_weight: int | None = None) -> Shipment:
    known = {"off_1": facts(weight=weight)}
    (parcel,) = parcels({"off_1": units}, known, {"off_1": value}, currency)
    boxed = packed(parcel, known, Capability(max_weight=max_weight, max_packages=9))
    return shipment().amended(parcel=boxed, currency=currency, label=Label(tracking_number="RR1"))


def words(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def kinds(of: Shipment, rates: Any = NO_RATES, sender: Any = SHENZHEN) -> list[str]:
    return [form.kind for form in customs_forms(of, sender, "2026-11-01", lambda: rates)]


@pytest.mark.parametrize(("one", "other", "does"), [
    ("CN", "GB", True), ("DE", "FR", False), ("FR", "MC", False), ("DE", "GB", True), ("DE", "CH", True), ("CH", "LI", False),
    ("GB", "GB", False), ("FR", "RE", True),
])  # fmt: skip
def test_a_border_is_where_a_customs_territory_ends(one, other, does):
    assert (crosses(one, other), crosses(other, one)) == (does, does)


def test_cn22_is_for_small_and_cheap_parcels_cn23_for_all_others():
    assert kinds(sold()) == ["commercial_invoice", "cn22"]
    assert kinds(sold(value=300_01)) == ["commercial_invoice", "cn23"]
    assert kinds(sold(weight=1001)) == ["commercial_invoice", "cn23"]
    assert kinds(sold(), sender=LONDON) == []


def test_a_value_that_no_rate_converts_counts_as_large():
    rates = Rates.of({"date": "2026-10-30", "per_euro": {"GBP": "0.5"}})
    assert kinds(sold(value=150_00, currency="GBP"))[1] == "cn23"
    assert kinds(sold(value=150_00, currency="GBP"), rates)[1] == "cn22"
    assert kinds(sold(value=150_01, currency="GBP"), rates)[1] == "cn23"


def test_a_form_says_all_that_customs_asks():
    for form in customs_forms(sold(), SHENZHEN, "2026-11-01", lambda: NO_RATES):
        text = words(draw_form(form)[0])
        for said in ("RR1", "2026-11-01", "Factory", "Shenzhen", "CN", "Ann", "London", "GB", "Cup off_1", "691110", "800", "25.00 EUR",
                     "Total value: 25.00 EUR", "Sale of goods", "signature", "Gross weight: 800 g"):  # fmt: skip
            assert said in text, (form.kind, said)
    assert "COMMERCIAL INVOICE" in words(draw_form(customs_forms(sold(), SHENZHEN, "2026-11-01", lambda: NO_RATES)[0])[0])


def test_a_form_has_a_page_for_each_box_and_prices_without_decimals_have_none():
    (invoice, cn23) = customs_forms(
        sold(weight=1500, units=3, value=9000, currency="JPY", max_weight=2000), SHENZHEN, "2026-11-01", lambda: NO_RATES
    )
    for form in (invoice, cn23):
        content, _ = draw_form(form)
        assert len(PdfReader(io.BytesIO(content)).pages) == 3
        text = words(content)
        assert ("Package 3 of 3" in text, "3000 JPY" in text, "Total value of all packages: 9000 JPY" in text) == (True, True, True)


def test_letters_that_the_font_lacks_are_replaced_visibly_and_told():
    plain, told = draw_form(
        customs_forms(sold(), SHENZHEN.model_copy(update={"name": "Łódź Šimek Café"}), "2026-11-01", lambda: NO_RATES)[0]
    )
    assert "Simek Café" in words(plain)
    assert told, "Ł has no plain form"
    chinese, told = draw_form(customs_forms(sold(), SHENZHEN.model_copy(update={"name": "张伟"}), "2026-11-01", lambda: NO_RATES)[0])
    assert ("??" in words(chinese), told) == (True, True)
    assert draw_form(customs_forms(sold(), SHENZHEN, "2026-11-01", lambda: NO_RATES)[0])[1] is False


def test_the_same_form_is_the_same_bytes():
    form = customs_forms(sold(), SHENZHEN, "2026-11-01", lambda: NO_RATES)[0]
    assert draw_form(form) == draw_form(form)


def test_what_is_kept_is_encrypted_and_opens_for_its_own_shipment_alone(documents, links, objects):
    kept = documents.keep(sold(), Purchase(Label(), (PDF,)), CTX, Capability())
    assert [document.kind for document in kept] == ["label", "commercial_invoice", "cn22"]
    assert not [key for key, content in objects.kept.items() if b"%PDF" in content or b"London" in content]
    mine = sold().amended(documents=kept)
    link = links.read_link(links.links(mine)[0].ticket)
    assert links.file(mine, link).content == PDF.content
    with pytest.raises(Unreadable):
        links.file(mine.amended(id="shp_other"), link)


def test_keeping_again_overwrites(documents, objects):
    for _ in range(2):
        documents.keep(sold(), Purchase(Label(), (PDF,)), CTX, Capability())
    assert len(objects.kept) == 3


def test_a_link_ends_after_five_minutes_and_no_other_ticket_passes_for_one(documents, links, clock):
    mine = sold().amended(documents=documents.keep(sold(), Purchase(Label(), (PDF,)), CTX, Capability(customs=True)))
    (ticket,) = [link.ticket for link in links.links(mine)]
    clock.tick(seconds=timedelta(minutes=5).total_seconds() - 1)
    assert links.read_link(ticket).shipment_id == mine.id
    clock.tick(seconds=2)
    with pytest.raises(TicketRefused):
        links.read_link(ticket)
    with pytest.raises(TicketRefused):
        links.read_link(ticket[:-2])


def test_a_link_to_a_label_that_was_replaced_is_not_found(documents, links):
    mine = sold().amended(documents=documents.keep(sold(), Purchase(Label(), (PDF,)), CTX, Capability(customs=True)))
    link = links.read_link(links.links(mine)[0].ticket)
    with pytest.raises(NotFound):
        links.file(mine.amended(documents=()), link)


@pytest.mark.parametrize(
    ("media_type", "content"), [("text/html", b"x"), ("application/pdf", b""), ("application/pdf", b"x" * (MAX_BYTES + 1))]
)
def test_a_label_that_nobody_can_print_is_refused(documents, objects, media_type, content):
    with pytest.raises(PluginError) as refusal:
        documents.keep(sold(), Purchase(Label(), (Document("label", media_type, content),)), CTX, Capability())
    assert (refusal.value.kind, objects.kept) == (ErrorKind.PROTOCOL, {})
