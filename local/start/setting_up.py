"""What a start needs AWS's clients for is done by a process of its own that ends once it is done: they hold 50 MB, and the runner, which
stays, needs none of them. It is imported while the emulator starts.

`python -m local.leash local.start.setting_up FOLDER FD`: FD is a socket on which orders come, and answers go.
"""

import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from infra.templates import ROOT
from local.conditions.refusals import CannotStart
from local.start.sayer import Say
from local.stop_signals import undisturbed

SAID, DONE, REFUSED, FAILED = "said", "done", "refused", "failed"
"""What an answer begins with: a sentence for the person, or what came of the order."""


@dataclass(frozen=True)
class Order:
    """`do` it with the hub that a stack of these words describes (`Stack`'s own names); `more` is what that takes."""

    do: str
    stack: Mapping[str, Any]
    more: Mapping[str, Any]


class Asking:
    """Whoever gives such orders over `connection`, and says what he is told on the way."""

    def __init__(self, connection: Connection, say: Say) -> None:
        self._connection, self._say = connection, say

    def ask(self, do: str, stack: Mapping[str, Any], **more: Any) -> Any:
        """What comes of it. Raises CannotStart, and RuntimeError with the traceback of what nobody foresaw."""
        try:
            self._connection.send(Order(do, stack, more))
            while (answer := self._connection.recv())[0] == SAID:
                self._say(answer[1])
        except (EOFError, OSError) as error:
            raise CannotStart("the process that sets the hub up has ended before it was done") from error
        kind, found = answer
        if kind == REFUSED:
            raise CannotStart(found)
        if kind == FAILED:
            raise RuntimeError(found)
        return found

    def leave(self) -> None:
        """Ask no more: who obeyed ends when he has done what he is at."""
        with suppress(OSError):
            self._connection.close()


class SettingUp(Asking):
    """The runner's side of that process, which is started when this is made; `say`: what it says on the way."""

    def __init__(self, folder: Path, say: Say) -> None:
        ours, theirs = socket.socketpair()
        super().__init__(Connection(ours.detach()), say)
        command = [sys.executable, "-m", "local.leash", "local.start.setting_up", str(folder), str(theirs.fileno())]
        with undisturbed(), theirs:
            # A session of its own: Ctrl-C reaches the runner alone. Its standard input ends with the runner, and it with that.
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True, cwd=ROOT, pass_fds=[theirs.fileno()])

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        """End it at once, if it has not ended, and let nothing be left of it."""
        self.leave()
        with self._process:
            self._process.kill()


def obey(connection: Connection, orders: Mapping[str, Callable[..., Any]]) -> None:
    """Do what comes until nothing will: each by the function of `orders` that it names, told its stack, a way to say, and more."""

    def say(text: str) -> None:
        connection.send((SAID, text))

    with suppress(EOFError, OSError):
        while True:
            order: Order = connection.recv()
            try:
                answer = DONE, orders[order.do](order.stack, say, **order.more)
            except CannotStart as error:
                answer = REFUSED, str(error)
            except Exception:
                answer = FAILED, traceback.format_exc()
            connection.send(answer)


def main() -> None:
    from local.demo import load_demo  # noqa: PLC0415 (whoever asks this process to be made imports none of it)
    from local.stack import Stack  # noqa: PLC0415

    later: list[threading.Thread] = []

    def hub(told: Mapping[str, Any], say: Say) -> Stack:
        return Stack(**told, say=say)

    def deploy(told: Mapping[str, Any], say: Say, plugins: Any) -> dict[str, str]:
        stack = hub(told, say)
        stack.plugins = plugins
        stack.deploy()
        return stack.outputs

    def beside(do: Callable[[], None]) -> None:
        later.append(threading.Thread(target=do))
        later[-1].start()

    def warm(told: Mapping[str, Any], say: Say) -> None:
        beside(hub(told, say).warm)

    def demo(told: Mapping[str, Any], say: Say, kept: Path) -> Any:
        return load_demo(hub(told, say), kept, say, beside)

    obey(Connection(int(sys.argv.pop())), {"deploy": deploy, "warm": warm, "demo": demo})
    for thread in later:
        thread.join()


if __name__ == "__main__":
    main()
