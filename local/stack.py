"""The whole hub on this machine: the emulator, a stand-in for Stripe, the deployed template. Used by `make run`, tests and benches."""

import contextlib
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from hubclient.hub import Hub
from hubclient.people import People
from hubclient.queues import Queues
from infra.templates import ALIAS, ROOT
from local.conditions import ports
from local.conditions.command import Command
from local.conditions.data_folder import DataFolder
from local.conditions.refusals import CannotStart
from local.emulator import Emulator
from local.plugins import NO_PLUGINS, AuthorPlugins, offered
from local.start.sayer import Say, Sayer
from local.start.setting_up import SettingUp
from local.stop_signals import undisturbed

if TYPE_CHECKING:
    from local.deploy import Deployment

QUIET_SECONDS = 20
DRAINING_SECONDS = 20.0
LAPTOP = {
    "Stage": "local", "DependencyLayer": "no", "Tracing": "no", "Alarms": "no", "EmailFrom": "Monsoon <shop@monsoon.example>",
    "EmailIdentityArn": "arn:aws:ses:us-east-1:000000000000:identity/monsoon.example",
}  # fmt: skip
"""The emulator has no X-Ray, and no alarms on expressions; nobody would hear them. Mails stay on this machine (local/mendings/mail)."""
ON_THE_WAY = ("Audit", "Uploads", "Catalog", "Storefronts", "Orders", "Fanout", "Shipping")
"""Who hears of a new product."""


@dataclass(frozen=True)
class Ended:
    """How a hub ended: whether in order, and what was still on its way then, which the next start takes up."""

    in_order: bool
    remains: dict[str, int] = field(default_factory=dict)


@dataclass
class Stack:
    """A running hub. As a context manager: starts and deploys on enter, stops on exit.

    With `keeps` it takes its folder for itself, and its data outlives it.
    """

    port: int
    stripe_port: int
    folder: Path
    keeps: bool = False
    say: Say = print
    parameters: dict[str, str] = field(default_factory=dict)
    wheels: Sequence[str] = ()
    """Authors' plug-ins that it offers: `acme-1.0-py3-none-any.whl=http://127.0.0.1:4010`."""
    outputs: dict[str, str] = field(default_factory=dict)
    workers: int = 2
    """Processes that one function has at most."""
    fresh: bool = False
    """Forget what an earlier hub kept in the folder."""
    had_state: bool = False
    """Whether it goes on with an earlier hub's data."""
    apart: bool = False
    """Let a process of its own do what needs AWS's clients (local/start/setting_up.py): who stays is small."""
    plugins: AuthorPlugins = NO_PLUGINS
    """Those that it offers."""
    _stripe: subprocess.Popen[bytes] | None = None
    _setting_up: SettingUp | None = None

    def __post_init__(self) -> None:
        self.data = DataFolder(self.folder.resolve())
        self.emulator = Emulator(self.port, self.data, self.keeps, self.workers)

    @cached_property
    def deployment(self) -> "Deployment":
        """The stack on the emulator, by AWS's clients."""
        from local.deploy import Deployment  # noqa: PLC0415 (a runner never asks)

        return Deployment(self.emulator.url, say=self.say)

    @property
    def api(self) -> str:
        """The API's address."""
        return f"{self.emulator.url}/_aws/execute-api/{self.outputs['ApiId']}/local"

    @property
    def mailbox(self) -> str:
        """Where the mails are read that it would have sent."""
        return f"{self.emulator.url}/mailbox"

    @property
    def hub(self) -> Hub:
        """The API, spoken to as nobody."""
        return Hub(self.api)

    def people(self) -> People:
        return People(self.hub, self.client("cognito-idp"), self.outputs["UserPoolId"])

    def client(self, service: str) -> Any:
        """A client of the emulator's `service`."""
        return self.deployment.client(service)

    def start(self) -> None:
        """Start everything and deploy. Raises CannotStart. Whatever it raises, `stop` leaves nothing running."""
        self._take_folder()
        if self.apart:
            self._setting_up = SettingUp(self.data.path, self.say)
        self.emulator.start()
        self.say(f"the emulator answers at {self.emulator.url}" + (" with the data of last time" if self.had_state else ""))
        self._start_stripe()
        self.plugins = offered(self.wheels, self.data.path, self.say)
        self._deploy()
        if self.keeps:
            self.data.port = self.port
            self.emulator.keep()
            if cut := self.emulator.cut():
                self.say(f"the last change before the kill was written by half: its {cut:,} bytes are cut off; nobody was told of it")
        if self._setting_up is None:
            threading.Thread(target=self.warm, daemon=True).start()
        else:
            self._setting_up.ask("warm", self.described)

    def _deploy(self) -> None:
        if self._setting_up is None:
            self.deploy()
        else:
            self.outputs = self._setting_up.ask("deploy", self.described, plugins=self.plugins)

    @property
    def described(self) -> dict[str, Any]:
        """What another process makes itself a stack of, to do something at this hub."""
        names = ("port", "stripe_port", "folder", "parameters", "outputs", "had_state")
        return {name: getattr(self, name) for name in names}

    def load_demo(self, kept: Path) -> Any:
        """The demo, loaded now or as it was: what `local.demo.load_demo` says. Raises CannotStart."""
        if self._setting_up is None:
            from local.demo import load_demo  # noqa: PLC0415 (a runner never asks)

            return load_demo(self, kept, self.say)
        return self._setting_up.ask("demo", self.described, kept=kept)

    def set_up(self) -> None:
        """It is as it shall be: what made it so may end."""
        if self._setting_up is not None:
            self._setting_up.leave()

    def deploy(self, **changed: str) -> None:
        """Deploy what the files say now, with the hub's parameters but for those `changed`. Raises CannotStart: what failed."""
        self.outputs = self.deployment.deploy(self._parameters(self.plugins.bases) | changed, self.plugins)

    def _take_folder(self) -> None:
        """Nothing is written before it is sure that the hub may start here."""
        asked = Command(self.port, self.stripe_port, self.data.path, self.parameters, self.wheels)
        if self.keeps and not self.fresh:
            self.data.check(self.port, asked.beside)
        if self.port == self.stripe_port:
            raise CannotStart(f"port {self.port} cannot be the API's and Stripe's stand-in's: choose another with STRIPE_PORT=…")
        ports.check(self.port, "PORT", asked.beside if self.keeps and self.data.has_state else asked.at_another_port)
        ports.check(self.stripe_port, "STRIPE_PORT", asked.at_another_stripe_port)
        if self.keeps:
            self.data.hold(self.port, fresh=self.fresh, beside=asked.beside)
            self.had_state = self.data.has_state

    def _parameters(self, plugins: Mapping[str, str]) -> dict[str, str]:
        """The template's: what the laptop needs, where plug-ins' providers answer, and what was asked for."""
        bases = {"stripe": f"http://127.0.0.1:{self.stripe_port}", **plugins} | json.loads(self.parameters.get("ProviderBases", "{}"))
        ours = LAPTOP | {
            "CognitoEndpoint": self.emulator.url,
            "MediaUrl": f"{self.emulator.url}/media",
            "LinksUrl": f"{self.emulator.url}/hub",
            "SignInByCase": "yes" if self._signs_in_by_case() else "no",
        }
        return ours | self.parameters | {"ProviderBases": json.dumps(bases)}

    def _signs_in_by_case(self) -> bool:
        """Whether it goes on with a pool made before 2026-11-29, of which nobody can change that."""
        from local.deploy import STACK  # noqa: PLC0415 (a runner never asks)

        cognito = self.client("cognito-idp")
        ours = [pool["Id"] for pool in cognito.list_user_pools(MaxResults=60)["UserPools"] if pool["Name"] == STACK]
        pools = [cognito.describe_user_pool(UserPoolId=pool)["UserPool"] for pool in ours]
        return any(pool.get("UsernameConfiguration", {}).get("CaseSensitive", True) for pool in pools)

    def warm(self) -> None:
        """Start the way's queue workers, one after another, while people sign up: their first call takes longer."""
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 (a runner never asks)

        with contextlib.suppress(BotoCoreError, ClientError, StopIteration):  # the stack may be stopped meanwhile
            client = self.client("lambda")
            names = [f["FunctionName"] for f in client.list_functions(MaxItems=100)["Functions"]]
            for part in ("Publish", *(f"{service}Worker" for service in ON_THE_WAY)):
                client.invoke(FunctionName=next(n for n in names if part in n), Qualifier=ALIAS, Payload=b'{"Records": []}')

    def _start_stripe(self) -> None:
        with undisturbed(), (self.data.path / "stripe.log").open("ab") as log:
            command = [sys.executable, "-m", "local.leash", "functions.payments.plugins.stripe.standin", "--port", str(self.stripe_port)]
            self._stripe = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True, cwd=ROOT)

    @property
    def queues(self) -> Queues:
        return Queues(self.client("sqs"))

    def quiet(self, seconds: float = QUIET_SECONDS) -> bool:
        """Wait until no message is waiting or being worked on; False if that took longer than `seconds`."""
        return self.queues.quiet(seconds)

    @property
    def running(self) -> bool:
        if self._setting_up is not None and not self._setting_up.running:
            self._setting_up.kill()
            self._setting_up = None
        return self.emulator.running

    def stop(self, hurried: Callable[[], bool] = lambda: False) -> Ended:
        """Stop everything; nothing is left running. What is on its way gets time to arrive, unless somebody is in a hurry; what
        remains then is kept with the rest, and the next start takes it up. Before it was deployed, nothing is kept that was not."""
        ended = Ended(in_order=False)
        if self._setting_up is not None:
            self._setting_up.kill()
        if self.emulator.keeping and self.emulator.running:
            self._drain(hurried)
            ended = Ended(*self.emulator.stop("stop now" if hurried() else "stop", Sayer(self.say, "writing the data").wait))
        self.emulator.kill()
        if self._stripe is not None:
            with self._stripe:
                self._stripe.kill()
        self.data.release()
        return ended

    def _drain(self, hurried: Callable[[], bool]) -> None:
        """Wait until nothing is on its way, for DRAINING_SECONDS at most, and say what is."""
        until, calm = time.monotonic() + DRAINING_SECONDS, 0
        sayer = Sayer(self.say)
        while calm < 2 and not hurried() and time.monotonic() < until:
            waiting = self.emulator.waiting()
            calm = calm + 1 if waiting == {} else 0
            if waiting:
                sayer.wait(f"{in_words(waiting)} on the way; Ctrl-C again leaves them for the next start")
            time.sleep(0.1)

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()


def in_words(waiting: dict[str, int]) -> str:
    """`12 messages (AuditQueue 8, CatalogQueue 4)`, the most first."""
    most = sorted(waiting.items(), key=lambda item: -item[1])
    total = sum(waiting.values())
    return f"{total:,} message{'s' * (total != 1)} ({', '.join(f'{name} {count:,}' for name, count in most)})"
