"""`make run` as a person meets it: it becomes ready, what it prints works as printed, it stops on Ctrl-C and finds its data again."""

import json
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hubclient.hub import Hub
from infra.templates import ROOT
from local.emulator import free_port
from tests.flow.market import eventually, product

pytestmark = pytest.mark.xdist_group("run")
READY_SECONDS, STOP_SECONDS = 120, 60
"""Far beyond what a free machine takes: the other tests run beside this one."""


@dataclass(frozen=True)
class Place:
    """Where one hub runs and keeps its data."""

    folder: Path
    port: int
    stripe_port: int

    def command(self) -> list[str]:
        ports = ["--port", str(self.port), "--stripe-port", str(self.stripe_port)]
        return [sys.executable, "-u", "-m", "local.run", *ports, "--folder", str(self.folder)]

    def demo(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "demo.json").read_text())
        return found


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place(tmp_path_factory.mktemp("run") / "hub", free_port(), free_port())


@contextmanager
def running(place: Place, *more: str) -> Iterator[str]:
    """The hub while it runs; gives all that it printed until it was ready. Ends it by Ctrl-C, upon which it must say 0."""
    log = place.folder.parent / "printed"
    with log.open("w") as printed:
        process = subprocess.Popen([*place.command(), *more], stdout=printed, stderr=subprocess.STDOUT, cwd=ROOT)
    try:
        until = time.monotonic() + READY_SECONDS
        while "ready;" not in log.read_text():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.1)
        yield log.read_text()
        process.send_signal(signal.SIGINT)
        assert process.wait(STOP_SECONDS) == 0, log.read_text()
        assert log.read_text().endswith("stopped; the data is kept\n")
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(STOP_SECONDS)
            process.kill()


def pasted(line: str) -> Any:
    """What a shell prints for `line`, read as JSON."""
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_it_starts_with_a_demo_whose_lines_work_as_printed_stops_on_ctrl_c_and_goes_on_where_it_was(place: Place):
    with running(place) as printed:
        demo = place.demo()
        assert demo.keys() >= {"api", "keys", "storefronts", "products", "accounts"}
        assert (len(demo["storefronts"]), len(demo["products"]) >= 45) == (3, True)
        assert demo["api"] in printed
        browse, order, track = re.findall(r"^curl .*$", printed, re.MULTILINE)
        assert len(pasted(browse)["items"]) == 3
        placed = [pasted(order) for _ in range(2)]
        assert placed[0]["id"] != placed[1]["id"], "the line can be pasted again"
        assert pasted(track)["items"][0]["id"] == placed[1]["id"]
    with running(place) as printed:
        assert re.findall(r"^curl .*$", printed, re.MULTILINE)[0] == browse
        kept = place.demo()
        assert (kept["storefronts"], kept["products"]) == (demo["storefronts"], demo["products"])
        assert pasted(track)["items"][0]["id"] == placed[1]["id"]
        supplier = Hub(kept["api"], kept["keys"][kept["products"][0]["supplier"]])
        made = supplier.post("/v1/products", product())["product_id"]
        eventually(lambda: supplier.get(f"/v1/products/{made}")["status"] == "approved")


def refusal(place: Place) -> str:
    """What it says on stderr when it does not start; it ends with 1 and prints no stack trace."""
    done = subprocess.run(place.command(), capture_output=True, text=True, timeout=60, check=False, cwd=ROOT)
    assert done.returncode == 1, done
    assert "Traceback" not in done.stdout + done.stderr
    return done.stderr


@pytest.mark.parametrize("option", ["PORT", "STRIPE_PORT"])
def test_a_busy_port_is_said_and_how_to_choose_another(option: str, tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ports = (port, free_port()) if option == "PORT" else (free_port(), port)
        said = refusal(Place(tmp_path, *ports))
    assert f"port {port} of 127.0.0.1 is in use" in said
    assert f"{option}=" in said


def test_data_that_belongs_to_another_port_is_said(tmp_path: Path):
    (tmp_path / "port").write_text("4566")
    assert "PORT=4566" in refusal(Place(tmp_path, free_port(), free_port()))
