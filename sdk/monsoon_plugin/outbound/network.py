"""The way to one endpoint: its name resolved once, every address checked, a checked address connected to, every byte counted."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address

import httpcore

from monsoon_plugin.outbound.call import Failure
from monsoon_plugin.outbound.ssrf_address import public
from monsoon_plugin.outbound.ssrf_url import Target

Resolve = Callable[[str], Awaitable[Sequence[str]]]
"""A DNS name's addresses. Raises OSError or UnicodeError."""
ATTEMPTS = 3
"""Addresses of one name that are tried, one after another."""
ATTEMPT = 2
"""Seconds for each, so that one that never answers leaves time for the next."""
# As many threads as calls at once, so that names that resolve slowly never stand before another tenant's; each is
# freed by the resolver's own timeout (RES_OPTIONS), which is below a call's.
_resolvers = ThreadPoolExecutor(max_workers=200, thread_name_prefix="resolver")


class Broken(Exception):
    """The call ends here."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure)
        self.failure = failure


async def resolve_by_system(name: str) -> Sequence[str]:
    """All addresses of `name`, as the runtime's resolver knows them."""
    look_up = asyncio.get_running_loop().run_in_executor
    found = await look_up(_resolvers, lambda: socket.getaddrinfo(name, None, type=socket.SOCK_STREAM))
    return [str(entry[4][0]) for entry in found]


class Path:
    """One call's way to its endpoint."""

    def __init__(self, network: httpcore.AsyncNetworkBackend, resolve: Resolve, most: int) -> None:
        """`most`: bytes that may be read."""
        self._network, self._resolve, self._left = network, resolve, most
        self._opened: httpcore.AsyncNetworkStream | None = None

    async def open(self, target: Target, authorities: ssl.SSLContext) -> httpcore.AsyncNetworkStream:
        """A stream to the endpoint, with its own name's certificate checked where it is https. Raises Broken."""
        stream = self._opened = await self._connected(target)
        if target.scheme == "https":
            try:
                stream = await stream.start_tls(authorities, target.host)
            except httpcore.ConnectError as error:
                raise Broken(Failure.TLS) from error
        return Counted(stream, self)

    async def _connected(self, target: Target) -> httpcore.AsyncNetworkStream:
        """To the first of the checked addresses that answers. The laptop's own machine is not resolved."""
        for address in ["127.0.0.1"] if target.loopback else await self._addresses(target.host):
            try:
                return await self._network.connect_tcp(address, target.port, timeout=ATTEMPT)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        raise Broken(Failure.CONNECT)

    async def _addresses(self, name: str) -> Sequence[str]:
        """IPv4 first, for Lambda has no IPv6. One address that is not public spoils all: an honest name has none."""
        try:
            found = list(dict.fromkeys(await self._resolve(name)))
        except (OSError, UnicodeError) as error:
            raise Broken(Failure.DNS) from error
        if not found:
            raise Broken(Failure.DNS)
        if not all(map(public, found)):
            raise Broken(Failure.ADDRESS)
        return sorted(found, key=lambda address: ip_address(address).version)[:ATTEMPTS]

    def allowance(self, wanted: int) -> int:
        """How many bytes may be read now. Raises Broken."""
        if self._left <= 0:
            raise Broken(Failure.TOO_LARGE)
        return min(wanted, self._left)

    def took(self, count: int) -> None:
        self._left -= count

    async def aclose(self) -> None:
        """Whatever the call came to: a TLS handshake that is cancelled leaves its connection open."""
        if self._opened is not None:
            await self._opened.aclose()


class Counted(httpcore.AsyncNetworkStream):
    """A stream whose bytes are counted, above TLS."""

    def __init__(self, stream: httpcore.AsyncNetworkStream, path: Path) -> None:
        self._stream, self._path = stream, path

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        found = await self._stream.read(self._path.allowance(max_bytes), timeout)
        self._path.took(len(found))
        return found

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()
