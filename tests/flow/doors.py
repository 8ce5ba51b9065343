"""Every route of the hub as the flow tests knock at it: a request that is right, and how a refusal must look."""

import uuid
from functools import cache
from typing import Any, get_args

from app import SERVICES, Gateway, services
from hubclient.hub import Hub, Reply
from shared.api.operation import FORM_TYPE, Operation
from tests.flow.market import CASH, TABLE_RATE, Market
from tools.contract.examples import example
from tools.contract.schemas import Schemas

LEAKS = ("Traceback", 'File "', "botocore", "pydantic", "dynamodb", "/var/task", "errorType")
"""What no answer may tell of the inside."""
__all__ = ["SERVICES", "Doors", "as_it_is_sent", "body_of", "operations", "refused", "takes_null"]


@cache
def operations(service: str = "") -> tuple[Operation, ...]:
    """The routes of `service`, or of all."""
    gateway = Gateway(services(), lambda _: {})
    return tuple(operation for name, operation in gateway.operations if service in ("", name))


def body_of(operation: Operation) -> dict[str, Any] | None:
    """A body that the operation's model accepts; None if it takes none."""
    if operation.body is None:
        return None
    schemas = Schemas([operation])
    return dict(example(schemas.reference(operation.body, answer=False), schemas.components))


def takes_null(operation: Operation, name: str) -> bool:
    """Whether null is something to say in a field of its body."""
    field = operation.body.model_fields.get(name) if operation.body else None
    return field is not None and type(None) in get_args(field.annotation)


def as_it_is_sent(operation: Operation) -> dict[str, Any]:
    """The headers with which a browser sends a form of ours, for Doors.knock; none of an operation that takes JSON."""
    return {"headers": {"Content-Type": FORM_TYPE, "Sec-Fetch-Site": "same-origin"}} if operation.form else {}


def refused(reply: Reply, *statuses: int) -> dict[str, Any]:
    """The problem of a refusal with one of `statuses`, or with any 4xx."""
    assert reply.status in (statuses or range(400, 500)), (reply.status, reply.body)
    assert reply.headers["content-type"] == "application/problem+json", reply
    assert isinstance(reply.body, dict), reply.body
    assert reply.body["type"].startswith("urn:monsoon:problem:")
    assert reply.body["title"]
    assert not [leak for leak in LEAKS if leak in str(reply.body)], reply.body
    return reply.body


class Doors:
    """Knocks at routes as whoever is let in there."""

    def __init__(self, market: Market) -> None:
        self.shop = market.shop([CASH], [TABLE_RATE])
        operator = market.operator.hub
        self.hubs = {"supplier": market.supplier.hub, "storefront": self.shop.owner.hub, "operator": operator, "auditor": operator}
        self.nobody = market.stack.hub

    def hub(self, operation: Operation) -> Hub:
        """The hub, spoken to as somebody whom `operation` lets in."""
        if operation.public:
            return self.nobody
        return next(hub for role, hub in self.hubs.items() if not operation.allow or role in operation.allow)

    def path(self, operation: Operation, at: str = "x", **ids: str) -> str:
        """The operation's path with `ids` for its parameters, by default the shop's own id, and `at` for others."""
        named = {"storefront_id": self.shop.storefront_id} | ids
        parts = operation.path.split("/")
        return "/".join(named.get(part[1:-1], at) if part.startswith("{") else part for part in parts)

    def knock(self, operation: Operation, at: str = "x", key: str | None = "", **more: Any) -> Reply:
        """Send a request, right but for what is said; `key` None: without an Idempotency-Key."""
        if not {"body", "raw"} & more.keys():
            more["body"] = body_of(operation)
        key = str(uuid.uuid4()) if key == "" else key
        return self.hub(operation).send(operation.method, self.path(operation, at), key=key, **more)
