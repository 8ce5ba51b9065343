"""The embedded emulator as a child process: started on 127.0.0.1, mended where facts say it must be, stopped gracefully."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

READY_SECONDS = 30
STOP_SECONDS = 60


class PortBusy(RuntimeError):
    """Something else listens on the port."""


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def busy(port: int) -> bool:
    """Whether somebody listens on `port` of 127.0.0.1."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@dataclass
class Emulator:
    """AWS on a laptop. As a context manager: starts on enter, stops on exit."""

    port: int
    folder: Path
    """Holds its log and, if `keeps`, its state."""
    keeps: bool = False
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def has_state(self) -> bool:
        """Whether an earlier start left its state here."""
        return self.keeps and (self.folder / "state").is_dir() and any((self.folder / "state").iterdir())

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
            "STATE_DIR": str(self.folder / "state"),
            "S3_DATA_DIR": str(self.folder / "s3"),
            "LAMBDA_WARM_TTL_SECONDS": "3600",
        }

    def start(self) -> None:
        """Start and wait until it answers. Raises PortBusy, or RuntimeError with the log's end if it does not come up."""
        if busy(self.port):
            raise PortBusy(f"port {self.port} of 127.0.0.1 is in use: stop what listens there, or choose another with PORT=…")
        self.folder.mkdir(parents=True, exist_ok=True)
        launcher = Path(__file__).with_name("launcher.py")
        with (self.folder / "emulator.log").open("ab") as log:
            # A session of its own: Ctrl-C reaches the runner alone, which then stops the emulator in order.
            self._process = subprocess.Popen(
                [sys.executable, str(launcher)], env=self.environment(), stdout=log, stderr=log, start_new_session=True, cwd=self.folder
            )
        until = time.monotonic() + READY_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the emulator did not start; the end of {self.folder}/emulator.log:\n{self.log_end()}")
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/_localstack/health", timeout=1) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def log_end(self, lines: int = 20) -> str:
        """The last lines of its log."""
        return "\n".join((self.folder / "emulator.log").read_text(errors="replace").splitlines()[-lines:])

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Ask it to stop, which writes its state; end it if it does not within a minute."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(10)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()
