"""Revalidation of what was read before (RFC 9110, 8.8 and 13.1; RFC 9111): entity tags, dates, and when 304 is the answer. Pure."""

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

SETTLED = timedelta(seconds=10)
"""A date of change is told once it is so old: HTTP knows whole seconds only, and a change may be seen some seconds after it was made."""
MOST_TAGS = 20
"""So many tags of If-None-Match are looked at; a client that keeps one answer sends one."""
_TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')


def tag_of(*parts: str | bytes) -> str:
    """A weak entity tag of what is shown: equal parts have equal tags, though the bytes of two answers may differ (a signed cursor)."""
    digest = hashlib.blake2b(digest_size=12)
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(4, "big") + data)
    return f'W/"{digest.hexdigest()}"'


def validators(tag: str, modified: datetime | None, now: datetime) -> dict[str, str]:
    """The headers by which an answer is revalidated: ETag, and Last-Modified if that is known and SETTLED."""
    if modified is None or modified > now - SETTLED:
        return {"ETag": tag}
    return {"ETag": tag, "Last-Modified": format_datetime(modified.astimezone(UTC), usegmt=True)}


def fresh(headers: Mapping[str, str], tag: str, modified: datetime | None) -> bool:
    """Whether the client's copy is still what it would be sent, so that 304 is the answer to its GET.

    `headers` have lower-case names. If-None-Match is compared weakly and wins; If-Modified-Since counts only without it, and not
    where the date of change is not known (RFC 9110, 13.2.2). What cannot be read is passed over.
    """
    tags = headers.get("if-none-match")
    if tags is not None:
        return tags.strip() == "*" or tag.removeprefix("W/") in _TAG.findall(tags)[:MOST_TAGS]
    since = _moment(headers.get("if-modified-since", ""))
    return since is not None and modified is not None and modified.replace(microsecond=0) <= since


def _moment(text: str) -> datetime | None:
    try:
        read = parsedate_to_datetime(text)
    except (ValueError, IndexError, OverflowError):
        return None
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read
