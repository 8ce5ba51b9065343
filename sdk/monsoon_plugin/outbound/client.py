"""Calls to addresses that strangers name: webhooks' endpoints, plug-ins that run elsewhere.

An endpoint decides nothing but its own outcome. No redirect is followed, no proxy of the environment asked, no connection used
twice, so that none is shared between tenants. One deadline spans all of a call. Certificates are always checked, against
certifi's list: the lock pins it, whereas a runtime's may be old.
"""

import ssl
import time
from collections import defaultdict
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from email.utils import parsedate_to_datetime
from functools import cache

import anyio
import certifi
import httpcore

from monsoon_plugin.clock import Clock, utc_now
from monsoon_plugin.outbound.call import Failure, Limits, Outcome, Request
from monsoon_plugin.outbound.network import Broken, Path, Resolve, resolve_by_system
from monsoon_plugin.outbound.ssrf_url import Refused, Target, checked

LONGEST_PAUSE = timedelta(days=1)


@cache
def published_authorities() -> ssl.SSLContext:
    """Reading the list takes 30 ms: once a process."""
    context = ssl.create_default_context(cafile=certifi.where())
    context.set_alpn_protocols(["http/1.1"])
    return context


class Outbound:
    """Makes calls. A call never raises for its endpoint's sake: its Outcome says what happened."""

    def __init__(
        self, limits: Limits, *, local: bool, resolve: Resolve = resolve_by_system,
        network: httpcore.AsyncNetworkBackend | None = None, authorities: ssl.SSLContext | None = None, now: Clock = utc_now,
    ) -> None:  # fmt: skip
        """`local`: the laptop stage, where an endpoint may lie on this machine. `authorities`: whose certificates count."""
        self._limits, self._local, self._resolve, self._now = limits, local, resolve, now
        self._network = network or httpcore.AnyIOBackend()
        self._authorities = authorities

    async def post_all(self, requests: Iterable[Request]) -> list[Outcome]:
        """All of them, `limits.at_once` at a time, of each lane `limits.lane`; outcomes in the requests' order."""
        outcomes: dict[int, Outcome] = {}
        gate = anyio.CapacityLimiter(self._limits.at_once)
        lanes: dict[str, anyio.CapacityLimiter] = defaultdict(lambda: anyio.CapacityLimiter(self._limits.lane))

        async def one(place: int, request: Request) -> None:
            async with lanes[request.lane] if request.lane else nullcontext(), gate:
                outcomes[place] = await self.post(request)

        async with anyio.create_task_group() as group:
            for place, request in enumerate(requests):
                group.start_soon(one, place, request)
        return [outcomes[place] for place in sorted(outcomes)]

    async def post(self, request: Request) -> Outcome:
        """One call."""
        call = _Call(request, self._limits, self._now)
        try:
            target = checked(request.url, local=self._local)
        except Refused as refused:
            return call.outcome(Failure.URL, str(refused))
        path = Path(self._network, self._resolve, self._limits.answer_bytes)
        try:
            with anyio.fail_after(self._limits.seconds):
                await call.exchange(target, path, self._authorities or published_authorities())
        except TimeoutError:
            return call.outcome(Failure.TIMEOUT)
        except Broken as broken:
            return call.outcome(broken.failure)
        except (httpcore.NetworkError, httpcore.ProtocolError):
            return call.outcome(Failure.PROTOCOL)
        finally:
            with anyio.CancelScope(shield=True):
                await path.aclose()
        return call.outcome(None)


class _Call:
    """What is known of a call so far."""

    def __init__(self, request: Request, limits: Limits, now: Clock) -> None:
        self._request, self._limits, self._now = request, limits, now
        self._began = time.monotonic()
        self._status: int | None = None
        self._retry_after: int | None = None
        self._headers: list[tuple[bytes, bytes]] = []
        self._body = bytearray()

    async def exchange(self, target: Target, path: Path, authorities: ssl.SSLContext) -> None:
        """Send, and read what comes."""
        origin = httpcore.Origin(target.scheme.encode(), target.host.encode(), target.port)
        connection = httpcore.AsyncHTTP11Connection(origin, await path.open(target, authorities))
        url = httpcore.URL(scheme=origin.scheme, host=origin.host, port=origin.port, target=target.path.encode())
        headers = [*self._request.headers.items(), ("Connection", "close")]
        async with connection.stream(self._request.method, url, headers=headers, content=self._request.body) as answer:
            self._status, self._headers, self._retry_after = answer.status, answer.headers, self._pause(answer.headers)
            async for chunk in answer.aiter_stream():
                self._body += chunk

    def outcome(self, error: Failure | None, why: str = "") -> Outcome:
        text = why or self._body[: 4 * self._limits.snippet].decode(errors="replace")
        snippet = "".join(c if c.isprintable() else " " for c in text[: self._limits.snippet])
        ms = int((time.monotonic() - self._began) * 1000)
        found = Outcome(self._status, error, snippet, ms, self._retry_after)
        if not self._limits.keep_body:
            return found
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in self._headers}
        return replace(found, body=bytes(self._body), headers=headers)

    def _pause(self, headers: list[tuple[bytes, bytes]]) -> int | None:
        """Retry-After (RFC 9110, 10.2.3), in seconds; None for what is neither a number nor a date."""
        text = next((value for name, value in headers if name.lower() == b"retry-after"), b"").decode(errors="replace").strip()
        longest = int(LONGEST_PAUSE.total_seconds())
        if text.isascii() and text.isdigit():
            return min(int(text[:9]), longest)
        try:
            until = parsedate_to_datetime(text)
            return max(0, min(int((until - self._now()).total_seconds()), longest))
        except (ValueError, TypeError, OverflowError):
            return None
