"""A plug-in that runs elsewhere, as its host sees it: every call of the family's Protocol becomes one envelope to it.

Two kinds stand upon this: the operator's, Lambda functions by their ARN (functions.py), and merchants' own, HTTPS addresses
(merchants.py). What such a plug-in can do with a config is asked of it (`describe`) and kept for some minutes.
"""

import json
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any, Protocol

from pydantic import BaseModel, ValidationError

from monsoon_plugin.clock import utc_now
from monsoon_plugin.envelope import DESCRIBE, Call, Described, Method, method_of, said
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.plugin import Config, Ctx, Manifest
from shared.providers.installation import written

KEPT, KEPT_FOR = 500, 300.0
"""At most so many capabilities stay in a process, for so many seconds."""
DESCRIBING = timedelta(seconds=3)
"""How long a plug-in may take to say what it can do."""
MARGIN = 0.2
"""Of a call's time is left to the way there and back, at most LONGEST_MARGIN."""
LONGEST_MARGIN = timedelta(seconds=1)


class Transport(Protocol):
    """Carries one call there and its answer back."""

    def sent(self, body: bytes, seconds: float, *, changes: bool) -> bytes:
        """The answer. Raises PluginError: unavailable if nothing was done, outcome_unknown if an effect may have happened."""
        ...


class Remote:
    """What every plug-in elsewhere has in common. Its methods are those of `protocol`, sent as envelopes."""

    protocol: type
    manifest: Manifest
    config_model: type[Config]

    def transport(self, config: Any, ctx: Ctx[Any] | None) -> Transport:
        """How to reach it; without a context where none is lent, to ask what it can do."""
        raise PluginError(ErrorKind.CONFIG, "this plug-in has no place")

    @property
    def plugin_id(self) -> str:
        """By which id it is asked."""
        return self.manifest.id

    def plain(self, config: Any) -> dict[str, Any]:
        """The config that the plug-in elsewhere is sent, its secrets in the clear."""
        document: dict[str, Any] = json.loads(written(config))
        return document

    def provider_url(self, ctx: Ctx[Any]) -> str:
        """Where the plug-in elsewhere finds its provider; empty: it knows."""
        return ctx.base_url

    def __getattr__(self, name: str) -> Callable[..., Any]:
        try:
            method = method_of(object.__getattribute__(self, "protocol"), name)
        except KeyError:
            raise AttributeError(name) from None
        return partial(self._called, method)

    def _called(self, method: Method, ctx: Ctx[Any], *given: Any, **named: Any) -> Any:
        span = ctx.deadline - ctx.now
        call = Call(
            call=method.name, plugin=self.plugin_id, installation=ctx.notify_url.rpartition("/")[2][:64], mode=ctx.mode,
            config=self.plain(ctx.config), base_url=self.provider_url(ctx), notify_url=ctx.notify_url, now=ctx.now,
            deadline=ctx.deadline - min(span * MARGIN, LONGEST_MARGIN), arguments=method.written(*given, **named),
        )  # fmt: skip
        place = self.transport(ctx.config, ctx)
        return method.opened(place.sent(call.model_dump_json().encode(), ctx.seconds, changes=method.changes))

    def described(self, config: Any = None) -> Described:
        """What the plug-in elsewhere says of itself, with this config or with none. Raises PluginError."""
        method, now = method_of(self.protocol, DESCRIBE), utc_now()
        document = self.plain(config) if config is not None else {}
        call = Call(call=DESCRIBE, plugin=self.plugin_id, config=document, now=now, deadline=now + DESCRIBING)
        place = self.transport(config, None)
        answer = method.opened(place.sent(call.model_dump_json().encode(), DESCRIBING.total_seconds(), changes=False))
        assert isinstance(answer, Described)
        return answer


class Capabilities:
    """What plug-ins elsewhere can do, by config: asked once in a while, for the core asks before every call."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._kept: OrderedDict[Any, tuple[float, BaseModel]] = OrderedDict()

    def of(self, name: Any, ask: Callable[[], BaseModel]) -> BaseModel:
        """What is known under `name`, or what `ask` says now; if that fails, what was known before. Raises PluginError."""
        found, now = self._kept.pop(name, None), self._monotonic()
        if found is None or found[0] < now:
            found = (now + KEPT_FOR, self._asked(found, ask))
        self._kept[name] = found
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return found[1]

    @staticmethod
    def _asked(before: tuple[float, BaseModel] | None, ask: Callable[[], BaseModel]) -> BaseModel:
        try:
            return ask()
        except PluginError:
            if before is None:
                raise
            return before[1]


def capability_in(model: type[BaseModel], described: Described) -> BaseModel:
    """The capability that a plug-in told. Raises PluginError (protocol)."""
    try:
        return model.model_validate(described.capability)
    except ValidationError as error:
        raise PluginError(ErrorKind.PROTOCOL, f"the plug-in's capability cannot be read: {said(error)}") from None


def lost(happened: bool, code: str) -> PluginError:
    """No answer: of a change that may have happened, that nobody knows; else, that nothing was done."""
    kind = ErrorKind.OUTCOME_UNKNOWN if happened else ErrorKind.UNAVAILABLE
    return PluginError(kind, "the plug-in's answer was lost" if happened else "the plug-in does not answer", code)
