"""Notices that tell several events together: one mail for all of a kind within ten minutes, however many a feed brings."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from functions.notices.causes.cause import Cause
from functions.notices.causes.merchants_causes import Listed
from functions.notices.outbox.mail import Mail
from functions.notices.outbox.mails_kept import Mails
from monsoon_plugin.clock import Clock, rfc3339
from shared.optimistic_retry import Contended, Retry

WINDOW = timedelta(minutes=10)
MOST_LISTED = 20
"""Lines; of more it says that there are."""


@dataclass(frozen=True, slots=True)
class Digest:
    mails: Mails
    clock: Clock
    retry: Retry

    def add(self, listed: Listed) -> None:
        """Have one line more in the notice of these ten minutes; a line that it has stays one. Two units of DynamoDB for each of the first
        lines, and half a one for what goes beyond. Raises Busy."""
        self.retry(lambda: self._add(listed))

    def _add(self, listed: Listed) -> None:
        begins = _window(self.clock())
        key = rfc3339(begins)
        cause = Cause(kind=listed.kind, about=listed.account_id, key=key, account_id=listed.account_id, facts={"listed": []})
        held = self.mails.get(cause.mail_id)
        if held is None:
            held = replace(Mail.of(cause, begins), due=rfc3339(begins + WINDOW), version=1)
            if not self.mails.add(replace(held, facts=_with(held.facts, listed))):
                raise Contended
            return
        facts = _with(held.facts, listed)
        if facts == held.facts or held.state != "waiting":
            return
        if not self.mails.replace(replace(held, facts=facts, version=held.version + 1)):
            raise Contended


def _window(now: datetime) -> datetime:
    """When the ten minutes that `now` lies in have begun."""
    seconds = int(now.timestamp()) // int(WINDOW.total_seconds()) * int(WINDOW.total_seconds())
    return datetime.fromtimestamp(seconds, UTC)


def _with(facts: Any, listed: Listed) -> dict[str, Any]:
    lines: list[list[str]] = facts["listed"]
    if listed.key in {key for _, _, key in lines}:
        return dict(facts)
    if len(lines) >= MOST_LISTED:
        return {**facts, "more": True}
    return {**facts, "listed": [*lines, [listed.name, listed.what, listed.key]]}
