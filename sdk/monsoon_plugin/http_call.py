"""Calls of plug-ins to providers whose protocol no kept library speaks: bounded in time and bytes, certificates checked.

A library that is used instead is held to the same: one request, a time limit, no retries, no redirects.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import anyio

from monsoon_plugin.errors import ErrorKind, PluginError, lost
from monsoon_plugin.outbound.call import Failure, Limits, Outcome, Request
from monsoon_plugin.outbound.client import Outbound
from monsoon_plugin.plugin import Ctx

__all__ = ["ANSWER", "NOT_SENT", "Request", "call", "send"]

T = TypeVar("T")
ANSWER = 8 * 1024 * 1024
"""Bytes; a label is the largest thing that a provider answers."""
NOT_SENT = frozenset({Failure.URL, Failure.DNS, Failure.ADDRESS, Failure.CONNECT, Failure.TLS})
"""Failures before the request left."""


def send(ctx: Ctx[Any], request: Request, *, changes: bool, outbound: type[Outbound] = Outbound) -> Outcome:
    """Send one request and answer the provider's whole answer, whatever its status. `changes`: whether it asks for an effect.

    Raises PluginError: unavailable where nothing was sent or asked for, outcome_unknown where an effect may have happened.
    """
    limits = Limits(seconds=ctx.seconds, answer_bytes=ANSWER, keep_body=True)
    outcome = anyio.run(outbound(limits, local=ctx.local).post, request)
    if outcome.error is None:
        return outcome
    gone = changes and outcome.error not in NOT_SENT
    kind = ErrorKind.OUTCOME_UNKNOWN if gone else ErrorKind.UNAVAILABLE
    raise PluginError(kind, "the provider's answer was lost" if gone else "the provider cannot be reached", outcome.error.value)


def call(
    ctx: Ctx[Any], request: Request, read: Callable[[Any], T], *, errors: Mapping[int, tuple[ErrorKind, str]], changes: bool
) -> T:  # fmt: skip
    """Send one request and answer what `read` makes of the JSON of a 2xx.

    `errors`: another status → what it means and what people are told; one that it lacks says nothing, so of a change nobody knows.
    `read` raises ValueError, KeyError or TypeError for an answer that is not as it is documented.
    Raises PluginError: as `send` does, by `errors`, and `protocol` where `read` fails.
    """
    outcome = send(ctx, request, changes=changes)
    if not outcome.taken:
        status = outcome.status or 0
        raise PluginError(*errors[status], str(status)) if status in errors else lost("The provider", changes=changes, code=str(status))
    try:
        return read(json.loads(outcome.body))
    except (ValueError, KeyError, TypeError):
        raise PluginError(ErrorKind.PROTOCOL, "The provider's answer is not as it is documented.") from None
