"""Providers' notices (webhooks), as every host of plug-ins takes them: refused, not understood, or read."""

import logging
from collections.abc import Callable
from typing import TypeVar

from monsoon_plugin.errors import ErrorKind, PluginError
from shared.api.trace import where
from shared.errors import Malformed, Unauthorized, Unavailable

Notice = TypeVar("Notice")
LONGEST_NAME = 200
"""Characters of an id that a notice names: it becomes a part of a key."""
UNREADABLE = frozenset({ErrorKind.PROTOCOL, ErrorKind.INVALID, ErrorKind.UNSUPPORTED})
logger = logging.getLogger(__name__)


class NoticeRefused(Unauthorized):
    """A plug-in could not verify a notice (monsoon_plugin.errors.ErrorKind.SIGNATURE)."""

    code, title = "notice-refused", "This notice is not signed by the provider with the installation's secret, or is too old"


class NoticeNotUnderstood(Malformed):
    """A notice that is verified, and yet says nothing that its provider documents."""

    code, title = "notice-not-understood", "This notice is none that the provider documents: look at what was sent to the hub's address"


def read_notice(read: Callable[[], Notice | None], *names: str) -> Notice | None:
    """What a plug-in reads from a notice; None if it concerns nothing of ours. `names`: its fields that name things, texts.

    Whatever a plug-in stumbles over is the notice's fault: a provider that is told 5xx would think that we are ill, and so would we.
    Raises NoticeRefused, NoticeNotUnderstood, and Unavailable where the provider had to be asked and cannot be.
    """
    try:
        notice = read()
    except PluginError as error:
        raise _problem(error) from error
    except Exception as error:
        logger.error("a verified notice is not understood: %s", where(error))
        raise NoticeNotUnderstood from error
    for name in names if notice is not None else ():
        if not is_name(getattr(notice, name)):
            raise NoticeNotUnderstood(f"the notice's {name} is no text of 1 to {LONGEST_NAME} characters")
    return notice


def is_name(value: object) -> bool:
    """Whether it can be a part of a key: a text, neither empty nor too long, that UTF-8 can write."""
    return isinstance(value, str) and 0 < len(value) <= LONGEST_NAME and not any("\ud800" <= c <= "\udfff" for c in value)


def _problem(error: PluginError) -> NoticeRefused | NoticeNotUnderstood | Unavailable:
    if error.kind is ErrorKind.SIGNATURE:
        return NoticeRefused(error.message)
    return NoticeNotUnderstood(error.message) if error.kind in UNREADABLE else Unavailable(error.message)
