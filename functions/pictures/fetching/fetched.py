"""What became of one attempt to fetch a picture. Pure."""

from dataclasses import dataclass, field

from functions.pictures.reading.refusal import Refusal
from monsoon_plugin.outbound.call import Failure, Outcome

LATER = {408, 425, 429}
"""Statuses of 4xx that ask to come again (RFC 9110, 6585 and 8470)."""
MOVED = {301, 302, 303, 307, 308}


@dataclass(frozen=True, slots=True)
class Fetched:
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Unfetched:
    """`passes`: whether it may be otherwise later. `pause`: seconds that the host asks to be left alone."""

    refusal: Refusal
    passes: bool = False
    pause: int | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    address: str


def fetched(outcome: Outcome) -> Fetched | Moved | Unfetched:
    """What an answer comes to. What the bytes are is found out by who reads them: a type that is told is no proof."""
    if outcome.error in (Failure.URL, Failure.ADDRESS):
        return Unfetched(Refusal("address"))
    status = outcome.status or 0
    if status in MOVED and outcome.headers.get("location"):
        return Moved(outcome.headers["location"])
    if outcome.error is Failure.TOO_LARGE and 200 <= status < 300:
        return Unfetched(Refusal("too-large"))
    if outcome.error is not None or status >= 500 or status in LATER:
        return Unfetched(Refusal("no-answer"), passes=True, pause=outcome.retry_after)
    if status != 200:
        return Unfetched(Refusal("not-served", str(status)))
    return Fetched(outcome.body)
