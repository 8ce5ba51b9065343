"""Karrio's connectors, held to what every plug-in is held to: one deadline, checked certificates, no retries, bounded answers.

Importing Karrio turns certificate checks off for everything in the process that uses Python's own HTTPS; here they are turned on again,
and Karrio's one way out (`_urlopen_with_span`) leads to `Way.sent` instead. A connector is given a made-up host, which stands for this
one call: so whatever thread it uses, its requests end with the operation's time, and reach its carrier and nobody else.
"""

import ssl
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.message import Message
from importlib import import_module
from io import BytesIO
from secrets import token_hex
from types import TracebackType
from typing import Any, Literal, Self, TypeVar
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request as KarriosRequest

from karrio import lib
from karrio.core import models
from karrio.core.errors import ParsedMessagesError, ShippingSDKError
from karrio.core.utils import helpers
from karrio.core.utils.caching import Cache
from loguru import logger

from functions.shipping.parcels.customs_borders import crosses
from functions.shipping.plugins.karrio.translate import Said, is_unseen, refusal
from monsoon_plugin.errors import ErrorKind, PluginError, lost
from monsoon_plugin.http_call import send
from monsoon_plugin.outbound.call import Request
from monsoon_plugin.plugin import Ctx

ssl._create_default_https_context = ssl.create_default_context
logger.remove()  # Karrio's own log: it names parcels

T = TypeVar("T")
Verb = Literal["rate", "shipment", "cancel_shipment", "tracking"]
STEPS: Mapping[Verb, tuple[Any, str]] = {
    "rate": (models.RateRequest, "get_rates"), "shipment": (models.ShipmentRequest, "create_shipment"),
    "cancel_shipment": (models.ShipmentCancelRequest, "cancel_shipment"), "tracking": (models.TrackingRequest, "get_tracking"),
}  # fmt: skip
"""What is asked → Karrio's model of it, and the connector's method that sends it."""
CHANGES: frozenset[Verb] = frozenset({"shipment", "cancel_shipment"})
KEYS = ("shipping_auth", "track_auth")
"""Karrio's names of what a token is for; a carrier with one for all gives it once."""
QUESTIONS = ("/oauth", "/security/v1/oauth", "/payments/v3/payment-authorization")
"""Paths at which a connector gets a token for what it is about to ask."""
NEVER_ASKED = ("/trackingdocuments", "/proof-of-delivery")
"""Pictures of signatures, which connectors ask for beside a parcel's events; nobody here wants them."""
TOKENS, LIVES = 200, timedelta(minutes=50)
"""At most so many accounts' tokens stay in a process, and none longer."""


class Tokens:
    """Karrio's own caches, one for each account at each address, so that a token of one is never used at another."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Any, tuple[float, Any]] = OrderedDict()

    def of(self, account: Any) -> Any:
        until, found = self._kept.pop(account, (0.0, None))
        if found is None or until < time.monotonic():
            until, found = time.monotonic() + LIVES.total_seconds(), Cache()
        self._kept[account] = (until, found)
        if len(self._kept) > TOKENS:
            self._kept.popitem(last=False)
        return found

    def forget(self, account: Any) -> None:
        self._kept.pop(account, None)


KEPT = Tokens()


class Read:
    """An answer, as Karrio reads those of urllib."""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.status, self.headers, self._body = status, headers, body

    def read(self) -> bytes:
        return self._body

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Nothing is left open."""


@dataclass(frozen=True, kw_only=True)
class Way:
    """Where the requests of one call go, and until when."""

    ctx: Ctx[Any]
    name: str
    base: str
    changes: bool
    until: float
    account: Any = field(repr=False)
    refusals: list[int] = field(default_factory=list)
    """Statuses by which the carrier refused."""

    def sent(self, request: Any) -> Read:
        """Raises HTTPError for a refusal, which Karrio reads, and PluginError for what is no answer at all."""
        place = urlsplit(request.full_url)
        path = f"{place.path}?{place.query}" if place.query else place.path
        if any(part in path for part in NEVER_ASKED):
            raise PluginError(ErrorKind.UNSUPPORTED, "this is not asked for")
        changes, left = self.changes and not path.startswith(QUESTIONS), self.until - time.monotonic()
        if left <= 0:
            raise PluginError(ErrorKind.UNAVAILABLE, f"{self.name} is too slow: there is no time left to ask it")
        ctx = replace(self.ctx, deadline=self.ctx.now + timedelta(seconds=left))
        headers = {name: value for name, value in request.header_items() if name.lower() != "host"}
        outcome = send(ctx, Request(f"{self.base}{path}", headers, request.data or b"", request.get_method()), changes=changes)
        status = outcome.status or 0
        if status >= 500:
            raise lost(self.name, changes=changes, code=str(status))
        if status in (401, 403):
            KEPT.forget(self.account)
            raise PluginError(ErrorKind.CONFIG, f"{self.name} does not accept the credentials.", str(status))
        if status == 429:
            raise PluginError(ErrorKind.RATE_LIMITED, f"{self.name} asks us to slow down.", "429")
        if 300 <= status < 400:
            raise PluginError(ErrorKind.PROTOCOL, f"{self.name} answers by a redirect.", str(status))
        if status >= 400:
            self.refusals.append(status)
            raise HTTPError("", status, "refused", Message(), BytesIO(outcome.body))
        return Read(status, outcome.headers, outcome.body)


WAYS: dict[str, Way] = {}
"""Made-up host → the way of the call that goes on."""


def _leave(request: KarriosRequest, timeout: float | None = None) -> Read:
    """Karrio's way out; the time that is left is the call's, whatever Karrio says."""
    way = WAYS.get(urlsplit(request.full_url).netloc)
    if way is None:
        raise PluginError(ErrorKind.PROTOCOL, "the carrier named another place to ask")
    return way.sent(request)


helpers._urlopen_with_span = _leave


@dataclass(frozen=True, kw_only=True)
class Account:
    """A merchant's account with one carrier, for the calls of one operation."""

    ctx: Ctx[Any]
    until: float
    """On the monotonic clock: when all of them must have ended."""
    carrier: str
    """Karrio's name of the connector."""
    name: str
    """For people."""
    base: str
    settings: Mapping[str, Any] = field(repr=False)
    """The connector's own: keys, account number, country."""

    def ask(self, verb: Verb, document: Mapping[str, Any], read: Callable[[Any], T]) -> T:
        """One request of the carrier's API, after one for a token if need be.

        Args: `read`: what to make of what Karrio makes of the answer; that is empty only for a parcel that nobody has scanned.
        Raises PluginError: the carrier's refusal, or what else kept it from an answer.
        """
        model, method = STEPS[verb]

        def steps(proxy: Any, mapper: Any, way: Way) -> T:
            request = getattr(mapper, f"create_{verb}_request")(lib.to_object(model, dict(document)))
            if self.carrier == "mydhl":
                _set_right(verb, request, document)
            details, messages = getattr(mapper, f"parse_{verb}_response")(getattr(proxy, method)(request))
            said, refused = _said(messages), way.refusals[-1] if way.refusals else None
            if not details and not (verb == "tracking" and is_unseen(said, refused)):
                raise refusal(self.name, said, refused or (None if way.changes or not said else 200))
            return read(details)

        return self._done(steps, changes=verb in CHANGES)

    def check(self, question: str) -> None:
        """Whether the account's keys are accepted: new tokens, or where there are none, `question`, a path that changes nothing."""
        KEPT.forget(self._key)
        self._done(lambda proxy, mapper, way: _checked(proxy, question), changes=False)

    @property
    def _key(self) -> Any:
        return self.base, self.carrier, tuple(sorted((name, str(value)) for name, value in self.settings.items()))

    def _done(self, steps: Callable[[Any, Any, Way], T], *, changes: bool) -> T:
        with self._connected(changes=changes) as (proxy, mapper, way):
            try:
                return steps(proxy, mapper, way)
            except PluginError:
                raise
            except ParsedMessagesError as error:
                raise refusal(self.name, _said(error.messages)) from None
            except ShippingSDKError as error:
                raise PluginError(ErrorKind.INVALID, f"{self.name}: {error}"[:300], error.code) from None
            except Exception as error:  # Karrio raises whatever an answer of another shape makes it raise
                raise PluginError(ErrorKind.PROTOCOL, f"{self.name}'s answer is not understood", type(error).__name__) from None

    @contextmanager
    def _connected(self, *, changes: bool) -> Iterator[tuple[Any, Any, Way]]:
        host = f"{token_hex(16)}.invalid"
        way = WAYS[host] = Way(ctx=self.ctx, name=self.name, base=self.base, changes=changes, until=self.until, account=self._key)
        package = f"karrio.mappers.{self.carrier}"
        settings_type = import_module(f"{package}.settings").Settings
        settings = type("Settings", (settings_type,), {"server_url": f"https://{host}"})(**self.settings)
        settings.cache = KEPT.of(self._key)
        try:
            yield import_module(f"{package}.proxy").Proxy(settings), import_module(f"{package}.mapper").Mapper(settings), way
        finally:
            del WAYS[host]


def _checked(proxy: Any, question: str) -> None:
    if question:
        lib.request(url=f"{proxy.settings.server_url}{question}", headers={"Authorization": f"Basic {proxy.settings.authorization}"})
    else:
        for key in KEYS:
            proxy.authenticate(lib.Serializable(None, lib.to_dict, {"auth_type": key}))


def _set_right(verb: Verb, request: Any, document: Mapping[str, Any]) -> None:
    """Karrio's DHL calls every border a customs border, and cuts the decimals off the prices of a declaration."""
    if verb not in ("rate", "shipment"):
        return
    told = request.value if verb == "rate" else request.value["shipment"].content
    told.isCustomsDeclarable = crosses(document["shipper"]["country_code"], document["recipient"]["country_code"])
    if not told.isCustomsDeclarable:
        told.exportDeclaration = None
    elif verb == "shipment":
        for line, commodity in zip(told.exportDeclaration.lineItems, document["customs"]["commodities"], strict=True):
            line.price = commodity["value_amount"]


def _said(messages: Any) -> list[Said]:
    return [Said(str(m.code or ""), str(m.message or ""), str(m.level or "error")) for m in messages or []]
