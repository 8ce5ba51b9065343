"""The way to a merchant's own plug-in: its HTTPS address, with Standard Webhooks signatures both ways."""

import secrets
from collections.abc import Mapping

import anyio

from monsoon_plugin.clock import Clock, utc_now
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.http_call import ANSWER, NOT_SENT
from monsoon_plugin.outbound.call import Limits, Outcome, Request
from monsoon_plugin.outbound.client import Outbound
from monsoon_plugin.signatures import Key, Unsigned, headers, verify
from shared.providers.elsewhere.remote import lost

ID_BYTES = 16


class ByHttps:
    """A merchant's address. Both sides sign, with one secret: the call, and the answer under the call's id."""

    def __init__(self, url: str, key: Key, *, local: bool, outbound: type[Outbound] = Outbound, now: Clock = utc_now) -> None:
        """`local`: the laptop stage, where the plug-in may lie on this machine, over plain http."""
        self._url, self._key, self._local, self._outbound, self._now = url, key, local, outbound, now

    def sent(self, body: bytes, seconds: float, *, changes: bool) -> bytes:
        """The answer, verified. Raises PluginError; protocol for one that is not signed as it should be."""
        call_id = f"call_{secrets.token_hex(ID_BYTES)}"
        signed = headers([self._key], call_id, int(self._now().timestamp()), body)
        request = Request(self._url, {"content-type": "application/json", **signed}, body)
        limits = Limits(seconds=seconds, answer_bytes=ANSWER, keep_body=True)
        outcome = anyio.run(self._outbound(limits, local=self._local).post, request)
        if outcome.error is not None:
            raise lost(changes and outcome.error not in NOT_SENT, outcome.error.value)
        return self._verified(outcome, call_id, changes)

    def _verified(self, outcome: Outcome, call_id: str, changes: bool) -> bytes:
        status = outcome.status or 0
        if status == 429:
            raise PluginError(ErrorKind.RATE_LIMITED, "the plug-in asks us to slow down", "429")
        if status >= 500:
            raise lost(changes, str(status))
        if status != 200:
            raise PluginError(ErrorKind.PROTOCOL, "the plug-in does not take our calls", str(status))
        if _id_of(outcome.headers) != call_id:
            raise PluginError(ErrorKind.PROTOCOL, "the plug-in's answer is not signed as the answer to this call")
        try:
            verify([self._key], outcome.headers, outcome.body, int(self._now().timestamp()))
        except Unsigned as error:
            raise PluginError(ErrorKind.PROTOCOL, f"the plug-in's answer is not signed well: {error}") from None
        return outcome.body


def _id_of(received: Mapping[str, str]) -> str:
    return next((value for name, value in received.items() if name.lower() == "webhook-id"), "")
