"""A function's process is forked, does one call after another, and is told apart by what ends it."""

import shutil
import sys
import textwrap
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from bench.machine.process_tree import name as process_name
from local.mendings.functions.forks import Child, Zygote
from local.workers.frames import Ended, packed
from tests.conftest import ROOT
from tests.processes import alive, ended

HANDLER = """
    import os, subprocess, sys, time
    seen = []
    LEFT = "import os, subprocess; print(subprocess.Popen(['sleep', '300'], stdout=-3, start_new_session=True).pid, flush=True)"

    def handler(event, context):
        print("doing", event)
        seen.append(event)
        match event:
            case "refuse":
                raise PermissionError("Unauthorized")
            case "exit":
                os._exit(3)
            case "sleep":
                time.sleep(30)
            case "fork":
                return [subprocess.Popen(["sleep", "300"], start_new_session=alone).pid for alone in (False, True)]
            case "leave behind":
                return int(subprocess.run([sys.executable, "-c", LEFT], stdout=subprocess.PIPE).stdout)
            case "much":
                print("x" * 300_000)
            case "variables":
                return dict(os.environ)
            case "context":
                return [context.function_name, context.aws_request_id, context.get_remaining_time_in_millis()]
            case "imported":
                return sorted(name for name in sys.modules if name.partition(".")[0] in ("functions", "shared", "tests", "infra"))
        return len(seen)
"""
ENVIRONMENT = {
    "AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t",
    "AWS_REGION": "us-east-1",
    "AWS_LAMBDA_FUNCTION_NAME": "Fun", "AWS_LAMBDA_FUNCTION_VERSION": "1", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
    "AWS_LAMBDA_LOG_STREAM_NAME": "s", "OWN": "yes",
}  # fmt: skip
CALL = {"request_id": "r-1", "invoked_function_arn": "arn", "timeout_ms": 9000, "trace_id": None, "depth": None}


@pytest.fixture(scope="module")
def zygote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zygote]:
    made = Zygote()
    yield made
    made.close()
    assert made.process.wait(10) == 0


def code(folder: Path, source: str = HANDLER) -> dict[str, Any]:
    """An artefact with one function, and the order for a process of it."""
    (folder / "functions").mkdir(parents=True, exist_ok=True)
    (folder / "functions" / "fun.py").write_text(textwrap.dedent(source))
    modules = [(str(folder), "functions.fun")]
    return {"code": str(folder), "module": "functions.fun", "handler": "handler", "environment": ENVIRONMENT, "modules": modules}


@pytest.fixture
def child(zygote: Zygote, tmp_path: Path) -> Iterator[Child]:
    with born(code(tmp_path), zygote) as made:
        assert made.answer(10)[0] == {"status": "ready"}
        yield made


@contextmanager
def born(order: dict[str, Any], zygote: Zygote) -> Iterator[Child]:
    """A process of which nothing calls AWS, up to its end."""
    made = Child(order, zygote, lambda aws, _: aws.close())
    yield made
    made.terminate()
    made.close()


def ask(child: Child, event: Any, seconds: float = 10) -> tuple[dict[str, Any], str]:
    child.calls.sendall(packed({"event": event, "ctx": CALL}))
    return child.answer(seconds)


def test_a_process_does_one_call_after_another_and_what_it_prints_comes_with_the_answer(child: Child):
    for number, word in ((1, "one"), (2, "two")):
        answer, printed = ask(child, word)
        assert (answer["status"], answer["result"], printed) == ("ok", number, f"doing {word}\n")
        assert 0 <= answer["cpu_s"] < 1


def test_a_handler_that_raises_is_an_error_and_keeps_its_process(child: Child):
    answer, _ = ask(child, "refuse")
    assert (answer["status"], answer["error"]) == ("error", "Unauthorized")
    assert "PermissionError" in answer["trace"]
    assert ask(child, "after")[0]["result"] == 2
    assert child.poll() is None


def test_a_process_that_ends_in_the_midst_of_a_call_is_heard(child: Child):
    with pytest.raises(Ended):
        ask(child, "exit")
    assert child.poll() == 1
    assert child.read_log() == "doing exit\n", "the last words are heard"


def test_a_call_that_takes_too_long_is_a_timeout_and_its_process_can_be_ended(child: Child):
    with pytest.raises(TimeoutError):
        ask(child, "sleep", 0.3)
    child.terminate()
    assert ended(child.pid)


@pytest.mark.skipif(sys.platform != "linux", reason="who inherits children can be said on Linux alone")
def test_what_a_function_forked_ends_with_its_process_whatever_session_it_took(child: Child):
    forked = [*ask(child, "fork")[0]["result"], ask(child, "leave behind")[0]["result"]]
    assert all(map(alive, forked))
    child.terminate()
    assert [pid for pid in forked if not ended(pid)] == []


def test_what_functions_forked_ends_with_the_zygote(tmp_path: Path):
    zygote = Zygote()
    with born(code(tmp_path), zygote) as made:
        made.answer(10)
        forked = ask(made, "fork")[0]["result"]
        zygote.close()
        assert zygote.process.wait(20) == 0
        assert [pid for pid in forked if alive(pid)] == [], "it does not end before they have"


def test_whoever_waits_for_a_process_that_is_ended_meanwhile_hears_that_instead_of_waiting_on(child: Child):
    threading.Timer(0.2, child.terminate).start()
    with pytest.raises(Ended):  # not TimeoutError
        ask(child, "sleep", 20)
    assert child.wait() == 1


def test_who_prints_more_than_a_socket_holds_waits_for_nobody(child: Child):
    answer, printed = ask(child, "much")
    assert answer["status"] == "ok"
    assert len(printed) > 300_000


def test_a_process_has_its_functions_variables_and_no_others(child: Child):
    assert ask(child, "variables")[0]["result"] == ENVIRONMENT


SIGNER = """
    from shared.aws import dynamo
    from shared.aws.clients import session

    def handler(event, context):
        dynamo.connection()
        return session().get_credentials().access_key
"""


def test_a_process_signs_by_its_functions_keys_though_a_client_was_made_before_the_fork(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A presigned address would else bear the keys of whoever started the emulator, and be judged by nobody."""
    for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "DEFAULT_REGION"):
        monkeypatch.setenv(f"AWS_{name}", "us-east-1" if name == "DEFAULT_REGION" else "the emulators")
    shutil.copytree(ROOT / "shared", tmp_path / "shared", ignore=shutil.ignore_patterns("__pycache__"))
    zygote = Zygote()
    try:
        with born(code(tmp_path, SIGNER), zygote) as made:
            assert made.answer(20)[0] == {"status": "ready"}
            assert ask(made, "who")[0]["result"] == "k"
    finally:
        zygote.close()
        zygote.process.wait(10)


def test_a_handler_is_told_of_its_call(child: Child):
    name, request_id, left = ask(child, "context")[0]["result"]
    assert (name, request_id) == ("Fun", "r-1")
    assert 8000 < left <= 9000


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a process bears the name of its file")
def test_a_process_bears_the_name_of_its_function(zygote: Zygote, tmp_path: Path):
    order = code(tmp_path)
    order["environment"] = ENVIRONMENT | {"AWS_LAMBDA_FUNCTION_NAME": "monsoon-local-UploadsFeeds-1A2B"}
    with born(order, zygote) as made:
        assert made.answer(10)[0] == {"status": "ready"}
        assert "UploadsFeeds" in [process_name(each) for each in psutil.Process(zygote.process.pid).children()]


def test_a_process_finds_its_artefact_and_nothing_of_the_checkout(child: Child):
    assert {name for name in ask(child, "imported")[0]["result"] if name.startswith(("functions", "shared", "tests"))} == {
        "functions", "functions.fun",
    }  # fmt: skip


def test_code_that_differs_from_what_was_imported_before_is_imported_anew(zygote: Zygote, tmp_path: Path):
    for number in (1, 2):
        with born(code(tmp_path / str(number), f"def handler(event, context):\n    return {number}"), zygote) as made:
            assert made.answer(10)[0] == {"status": "ready"}
            assert ask(made, "which")[0]["result"] == number


def test_a_handler_that_cannot_be_imported_says_why_and_stops_nobody_else(zygote: Zygote, tmp_path: Path):
    with born(code(tmp_path / "a", "import nothing_of_the_kind"), zygote) as made:
        answer, _ = made.answer(10)
        assert (answer["status"], answer["error"]) == ("error", "No module named 'nothing_of_the_kind'")
    with born(code(tmp_path / "b"), zygote) as other:
        assert other.answer(10)[0] == {"status": "ready"}


def test_the_end_of_the_zygote_is_the_end_of_all_processes(tmp_path: Path):
    zygote = Zygote()
    with born(code(tmp_path), zygote) as made:
        assert made.answer(10)[0] == {"status": "ready"}
        made.calls.sendall(packed({"event": "sleep", "ctx": CALL}))
        zygote.close()
        assert zygote.process.wait(10) == 0
        assert ended(made.pid)
