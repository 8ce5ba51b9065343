"""Both client sites as processes on 127.0.0.1, and a hub's feed for them to begin with."""

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

CLIENTS = Path(__file__).parents[2] / "clients"
KEY = "key of the site"
Pages = Callable[[str], dict[str, Any]]


class Site:
    """A running site."""

    def __init__(self, port: int) -> None:
        self.port = port

    def deliver(self, headers: Mapping[str, str], body: bytes) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("POST", "/hook", body, dict(headers))
        status = connection.getresponse().status
        connection.close()
        return status

    def sells(self) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", "/")
        told = json.loads(connection.getresponse().read())
        connection.close()
        return told


@contextmanager
def feed(page: Pages) -> Iterator[str]:
    """A hub that answers `page` for each cursor (empty: the first) to whoever has the key."""

    class Hub(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            known = asked.path == "/v1/feed" and self.headers["Authorization"] == f"Bearer {KEY}"
            body = json.dumps(page(parse_qs(asked.query).get("cursor", [""])[0]) if known else {}).encode()
            self.send_response(200 if known else 401)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/feed"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def started(command: list[str], folder: Path, feed_url: str, secret: str) -> Iterator[Site]:
    """The site that `command` starts, once it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {**os.environ, "WEBHOOK_SECRET": secret, "FEED": feed_url, "KEY": KEY, "PORT": str(port)}
    process = subprocess.Popen(command, cwd=folder, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _answers(process, port)
        yield Site(port)
    finally:
        process.terminate()
        process.wait()


def _answers(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        assert process.poll() is None, "the site has stopped"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the site does not answer")


def python_site(folder: Path) -> tuple[list[str], Path]:
    shutil.copy(CLIENTS / "python/site.py", folder)
    return [sys.executable, "site.py"], folder


def node_site(folder: Path) -> tuple[list[str], Path]:
    """With its packages as the lock names them. Raises RuntimeError, with the reason, if they cannot be had."""
    if not (shutil.which("node") and shutil.which("npm")):
        raise RuntimeError("node and npm are not here")
    for name in ("site.mjs", "package.json", "package-lock.json"):
        shutil.copy(CLIENTS / "node" / name, folder)
    done = subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"npm ci: {done.stderr[-300:]}")
    return ["node", "site.mjs"], folder
