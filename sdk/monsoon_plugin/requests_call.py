"""One call of a provider's own library that is built upon `requests`: the library writes the request, this sends it.

Libraries follow redirects, read answers of any size and time each byte instead of the call. Here: one request, no redirect, no
proxy or password file of the environment, certificates always checked, one deadline, a bounded answer. `http_call` is for providers
without a library; it costs 100 ms more at import, which a plug-in whose library has brought `requests` along need not pay.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests
from urllib3.exceptions import HTTPError, NewConnectionError

from monsoon_plugin.errors import lost

ANSWER = 2 * 1024 * 1024
"""Bytes; no provider's answer to one call is larger."""
CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """A provider's whole answer."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    text: str = field(repr=False)

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    def document(self) -> Mapping[str, Any] | None:
        """Its JSON object; None if it is none."""
        try:
            found = json.loads(self.text)
        except ValueError:
            return None
        return found if isinstance(found, dict) else None


def send(
    provider: str, method: str, url: str, headers: Mapping[str, str], body: Any, *, seconds: float, changes: bool
) -> Answer:  # fmt: skip
    """Send one request and read its answer, whatever its status.

    Args: `provider`: its name, for people. `body`: bytes, text or a form's fields. `seconds`: for all of it; the last read may
    take as long once more. `changes`: whether it asks for an effect.
    Raises PluginError: unavailable if nothing was sent or asked for, outcome_unknown if an effect may have happened.
    """
    until = time.monotonic() + seconds
    with requests.Session() as session:
        session.trust_env = False
        try:
            asked = {"headers": dict(headers), "data": body, "timeout": seconds, "allow_redirects": False, "stream": True}
            with session.request(method, url, **asked) as answer:  # closed also where it is not read to its end
                return Answer(answer.status_code, answer.headers, _read(answer, until).decode(errors="replace"))
        except (requests.RequestException, HTTPError, OSError) as error:
            raise lost(provider, changes=changes and not never_sent(error), code=type(error).__name__) from None


def _read(answer: requests.Response, until: float) -> bytes:
    """The whole body. Raises OSError for one that is too large, too slow or cut off."""
    found = bytearray()
    while chunk := answer.raw.read1(CHUNK, decode_content=True):
        found += chunk
        if len(found) > ANSWER or time.monotonic() > until:
            raise OSError("the answer is too large or too slow")
    told = answer.headers.get("Content-Length", "")
    if told.isdigit() and "Content-Encoding" not in answer.headers and len(found) < int(told):
        raise OSError("the answer was cut off")
    return bytes(found)


def never_sent(error: Exception) -> bool:
    """Whether no byte of the request can have arrived: no connection, or no certificate that counts."""
    if isinstance(error, requests.exceptions.ConnectTimeout | requests.exceptions.SSLError):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, NewConnectionError)
