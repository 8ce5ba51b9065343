"""The whole hub on this machine: the emulator, a stand-in for Stripe, the deployed template. Used by `make run`, tests and benches."""

import contextlib
import json
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from botocore.exceptions import BotoCoreError

from hubclient.hub import Hub
from hubclient.people import People
from infra.templates import ROOT
from local.deploy import Deployment, Say
from local.emulator import Emulator, PortBusy, busy
from local.plugins import offered

QUIET_SECONDS = 20
ON_THE_WAY = ("Audit", "Uploads", "Catalog", "Storefronts", "Orders", "Fanout", "Shipping")
"""Who hears of a new product."""


@dataclass
class Stack:
    """A running hub. As a context manager: starts and deploys on enter; on exit waits until the bus is quiet, then stops."""

    port: int
    stripe_port: int
    folder: Path
    keeps: bool = False
    say: Say = print
    parameters: dict[str, str] = field(default_factory=dict)
    wheels: Sequence[str] = ()
    """Authors' plug-ins that it offers: `acme-1.0-py3-none-any.whl=http://127.0.0.1:4010`."""
    outputs: dict[str, str] = field(default_factory=dict)
    _stripe: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.emulator = Emulator(self.port, self.folder, self.keeps)
        self.deployment = Deployment(self.emulator.url, say=self.say)

    @property
    def api(self) -> str:
        """The API's address."""
        return f"{self.emulator.url}/_aws/execute-api/{self.outputs['ApiId']}/local"

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
        """Start everything and deploy. Raises PortBusy or RuntimeError, and leaves nothing running then."""
        if busy(self.stripe_port):
            raise PortBusy(f"port {self.stripe_port} of 127.0.0.1 is in use: choose another with STRIPE_PORT=…")
        try:
            self.emulator.start()
            self.say(f"the emulator answers at {self.emulator.url}" + (" with the data of last time" if self.emulator.has_state else ""))
            self._start_stripe()
            plugins = offered(self.wheels, self.folder, self.say)
            given = {
                "Stage": "local",
                "DependencyLayer": "no",
                "ProviderBases": json.dumps({"stripe": f"http://127.0.0.1:{self.stripe_port}"} | plugins.bases),
                "CognitoEndpoint": self.emulator.url,
            }
            self.outputs = self.deployment.deploy(given | self.parameters, plugins)
            self.say("template.yaml is deployed")
            threading.Thread(target=self._warm, daemon=True).start()
        except BaseException:
            self.stop()
            raise

    def _warm(self) -> None:
        """Start the way's queue workers, one after another, while people sign up: a worker's start takes a CPU second."""
        client = self.client("lambda")
        names = [f["FunctionName"] for f in client.list_functions(MaxItems=100)["Functions"]]
        for part in ("Publish", *(f"{service}Worker" for service in ON_THE_WAY)):
            with contextlib.suppress(BotoCoreError):  # the stack may be stopped meanwhile
                client.invoke(FunctionName=next(n for n in names if part in n), Payload=b'{"Records": []}')

    def _start_stripe(self) -> None:
        with (self.folder / "stripe.log").open("ab") as log:
            command = [sys.executable, "-m", "functions.payments.plugins.stripe.standin", "--port", str(self.stripe_port)]
            self._stripe = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, cwd=ROOT)

    def waiting(self) -> int:
        """How many messages are due, or are being worked on, in all queues but those for dead letters. What was put off (a
        webhook's next try, five minutes hence) is not due."""
        sqs = self.client("sqs")
        return sum(_waiting(sqs, url) for url in sqs.list_queues().get("QueueUrls", []) if "DeadLetters" not in url)

    def quiet(self, seconds: float = QUIET_SECONDS) -> bool:
        """Wait until no message is waiting or being worked on; False if that took longer than `seconds`."""
        until, calm = time.monotonic() + seconds, 0
        while calm < 3:
            if time.monotonic() > until:
                return False
            calm = 0 if self.waiting() else calm + 1
            time.sleep(0.15)
        return True

    def dead_letters(self) -> dict[str, int]:
        """How many messages lie in each dead-letter queue that is not empty, by the queue's short name."""
        sqs = self.client("sqs")
        urls = [url for url in sqs.list_queues().get("QueueUrls", []) if "DeadLetters" in url]
        return {url.rsplit("-", 2)[-2]: n for url in urls if (n := _waiting(sqs, url))}

    @property
    def running(self) -> bool:
        return self.emulator.running

    def stop(self) -> None:
        """Stop in order: events first reach whom they are for, then state is written."""
        if self.emulator.running and self.outputs:
            self.quiet()
        self.emulator.stop()
        if self._stripe is not None:
            self._stripe.terminate()
            self._stripe.wait(10)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()


def _waiting(sqs: Any, url: str) -> int:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    return sum(int(n) for n in sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"].values())
