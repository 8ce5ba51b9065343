"""A process of its own sets the hub up: what it says, answers and refuses arrives; the runner that stays holds none of what that takes."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import Pipe
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from local.conditions.refusals import CannotStart
from local.start.setting_up import Asking, SettingUp, obey

HUB = {"port": 4566}


@contextmanager
def asked(**orders: Callable[..., Any]) -> Iterator[tuple[Asking, list[str]]]:
    """The runner's side, its orders obeyed by a thread, and what it was told to say."""
    said = list[str]()
    ours, theirs = Pipe()
    thread = Thread(target=obey, args=(theirs, orders))
    thread.start()
    asking = Asking(ours, said.append)
    yield asking, said
    asking.leave()
    thread.join(10)
    assert not thread.is_alive(), "who is asked no more ends"


def test_what_is_said_on_the_way_is_said_before_the_answer():
    def deploy(stack: Any, say: Callable[[str], None], plugins: str) -> Any:
        say("packaging")
        return stack | {"offered": plugins}

    with asked(deploy=deploy) as (asking, said):
        assert asking.ask("deploy", HUB, plugins="none") == {"port": 4566, "offered": "none"}
        assert said == ["packaging"]


def test_a_refusal_is_one_here_too_and_whatever_else_failed_brings_its_traceback():
    def refuse(*_: Any) -> None:
        raise CannotStart("the stack is ROLLBACK_COMPLETE")

    def fail(*_: Any) -> None:
        raise ZeroDivisionError("by zero")

    with asked(refuse=refuse, fail=fail, more=lambda *_: "done") as (asking, _):
        with pytest.raises(CannotStart, match="ROLLBACK_COMPLETE"):
            asking.ask("refuse", HUB)
        with pytest.raises(RuntimeError, match=r"in fail\n(.|\n)*ZeroDivisionError: by zero"):
            asking.ask("fail", HUB)
        assert asking.ask("more", HUB) == "done", "it is asked on"


def test_one_that_has_ended_before_it_was_done_cannot_start_the_hub(tmp_path: Path):
    asking = SettingUp(tmp_path, lambda _: None)
    asking._process.kill()
    with pytest.raises(CannotStart, match="has ended before it was done"):
        asking.ask("deploy", HUB)
    asking.kill()
    assert not asking.running


def test_what_stays_imports_no_client_of_aws_and_no_model_of_the_hubs():
    told = "import sys, local.runner; print([name for name in ('botocore', 'boto3', 'pydantic', 'shared') if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout.strip() == "[]"
