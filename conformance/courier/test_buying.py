"""Labels: what is bought is printed, found again, and given back."""

import io
from dataclasses import replace
from urllib.parse import unquote_plus

import pytest
from pypdf import PdfReader

from conformance.courier.courier_under_trial import HS_CODE, TITLE, CourierUnderTrial, new_key
from conformance.proxy import Proxy
from conformance.under_trial import kind_of
from functions.shipping.tracking.tracking_numbers import read_tracking_number
from monsoon_plugin.courier import Document, Format, Label
from monsoon_plugin.errors import ErrorKind


def printable(document: Document) -> bool:
    """Whether a printer would print it as what it says it is."""
    if document.media_type == "application/pdf":
        return len(PdfReader(io.BytesIO(document.content)).pages) >= 1
    if document.media_type == "application/zpl":
        return document.content.strip().startswith(b"^XA") and document.content.strip().endswith(b"^XZ")
    return document.media_type == "image/png" and document.content.startswith(b"\x89PNG")


def numbers(label: Label) -> tuple[str, ...]:
    return label.tracking_numbers or (label.tracking_number,)


@pytest.mark.parametrize("wanted", ["PDF", "ZPL"])
def test_a_label_prints_in_the_merchants_format(labels: CourierUnderTrial, wanted: Format) -> None:
    if wanted not in labels.capability.formats:
        pytest.skip(f"it makes no {wanted}")
    documents = labels.with_config(label_format=wanted).buy_one().documents
    assert [document.media_type for document in documents if document.kind == "label"] == [f"application/{wanted.lower()}"]
    assert all(printable(document) for document in documents)


def test_a_tracking_number_is_not_a_wrong_one(labels: CourierUnderTrial) -> None:
    label = labels.buy_one().label
    assert label.tracking_number
    assert read_tracking_number(label.tracking_number, label.carrier or None).valid is not False


def test_a_cost_is_minor_units_of_a_currency(labels: CourierUnderTrial) -> None:
    label = labels.buy_one().label
    assert label.cost is None or (type(label.cost) is int and label.cost >= 0 and len(label.currency) == 3)


def test_one_key_is_one_label(labels: CourierUnderTrial) -> None:
    if not labels.capability.lookup:
        pytest.skip("it knows no keys: the core never asks twice")
    request, key = labels.request(), new_key()
    first, second = labels.buy(request, key), labels.buy(request, key)
    assert first.label == second.label
    if labels.trial.labels:
        assert labels.trial.labels(labels.address, key) == 1


def test_another_key_is_another_label(labels: CourierUnderTrial) -> None:
    request = labels.request()
    assert labels.buy(request, new_key()).label.tracking_number != labels.buy(request, new_key()).label.tracking_number


def test_buying_asks_for_one_change(through: CourierUnderTrial, proxy: Proxy) -> None:
    request = through.request()
    before = len(proxy.changed)
    through.buy(request, new_key())
    assert len(proxy.changed) - before == 1


def test_what_was_bought_is_found_by_our_own_key(labels: CourierUnderTrial) -> None:
    request, key = labels.request(), new_key()
    if not labels.capability.lookup:
        assert kind_of(labels.fetch, key) is ErrorKind.UNSUPPORTED
        return
    bought, found = labels.buy(request, key), labels.fetch(key)
    assert found is not None
    assert found.label == bought.label
    assert [document.kind for document in found.documents] == [document.kind for document in bought.documents]


def test_what_was_never_bought_is_not_found(labels: CourierUnderTrial) -> None:
    if not labels.capability.lookup:
        pytest.skip("it cannot be asked")
    assert labels.fetch(new_key()) is None


def test_a_service_that_is_not_offered_is_never_replaced(labels: CourierUnderTrial) -> None:
    request, key = labels.request(), new_key()
    assert kind_of(labels.buy, replace(request, rate_id="no-such:service"), key) in (ErrorKind.INVALID, ErrorKind.UNSUPPORTED)
    if labels.capability.lookup:
        assert labels.fetch(key) is None


def test_each_of_several_packages_has_a_label(labels: CourierUnderTrial) -> None:
    if labels.capability.max_packages < 2:
        pytest.skip("it takes one package at a time")
    bought = labels.buy(labels.request(packages=2), new_key())
    assert len(set(numbers(bought.label))) == 2
    pages = [document for document in bought.documents if document.kind == "label"]
    assert pages
    assert all(printable(document) for document in bought.documents)


def test_customs_is_told_what_is_in_a_parcel_that_goes_abroad(through: CourierUnderTrial, proxy: Proxy, abroad: str) -> None:
    through.buy(through.request(country=abroad), new_key())
    sent = " ".join(unquote_plus(sent.body.decode()) for sent in proxy.sent)
    assert TITLE in sent
    assert HS_CODE in sent


def test_a_label_is_given_back_and_again(labels: CourierUnderTrial) -> None:
    if not labels.capability.void:
        pytest.skip("it takes no label back")
    request, key = labels.request(), new_key()
    label = labels.buy(request, key).label
    labels.void(label, key)
    labels.void(label, key)


def test_several_packages_labels_are_given_back_and_again(labels: CourierUnderTrial) -> None:
    if not labels.capability.void or labels.capability.max_packages < 2:
        pytest.skip("it takes no label back, or one package at a time")
    key = new_key()
    label = labels.buy(labels.request(packages=2), key).label
    labels.void(label, key)
    labels.void(label, key)


def test_one_that_sells_no_labels_needs_nobody(courier: CourierUnderTrial) -> None:
    if courier.capability.labels:
        pytest.skip("it sells labels")
    request = courier.request()
    bought = courier.at("").buy(request, new_key())
    assert bought.documents == ()
    assert courier.capability.pickup == (bought.label.pickup_location is not None)
    courier.void(bought.label, new_key())
    assert courier.track(bought.label) == []
