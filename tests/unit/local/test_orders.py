"""Orders to the emulator: an answer that comes late is nobody else's, and a stop is obeyed whatever became of what was asked before."""

import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from local.conditions.data_folder import DataFolder
from local.conditions.refusals import CannotStart
from local.emulator import Emulator
from local.orders import Orders, obey

SOON = 0.05
LONG = 30.0
WRITES_AT_SIGTERM = "import signal, sys; signal.signal(signal.SIGTERM, lambda *_: sys.exit(0)); print(flush=True); signal.pause()"


class Obedient:
    """The emulator's side, in a thread of its own: what it was ordered, and which order was its last."""

    def __init__(self, connection: socket.socket, waiting: Callable[[], Any]) -> None:
        self.last: str | None = None
        self._connection, self._answers = connection, {"waiting": waiting, "stop": lambda: {"AuditQueue": 2}}
        self._thread = threading.Thread(target=self._obey, daemon=True)
        self._thread.start()

    def _obey(self) -> None:
        self.last = obey(self._connection, self._answers)

    def ended(self) -> str | None:
        self._thread.join(LONG)
        return self.last


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_an_order_is_answered(ends: tuple[socket.socket, socket.socket]):
    orders, obedient = Orders(ends[0]), Obedient(ends[1], lambda: {"streams": 1})
    assert [orders.ask("waiting", LONG), orders.ask("stop", LONG)] == [{"streams": 1}, {"AuditQueue": 2}]
    assert obedient.ended() == "stop"


def test_an_answer_that_comes_late_is_not_the_next_orders(ends: tuple[socket.socket, socket.socket]):
    go_on = threading.Event()

    def late() -> dict[str, int]:
        go_on.wait(LONG)
        return {"late": 1}

    orders, obedient = Orders(ends[0]), Obedient(ends[1], late)
    assert orders.ask("waiting", SOON) is None
    threading.Timer(SOON, go_on.set).start()
    assert orders.ask("stop", LONG) == {"AuditQueue": 2}
    assert obedient.ended() == "stop"


def test_a_connection_that_is_cut_while_an_order_is_answered_is_an_end_in_order(ends: tuple[socket.socket, socket.socket]):
    asked, cut = threading.Event(), threading.Event()

    def answer() -> dict[str, int]:
        asked.set()
        cut.wait(LONG)
        return {"nobody reads this": 1}

    orders, obedient = Orders(ends[0]), Obedient(ends[1], answer)
    orders.ask("waiting", SOON)
    assert asked.wait(LONG)
    orders.close()
    cut.set()
    assert obedient.ended() == ""


def test_a_connection_that_is_cut_with_an_answer_unread_is_an_end_in_order(ends: tuple[socket.socket, socket.socket]):
    answered = threading.Event()
    obedient = Obedient(ends[1], lambda: answered.set() or {"unread": 1})
    ends[0].sendall(b"1 waiting\n2 waiting\n")
    assert answered.wait(LONG)
    ends[0].close()
    assert obedient.ended() == ""


def test_a_stop_that_was_ordered_before_the_connection_was_cut_is_obeyed(ends: tuple[socket.socket, socket.socket]):
    ends[0].sendall(b"1 waiting\n2 stop\n")
    ends[0].close()
    assert Obedient(ends[1], dict).ended() == "stop"


def test_an_order_whose_answer_fails_or_that_nobody_knows_is_answered_by_none_and_the_next_is_obeyed(
    ends: tuple[socket.socket, socket.socket],
):
    orders, obedient = Orders(ends[0]), Obedient(ends[1], lambda: 1 // 0)
    assert [orders.ask("waiting", LONG), orders.ask("dance", LONG), orders.ask("stop", LONG)] == [None, None, {"AuditQueue": 2}]
    assert obedient.ended() == "stop"


def test_half_a_line_where_a_reading_was_cut_off_spoils_no_later_answer(ends: tuple[socket.socket, socket.socket]):
    orders = Orders(ends[0])
    ends[1].sendall(b'"streams": 4}]\n[1, {"streams": 5}]\n')
    assert orders.ask("waiting", LONG) == {"streams": 5}


def emulator(orders: socket.socket, folder: Path, program: str) -> Emulator:
    """One whose process is `program`, which hears no orders."""
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, start_new_session=True)
    assert process.stdout is not None
    with process.stdout as said:
        said.readline()
    return Emulator(1, DataFolder(folder), keeps=True, keeping=True, _process=process, _orders=Orders(orders))


def test_an_emulator_that_hears_no_order_to_stop_is_stopped_by_the_signal_at_which_it_writes_its_data(
    ends: tuple[socket.socket, socket.socket], tmp_path: Path
):
    stopped = emulator(ends[0], tmp_path, WRITES_AT_SIGTERM)
    ends[1].close()
    assert stopped.stop() == (True, {})


def test_an_emulator_that_ends_with_an_error_has_not_kept_its_data(ends: tuple[socket.socket, socket.socket], tmp_path: Path):
    stopped = emulator(ends[0], tmp_path, WRITES_AT_SIGTERM.replace("exit(0)", "exit(1)"))
    ends[1].close()
    assert stopped.stop() == (False, {})


def test_an_emulator_that_does_not_answer_is_not_taken_for_one_that_keeps_or_has_nothing_to_do(
    ends: tuple[socket.socket, socket.socket], tmp_path: Path
):
    (tmp_path / "emulator.log").write_text("Traceback: boom\n")
    deaf = emulator(ends[0], tmp_path, WRITES_AT_SIGTERM)
    deaf.keeping = False
    ends[1].close()
    with pytest.raises(CannotStart, match="boom"):
        deaf.keep()
    assert (deaf.keeping, deaf.waiting()) == (False, None)
    deaf.kill()
    assert deaf._process is not None
    assert deaf._process.returncode == -signal.SIGKILL
