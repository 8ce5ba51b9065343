"""A merchant's own plug-in over HTTPS: only what it signed, as the answer to this very call, is believed."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from pydantic import ValidationError

from conformance.places import listening, nowhere
from functions.payments.plugins.remote_payment.plugin import RemotePayment
from functions.shipping.plugins.remote_courier.plugin import RemoteCourier
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.signatures import Key, headers
from shared.providers.elsewhere.by_https import ByHttps
from shared.providers.elsewhere.merchant_plugins import RemoteConfig

SECRET, OTHERS = "whsec_" + "QUFB" * 8, "whsec_" + "QkJC" * 8
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
OK = b'{"result": null}'


@contextmanager
def answering(reply: Any) -> Iterator[str]:
    """A plug-in whose answers `reply` makes of the call's id: status, headers, body."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            status, told, body = reply(self.headers["webhook-id"])
            self.send_response(status)
            for name, value in {**told, "content-length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/plugin"
    finally:
        server.shutdown()
        server.server_close()


def way(url: str, *, local: bool = True) -> ByHttps:
    return ByHttps(url, Key(SECRET), local=local, now=lambda: NOON)


def signed(call_id: str, secret: str = SECRET, at: datetime = NOON) -> dict[str, str]:
    return headers([Key(secret)], call_id, int(at.timestamp()), OK)


def refusal(reply: Any, *, changes: bool = True) -> PluginError:
    with answering(reply) as url, pytest.raises(PluginError) as refused:
        way(url).sent(b"{}", 3, changes=changes)
    assert SECRET not in str(refused.value)
    return refused.value


def test_an_answer_that_the_plug_in_signed_for_this_call_is_believed():
    with answering(lambda call_id: (200, signed(call_id), OK)) as url:
        assert way(url).sent(b"{}", 3, changes=True) == OK


@pytest.mark.parametrize(
    "reply",
    [
        lambda call_id: (200, {}, OK),
        lambda call_id: (200, signed(call_id, OTHERS), OK),
        lambda call_id: (200, signed(call_id), b'{"result": {"state": "captured"}}'),
        lambda call_id: (200, signed("call_of_yesterday"), OK),
        lambda call_id: (200, signed(call_id, at=NOON - timedelta(minutes=6)), OK),
        lambda call_id: (404, signed(call_id), OK),
    ],
    ids=["unsigned", "another's", "altered", "the answer to another call", "stale", "not found"],
)
def test_an_answer_that_is_not_its_own_is_not_believed(reply: Any):
    assert refusal(reply).kind is ErrorKind.PROTOCOL


@pytest.mark.parametrize(
    ("status", "of_a_change", "of_a_question"),
    [(500, ErrorKind.OUTCOME_UNKNOWN, ErrorKind.UNAVAILABLE), (429, ErrorKind.RATE_LIMITED, ErrorKind.RATE_LIMITED)],
)
def test_a_failing_plug_in_leaves_a_change_unknown(status: int, of_a_change: ErrorKind, of_a_question: ErrorKind):
    for changes, kind in ((True, of_a_change), (False, of_a_question)):
        assert refusal(lambda call_id: (status, {}, b"<html>"), changes=changes).kind is kind


def test_no_redirect_is_followed():
    with listening() as (other, heard), listening(other) as (url, _), pytest.raises(PluginError):
        way(url).sent(b"{}", 3, changes=True)
    assert heard == []


@pytest.mark.parametrize("url", ["https://169.254.169.254/latest", "https://10.0.0.8/", "http://example.com/", "https://localhost/"])
def test_no_address_inside_the_network_is_called(url: str):
    with pytest.raises(PluginError) as refused:
        way(url, local=False).sent(b"{}", 3, changes=True)
    assert refused.value.kind is ErrorKind.UNAVAILABLE


def test_what_never_left_changed_nothing():
    with pytest.raises(PluginError) as refused:
        way(nowhere()).sent(b"{}", 3, changes=True)
    assert refused.value.kind is ErrorKind.UNAVAILABLE


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"url": "http://plugin.example/"}, "url"), ({"url": "https://user:pass@plugin.example/"}, "url"), ({"url": "ftp://x"}, "url"),
        ({"signing_secret": "whsec_short"}, "signing_secret"), ({"settings": "[1]"}, "settings"), ({"settings": "no json"}, "settings"),
    ],
)  # fmt: skip
def test_a_config_that_cannot_work_is_refused_by_field(wrong: dict[str, Any], field: str):
    good = {"url": "https://plugin.example/monsoon", "signing_secret": SECRET, "settings": {"key": "k"}}
    RemoteConfig.model_validate(good)
    with pytest.raises(ValidationError) as refused:
        RemoteConfig.model_validate(good | wrong)
    assert [error["loc"] for error in refused.value.errors()] == [(field,)]


def test_all_of_a_plug_ins_own_settings_are_one_secret():
    config = RemoteConfig.model_validate({"url": "https://plugin.example/", "signing_secret": SECRET, "settings": {"key": "k_live"}})
    assert "k_live" not in repr(config)
    assert RemotePayment().plain(config) == {"key": "k_live"}


def test_a_couriers_sender_is_sent_with_its_own_settings():
    origin = {"name": "A", "lines": ["1 Way"], "city": "Bristol", "country": "GB"}
    told = {"url": "https://plugin.example/", "signing_secret": SECRET, "settings": {"key": "k"}, "origin": origin}
    sent = RemoteCourier().plain(RemoteCourier.config_model.model_validate(told))
    assert (sent["key"], sent["origin"]["city"], "signing_secret" in sent) == ("k", "Bristol", False)


def test_what_it_can_do_is_asked_of_it_once_in_a_while(monkeypatch: pytest.MonkeyPatch):
    asked = []
    can = {"methods": ["x"], "operations": ["start"], "captures": "at_once"}
    answer = json.dumps({"result": {"manifest": {}, "form": {}, "capability": can}}).encode()

    def reply(call_id: str) -> tuple[int, dict[str, str], bytes]:
        asked.append(call_id)
        return 200, headers([Key(SECRET)], call_id, int(datetime.now(UTC).timestamp()), answer), answer

    monkeypatch.setenv("STAGE", "local")
    with answering(reply) as url:
        config = RemoteConfig.model_validate({"url": url, "signing_secret": SECRET})
        assert [RemotePayment().capability(config).methods for _ in range(3)] == [["x"]] * 3
    assert len(asked) == 1
