"""The embedded emulator as a child process: started on 127.0.0.1, mended where facts say it must be, told when to stop."""

import json
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

from local.conditions.data_folder import DataFolder
from local.conditions.refusals import CannotStart
from local.stop_signals import undisturbed

READY_SECONDS = 30
FINISHING_SECONDS = 30.0
"""How long it may take to finish what it is at and to answer what remains."""
WRITING_SECONDS = 600.0
"""How long it may write its state."""


@dataclass
class Emulator:
    """AWS on a laptop. It ends with the process that started it, whatever becomes of that: it hears the end of a socket."""

    port: int
    folder: DataFolder
    """Holds its log and, if `keeps`, its state."""
    keeps: bool = False
    keeping: bool = False
    """Whether its end keeps the state of this start."""
    _process: subprocess.Popen[bytes] | None = None
    _orders: socket.socket | None = None

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
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
            "PERSIST_STATE": "1" if self.keeps else "0",
            "S3_PERSIST": "1" if self.keeps else "0",
            "STATE_DIR": str(self.folder.path / "state"),
            "S3_DATA_DIR": str(self.folder.path / "s3"),
            "TMPDIR": str(self.folder.path / "tmp"),
            "LAMBDA_WARM_TTL_SECONDS": "3600",
        }

    def start(self) -> None:
        """Start and wait until it answers. Raises CannotStart with the log's end if it does not come up."""
        (self.folder.path / "tmp").mkdir(parents=True, exist_ok=True)
        launcher = Path(__file__).with_name("launcher.py")
        self._orders, theirs = socket.socketpair()
        passed = [theirs.fileno(), *([] if self.folder.lock is None else [self.folder.lock])]
        with undisturbed(), theirs, (self.folder.path / "emulator.log").open("ab") as log:
            # A session of its own: Ctrl-C reaches the runner alone, which then stops the emulator in order.
            self._process = subprocess.Popen(
                [sys.executable, str(launcher), str(theirs.fileno())], env=self.environment(), stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, start_new_session=True, cwd=self.folder.path, pass_fds=passed,
            )  # fmt: skip
        until = time.monotonic() + READY_SECONDS
        while not self._answers():
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
        """From now on its end keeps the state, also if this process is killed; before, the state of last time stays as it was."""
        if self._order("keep", 5.0) is not None:
            self.keeping = True

    def waiting(self) -> dict[str, int]:
        """What is on its way, by queue, with unread records of streams; nothing if it does not answer."""
        return self._order("waiting", 5.0) or {}

    def _order(self, order: str, seconds: float) -> dict[str, int] | None:
        """The answer; None if there is none."""
        if self._orders is None:
            return None
        with suppress(OSError, ValueError):
            self._orders.settimeout(seconds)
            self._orders.sendall(f"{order}\n".encode())
            text = b""
            while not text.endswith(b"\n") and (part := self._orders.recv(65536)):
                text += part
            found: dict[str, int] = json.loads(text)
            return found
        return None

    def stop(self, order: str = "stop", wait: Callable[[], None] = lambda: None) -> tuple[bool, dict[str, int]]:
        """Let it end in order, which writes its state: whether it did, and what remains on its way. `wait` is called meanwhile."""
        if not self.running:
            return False, {}
        remains = self._order(order, FINISHING_SECONDS) or {}
        self._hang_up()
        until = time.monotonic() + WRITING_SECONDS
        while self.running and time.monotonic() < until:
            wait()
            time.sleep(0.05)
        ended = self._process is not None and self._process.poll() == 0
        self.kill()
        return ended, remains

    def kill(self) -> None:
        """End it, and the functions it runs, at once: nothing is written."""
        self._hang_up()
        if self._process is not None:
            with suppress(OSError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(10)

    def _hang_up(self) -> None:
        if self._orders is not None:
            self._orders.close()
            self._orders = None
