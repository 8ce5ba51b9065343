"""A document on https://127.0.0.1, with a certificate of a moment that only who is told of it trusts."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from conformance.places import UNTRUSTED, served, untrusted


@contextmanager
def published(document: bytes, folder: Path) -> Iterator[tuple[str, Path]]:
    """The document's address, and the file of the certificate that is to be trusted; both lie in `folder` and end with the block."""

    class Document(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(document)))
            self.end_headers()
            self.wfile.write(document)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with served(Document, untrusted(folder)) as url:
        yield f"{url}/keys.json", folder / UNTRUSTED
