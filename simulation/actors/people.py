"""Who calls the hub: each request is sent again with the same Idempotency-Key until an answer comes, as a careful client does."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from shared.api.caller import Caller
from simulation.hub import Hub, Reply
from simulation.turns.history import History
from simulation.turns.scheduler import ProcessDied

MOST_SENT = 40
"""What was asked so often was heard: who gives up sooner does not know whether it was done, and what was observed would be a guess."""
AGAIN = ("in-flight", "product-moved")
"""Problems whose remedy is to send the same again."""
PAUSE = 2.0
"""Seconds before a request is sent again."""


class ServerError(AssertionError):
    """The hub answered 500 though nothing had failed beneath it."""


@dataclass(kw_only=True)
class People:
    """Sends requests. `troubled` answers how many faults the schedule has met so far: an error may come of one."""

    hub: Hub
    random: Random
    history: History
    sleep: Callable[[float], None]
    troubled: Callable[[], int]
    now: Callable[[], datetime]

    def key(self) -> str:
        return self.random.randbytes(12).hex()

    def ask(self, who: Caller | None, method: str, path: str, body: Any = None, key: str = "", *, most: int = MOST_SENT) -> Reply:
        """The answer, a refusal among them. A 5xx is asked again, `most` times in all; one that comes of no fault raises ServerError."""
        key = key or (self.key() if method != "GET" else "")
        for _ in range(most):
            before = self.troubled()
            try:
                reply = self.hub.call(who, method, path, body, key)
            except ProcessDied:  # the server's: whoever asked hears nothing, and asks again
                reply = Reply(502, None)
            told = str(reply.body["type"]).rpartition(":")[2] if reply.status >= 400 and reply.body else ""
            self.history.add(f"{method} {path} → {reply.status} {told}", shown=method != "GET" or reply.status >= 400)
            if reply.status < 500 and reply.status != 429 and told not in AGAIN:
                return reply
            if reply.status == 500 and self.troubled() == before:
                raise ServerError(f"{method} {path} → {reply.body}")
            self.sleep(PAUSE)
        return reply

    def must(self, who: Caller, method: str, path: str, body: Any = None, key: str = "") -> Any:
        """The body of a 2xx answer. Raises AssertionError for another."""
        reply = self.ask(who, method, path, body, key)
        if not 200 <= reply.status < 300:
            raise AssertionError(f"{method} {path} → {reply.status} {reply.body}")
        return reply.body
