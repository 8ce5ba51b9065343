"""A hub as people run it: `make run` of a checkout, this one or another, in a process of its own."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psutil

from hubclient.hub import Hub
from hubclient.people import People
from local.conditions.ports import free_port
from local.deploy import Deployment

READY = "ready; Ctrl-C"
PATIENCE = 180.0


class HubProcess:
    """`python -m local.run` of the checkout `where`, with its data and its log in `folder`; `more` are arguments of the runner's.

    As a context manager: it is started on enter, and stopped on exit. Started again, it goes on with its data. It ends with this process,
    however that ends.
    """

    patience = PATIENCE
    """Seconds for which a start, or an end in order, is waited for."""

    def __init__(self, where: Path, folder: Path, *more: str) -> None:
        self.where, self.folder, self._more = where, folder, more
        self.data, self.log = folder / "data", folder / "runner.log"
        self.port, self.stripe_port = free_port(), free_port()
        self.ready_s = 0.0

    def start(self) -> float:
        """Start it and wait until it is ready; the seconds that took. Raises RuntimeError."""
        started = time.monotonic()
        self.launch()
        self.until(READY)
        self.ready_s = time.monotonic() - started
        self.deployment = Deployment(f"http://127.0.0.1:{self.port}")
        self.outputs = self.deployment.outputs()
        return self.ready_s

    def launch(self) -> None:
        """Start it, and do not wait."""
        self.folder.mkdir(parents=True, exist_ok=True)
        places = ["--port", str(self.port), "--stripe-port", str(self.stripe_port), "--folder", str(self.data)]
        command = [str(self.where / ".venv/bin/python"), "-m", "local.leash", "local.run", *places, *self._more]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=self.where, env=self._environment(), stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT
            )

    def _environment(self) -> dict[str, str]:
        return {k: v for k, v in os.environ.items() if not k.startswith("AWS_")} | {"PYTHONPATH": f"{self.where}:{self.where / 'sdk'}"}

    @property
    def printed(self) -> str:
        return self.log.read_text()

    def until(self, text: str) -> None:
        """Wait until it has printed `text`. Raises RuntimeError."""
        until = time.monotonic() + self.patience
        while text not in self.printed:
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the hub of {self.where} does not say {text!r}:\n{self.printed[-2000:]}")
            time.sleep(0.02)

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

    def stop(self) -> str:
        """Stop it in order, as by Ctrl-C, or else at once; the last it said."""
        self.process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(self.patience)
        self.kill()
        return self.printed.splitlines()[-1]

    def kill(self) -> int:
        """Kill every process of it at once; how many there were."""
        doomed = self.tree() if self.process.poll() is None else []
        for number in (signal.SIGSTOP, signal.SIGKILL):  # stopped first: nobody sees another one's end and acts on it
            for process in doomed:
                with suppress(psutil.NoSuchProcess):
                    process.send_signal(number)
        self.process.wait(10)
        if self.process.stdin is not None:
            self.process.stdin.close()
        return len(doomed)

    def tree(self) -> list[psutil.Process]:
        """The runner and all that it started."""
        runner = psutil.Process(self.process.pid)
        return [runner, *runner.children(recursive=True)]

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()
