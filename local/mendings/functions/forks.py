"""A function's process as the emulator has it: forked by the zygote, asked over a socket, heard by a pipe."""

import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from local.mendings.functions import calls
from local.workers.frames import Messages, packed, received

ROOT = Path(__file__).parents[3]
LOG_BYTES = 65536
Listen = Callable[[socket.socket, calls.Caller], None]


class Zygote:
    """The process that forks them, started when the emulator is."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        self._orders, self._turn = ours, threading.Lock()
        with theirs:
            command = [sys.executable, "-m", "local.workers.zygote", str(theirs.fileno())]
            environment = os.environ | {"PYTHONPATH": str(ROOT), "AWS_DEFAULT_REGION": "us-east-1", "AWS_REGION": "us-east-1"}
            if port := os.environ.get("GATEWAY_PORT"):
                environment["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{port}"  # as its children have it
            self.process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()])

    def close(self) -> None:
        """Its end, and that of all that it forked."""
        self._orders.close()

    def fork(self, order: Mapping[str, Any], descriptors: list[int]) -> int:
        """The process id of a new process with these three descriptors. Raises Ended."""
        with self._turn:
            socket.send_fds(self._orders, [b"\x00"], descriptors)
            self._orders.sendall(packed(order))
            told, _ = received(self._orders)
            return int(told["pid"])


class Child:
    """A function's process, with what the emulator asks of one that it started."""

    def __init__(
        self, order: Mapping[str, Any], zygote: Zygote, listen: Callable[[socket.socket, calls.Caller], None] = calls.listen
    ) -> None:
        """`listen` answers what it asks of AWS. Raises Ended if it cannot be forked."""
        self.calls, calls_there = socket.socketpair()
        aws, aws_there = socket.socketpair()
        self.printed, printed_there = socket.socketpair()
        self.printed.setblocking(False)
        try:
            self.pid = zygote.fork(order, [calls_there.fileno(), aws_there.fileno(), printed_there.fileno()])
        finally:
            calls_there.close()
            aws_there.close()
            printed_there.close()
        listen(aws, caller_of(order["environment"]))
        self._ended, self._heard = False, b""
        self._messages = Messages(self.calls)
        self._descriptors = self.calls.fileno(), self.printed.fileno()
        self._listening = select.poll()
        for descriptor in self._descriptors:
            self._listening.register(descriptor, select.POLLIN)

    def answer(self, seconds: float) -> tuple[dict[str, Any], str]:
        """What it says next, and what it printed. Raises TimeoutError, Ended."""
        until = time.monotonic() + seconds
        said, printed = self._descriptors
        while True:
            ready = {descriptor for descriptor, _ in self._listening.poll(max(0.0, until - time.monotonic()) * 1000)}
            if printed in ready and not self._hear():
                self._listening.unregister(printed)
            if said in ready:  # what it printed before it said that is ready too
                answer, _ = self._messages.next()
                heard, self._heard = self._heard, b""
                return answer, heard.decode(errors="replace")
            if time.monotonic() > until:
                raise TimeoutError

    def read_log(self) -> str:
        """What it printed since it was read last."""
        self._hear()
        heard, self._heard = self._heard, b""
        return heard.decode(errors="replace")

    def _hear(self) -> bool:
        """Take what it has printed; False if it will print no more."""
        with suppress(OSError):  # nothing more now
            while part := self.printed.recv(LOG_BYTES):
                self._heard += part
            return False
        return True

    def poll(self) -> int | None:
        """None while it lives."""
        if not self._ended:
            with suppress(OSError):
                try:
                    self._ended = self.calls.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
                except BlockingIOError:
                    return None
        return 1 if self._ended else None

    def terminate(self) -> None:
        """End it at once, whatever it is at."""
        if not self._ended:
            self._ended = True
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            with suppress(OSError):
                self.calls.shutdown(socket.SHUT_RDWR)  # whoever waits for its answer hears that there will be none

    kill = terminate

    def wait(self, timeout: float | None = None) -> int:
        """It was killed, and the zygote waits for it. Its sockets stay open for whoever waits for an answer: the end of one that is
        closed meanwhile is heard by nobody."""
        return 1

    def close(self) -> None:
        """Nobody asks it any more."""
        self.calls.close()
        self.printed.close()


_zygote: list[Zygote] = []


def zygote() -> Zygote:
    """The one of this emulator; made anew if it has died."""
    if _zygote and _zygote[0].process.poll() is not None:
        _zygote.clear()
    if not _zygote:
        _zygote.append(Zygote())
    return _zygote[0]


def end_zygote(seconds: float = 5.0) -> None:
    """End it, and wait until it has ended all that it forked, and what that left behind."""
    for one in _zygote:
        one.close()
        with suppress(subprocess.TimeoutExpired):
            one.process.wait(seconds)


def caller_of(environment: Mapping[str, str]) -> calls.Caller:
    """As whom a function with these variables asks AWS."""
    return calls.Caller(environment["AWS_ACCESS_KEY_ID"], environment["AWS_SESSION_TOKEN"], environment["AWS_REGION"])
