"""Endpoints on 127.0.0.1 that behave as a test says: real sockets, one thread a connection."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Behaviour = Callable[["Guest"], None]


@dataclass
class Guest:
    """One connection to an endpoint."""

    socket: socket.socket
    over: threading.Event
    """Set when the test is done."""
    sent: int = 0

    def send(self, content: bytes) -> None:
        self.socket.sendall(content)
        self.sent += len(content)

    def drip(self, content: bytes, seconds: float = 0.02) -> None:
        """Byte by byte, until the other side has gone or the test is done."""
        for byte in content:
            if self.over.wait(seconds):
                return
            self.send(bytes([byte]))


@dataclass
class Endpoint:
    port: int
    guests: list[Guest] = field(default_factory=list)
    requests: list[bytes] = field(default_factory=list)
    left: threading.Event = field(default_factory=threading.Event)
    """Set when a guest closed the connection before its request was whole."""

    def url(self, scheme: str = "http", host: str = "127.0.0.1") -> str:
        return f"{scheme}://{host}:{self.port}/hook"


@contextmanager
def endpoint(behaviour: Behaviour, tls: ssl.SSLContext | None = None) -> Iterator[Endpoint]:
    """Listen, read each request whole, behave."""
    over, listener = threading.Event(), socket.create_server(("127.0.0.1", 0), backlog=300)
    found = Endpoint(listener.getsockname()[1])

    def serve(raw: socket.socket) -> None:
        try:
            with raw, tls.wrap_socket(raw, server_side=True) if tls else raw as connection:
                guest = Guest(connection, over)
                found.guests.append(guest)
                found.requests.append(_request(connection))
                behaviour(guest)
        except EOFError:
            found.left.set()
        except OSError:
            return

    def listen() -> None:
        while not over.is_set():
            try:
                threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
            except OSError:
                return

    threading.Thread(target=listen, daemon=True).start()
    try:
        yield found
    finally:
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def _request(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        received += _some(connection)
    head, _, body = received.partition(b"\r\n\r\n")
    length = next((int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
    while len(body) < length:
        body += _some(connection)
    return head + b"\r\n\r\n" + body


def _some(connection: socket.socket) -> bytes:
    found = connection.recv(65536)
    if not found:
        raise EOFError
    return found


def certificate(name: str, folder: str) -> tuple[ssl.SSLContext, str]:
    """A server's context with a certificate for `name` that it signed itself, and the file of that certificate."""
    key, subject, now = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]),
        datetime.now(UTC),
    )
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False).sign(key, hashes.SHA256())
    )  # fmt: skip
    path = f"{folder}/{name}.pem"
    with open(path, "wb") as file:
        file.write(made.public_bytes(serialization.Encoding.PEM))
        file.write(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context, path
