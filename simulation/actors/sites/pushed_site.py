"""A client site with a webhook: it is told what changes, and is away at times; what it missed must come to it."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from functions.fanout.webhooks.subscription import EVENT_TYPES
from monsoon_plugin.signatures import Key, Unsigned, verify
from simulation.actors.sites.client_site import ClientSite

CREATED, CONTENDED = 201, 409
"""The second: what its storefront sells by is changed at the same moment, and it is to ask again."""
AWAY = (500, 503, None, 410)
"""What an endpoint that is away answers, drawn each time that it goes: an error, nothing, or that it is gone."""


@dataclass(kw_only=True)
class PushedSite(ClientSite):
    sleep: Callable[[float], None]
    now: Callable[[], datetime]
    url: str
    subscription_id: str = ""
    since: datetime | None = None
    """When it knew that it is subscribed."""
    secrets: list[str] = field(default_factory=list)
    heard: set[str] = field(default_factory=set)
    """The ids of what it took."""
    wrongs: list[str] = field(default_factory=list)
    """What it was sent and cannot believe, and what its owner should have been shown."""
    answers: int | None = 200
    """200: it is there."""
    failing: float = 0.0
    """How often it fails though it is there."""
    gone: bool = False
    """Whether it has gone for good, and nobody looks after it."""

    @property
    def pushed(self) -> bool:
        return self.since is not None

    def subscribe(self) -> None:
        """Ask to be told of everything, and read once what is on sale."""
        body = {"storefront_id": self.shop.storefront_id, "url": self.url, "types": list(EVENT_TYPES)}
        while (reply := self.people.ask(self.shop.owner, "POST", "/v1/webhooks", body)).status == CONTENDED:
            self.sleep(1.0)
        assert reply.status == CREATED, reply
        self.subscription_id, self.since = reply.body["id"], self.now()
        self.secrets.append(reply.body["secret"])
        self.read()

    def rotate(self) -> None:
        """Have another secret."""
        if self.pushed:
            path = f"/v1/webhooks/{self.subscription_id}/secret-rotations"
            self.secrets.append(self.people.must(self.shop.owner, "POST", path)["secret"])

    def be_away(self, seconds: float) -> None:
        """Fail, one way or the other, for so long."""
        self.answers = self.random.choice(AWAY)
        self.sleep(seconds)
        self.answers = self.answers if self.gone else 200

    def go(self) -> None:
        """Be away from now on."""
        self.gone, self.answers = True, self.random.choice(AWAY)

    def look_after(self) -> None:
        """It fails no more; if it was given up, its owner reads why, and which delivery it did not take, and enables it again."""
        self.failing = 0.0
        state = self.state() if self.pushed else {"state": "not made"}
        if state["state"] == "disabled":
            path = f"/v1/webhooks/{self.subscription_id}"
            told = self.people.must(self.shop.owner, "GET", f"{path}/deliveries?limit=100")["items"]
            if not state.get("reason") or all(delivery.get("status") == 200 for delivery in told):
                self.wrongs.append(f"was given up, and shows {state}, {told}")
            self.people.must(self.shop.owner, "PATCH", path, {"enabled": True})

    def state(self) -> Any:
        """Its subscription, as its owner reads it."""
        return self.people.must(self.shop.owner, "GET", f"/v1/webhooks/{self.subscription_id}")

    def take(self, headers: Mapping[str, str], body: bytes) -> int | None:
        """What its endpoint answers. It believes what is signed, and takes the same message twice for one."""
        if self.answers != 200 or self.random.random() < self.failing or not self.secrets:
            return 500 if self.answers == 200 else self.answers
        try:
            verify([Key(secret) for secret in self.secrets], headers, body, int(self.now().timestamp()))
        except Unsigned as wrong:
            self.wrongs.append(f"was sent {headers['webhook-id']}: {wrong}")
            return 401
        self.heard.add(headers["webhook-id"])
        with suppress(KeyError):
            for change in json.loads(body)["data"]["changes"]:
                self.hold(change)
        return 200
