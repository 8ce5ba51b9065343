"""The hub in one process: every service's own handlers, consumers, sweeps and stores, in instances as Lambda runs them.

An instance serves one call at a time, and is gone when its process dies; another then begins with nothing in its memory.
"""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from random import Random
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from app import SERVICES, Request, rest_event
from functions.fanout.webhook_delivery.signed_delivery import PostAll
from infra.templates import ROOT
from monsoon_plugin.plugin import Kind
from shared.api.caller import Caller
from shared.optimistic_retry import Retry
from shared.providers.credentials import Credentials
from shared.providers.installation_store import InstallationStore
from shared.providers.installations import Installations
from shared.providers.kms_keys import KmsKeys
from shared.providers.places import Places, ProviderSettings
from shared.settings import settings_of
from simulation.apps import App, Apps
from simulation.aws.messages import Message
from simulation.aws.rights import RUNNING
from simulation.providers.eyes import read
from simulation.providers.registry import SimulatedRegistry, offered
from simulation.turns.virtual_clock import VirtualClock

HOSTS: dict[str, tuple[Kind, str]] = {
    "payments": ("payment", "payments"),
    "shipping": ("courier", "couriers"),
    "settlement": ("clearing", "clearing"),
}
"""Service → the family of plug-ins that it hosts, and its path."""


@cache
def _entries(handler: ModuleType) -> tuple[tuple[str, Any], ...]:
    """A service's entry points, each with its name."""
    found = vars(handler).items()
    return tuple((name, one) for name, one in found if hasattr(one, "services") and callable(one) and not isinstance(one, type))


installation_store = cache(InstallationStore)
"""It keeps nothing but the classes of its table's items, which take long to make."""
HOST = "hub.example"
"""Of the hub's address."""
Route = tuple[str, str, list[str]]
"""A service, a resource of it, the resource's parts."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a caller over HTTP gets."""

    status: int
    body: Any


@dataclass(frozen=True, slots=True)
class Shown:
    """What a browser gets."""

    status: int
    text: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ErrorLog:
    """The log of a service's app: what went wrong is noted, all else is passed over."""

    note: Callable[[str], None]

    def info(self, *told: Any, **more: Any) -> None:
        """Nothing."""

    def error(self, *told: Any, **more: Any) -> None:
        self.note(f"{told} {more}".replace(f"{ROOT}/", ""))


@dataclass
class Instance:
    """One process of a service."""

    service: str
    parts: Any
    app: App | None
    entries: dict[str, Callable[[Any, Any], Any]]


class Hub:
    """Every service's instances, made when they are needed."""

    def __init__(
        self, clock: VirtualClock, sleep: Callable[[float], None], random: Random, *, note: Callable[[str], None],
        ended: Callable[[], None], plugins: Mapping[str, Mapping[str, Any]], post_all: PostAll, apps: Apps,
    ) -> None:  # fmt: skip
        """`plugins`: service → plug-in id → plug-in, of the simulated providers. `sleep` lets virtual time pass; `note` keeps a line;
        `ended` is told when a process has done its call, or has died of it; `post_all` reaches endpoints; `apps` outlive the hub."""
        self._clock, self._random, self._plugins, self._apps = clock, random, plugins, apps
        self.offered = {service: offered(kind, plugins[service]) for service, (kind, _) in HOSTS.items()}
        """What each host offers: a plug-in that is taken out is not offered any more, until it is put back."""
        self._retry = Retry(sleep, random.random)
        self._ended, self._post_all = ended, post_all
        self._idle: dict[str, list[Instance]] = {}
        self._routes = self._known_routes()
        self._log: Any = ErrorLog(note)

    def call(self, caller: Caller | None, method: str, path: str, body: Any = None, key: str = "") -> Reply:
        """Send one request. Raises ProcessDied where the process ends before it answers."""
        service, resource, parameters = self._routed(method, path)
        headers = {"Content-Type": "application/json"} | ({"Idempotency-Key": key} if key else {})
        payload = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        event = rest_event(Request(method, path, headers, payload), resource, parameters)
        if caller is not None:
            event["requestContext"]["authorizer"] = caller.context()
        answer = self._enter(service, "app", lambda instance: instance.app and instance.app.service(event, None))
        return Reply(answer["statusCode"], json.loads(answer["body"]) if answer["body"] else None)

    def show(self, method: str, address: str, form: str, told: Mapping[str, str]) -> Shown:
        """Let a browser have a page, or send a form. `told`: what it says of itself, by lower-case names. Raises as `call`."""
        target = urlsplit(address)._replace(scheme="", netloc="").geturl()
        service, resource, parameters = self._routed(method, target)
        headers = {"Accept": "text/html", "Accept-Language": "en-GB", "Host": HOST, **told}
        headers |= {"Content-Type": "application/x-www-form-urlencoded"} if method == "POST" else {}
        event = rest_event(Request(method, target, headers, form.encode()), resource, parameters)
        answer = self._enter(service, "app", lambda instance: instance.app and instance.app.service(event, None))
        return Shown(answer["statusCode"], answer["body"] or "", answer["headers"])

    def run(self, service: str, entry: str, event: Mapping[str, Any]) -> Any:
        """Let a service's entry point (its worker, its sweep, a stream's reader) have an event."""
        return self._enter(service, entry, lambda instance: instance.entries[entry](event, None))

    def batch(self, service: str, entry: str, messages: list[Message]) -> list[Message]:
        """Give a queue's messages to a worker. Answers those that it did not do."""
        records = [
            {
                "messageId": str(i), "receiptHandle": "-", "body": message.body, "attributes": {}, "messageAttributes": {},
                "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:q", "awsRegion": "us-east-1",
            }
            for i, message in enumerate(messages)
        ]  # fmt: skip
        failed = self.run(service, entry, {"Records": records})["batchItemFailures"]
        return [messages[int(failure["itemIdentifier"])] for failure in failed]

    def forget(self) -> None:
        """Let every process end."""
        for instances in self._idle.values():
            for instance in instances:
                self._end(instance)
        self._idle.clear()

    def _end(self, instance: Instance) -> None:
        """Its process is gone: its app may be another's."""
        if instance.app is not None:
            self._apps.give_back(instance.service, instance.app)

    def _enter(self, service: str, entry: str, act: Callable[[Instance], Any]) -> Any:
        """Let an idle instance, or a new one, do `act` at its entry point; it is idle again if it lives to the end."""
        idle = self._idle.setdefault(service, [])
        instance = idle.pop(self._random.randrange(len(idle))) if idle else self._made(service)
        running = RUNNING.set(f"functions.{service}.handler.{entry}")
        try:
            answer = act(instance)
        except BaseException:
            self._end(instance)
            raise
        finally:
            RUNNING.reset(running)
            self._ended()
        idle.append(instance)
        return answer

    def _made(self, service: str) -> Instance:
        handler, bootstrap = import_module(f"functions.{service}.handler"), import_module(f"functions.{service}.bootstrap")
        parts = bootstrap.Services(**self._given(service, bootstrap))
        app = self._apps.take(service, parts, self._log) if service in SERVICES else None
        entries = {name: replace(found, services=lambda: parts) for name, found in _entries(handler)}
        return Instance(service, parts, app, entries)

    def _given(self, service: str, bootstrap: Any) -> dict[str, Any]:
        """What every service is given instead of the machine's own: clock, randomness, pauses; a host, its plug-ins."""
        offered = {"clock": self._clock, "seconds": self._clock.seconds, "retry": self._retry, "random": self._random.randbytes}
        offered |= {"below": self._random.randrange, "post_all": self._post_all, "render": read, "say": lambda line: None}
        given = {name: part for name, part in offered.items() if name == "clock" or hasattr(bootstrap.Services, name)}
        if service in HOSTS:
            _, path = HOSTS[service]
            registry: Any = SimulatedRegistry(self.offered[service], self._plugins[service])
            store = installation_store(os.environ[f"{service.upper()}_TABLE"])
            credentials = Credentials(KmsKeys(os.environ["CREDENTIALS_KEY"]), self._clock.seconds, self._random.randbytes)
            given["credentials"] = credentials
            given["installations"] = Installations(
                registry, store, credentials, self._clock, Places.of(settings_of(ProviderSettings), path)
            )
        return given

    @staticmethod
    def _known_routes() -> dict[tuple[str, int], list[Route]]:
        """By method and number of parts: (service, resource, its parts), the literal before the named."""
        found: dict[tuple[str, int], list[Route]] = {}
        for service in SERVICES:
            for operation in import_module(f"functions.{service}.handler").app.operations:
                parts = operation.path.split("/")
                found.setdefault((operation.method, len(parts)), []).append((service, operation.path, parts))
        return {kind: sorted(routes, key=lambda route: [p.startswith("{") for p in route[2]]) for kind, routes in found.items()}

    def _routed(self, method: str, path: str) -> tuple[str, str, dict[str, str]]:
        parts = path.split("?")[0].split("/")
        for service, resource, wanted in self._routes.get((method, len(parts)), ()):
            if all(w == p or w.startswith("{") for w, p in zip(wanted, parts, strict=True)):
                return service, resource, {w[1:-1]: p for w, p in zip(wanted, parts, strict=True) if w.startswith("{")}
        raise LookupError(f"{method} {path}")
