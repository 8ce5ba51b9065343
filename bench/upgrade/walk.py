"""The walk: a hub of before with all that may be open in it ends, the checkout of today goes on with it, and everything is taken back."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.upgrade.checks import Checks
from bench.upgrade.endpoints import Endpoints
from bench.upgrade.open_orders import Market
from bench.upgrade.traders import NeverCame, Traders
from bench.upgrade.upgraded_hub import Providers, UpgradedHub
from infra.templates import ROOT
from local.mendings.mail.mailbox import Mailbox

QUIET_SECONDS = 180.0
COMMANDS = ("track_orders", "list_promises", "look_at_pictures")
"""Of tools.upgrade, which docs/operators.md has run after an upgrade."""
LAST = "seal_buyers"
"""The one that waits until the release that seals has taken over."""


@dataclass(frozen=True)
class Turn:
    """One start: by whose code, with which `StoredTexts`, empty where its code knows none."""

    where: Path
    texts: str = ""

    @property
    def named(self) -> str:
        return f"the hub of {'today' if self.where == ROOT else 'before'}{self.texts and f', StoredTexts={self.texts}'}"


def turns(before: Path, back: bool) -> list[Turn]:
    """As docs/operators.md says: plain, then packed; `back`: between the two, the code of before once more."""
    plain, packed = Turn(ROOT, "plain"), Turn(ROOT, "packed")
    return [plain, Turn(before), plain, packed] if back else [plain, packed]


@dataclass
class Walk:
    hub: UpgradedHub
    before: Path
    known: Providers
    say: Callable[[str], None]

    def go(self, *, kill: bool, back: bool) -> list[str]:
        """What was wrong. `kill`: the hub of before ends by kill −9 and not in order, as it always does after a way back.

        Raises NeverCame, RuntimeError.
        """
        self.say(f"the hub of before is ready after {self.hub.start():.0f} s")
        with Endpoints() as endpoints:
            market = Market(Traders(self.hub.people()), self._settle)
            endpoints.listen_to(market)
            market.open()
            checks = Checks(market, self.known, endpoints, self.say)
            market.hurry()
            self._end(kill=kill)
            for turn in turns(self.before, back):
                self._go_on(turn)
                market.move_to(self.hub.api)
                checks.after(turn.named)
                if turn.texts == "packed":
                    self._last(checks, turn)
                market.trade(turn.named)
                if turn.texts != "packed":
                    self._end(kill=turn.where != ROOT)
            endpoints.mend()
            checks.take_back(self._settle)
            checks.erase_all(self.hub.stack.client("dynamodb"))
            checks.dead(self.hub.stack.queues.dead_letters())
        self.say(self.hub.stop())
        return checks.wrong

    def _last(self, checks: Checks, turn: Turn) -> None:
        """Buyers are sealed: it is done once, and what guests may ask of orders of before is answered."""
        checks.same_again(self.hub.stack.client("dynamodb"), lambda: self._commands(turn))
        checks.guests(turn.named, Mailbox(self.hub.data / "mail")).buy()

    def _settle(self) -> None:
        """Wait until nothing is on the way. Raises NeverCame."""
        queues = self.hub.stack.queues
        if not queues.quiet(QUIET_SECONDS):
            raise NeverCame(f"{queues.waiting()} messages are on the way after {QUIET_SECONDS:.0f} s; dead: {queues.dead_letters()}")

    def _end(self, *, kill: bool) -> None:
        waiting = self.hub.stack.queues.waiting()
        self.say(f"{waiting} messages are on the way")
        self.say(f"killed: {self.hub.kill()} processes at once" if kill else self.hub.stop())

    def _go_on(self, turn: Turn) -> None:
        buyers = "plain" if turn.texts == "plain" else "sealed"
        self.hub.go_by(turn.where, *([f"StoredTexts={turn.texts}", f"BuyersTexts={buyers}"] if turn.texts else []))
        self.say(f"{turn.named} is ready after {self.hub.start():.0f} s")
        self._settle()
        self._commands(turn)

    def _commands(self, turn: Turn) -> None:
        for name in COMMANDS if turn.where == ROOT else ():
            self._run(name)
        if turn.texts == "packed":
            self._run(LAST)

    def _run(self, name: str) -> None:
        command = [sys.executable, "-m", f"tools.upgrade.{name}", "--laptop", str(self.hub.port)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
        if done.returncode:
            raise NeverCame(f"{name} ended with {done.returncode}: {done.stdout[-1000:]} {done.stderr[-2000:]}")
        self.say(f"{name}: {done.stdout.strip()}")
