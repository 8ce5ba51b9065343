"""Fetches what lies at suppliers' addresses, through the guard of outgoing calls, which looks at each hop of a redirect anew."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from urllib.parse import urljoin

import anyio

from functions.pictures.fetching.address import host_of, requested
from functions.pictures.fetching.fetched import Fetched, Moved, Unfetched, fetched
from functions.pictures.places.picture import MOST_BYTES
from functions.pictures.reading.refusal import Refusal
from monsoon_plugin.outbound.call import Limits, Request
from monsoon_plugin.outbound.client import Outbound

MOST_HOPS = 3
SECONDS = 15.0
"""For all hops of one address together."""
AT_ONE_HOST = 2
"""Fetches of one function at one host at a time; ten functions fetch at most (template.yaml)."""
LEFT_ALONE = 30.0
"""Seconds for which a host that gave no answer is not asked again by the same function: one that hangs holds up nobody else's pictures."""
LIMITS = Limits(seconds=SECONDS, answer_bytes=MOST_BYTES + 64 * 1024, keep_body=True)
HEADERS = {"accept": "image/jpeg, image/png, image/webp", "user-agent": "Monsoon (pictures of products)"}


class AddressClient:
    """fetch_service.Fetch: many at once, each within its bounds."""

    def __init__(self, outbound: Outbound, seconds: Callable[[], float], *, local: bool, each: float = SECONDS) -> None:
        """`seconds`: a clock that never goes back. `local`: the laptop stage, where an address may lie on this machine. `each`: seconds
        that one address takes at most."""
        self._outbound, self._seconds, self._local, self._each = outbound, seconds, local, each
        self._silent: dict[str, float] = {}

    def __call__(self, addresses: Sequence[str]) -> list[Fetched | Unfetched]:
        """What became of each, in their order."""
        return anyio.run(self._all, addresses)

    async def _all(self, addresses: Sequence[str]) -> list[Fetched | Unfetched]:
        found: dict[int, Fetched | Unfetched] = {}
        hosts: dict[str, anyio.CapacityLimiter] = defaultdict(lambda: anyio.CapacityLimiter(AT_ONE_HOST))

        async def one(place: int, address: str) -> None:
            host = host_of(address)
            async with hosts[host]:
                found[place] = await self._guarded(host, address)

        async with anyio.create_task_group() as group:
            for place, address in enumerate(addresses):
                group.start_soon(one, place, address)
        return [found[place] for place in range(len(addresses))]

    async def _guarded(self, host: str, address: str) -> Fetched | Unfetched:
        """Not where the host was silent just now."""
        now = self._seconds()
        self._silent = {name: until for name, until in self._silent.items() if until > now}
        if host in self._silent:
            return Unfetched(Refusal("no-answer"), passes=True)
        try:
            with anyio.fail_after(self._each):
                got = await self._followed(requested(address, local=self._local))
        except TimeoutError:
            got = Unfetched(Refusal("no-answer"), passes=True)
        if isinstance(got, Unfetched) and got.passes:
            self._silent[host] = now + max(LEFT_ALONE, got.pause or 0)
        return got

    async def _followed(self, address: str) -> Fetched | Unfetched:
        for _ in range(MOST_HOPS + 1):
            got = fetched(await self._outbound.post(Request(address, HEADERS, b"", method="GET")))
            if not isinstance(got, Moved):
                return got
            address = requested(urljoin(address, got.address), local=self._local)
        return Unfetched(Refusal("redirects"))
