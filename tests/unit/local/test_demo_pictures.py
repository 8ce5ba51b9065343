"""The demo's pictures are sent beside what comes next, and it is noted only once they are."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from hubclient.sent_pictures import NotTaken, PictureToPut
from local.demo import Demo, send, write

DEMO: Demo = {"api": "http://hub", "keys": {}, "storefronts": [], "products": [], "accounts": {}, "curl": ["curl"], "pictured": False}


@contextmanager
def store(status: int) -> Iterator[tuple[str, list[bytes]]]:
    """One that answers each picture so: its address, and what it was given."""
    given: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            given.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/a?b=c", given
        server.shutdown()
        thread.join()


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    write(tmp_path / "demo.json", DEMO)
    return tmp_path / "demo.json"


def picture(url: str) -> dict[str, PictureToPut]:
    return {"sku": PictureToPut("pic_1", url, {}, b"picture")}


def test_pictures_that_are_sent_are_noted_and_all_else_of_the_demo_stays(kept: Path):
    with store(200) as (url, given):
        send(picture(url), DEMO, kept)
    assert given == [b"picture"]
    assert json.loads(kept.read_text()) == {**DEMO, "pictured": True}
    assert [path.name for path in kept.parent.iterdir()] == ["demo.json"]


def test_pictures_that_were_not_taken_are_sent_again_by_the_next_start(kept: Path):
    with store(500) as (url, _), pytest.raises(NotTaken):
        send(picture(url), DEMO, kept)
    assert json.loads(kept.read_text())["pictured"] is False
