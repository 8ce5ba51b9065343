"""A hub that one checkout began and another goes on with, as `make run` does: the same folder, the same ports, other code."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.machine.hub_process import HubProcess
from functions.shipping.plugins.karrio.ups.standin import Ups
from infra.templates import ROOT
from local.conditions.ports import free_port
from local.stack import Stack
from monsoon_plugin.standin import serving


@dataclass(frozen=True)
class Providers:
    """Stand-ins that survive every end of the hub: what a provider knows is not lost by our death."""

    stripe: str
    ups: str
    labels: dict[str, str]
    """UPS's books: tracking number → labeled, voided or delivered."""


@contextmanager
def providers(folder: Path) -> Iterator[Providers]:
    """Stripe's and UPS's stand-ins, of this checkout."""
    port, ups = free_port(), Ups()
    command = [sys.executable, "-m", "local.leash", "functions.payments.plugins.stripe.standin", "--port", str(port)]
    with (folder / "provider.log").open("ab") as log, serving(ups.answer) as at:
        stripe = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log, cwd=ROOT)
        try:
            yield Providers(f"http://127.0.0.1:{port}", at, ups.bought)
        finally:
            stripe.kill()
            stripe.wait(10)


class UpgradedHub(HubProcess):
    """Begun by the checkout `before`, with its demo; `go_on` starts it with other code on the same data."""

    patience = 600.0

    def __init__(self, before: Path, folder: Path, known: Providers) -> None:
        super().__init__(before, folder)
        self._bases = json.dumps({"stripe": known.stripe, "ups": known.ups}, separators=(",", ":"))
        self.go_by(before)

    def go_by(self, where: Path, *parameters: str) -> None:
        """From the next start on it runs the checkout `where`, with these `Name=value` of its template."""
        self.where = where
        self._more = ("--parameters", " ".join((f"ProviderBases={self._bases}", *parameters)))

    def start(self) -> float:
        took = super().start()
        self.stack = Stack(self.port, self.stripe_port, self.data)
        self.stack.outputs = self.outputs
        return took
