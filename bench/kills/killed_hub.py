"""A hub as people run it, in a process of its own, that dies by kill −9: the runner, the emulator, its functions, all at once."""

import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil

from infra.templates import ROOT
from local.conditions.ports import free_port
from local.stack import Stack

READY = "ready; Ctrl-C"
PATIENCE = 180.0


class KilledHub:
    """`make run` with its data in `folder`; once it is ready, `stack` speaks to it.

    Stripe's stand-in is beside it and survives: what a provider knows is not lost by our death.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.data = folder, folder / "data"
        self.port, self._own_stripe, self._stripe_port = free_port(), free_port(), free_port()
        folder.mkdir(parents=True, exist_ok=True)
        self._standin = [sys.executable, "-m", "local.leash", "functions.payments.plugins.stripe.standin", "--port", str(self._stripe_port)]

    def __enter__(self) -> "KilledHub":
        with (self.folder / "provider.log").open("ab") as log:
            self._provider = subprocess.Popen(self._standin, stdin=subprocess.PIPE, stdout=log, stderr=log, cwd=ROOT)
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._provider.kill()
        self._provider.wait(10)

    def start(self) -> float:
        """Start it and wait until it is ready; the seconds that took. Raises RuntimeError."""
        started = time.monotonic()
        self.launch()
        self.until(READY)
        took = time.monotonic() - started
        self.stack = Stack(self.port, self._own_stripe, self.data)
        self.stack.outputs = self.stack.deployment.outputs()
        return took

    def launch(self) -> None:
        """Start it, and do not wait."""
        self.log = self.folder / "runner.log"
        bases = f'ProviderBases={{"stripe":"http://127.0.0.1:{self._stripe_port}"}}'
        command = [sys.executable, "-m", "local.run", "--port", str(self.port), "--stripe-port", str(self._own_stripe), "--no-demo"]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*command, "--folder", str(self.data), "--parameters", bases], stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT, cwd=ROOT,
            )  # fmt: skip

    @property
    def printed(self) -> str:
        return self.log.read_text()

    def until(self, text: str) -> None:
        """Wait until it has printed `text`. Raises RuntimeError."""
        until = time.monotonic() + PATIENCE
        while text not in self.printed:
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the hub does not say {text!r}:\n{self.printed[-2000:]}")
            time.sleep(0.02)

    def kill(self) -> int:
        """Kill every process of it at once; how many there were."""
        doomed = self.tree() if self.process.poll() is None else []
        for number in (signal.SIGSTOP, signal.SIGKILL):  # stopped first: nobody sees another one's end and acts on it
            for process in doomed:
                with suppress(psutil.NoSuchProcess):
                    process.send_signal(number)
        self.process.wait(10)
        return len(doomed)

    def tree(self) -> list[psutil.Process]:
        """The runner and all that it started."""
        runner = psutil.Process(self.process.pid)
        return [runner, *runner.children(recursive=True)]

    def stop(self) -> str:
        """Stop it in order; the last it said."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE)
        return self.printed.splitlines()[-1]
