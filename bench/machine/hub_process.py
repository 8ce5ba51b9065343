"""A hub as people run it: `make run` of a checkout, this one or another, in a process of its own."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from hubclient.hub import Hub
from hubclient.people import People
from local.conditions.ports import free_port
from local.deploy import Deployment

READY = "ready; Ctrl-C"
PATIENCE = 120.0


class HubProcess:
    """As a context manager: starts `python -m local.run` of the checkout `where` on enter and waits until it is ready; stops it on exit.

    `folder` holds its data, and its log. Entered again, it goes on with the data.
    """

    def __init__(self, where: Path, folder: Path, *more: str) -> None:
        self.where, self.folder, self._more = where, folder, more
        self.port, self.stripe_port = free_port(), free_port()
        self.ready_s = 0.0

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        started = time.monotonic()
        command = [
            str(self.where / ".venv/bin/python"),
            "-m",
            "local.run",
            "--port",
            str(self.port),
            "--stripe-port",
            str(self.stripe_port),
        ]
        self.log = self.folder / "runner.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*command, "--folder", str(self.folder / "data"), *self._more], cwd=self.where, env=self._environment(), stdout=log,
                stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        while READY not in self.log.read_text():
            if self.process.poll() is not None or time.monotonic() > started + PATIENCE:
                self.stop()
                raise RuntimeError(f"the hub of {self.where} is not ready:\n{self.log.read_text()[-2000:]}")
            time.sleep(0.02)
        self.ready_s = time.monotonic() - started
        self.deployment = Deployment(f"http://127.0.0.1:{self.port}")
        self.outputs = self.deployment.outputs()
        return self

    def _environment(self) -> dict[str, str]:
        return {k: v for k, v in os.environ.items() if not k.startswith("AWS_")} | {"PYTHONPATH": f"{self.where}:{self.where / 'sdk'}"}

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.port}/_aws/execute-api/{self.outputs['ApiId']}/local"

    def client(self, service: str) -> Any:
        return self.deployment.client(service)

    def people(self) -> People:
        return People(Hub(self.api), self.client("cognito-idp"), self.outputs["UserPoolId"])

    def stop(self) -> None:
        """In order, as by Ctrl-C; or else at once."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(60)
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()
