"""The deployed template with its streams and queues cut off, and the services' handlers in this process instead.

So every AWS call is ours and counted, every event is delivered when we say so, and CPU time is the handlers' alone.
"""

import json
import os
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from time import process_time
from types import TracebackType
from typing import Any, Self

from app import Request, rest_event
from bench.meter import Meter, Tally
from functions.publish.stream_events import new_events
from hubclient.hub import Hub
from local.conditions.ports import free_port
from local.demo import load_reference
from local.stack import Stack
from shared.api.caller import Caller
from shared.subscribers import SUBSCRIBERS

BATCH = 10
"""Messages that a worker gets at once, as the template says."""


@dataclass
class Run:
    """One run of a scenario: what each entry point did."""

    entries: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    messages: int = 0
    """Messages delivered to queues."""

    @property
    def total(self) -> Tally:
        """All entry points but the authorizer, whose answer API Gateway keeps for a minute."""
        total = Tally()
        for name, tally in self.entries.items():
            if name != "authorizer":
                total += tally
        return total


class Laboratory:
    """As a context manager: starts everything on enter, stops it on exit."""

    def __init__(self, folder: Path) -> None:
        self.stack = Stack(free_port(), free_port(), folder, say=lambda _: None)
        self.handlers: dict[str, Any] = {}

    def __enter__(self) -> Self:
        self.stack.start()
        try:
            load_reference(self.stack)
            self._cut()
            self.meter = Meter(self.stack.client("dynamodb"))
            self.meter.install()
            self._move_in()
        except BaseException:
            self.stack.stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stack.stop()

    def _cut(self) -> None:
        """Nothing runs by itself any more, and no queue fills."""
        lambdas, sns = self.stack.client("lambda"), self.stack.client("sns")
        for page in lambdas.get_paginator("list_event_source_mappings").paginate():
            for mapping in page["EventSourceMappings"]:
                lambdas.delete_event_source_mapping(UUID=mapping["UUID"])
        for page in sns.get_paginator("list_subscriptions").paginate():
            for subscription in page["Subscriptions"]:
                sns.unsubscribe(SubscriptionArn=subscription["SubscriptionArn"])

    def _move_in(self) -> None:
        """Take over the deployed functions' environment and import their handlers; what they log is written, to nowhere."""
        lambdas = self.stack.client("lambda")
        aws = {"AWS_ENDPOINT_URL": self.stack.emulator.url, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
        os.environ |= aws | {"AWS_DEFAULT_REGION": "us-east-1", "AWS_REGION": "us-east-1"}
        for page in lambdas.get_paginator("list_functions").paginate():
            for function in page["Functions"]:
                os.environ |= function.get("Environment", {}).get("Variables", {})
        with redirect_stdout(open(os.devnull, "w")):  # not closed: the loggers keep it for as long as the process lives
            for name in ("publish", "authorizer", *SUBSCRIBERS):
                self.handlers[name] = import_module(f"functions.{name}.handler")

    def door(self, run: Run, site: Hub) -> Caller:
        """Let the authorizer look at a client site's key."""
        event = rest_event(Request("GET", "/", {"Authorization": f"Bearer {site.token}"}), "/", {})
        event["methodArn"] = "arn:aws:execute-api:us-east-1:000000000000:app/local/GET/"
        found = Caller.of(self._enter(run, "authorizer", self.handlers["authorizer"].handler, event)["context"])
        assert found is not None
        return found

    def http(self, run: Run, by: Caller, method: str, resource: str, body: Any = None, *, key: str = "", query: str = "",
             **path: str) -> Any:  # fmt: skip
        """Call a service's route in this process and answer its body. Raises RuntimeError unless the status is 2xx."""
        service = next(n for n, h in self.handlers.items() if hasattr(h, "app") and method in h.app.routes.get(resource, {}))
        headers = {"Content-Type": "application/json"} | ({"Idempotency-Key": key} if key else {})
        payload = b"" if body is None else json.dumps(body).encode()
        event = rest_event(Request(method, resource.format(**path) + query, headers, payload), resource, path)
        event["requestContext"]["authorizer"] = by.context()
        answer = self._enter(run, f"{service} app", self.handlers[service].app, event)
        if not 200 <= answer["statusCode"] < 300:
            raise RuntimeError(f"{method} {resource} → {answer['statusCode']}: {answer['body']}")
        return json.loads(answer["body"])

    def deliver(self, run: Run) -> None:
        """Publish what was written and let every subscriber's worker have it, until nothing is left."""
        publish = self.handlers["publish"]
        while records := [record for record in self.meter.records if "event" in record["dynamodb"].get("NewImage", {})]:
            self.meter.records.clear()
            envelopes = list(new_events(records))
            for table in dict.fromkeys(record["table"] for record in records):
                self._enter(run, "publish", publish.handler, {"Records": [r for r in records if r["table"] == table]})
            for service, heard in SUBSCRIBERS.items():
                types = {message.type for message in heard}
                bodies = [envelope for envelope in envelopes if json.loads(envelope)["type"] in types]
                run.messages += len(bodies)
                for start in range(0, len(bodies), BATCH):
                    answer = self._enter(run, f"{service} worker", self.handlers[service].worker, sqs(bodies[start : start + BATCH]))
                    if answer["batchItemFailures"]:
                        raise RuntimeError(f"{service}'s worker failed on {len(answer['batchItemFailures'])} messages")
        self.meter.records.clear()

    def _enter(self, run: Run, name: str, entry: Callable[[Any, Any], Any], event: Mapping[str, Any]) -> Any:
        tally = run.entries[name]
        with self.meter.on(tally):
            aside, started = self.meter.spent, process_time()
            answer = entry(event, None)
            tally.cpu_ms += (process_time() - started - (self.meter.spent - aside)) * 1000
        return answer


def sqs(bodies: list[str]) -> dict[str, Any]:
    """An SQS event of these messages."""
    return {
        "Records": [
            {
                "messageId": str(i), "receiptHandle": "-", "body": body, "attributes": {}, "messageAttributes": {},
                "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:q", "awsRegion": "us-east-1",
            }
            for i, body in enumerate(bodies)
        ]
    }  # fmt: skip
