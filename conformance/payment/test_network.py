"""The way to the provider: checked certificates, one host, an end in time, and secrets that stay where they belong."""

import logging
import time
from datetime import timedelta
from pathlib import Path

import pytest

from conformance.payment.shop import CALL, Shop
from conformance.places import listening, nowhere, untrusted
from conformance.proxy import Proxy
from functions.payments.lifecycle.operation import Phase
from monsoon_plugin.payment import OperationKind, State
from shared.providers.places import Places

SPARE = timedelta(seconds=2)


def at(shop: Shop, address: str) -> Shop:
    """The same storefront, whose provider now answers elsewhere."""
    object.__setattr__(shop.installations, "places", Places(shop.installations.places.hooks, {shop.plugin.manifest.id: address}, True))
    return shop


def begun(shop: Shop) -> tuple[State, str]:
    payment = shop.start()
    return payment.state, shop.last(payment, OperationKind.START).error


@pytest.fixture
def asking(online: Shop, proxy: Proxy) -> Shop:
    """A storefront whose start sends something."""
    shop = Shop(online.plugin, online.trial, proxy.address, online.standin)
    proxy.sent.clear()
    shop.start()
    if not proxy.sent:
        pytest.skip("its start sends nothing")
    return shop


def test_an_untrusted_certificate_is_refused_before_anything_is_sent(asking: Shop, tmp_path: Path) -> None:
    with listening(tls=untrusted(tmp_path)) as (address, heard):
        assert begun(at(asking, address)) == (State.FAILED, "unavailable")
        assert heard == []


def test_redirects_are_not_followed(asking: Shop) -> None:
    with listening() as (elsewhere, lured), listening(elsewhere) as (address, _):
        state, error = begun(at(asking, address))
        assert state in (State.CREATED, State.FAILED)
        assert error
        assert lured == []


def test_where_nobody_listens_nothing_was_done(asking: Shop) -> None:
    assert begun(at(asking, nowhere())) == (State.FAILED, "unavailable")


def test_a_call_ends_in_time(asking: Shop, proxy: Proxy) -> None:
    proxy.changes = lambda sent: True
    proxy.fault = "hang"
    began = time.monotonic()
    asking.start()
    assert time.monotonic() - began < (CALL + SPARE).total_seconds()


def test_secrets_are_in_no_log_address_error_or_answer(asking: Shop, proxy: Proxy, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    told = ""
    proxy.changes = lambda sent: True
    for fault in ("", "html", "error", "empty"):
        proxy.fault = fault
        payment = asking.start()
        told += f"{payment!r} {payment.next_action} {asking.store.events!r}"
    told += " ".join(sent.path for sent in proxy.sent) + caplog.text
    assert [secret for secret in asking.trial.secrets if secret in told] == []


def test_an_operation_is_written_before_it_is_sent(asking: Shop, proxy: Proxy) -> None:
    seen: list[Phase] = []

    def looks(sent: object) -> bool:
        seen.extend(p.operations[0].phase for p in asking.store.kept.values())
        return False

    asking.store.kept.clear()
    proxy.changes = looks
    asking.start()
    assert seen
    assert set(seen) == {Phase.SENT}
