"""The way to the courier: checked certificates, one host, an end in time, and secrets that stay where they belong."""

import logging
import time
from pathlib import Path

import pytest

from conformance.courier.courier_under_trial import CourierUnderTrial, new_key
from conformance.places import listening, nowhere, untrusted
from conformance.proxy import Proxy
from conformance.under_trial import CALL, SPARE, kind_of, refusal
from monsoon_plugin.errors import ErrorKind

SILENT = (ErrorKind.UNAVAILABLE, ErrorKind.PROTOCOL)


@pytest.fixture
def calling(courier: CourierUnderTrial) -> CourierUnderTrial:
    if not courier.address:
        pytest.skip("it calls nobody")
    return courier


def test_an_untrusted_certificate_is_refused(calling: CourierUnderTrial, tmp_path: Path) -> None:
    with listening(tls=untrusted(tmp_path)) as (address, heard):
        assert kind_of(calling.at(address).rates) is ErrorKind.UNAVAILABLE
        assert heard == []


def test_redirects_are_not_followed(calling: CourierUnderTrial) -> None:
    with listening() as (elsewhere, lured), listening(elsewhere) as (address, _):
        assert kind_of(calling.at(address).rates) in SILENT
        assert lured == []


def test_a_redirected_purchase_is_not_followed(calling: CourierUnderTrial) -> None:
    if not calling.capability.labels:
        pytest.skip("it sells no labels")
    request = calling.request()
    with listening() as (elsewhere, lured), listening(elsewhere) as (address, _):
        assert kind_of(calling.at(address).buy, request, new_key()) is not None
        assert lured == []


def test_where_nobody_listens_nothing_was_done(calling: CourierUnderTrial) -> None:
    away = calling.at(nowhere())
    assert kind_of(away.rates) is ErrorKind.UNAVAILABLE
    if calling.capability.labels:
        assert kind_of(away.buy, calling.request(), new_key()) is ErrorKind.UNAVAILABLE


def test_a_call_ends_in_time(calling: CourierUnderTrial, proxy: Proxy) -> None:
    proxy.changes = lambda sent: True
    proxy.fault = "hang"
    began = time.monotonic()
    assert kind_of(calling.at(proxy.address).rates) is ErrorKind.UNAVAILABLE
    assert time.monotonic() - began < CALL.total_seconds() + SPARE


def test_secrets_are_in_no_log_address_or_error(calling: CourierUnderTrial, proxy: Proxy, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    courier, said = calling.at(proxy.address), ""
    courier.rates()
    proxy.changes = lambda sent: True
    for fault in ("html", "error", "busy", "empty"):
        proxy.fault = fault
        for error in (refusal(courier.rates), refusal(courier.plugin.check_config, courier.ctx())):
            said += f"{error!r} {error} {error and error.provider_code}"
    said += " ".join(sent.path for sent in proxy.sent) + caplog.text
    assert [secret for secret in courier.trial.secrets if secret in said] == []
