"""The embedded emulator as a child process: started on 127.0.0.1, mended where facts say it must be, told when to stop."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.conditions.data_folder import DataFolder
from local.conditions.refusals import CannotStart
from local.orders import Orders
from local.stop_signals import undisturbed

READY_SECONDS = 30
WAITING_SECONDS = 5.0
Asked = tuple[str, str, str, bool]
KEEPING_SECONDS = 60.0
"""How long it may take to answer what waits, and that it keeps its state: this machine may be busy with the deployment."""
FINISHING_SECONDS = 30.0
"""How long it may take to finish what it is at and to answer what remains."""
WRITING_SECONDS = 600.0
"""How long it may write its state."""
UNREADABLE = 3
"""Its exit status when the last line of its log says why what is kept cannot be read."""
UNTOUCHED = "nothing of it was changed. Start the version that wrote it, or put a copy in its place, or forget it with ARGS=--fresh"


@dataclass
class Emulator:
    """AWS on a laptop. It ends with the process that started it, whatever becomes of that: it hears the end of a socket."""

    port: int
    folder: DataFolder
    """Holds its log and, if `keeps`, its state."""
    keeps: bool = False
    workers: int = 2
    """Processes that one function has at most."""
    keeping: bool = False
    """Whether its end keeps the state of this start."""
    _process: subprocess.Popen[bytes] | None = None
    _orders: Orders | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        """The child's environment: this process's, without a developer's own AWS settings."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("AWS_") and k not in ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH")}
        return kept | {
            "GATEWAY_PORT": str(self.port),
            "BIND_HOST": "127.0.0.1",
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "LOG_LEVEL": "WARNING",
            "AUTH": "true",  # each function has its role's rights, and no others
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
            "PERSIST_STATE": "1" if self.keeps else "0",
            "S3_PERSIST": "1" if self.keeps else "0",
            "STATE_DIR": str(self.folder.path / "state"),
            "S3_DATA_DIR": str(self.folder.path / "s3"),
            "TMPDIR": str(self.folder.path / "tmp"),
            "MONSOON_MAIL": str(self.folder.path / "mail"),
            "MONSOON_CODE": str(self.folder.path / "code"),
            "MONSOON_WORKERS": str(self.workers),
            "MALLOC_ARENA_MAX": "2",  # else each of its threads keeps free memory of its own: mallopt(3), M_ARENA_MAX
        }

    def start(self) -> None:
        """Start and wait until it answers. Raises CannotStart with the log's end if it does not come up."""
        for name in ("tmp", "code"):
            (self.folder.path / name).mkdir(parents=True, exist_ok=True)
        launcher = Path(__file__).with_name("launcher.py")
        ours, theirs = socket.socketpair()
        self._orders = Orders(ours)
        passed = [theirs.fileno(), *([] if self.folder.lock is None else [self.folder.lock])]
        with undisturbed(), theirs, (self.folder.path / "emulator.log").open("ab") as log:
            # A session of its own: Ctrl-C reaches the runner alone, which then stops the emulator in order.
            self._process = subprocess.Popen(
                [sys.executable, str(launcher), str(theirs.fileno())], env=self.environment(), stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, start_new_session=True, cwd=self.folder.path, pass_fds=passed,
            )  # fmt: skip
        until = time.monotonic() + READY_SECONDS
        while not self._answers():
            if self._process.poll() == UNREADABLE:
                raise CannotStart(f"{self.log_end(1)}; {UNTOUCHED}")
            if self._process.poll() is not None or time.monotonic() > until:
                raise CannotStart(f"the emulator does not start; the end of {self.folder.path}/emulator.log:\n{self.log_end()}")
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/_localstack/health", timeout=1) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def log_end(self, lines: int = 20) -> str:
        """The last lines of its log."""
        return "\n".join((self.folder.path / "emulator.log").read_text(errors="replace").splitlines()[-lines:])

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def keep(self) -> None:
        """From now on whatever it answers is kept, however this process or that ends; before, the state of last time stays as it was.
        Raises CannotStart if that cannot be."""
        why = self._ask("keep", KEEPING_SECONDS)
        if why is None:
            raise CannotStart(f"the emulator does not answer; the end of {self.folder.path}/emulator.log:\n{self.log_end()}")
        if why:
            raise CannotStart(f"nothing could be kept of what people do here: {why}; make room, or start elsewhere with ARGS=--folder …")
        self.keeping = True

    def cut(self) -> int:
        """Bytes of a last change that a kill cut off in its writing, and nobody was told of; found at this start."""
        return self._ask("cut", WAITING_SECONDS) or 0

    def trouble(self) -> str:
        """Why it can write nothing now, and refuses to; empty if it can, or does not answer."""
        return self._ask("trouble", WAITING_SECONDS) or ""

    def news(self) -> list[str]:
        """What a person should hear of its functions since it was asked last, in sentences."""
        return self._ask("news", WAITING_SECONDS) or []

    def spare(self) -> int:
        """End functions' processes that are idle; how many."""
        return self._ask("spare", WAITING_SECONDS) or 0

    def waiting(self) -> dict[str, int] | None:
        """What is on its way, by queue, with unread records of streams; None if it does not answer."""
        found: dict[str, int] | None = self._ask("waiting", WAITING_SECONDS)
        return found

    def rights(self) -> list[Asked] | None:
        """What functions asked of AWS since the start: (function, action, resource's ARN, whether its role allows it); None if it
        does not answer."""
        found: list[Asked] | None = self._ask("rights", WAITING_SECONDS)
        return None if found is None else [(function, action, resource, bool(may)) for function, action, resource, may in found]

    def figures(self) -> dict[str, Any]:
        """Since the start: `calls` of AWS [(function, action, times)], `cpu_s` by function, `messages` delivered by queue; nothing if it
        does not answer."""
        found: dict[str, Any] | None = self._ask("figures", WAITING_SECONDS)
        return found or {"calls": [], "cpu_s": {}, "messages": {}}

    @property
    def pid(self) -> int:
        """Raises RuntimeError unless it was started."""
        if self._process is None:
            raise RuntimeError("the emulator was not started")
        return self._process.pid

    def _ask(self, order: str, seconds: float) -> Any:
        return None if self._orders is None else self._orders.ask(order, seconds)

    def stop(self, order: str = "stop", wait: Callable[[], None] = lambda: None) -> tuple[bool, dict[str, int]]:
        """Let it end in order, which writes a new base: whether it did, and what remains on its way, as far as it says.
        `wait` is called meanwhile."""
        if not self.running:
            return False, {}
        remains: dict[str, int] | None = self._ask(order, FINISHING_SECONDS)
        self._hang_up()
        if remains is None and self._process is not None:  # it does not listen, or not in time; this it obeys whatever its threads are at
            self._process.terminate()
        until = time.monotonic() + WRITING_SECONDS
        while self.running and time.monotonic() < until:
            wait()
            time.sleep(0.05)
        ended = self._process is not None and self._process.poll() == 0
        self.kill()
        return ended, remains or {}

    def kill(self) -> None:
        """End it, and the functions it runs, at once."""
        self._hang_up()
        if self._process is not None:
            with suppress(OSError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(10)

    def _hang_up(self) -> None:
        if self._orders is not None:
            self._orders.close()
            self._orders = None
