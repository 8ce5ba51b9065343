"""Requests of the replay: sent again while the hub is busy, and a refusal named by a reason that can be counted."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

from hubclient.hub import Hub, Reply

T = TypeVar("T")
BUSY = {409: ("idempotency-key-in-flight",), 429: (), 502: (), 503: ()}
"""Statuses worth another try; a 409 only with one of these codes."""
TRIES = 6
PROBLEM = "urn:monsoon:problem:"


class Stalled(RuntimeError):
    """The hub did not get on with what was awaited."""


class Declined(Exception):
    """The hub refused a request for good; the text is the reason, the same for all refusals of one sort."""


def sent(hub: Hub, method: str, path: str, body: Any = None, key: str | None = None) -> Any:
    """The answer's body. Raises Declined."""
    for n in range(TRIES):
        reply = hub.send(method, path, body, key=key)
        if reply.status < 300:
            return reply.body
        if not _busy(reply):
            break
        time.sleep(0.1 * 2**n)
    raise Declined(reason_of(reply))


def _busy(reply: Reply) -> bool:
    codes = BUSY.get(reply.status)
    return codes is not None and (not codes or code_of(reply) in codes)


def code_of(reply: Reply) -> str:
    """The problem's code, or the status where the answer is no problem document."""
    told = reply.body.get("type", "") if isinstance(reply.body, dict) else ""
    return str(told).removeprefix(PROBLEM) or f"status {reply.status}"


def reason_of(reply: Reply) -> str:
    """The problem's code and the fields it names, without the numbers of lines."""
    errors = reply.body.get("errors", []) if isinstance(reply.body, dict) else []
    fields = sorted({"/".join(part for part in error["pointer"].split("/") if part and not part.isdigit()) for error in errors})
    return code_of(reply) + (f" ({', '.join(fields)})" if fields else "")


def awaited(look: Callable[[], T], enough: Callable[[T], bool], what: str, seconds: float = 120, pause: float = 0.5) -> T:
    """The first answer of `look` that is `enough`. Raises Stalled if the answer stays the same for `seconds`."""
    before, since = None, time.monotonic()
    while not enough(found := look()):
        if found != before:
            before, since = found, time.monotonic()
        if time.monotonic() - since > seconds:
            raise Stalled(f"{what}: nothing has moved for {seconds:.0f} s; the last answer was {str(found)[:300]}")
        time.sleep(pause)
    return found
