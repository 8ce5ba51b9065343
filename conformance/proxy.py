"""A proxy between a plug-in and its provider's stand-in that injects faults and keeps what was sent."""

import http.client
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Literal, Self
from urllib.parse import urlsplit

from monsoon_plugin.testing import Sent, is_change

Fault = Literal["", "refuse", "cut", "lose", "hang", "busy", "error", "error_after", "html", "empty", "doubled", "late", "reordered"]
"""What becomes of a change:

refuse: cut before a byte is passed on · cut: passed on, cut in the middle of the answer · lose: passed on, never answered ·
hang: passed on, answered after HANG seconds · busy: 429 with Retry-After, not passed on · error: 500, not passed on ·
error_after: passed on, answered by 500 · html: passed on, answered by a web page with status 200 · empty: passed on, 200 without a
body · doubled: passed on twice, the second answer comes back · late: cut at once, passed on LATE seconds afterwards ·
reordered: cut at once, passed on after the next request.
"""
HANG = 4.0
"""Seconds: longer than the kit lets any call take."""
LATE = 0.5
LOSES_THE_ANSWER: tuple[Fault, ...] = ("cut", "lose", "hang", "error_after", "html", "empty", "late", "reordered")
"""The provider did it, or will, and the plug-in cannot know."""
DOES_NOTHING: tuple[Fault, ...] = ("refuse", "busy", "error")
INSTEAD: dict[str, tuple[int, dict[str, str], bytes]] = {
    "error_after": (500, {"Content-Type": "application/json"}, b"{}"),
    "html": (200, {"Content-Type": "text/html"}, b"<html><body>We are back soon</body></html>"),
    "empty": (200, {"Content-Type": "application/json"}, b""),
}
"""What is answered although the request was passed on."""
HOPS = {"connection", "transfer-encoding", "content-length", "host", "keep-alive", "accept-encoding"}


@dataclass
class Proxy:
    """As a context manager: listens on 127.0.0.1. `fault` holds until it is changed; `times` bounds how often it strikes."""

    target: str
    changes: Callable[[Sent], bool] = is_change
    fault: Fault = ""
    times: int = 10**9
    sent: list[Sent] = field(default_factory=list)
    _late: list[threading.Thread] = field(default_factory=list)
    _held: list[Sent] = field(default_factory=list)

    def __enter__(self) -> Self:
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _take(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                sent = Sent(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, self.rfile.read(length))
                proxy.sent.append(sent)
                _Exchange(self, proxy, sent).run(proxy.struck(sent))

            def log_message(self, format: str, *args: object) -> None:
                """Quiet: what was sent is kept."""

            do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _take  # noqa: N815 (http.server's names)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.settle()
        self._server.shutdown()
        self._server.server_close()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def changed(self) -> list[Sent]:
        """The changes that the plug-in asked for."""
        return [sent for sent in self.sent if self.changes(sent)]

    def struck(self, sent: Sent) -> Fault:
        if not self.changes(sent) or not self.fault or self.times <= 0:
            return ""
        self.times -= 1
        return self.fault

    def heal(self) -> None:
        """From now on everything is passed on; what was late or held back has arrived."""
        self.fault, self.times = "", 10**9
        self.settle()

    def settle(self) -> None:
        """Wait until what was late has arrived, and let what is held back arrive."""
        for thread in self._late:
            thread.join()
        self._late.clear()
        self.release()

    def hold(self, sent: Sent) -> None:
        self._held.append(sent)

    def release(self) -> None:
        """Pass on what is held back, in the order it came."""
        held, self._held = self._held, []
        for sent in held:
            self.pass_on(sent)

    def pass_on(self, sent: Sent) -> tuple[int, dict[str, str], bytes]:
        place = urlsplit(self.target)
        connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)
        headers = {name: value for name, value in sent.headers.items() if name not in HOPS}
        connection.request(sent.method, (place.path.rstrip("/") or "") + sent.path, sent.body or None, headers)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, {k: v for k, v in answer.getheaders() if k.lower() not in HOPS}, body

    def later(self, sent: Sent) -> None:
        def arrive() -> None:
            time.sleep(LATE)
            self.pass_on(sent)

        thread = threading.Thread(target=arrive, daemon=True)
        self._late.append(thread)
        thread.start()

    def counted(self) -> Counter[str]:
        """How often each change was asked for, by method and path."""
        return Counter(f"{sent.method} {sent.path.split('?')[0]}" for sent in self.changed)


class _Exchange:
    def __init__(self, handler: BaseHTTPRequestHandler, proxy: Proxy, sent: Sent) -> None:
        self._handler, self._proxy, self._sent = handler, proxy, sent

    def run(self, fault: Fault) -> None:
        if fault in ("refuse", "late", "reordered"):
            if fault == "late":
                self._proxy.later(self._sent)
            if fault == "reordered":
                self._proxy.hold(self._sent)
            return self._hang_up()
        if fault == "busy":
            return self._answer(429, {"Retry-After": "1", "Content-Type": "application/json"}, b"{}")
        if fault == "error":
            return self._answer(500, {"Content-Type": "application/json"}, b"{}")
        status, headers, body = self._proxy.pass_on(self._sent)
        if fault == "doubled":
            status, headers, body = self._proxy.pass_on(self._sent)
        self._proxy.release()
        return self._passed(fault, status, headers, body)

    def _passed(self, fault: Fault, status: int, headers: dict[str, str], body: bytes) -> None:
        """Answer what was passed on, or what stands for its answer."""
        if fault in ("lose", "hang"):
            time.sleep(HANG if fault == "hang" else 0)
            return self._hang_up()
        if fault == "cut":
            return self._answer(status, headers, body, told=len(body) + 10)
        return self._answer(*INSTEAD.get(fault, (status, headers, body)))

    def _hang_up(self) -> None:
        self._handler.close_connection = True
        self._handler.connection.close()

    def _answer(self, status: int, headers: dict[str, str], body: bytes, told: int | None = None) -> None:
        self._handler.send_response(status)
        for name, value in headers.items():
            self._handler.send_header(name, value)
        self._handler.send_header("Content-Length", str(len(body) if told is None else told))
        self._handler.end_headers()
        self._handler.wfile.write(body)
        if told is not None:
            self._hang_up()
