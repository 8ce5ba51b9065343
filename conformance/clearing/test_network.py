"""The way to the provider: checked certificates, one host, and secrets that stay where they belong."""

import logging
from pathlib import Path

import pytest

from conformance.clearing.clearing_under_trial import ClearingUnderTrial
from conformance.places import listening, untrusted
from conformance.proxy import Proxy
from conformance.under_trial import kind_of
from monsoon_plugin.errors import ErrorKind


@pytest.fixture
def calling(payer: ClearingUnderTrial) -> ClearingUnderTrial:
    if not payer.address:
        pytest.skip("it calls nobody")
    return payer


def test_an_untrusted_certificate_is_refused(calling: ClearingUnderTrial, tmp_path: Path) -> None:
    with listening(tls=untrusted(tmp_path)) as (address, heard):
        assert kind_of(calling.at(address).submit, calling.batch(1250)) is ErrorKind.UNAVAILABLE
        assert heard == []


def test_a_redirected_payout_is_not_followed(calling: ClearingUnderTrial) -> None:
    with listening() as (elsewhere, lured), listening(elsewhere) as (address, _):
        assert kind_of(calling.at(address).submit, calling.batch(1250)) is not None
        assert lured == []


def test_secrets_are_in_no_log_address_or_error(calling: ClearingUnderTrial, proxy: Proxy, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    through = calling.at(proxy.address)
    through.submit(through.batch(1250))
    proxy.fault = "lose"
    with pytest.raises(Exception, match=r".") as raised:
        through.submit(through.batch(1250))
    told = f"{caplog.text} {raised.value!r} {raised.value} {[sent.path for sent in proxy.sent]}"
    assert [secret for secret in calling.trial.secrets if secret in told] == []
