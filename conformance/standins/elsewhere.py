"""A merchant's own plug-in: one that Monsoon ships, served by HTTP as its author would serve it, before its own provider's stand-in."""

import json
import os
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from monsoon_plugin.clock import utc_now
from monsoon_plugin.envelope import CHANGES
from monsoon_plugin.serving import Served, https_answer
from monsoon_plugin.testing import About, Sent, Trial

SIGNING = "whsec_Q29uZm9ybWFuY2VLaXRTaWduaW5nU2VjcmV0MDAwMQ=="
AT_AN_ADDRESS = ("pay", "charges", "labels", "scan", "transfers")
"""What a trial does at its stand-in's address."""
OTHER_CONFIGS = ("bad_config", "manual", "other_notices", "no_notices")
"""Fields of its config that a trial changes."""


def elsewhere(inner: Any, protocol: type, plugin: Any, beside: tuple[str, ...] = ()) -> dict[str, Any]:
    """What changes in the trial of `plugin` when it is tried from afar; `beside`: fields of its config that the hub reads too."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    providers: dict[str, str] = {}

    @contextmanager
    def start() -> Iterator[str]:
        with inner.start() as provider, serving(protocol, plugin, provider, port) as address, _laptop():
            providers[address] = provider
            yield address

    given = {field.name: getattr(inner, field.name) for field in fields(inner)}
    changed: dict[str, Any] = {name: _at(providers, act) for name in AT_AN_ADDRESS if (act := given.get(name)) is not None}
    changed |= {name: _settings(inner, wrong, beside) for name in OTHER_CONFIGS if (wrong := given.get(name))}
    changed |= {name: _told(act) for name in ("notice", "outcome", "signed") if (act := given.get(name)) is not None}
    own = {name: inner.config[name] for name in beside}
    config = {"url": f"http://127.0.0.1:{port}", "signing_secret": SIGNING, **own, **_settings(inner, {}, beside)}
    return changed | {
        "config": config, "secrets": (SIGNING, *inner.secrets), "start": start, "changes": asks_for_an_effect,
        "standin": f"the shipped {plugin.manifest.id}, served behind signed HTTP, before {inner.standin}",
    }  # fmt: skip


def asks_for_an_effect(sent: Sent) -> bool:
    return json.loads(sent.body)["call"] in CHANGES


@contextmanager
def serving(protocol: type, plugin: Any, provider: str, port: int = 0) -> Iterator[str]:
    """`plugin`, served to a hub at 127.0.0.1; `provider`: where its provider answers."""
    served = Served(protocol, [plugin], {plugin.manifest.id: provider}, local=True)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            status, headers, answer = https_answer(served, SIGNING, dict(self.headers.items()), body, utc_now())
            self.send_response(status)
            for name, value in {**headers, "content-length": str(len(answer))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def _laptop() -> Iterator[None]:
    """The stage in which a merchant's plug-in may lie on this machine."""
    before = os.environ.get("STAGE")
    os.environ["STAGE"] = "local"
    try:
        yield
    finally:
        os.environ.pop("STAGE") if before is None else os.environ.update(STAGE=before)


def _at(providers: Mapping[str, str], act: Callable[..., Any]) -> Callable[..., Any]:
    return lambda address, *given: act(providers[address], *given)


def _settings(inner: Trial, changes: Mapping[str, Any], beside: tuple[str, ...] = ()) -> dict[str, Any]:
    """The plug-in's own config, changed; None takes a field away."""
    changed = {**inner.config, **changes}
    return {"settings": json.dumps({name: value for name, value in changed.items() if value is not None and name not in beside})}


def _told(act: Callable[..., Any]) -> Callable[..., Any]:
    """A notice, signed with the plug-in's own config."""

    def notice(about: Any, *given: Any) -> Any:
        if isinstance(about, About):
            return act(replace(about, config=json.loads(about.config["settings"])), *given)
        return act(json.loads(about["settings"]), *given)

    return notice
