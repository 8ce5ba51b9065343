"""A hub as people run it, in a process of its own, that dies by kill −9: the runner, the emulator, its functions, all at once."""

import subprocess
import sys
from pathlib import Path
from typing import Self

from bench.machine.hub_process import HubProcess
from infra.templates import ROOT
from local.conditions.ports import free_port
from local.stack import Stack


class KilledHub(HubProcess):
    """This checkout's, without the demo; once it is started, `stack` speaks to it. As a context manager it is killed on exit.

    Stripe's stand-in is beside it and survives: what a provider knows is not lost by our death.
    """

    def __init__(self, folder: Path) -> None:
        provider = free_port()
        super().__init__(ROOT, folder, "--no-demo", "--parameters", f'ProviderBases={{"stripe":"http://127.0.0.1:{provider}"}}')
        folder.mkdir(parents=True, exist_ok=True)
        self._standin = [sys.executable, "-m", "local.leash", "functions.payments.plugins.stripe.standin", "--port", str(provider)]

    def start(self) -> float:
        took = super().start()
        self.stack = Stack(self.port, self.stripe_port, self.data)
        self.stack.outputs = self.outputs
        return took

    def __enter__(self) -> Self:
        with (self.folder / "provider.log").open("ab") as log:
            self._provider = subprocess.Popen(self._standin, stdin=subprocess.PIPE, stdout=log, stderr=log, cwd=ROOT)
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._provider.kill()
        self._provider.wait(10)
