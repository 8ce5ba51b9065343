"""`make run` as a person meets it: it becomes ready, what it prints works as printed, it stops on Ctrl-C and finds its data again."""

import json
import re
import socket
import subprocess
import sys
from pathlib import Path
from signal import SIGINT, SIGKILL
from typing import Any

import pytest

from hubclient.hub import Hub
from infra.templates import ROOT
from local.conditions.ports import free_port
from tests.flow.market import eventually, product
from tests.flow.runner import Place, refusal, running, started

pytestmark = pytest.mark.xdist_group("run")


def pasted(line: str) -> Any:
    """What a shell prints for `line`, read as JSON."""
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_demo_is_loaded_also_when_cut_off_before_its_lines_work_as_printed_and_after_a_stop_it_goes_on_where_it_was(
    tmp_path: Path,
):
    place = Place.at(tmp_path / "hub")
    for ends in ((SIGKILL,), (SIGINT, SIGINT)):  # while the demo is loaded: the next start goes on
        with started(place) as runner:
            runner.until("are signed up")
            runner.hear(*ends)
            runner.nothing_is_left()
            assert SIGKILL in ends or "stopped; the data is kept" in runner.printed
    with running(place) as runner:
        printed, demo = runner.printed, place.demo()
        assert demo.keys() >= {"api", "keys", "storefronts", "products", "accounts"}
        assert (len(demo["storefronts"]), len(demo["products"]) >= 45) == (3, True)
        assert demo["api"] in printed
        browse, order, track = re.findall(r"^curl .*$", printed, re.MULTILINE)
        assert len(pasted(browse)["items"]) == 3
        placed = [pasted(order) for _ in range(2)]
        assert placed[0]["id"] != placed[1]["id"], "the line can be pasted again"
        assert pasted(track)["items"][0]["id"] == placed[1]["id"]
    with running(place) as runner:
        assert re.findall(r"^curl .*$", runner.printed, re.MULTILINE)[0] == browse
        kept = place.demo()
        assert (kept["storefronts"], kept["products"]) == (demo["storefronts"], demo["products"])
        assert pasted(track)["items"][0]["id"] == placed[1]["id"]
        supplier = Hub(kept["api"], kept["keys"][kept["products"][0]["supplier"]])
        made = supplier.post("/v1/products", product())["product_id"]
        eventually(lambda: supplier.get(f"/v1/products/{made}")["status"] == "approved")
        assert f"a hub runs at {place.folder} already: process {runner.process.pid}, port {place.port}" in refusal(place)
        assert "already" in refusal(Place.at(place.folder), "--fresh"), "nor is its data forgotten under its feet"
        lists = [sys.executable, "-m", "tools.load", "words", "demo/reference/words.en.txt", "--laptop", str(place.port)]
        loaded = subprocess.run(lists, capture_output=True, text=True, check=True, cwd=ROOT)
        assert "the hub uses it within a minute" in loaded.stderr


@pytest.mark.parametrize("option", ["PORT", "STRIPE_PORT"])
def test_a_busy_port_is_said_with_how_to_choose_another_and_nothing_is_written(option: str, tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ports = (port, free_port()) if option == "PORT" else (free_port(), port)
        said = refusal(Place(tmp_path / "hub", *ports))
    assert f"port {port} of 127.0.0.1 is in use" in said
    assert f"{option}=" in said
    assert not (tmp_path / "hub").exists()


def test_data_that_belongs_to_another_port_is_said(tmp_path: Path):
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "cloudformation.json").write_text("{}")
    (tmp_path / "port").write_text("4566")
    assert "PORT=4566" in refusal(Place.at(tmp_path))


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--port", "99999", "PORT=99999 is no port: choose a number from 1024 to 65535"),
        ("--workers", "0", "WORKERS=0 is no number from 1 to 50"),
        ("--parameters", "PayoutHoldDay=0", "the template has no parameter PayoutHoldDay: there are AccessLogs,"),
    ],
)
def test_what_was_asked_for_and_cannot_be_is_said_in_a_sentence(option: str, value: str, said: str, tmp_path: Path):
    assert said in refusal(Place.at(tmp_path), option, value)
