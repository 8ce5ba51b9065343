"""However the runner is ended, and at whatever stage: nothing of the hub is left running, and what it says of the data is true."""

import os
import pty
from pathlib import Path
from signal import SIGHUP, SIGINT, SIGKILL, SIGTERM, Signals

import boto3
import pytest

from infra.templates import ROOT
from local.conditions.data_folder import DataFolder
from tests.flow.runner import Place, Runner, running, started

pytestmark = pytest.mark.xdist_group("run stops")
STAGES = {"before the emulator": "", "the emulator answers": "the emulator answers", "deploying": "packaging"}
TWICE = (SIGINT, SIGINT)
KEPT, NOTHING, AS_BEFORE = "stopped; the data is kept", "there was nothing to keep", "the data is as it was before this start"


def ended(runner: Runner, signals: tuple[Signals, ...], last: str) -> None:
    runner.hear(*signals)
    if SIGKILL not in signals:
        assert runner.process.returncode == 0, runner.printed
        assert last in runner.printed.splitlines()[-1]
        assert runner.place.left_running() == [], "it does not end before the rest has"
    assert "Traceback" not in runner.printed
    runner.nothing_is_left()


@pytest.mark.parametrize("signals", [(SIGINT,), TWICE, (SIGTERM,), (SIGKILL,)], ids=["Ctrl-C", "twice", "SIGTERM", "kill -9"])
@pytest.mark.parametrize("stage", STAGES)
def test_an_end_before_the_hub_is_deployed_leaves_nothing(stage: str, signals: tuple[Signals, ...], tmp_path: Path):
    place = Place.at(tmp_path / "hub")
    with started(place, "--no-demo") as runner:
        runner.until(STAGES[stage] or "starting")
        ended(runner, signals, NOTHING)
    assert not DataFolder(place.folder).has_state


def put(place: Place, name: str) -> None:
    client(place).put_object(Bucket="monsoon-artefacts", Key=name)
    client(place, "sqs").create_queue(QueueName=name)


def queues(place: Place) -> set[str]:
    return {url.rpartition("/")[2] for url in client(place, "sqs").list_queues(QueueNamePrefix="after").get("QueueUrls", [])}


def variables(place: Place) -> list[dict[str, str]]:
    """The environment of each function."""
    found = client(place, "lambda").list_functions(MaxItems=100)["Functions"]
    return [function["Environment"]["Variables"] for function in found]


def client(place: Place, service: str = "s3"):
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}
    return boto3.client(service, endpoint_url=f"http://127.0.0.1:{place.port}", **keys)


def test_an_end_of_a_ready_hub_keeps_its_data_and_one_while_it_starts_again_does_not_harm_it(tmp_path: Path):
    """One folder through every end, one after another."""
    place, kept = Place.at(tmp_path / "hub"), set[str]()
    for signals in ((SIGHUP,), (SIGKILL,), (SIGTERM, SIGINT, SIGTERM)):
        with started(place, "--no-demo") as runner:
            runner.until("ready;")
            assert queues(place) == kept
            name = f"after-{len(kept)}"
            put(place, name)
            kept.add(name)
            ended(runner, signals, KEPT)
    for signals in ((SIGINT,), (SIGKILL,)):
        with started(place, "--no-demo", "--parameters", f"UnpaidMinutes={30 + signals[0]}") as runner:  # else nothing is to be deployed
            runner.until("packaging")
            ended(runner, signals, AS_BEFORE)
    with running(place, "--no-demo"):
        assert queues(place) == kept


def test_a_start_right_after_a_kill_waits_until_the_data_of_the_killed_one_is_written(tmp_path: Path):
    place = Place.at(tmp_path / "hub")
    with started(place, "--no-demo") as first:
        first.until("ready;")
        put(place, "after-kill")
        first.hear(SIGKILL)
        with running(place, "--no-demo", "--parameters", "PayoutHoldDays=0 CommissionPerMille=50"):
            assert queues(place) == {"after-kill"}
            assert {v["PAYOUT_HOLD_DAYS"] for v in variables(place) if "PAYOUT_HOLD_DAYS" in v} == {"0"}, "parameters hold for old data too"


def test_a_terminal_that_closes_stops_it_like_ctrl_c_though_make_tells_nobody(tmp_path: Path):
    place = Place.at(tmp_path / "hub")
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(ROOT)
        os.execvp(
            "make", ["make", "run", f"PORT={place.port}", f"STRIPE_PORT={place.stripe_port}", f"ARGS=--no-demo --folder {place.folder}"]
        )
    printed = b""
    while b"ready;" not in printed:
        printed += os.read(terminal, 4096)
    os.close(terminal)
    os.waitpid(child, 0)
    assert place.left_running() == []
    assert DataFolder(place.folder).has_state
