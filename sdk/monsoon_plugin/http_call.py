"""Calls of plug-ins to providers whose protocol no kept library speaks: bounded in time and bytes, certificates checked.

A library that is used instead is held to the same: one request, a time limit, no retries, no redirects.
"""

from typing import Any

import anyio

from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.outbound.call import Failure, Limits, Outcome, Request
from monsoon_plugin.outbound.client import Outbound
from monsoon_plugin.plugin import Ctx

ANSWER = 8 * 1024 * 1024
"""Bytes; a label is the largest thing that a provider answers."""
NOT_SENT = frozenset({Failure.URL, Failure.DNS, Failure.ADDRESS, Failure.CONNECT, Failure.TLS})
"""Failures before the request left."""


def asked(ctx: Ctx[Any], request: Request, *, changes: bool, outbound: type[Outbound] = Outbound) -> Outcome:
    """Send one request and answer the provider's whole answer, whatever its status. `changes`: whether it asks for an effect.

    Raises PluginError: unavailable where nothing was sent or asked for, outcome_unknown where an effect may have happened.
    """
    limits = Limits(seconds=ctx.seconds, answer_bytes=ANSWER, keep_body=True)
    outcome = anyio.run(outbound(limits, local=ctx.local).post, request)
    if outcome.error is None:
        return outcome
    lost = changes and outcome.error not in NOT_SENT
    kind = ErrorKind.OUTCOME_UNKNOWN if lost else ErrorKind.UNAVAILABLE
    raise PluginError(kind, "the provider's answer was lost" if lost else "the provider cannot be reached", outcome.error.value)
