"""The bus as shared/messages.py declares it, held to the code that publishes, the code that consumes, and the filters between."""

import ast
import re
from datetime import timedelta
from functools import cache
from importlib import import_module
from types import ModuleType
from unittest.mock import Mock

import pytest

from shared.messages import Message
from shared.subscribers import MESSAGES, SUBSCRIBERS
from tests.conftest import ROOT, template
from tests.contract.conftest import FUNCTIONS, folders, nodes, sources

BY_NAME = {message.__name__: message for message in MESSAGES.values()}


def consumed(service: str) -> set[str]:
    """The messages that the service's `consumers` name, that it hands to `consumer(…)`, or, of another's, picks by `isinstance`."""
    found: set[str] = set()
    if (consumers := vars(module(service)).get("consumers")) is not None:
        found |= {message.__name__ for message in consumers(Mock(), timedelta)}
    for _, tree in sources(service):
        for call in (node for node in nodes(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            if call.func.id == "consumer":
                found |= names(*call.args[0].keys) if isinstance(call.args[0], ast.Dict) else names(call.args[0])
            elif call.func.id == "isinstance":
                found |= {name for name in names(call.args[1]) if BY_NAME[name].source != service}
    return found


def module(service: str) -> ModuleType:
    """The service's consumers.py; its handler, while it has none."""
    found = "consumers" if (FUNCTIONS / service / "consumers.py").exists() else "handler"
    return import_module(f"functions.{service}.{found}")


def names(*trees: ast.AST | None) -> set[str]:
    """The messages named in expressions."""
    return {node.id for tree in trees if tree for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id in BY_NAME}


@cache
@cache
def named(service: str) -> set[str]:
    """The messages that the service's code names in an expression, other than as what it consumes of others' or as a type."""
    found: set[str] = set()
    for _, tree in sources(service):
        notes = [note for node in nodes(tree) for note in (getattr(node, "annotation", None), getattr(node, "returns", None)) if note]
        typed = {id(name) for note in notes for name in ast.walk(note)}
        found |= {node.id for node in nodes(tree) if isinstance(node, ast.Name) and node.id in BY_NAME and id(node) not in typed}
    return found - {name for name in consumed(service) if BY_NAME[name].source != service}


@pytest.mark.parametrize("message", MESSAGES.values(), ids=lambda message: message.type)
def test_every_message_is_published_by_its_source_and_by_no_other_service(message: type[Message]):
    assert [service for service in folders() if message.__name__ in named(service)] == [message.source]


@pytest.mark.parametrize("service", sorted(SUBSCRIBERS))
def test_a_worker_consumes_exactly_what_its_service_subscribes_to(service: str):
    assert consumed(service) == {message.__name__ for message in SUBSCRIBERS[service]}


def test_no_service_consumes_without_a_subscription():
    assert {service for service in folders() if consumed(service)} == set(SUBSCRIBERS)


def test_filter_policies_let_through_exactly_what_is_subscribed_to():
    if not (ROOT / "infra/bus.yaml").exists():
        pytest.skip("infra/bus.yaml is not written yet")
    resources = template("infra/bus.yaml")["Resources"]
    found = {
        name.removesuffix("Subscription").lower(): set(resource["Properties"]["FilterPolicy"]["type"])
        for name, resource in resources.items()
        if resource["Type"] == "AWS::SNS::Subscription"
    }
    assert found == {service: {message.type for message in messages} for service, messages in SUBSCRIBERS.items()}


@pytest.mark.parametrize("message", MESSAGES.values(), ids=lambda message: message.type)
def test_a_type_is_named_versioned_and_begins_with_its_subject(message: type[Message]):
    assert re.fullmatch(r"monsoon\.[a-z]+\.[a-z_]+\.v\d+", message.type)
    first = next(name for name in message.model_fields if name != "version")
    assert first.endswith("_id"), "the first field is the aggregate's id: it becomes the event's subject"


def test_no_two_subscriptions_exceed_what_a_topic_can_filter():
    """SNS takes 200 filter policies a topic, and 150 values in each."""
    assert len(SUBSCRIBERS) <= 200
    assert all(len(messages) <= 150 for messages in SUBSCRIBERS.values())
