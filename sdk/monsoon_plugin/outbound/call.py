"""A call to an address that a stranger named, and what became of it. Pure; `client.py` makes the calls."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Request:
    """One call. Host and Content-Length are added to its headers."""

    url: str
    headers: Mapping[str, str]
    body: bytes
    method: str = "POST"
    lane: str = ""
    """For whom, where calls of many are made at once: nobody's slow endpoints take more than `Limits.lane` of the places."""


class Failure(StrEnum):
    """Why there is no whole answer."""

    URL = "refused url"
    DNS = "dns"
    ADDRESS = "refused address"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    TOO_LARGE = "too large"
    PROTOCOL = "protocol"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a call."""

    status: int | None
    """HTTP status, as soon as the answer's head was read; None if none came."""
    error: Failure | None
    """None if the whole answer was read."""
    snippet: str
    """The beginning of the answer's body, printable; of a refused URL, why."""
    ms: int
    """From the start of this call to its end, milliseconds."""
    retry_after: int | None
    """Seconds that the endpoint asks to be left alone, at most a day."""
    body: bytes = field(default=b"", repr=False)
    """What was read of the answer's body, if the limits keep it."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The answer's, names in lower case, if the limits keep the body."""

    @property
    def taken(self) -> bool:
        """Whether the endpoint said 2xx. An answer that was too large to read on still said so; one that never ends did not."""
        return self.status is not None and 200 <= self.status < 300 and self.error in (None, Failure.TOO_LARGE)


@dataclass(frozen=True, slots=True)
class Limits:
    """What an endpoint may take of us."""

    seconds: float = 5
    """For resolving, connecting, sending and reading together."""
    answer_bytes: int = 64 * 1024
    """Read of an answer, its head included, before the connection is closed."""
    snippet: int = 200
    """Characters."""
    keep_body: bool = False
    """Whether the outcome holds the whole body: for callers that must read it, not for thousands of webhooks."""
    at_once: int = 200
    """Calls that are open at the same time. The last of n calls begins at most n ÷ at_once × seconds after the first."""
    lane: int = 25
    """Of these, calls for one and the same."""
