"""When a payment whose outcome is unknown is looked up again at its provider. Pure arithmetic of time.

What awaits a provider's word is looked up first after FIRST_LOOK, then each time after as long again as it has waited, at most
LONGEST_WAIT apart; what is to be sent again waits FIRST_LOOK, and four times as long with each time that it was sent. A request that
the provider does not know of is called failed only GRACE after it was sent.

A promise of money (an authorization) is looked up when it should have ended, and again after as long as it is over its time: it ends by
what the provider answers alone.
"""

from datetime import datetime, timedelta

from monsoon_plugin.clock import from_rfc3339, rfc3339

GRACE = timedelta(minutes=2)
"""A request that was sent may still arrive for this long; only then does the provider's not knowing it mean that it never came."""
FIRST_LOOK = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=6)
UNSAID, LONGEST_PROMISE = timedelta(days=7), timedelta(days=366)
"""A promise whose end neither its provider nor its plug-in says is looked up after UNSAID, as long as most cards hold one; no end that is
said is believed beyond LONGEST_PROMISE."""
OVERDUE_WAITS = (timedelta(hours=1), timedelta(days=7))
"""The shortest and the longest wait between two looks at a promise that is over its time, and has not ended."""
LOOK_BACK = timedelta(minutes=5)
"""How far the provider's clock may lie behind ours when a payment is looked for by its time."""


def may_still_arrive(sent_at: str, now: datetime) -> bool:
    """Whether the provider's not knowing of what was sent then says nothing yet."""
    return now < from_rfc3339(sent_at) + GRACE


def first_lookup(now: datetime) -> str:
    """When to look up first what is awaited from now on, RFC 3339."""
    return rfc3339(now + FIRST_LOOK)


def later_lookup(created_at: str, now: datetime, tries: int | None = None) -> str:
    """When to look up next what has been awaited since `created_at`, RFC 3339; sooner, if something was sent only so often."""
    waits = [LONGEST_WAIT, max(now - from_rfc3339(created_at), FIRST_LOOK)]
    return rfc3339(now + min(waits if tries is None else [*waits, FIRST_LOOK * 4**tries]))


def ends_after(days: int, now: datetime) -> str:
    """When a promise of now ends that holds for so many days, RFC 3339."""
    return rfc3339(now + timedelta(days=days))


def promise_lookup(created_at: str, until: str, now: datetime | None = None) -> str:
    """When to look up a promise that ends at `until` (RFC 3339; empty: nobody says); `now`: it has just been looked up."""
    created = from_rfc3339(created_at)
    ends = min(from_rfc3339(until), created + LONGEST_PROMISE) if until else created + UNSAID
    if now is None or ends > now:
        return first_lookup(ends)
    shortest, longest = OVERDUE_WAITS
    return rfc3339(now + min(max(now - ends, shortest), longest))


def made_since(created_at: str) -> datetime:
    """Among the payments made since then the provider finds one that we created at `created_at`."""
    return from_rfc3339(created_at) - LOOK_BACK
