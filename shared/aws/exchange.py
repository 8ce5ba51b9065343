"""One HTTP request to AWS and its answer, over connections that are kept: what botocore does by urllib3, email's parser and a dozen
objects, at a quarter of the CPU time (docs/decisions/0041-short-calls.md). Connections and their TLS are the standard library's.
"""

import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from io import BufferedReader
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import ConnectionClosedError, ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError, SSLError
from botocore.httpsession import get_cert_path
from urllib3.util.ssl_ import create_urllib3_context
from urllib3.util.wait import wait_for_read

LINE = 64 * 1024
"""Bytes of one line of an answer's head, at most."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. Header names are in lower case."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes


class Exchange:
    """Requests to one place; its threads share the idle connections."""

    def __init__(self, url: str, verify: Any, connect_s: float, read_s: float) -> None:
        """`verify`: as botocore has it: whether a certificate is checked, or the file of the authorities that are believed."""
        self.url, place = url, urlsplit(url)
        self.host = place.netloc.rpartition("@")[2]
        self._place, self._verify, self._connect_s, self._read_s = place, verify, connect_s, read_s
        self._idle: list[HTTPConnection] = []

    def post(self, headers: Mapping[str, str], body: bytes) -> Reply:
        """Send a POST to `/` with these headers, and read its answer.

        Raises botocore's ConnectTimeoutError, EndpointConnectionError, SSLError, ReadTimeoutError, ConnectionClosedError; ValueError for a
        header of more than a line.
        """
        request = _head(self.host, headers, len(body)) + body
        connection, whole = self._connected(), False
        try:
            with suppress(BrokenPipeError, ConnectionResetError):  # who takes no more may have said why
                connection.sock.sendall(request)
                whole = True
            with connection.sock.makefile("rb") as answer:
                reply = read(answer)
        except TimeoutError as error:
            connection.close()
            raise ReadTimeoutError(endpoint_url=self.url, error=error) from error
        except (OSError, HTTPException, ValueError) as error:
            connection.close()
            raise ConnectionClosedError(endpoint_url=self.url, error=error) from error
        except BaseException:
            connection.close()
            raise
        if whole and "close" not in reply.headers.get("connection", "").lower():
            self._idle.append(connection)
        else:
            connection.close()
        return reply

    def close(self) -> None:
        """Close the idle connections."""
        while self._idle:
            self._idle.pop().close()

    def _connected(self) -> HTTPConnection:
        """A connection that nobody uses, and that its other end has not closed meanwhile; else a new one."""
        while self._idle:
            try:
                connection = self._idle.pop()
            except IndexError:  # another thread took it
                break
            if not wait_for_read(connection.sock, timeout=0.0):
                return connection
            connection.close()
        return self._new()

    def _new(self) -> HTTPConnection:
        host, port = self._place.hostname or "", self._place.port
        secure = self._place.scheme == "https"
        made = HTTPSConnection(host, port, context=self._trust) if secure else HTTPConnection(host, port)
        made.timeout = self._connect_s
        try:
            made.connect()
        except TimeoutError as error:
            raise ConnectTimeoutError(endpoint_url=self.url, error=error) from error
        except ssl.SSLError as error:
            raise SSLError(endpoint_url=self.url, error=error) from error
        except OSError as error:
            raise EndpointConnectionError(endpoint_url=self.url, error=error) from error
        made.sock.settimeout(self._read_s)
        return made

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        """As botocore makes it."""
        context = create_urllib3_context()
        if self._verify is False:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        else:
            context.check_hostname, context.verify_mode = True, ssl.CERT_REQUIRED
            context.load_verify_locations(get_cert_path(self._verify))
        return context


def _head(host: str, headers: Mapping[str, str], size: int) -> bytes:
    lines = [
        f"POST / HTTP/1.1\r\nHost: {host}",
        *(f"{name}: {value}" for name, value in headers.items()),
        f"Content-Length: {size}\r\n\r\n",
    ]
    head = "\r\n".join(lines)
    if head.count("\n") != len(lines) + 2 or head.count("\r") != len(lines) + 2:
        raise ValueError("a header has more than one line: does a setting, such as the session's token, end in a line break?")
    return head.encode()


def read(answer: BufferedReader) -> Reply:
    """The answer to a request that is no HEAD, by RFC 9112. Raises HTTPException or ValueError for what is none, or ends too soon."""
    line = _line(answer)
    while (status := _status(line)) < 200:
        _headers(answer)
        line = _line(answer)
    headers = _headers(answer)
    if line.startswith(b"HTTP/1.0"):
        headers["connection"] = "close"
    if headers.get("transfer-encoding", "").lower() == "chunked":
        content = _chunks(answer)
    elif "content-length" in headers:
        content = _exactly(answer, int(headers["content-length"]))
    elif status in (204, 304):
        content = b""
    else:
        headers["connection"] = "close"
        content = answer.read()
    return Reply(status, headers, content)


def _line(answer: BufferedReader) -> bytes:
    line = answer.readline(LINE)
    if not line.endswith(b"\n"):
        raise HTTPException("the connection ended, or a line of the answer's head is too long")
    return line.rstrip(b"\r\n")


def _status(line: bytes) -> int:
    version, _, rest = line.partition(b" ")
    if version not in (b"HTTP/1.1", b"HTTP/1.0"):
        raise HTTPException(f"this is no answer of HTTP/1.1: {version[:16]!r}")
    return int(rest[:3])


def _headers(answer: BufferedReader) -> dict[str, str]:
    found = {}
    while line := _line(answer):
        name, _, value = line.decode("latin-1").partition(":")
        found[name.strip().lower()] = value.strip()
    return found


def _exactly(answer: BufferedReader, size: int) -> bytes:
    content = answer.read(size)
    if len(content) != size:
        raise HTTPException(f"{size} bytes were told, {len(content)} came")
    return content


def _chunks(answer: BufferedReader) -> bytes:
    content = b""
    while size := int(_line(answer).partition(b";")[0], 16):
        content += _exactly(answer, size)
        _line(answer)
    _headers(answer)
    return content
