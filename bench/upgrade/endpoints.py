"""Two endpoints of a client site: one that always takes what it is sent, one that is away while the hub is upgraded."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Self

from bench.upgrade.open_orders import Market
from bench.upgrade.traders import awaited
from monsoon_plugin.clock import rfc3339, utc_now
from tools.receiver import Receiver

TYPES = ["product.changed", "order.placed", "order.paid", "order.cancelled"]


@dataclass
class Endpoints:
    """As a context manager: both listen."""

    away: bool = True
    _open: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        self.sound = self._open.enter_context(Receiver())
        self.faint = self._open.enter_context(Receiver(lambda posted: 503 if self.away and posted.document["type"] != "ping" else 204))
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def listen_to(self, market: Market) -> None:
        """Let the first shop of `market` tell both of everything."""
        self._since = rfc3339(utc_now())
        self._owner = market.traders.owner.hub
        body = {"storefront_id": market.card.path.rpartition("/")[2], "types": TYPES}
        self._made = [self._owner.post("/v1/webhooks", body | {"url": one.url})["id"] for one in (self.sound, self.faint)]

    def mend(self) -> None:
        """The one that was away is there again, asks for all that it missed, and does not wait for the hub's next try."""
        self.away, path = False, f"/v1/webhooks/{self._made[1]}"
        self._owner.post(f"{path}/replays", {"since": self._since})
        self._owner.ask("PATCH", path, {"enabled": True})

    def await_told(self, kind: str, wanted: set[str]) -> None:
        """Until each that is there was told of all of `wanted`, orders, by events of this type. Raises NeverCame."""
        there = [self.sound] if self.away else [self.sound, self.faint]
        awaited(f"{kind} of {len(wanted)} orders at {len(there)} endpoints", lambda: all(wanted <= _orders(one, kind) for one in there))


def _orders(receiver: Receiver, kind: str) -> set[str]:
    documents: list[Any] = [posted.document for posted in list(receiver.posted)]
    return {document["data"]["order_id"] for document in documents if document["type"] == kind}
