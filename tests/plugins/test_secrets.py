"""What a merchant types as a secret can be read again nowhere: not in tables, logs, reprs or answers. Every plug-in that has one."""

import json
import logging
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import timedelta
from importlib import import_module
from typing import Any
from urllib.parse import quote

import boto3
import pytest

from conformance.pytest_plugin import trial_of
from monsoon_plugin.clock import utc_now
from shared.providers.registry import lock
from tests.contract.conftest import Equip, equipped
from tests.fakes import call, caller

__all__ = ["equipped"]
HOSTS = {"payment": "payments", "courier": "shipping", "clearing": "settlement"}
AT = {"storefront_id": "sf_1"}
TENANT = "acc_1#sf_1"
MERCHANT = caller("acc_1", "storefront")


def trials() -> Iterator[tuple[str, str, Any]]:
    for kind, family in lock().items():
        for plugin_id, locked in family.items():
            trial = import_module(trial_of(locked["entry"], plugin_id)).TRIAL
            if trial.secrets:
                yield kind, plugin_id, trial


TRIALS = list(trials())


@pytest.fixture
def heard(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Iterator[Callable[[], str]]:
    """All that was logged and printed so far, at every level."""
    with caplog.at_level(logging.DEBUG):
        yield lambda: "".join([caplog.text, *capfd.readouterr(), *(str(vars(record)) for record in caplog.records)])


def forms(secret: str) -> set[str]:
    """How a secret may be written: itself, escaped, in base 64 and hexadecimal, and the middle of a long one."""
    part = max(secret.splitlines(), key=len)[:64]
    raw = {secret, part}
    return {
        form for text in raw for form in (text, json.dumps(text)[1:-1], quote(text), b64encode(text.encode()).decode(), text.encode().hex())
    }


def tables() -> str:
    """Every item of every table, bytes decoded as they are."""
    client = boto3.client("dynamodb")
    names = client.list_tables()["TableNames"]
    return "".join(str(item) for name in names for item in client.scan(TableName=name)["Items"])


def asked(app: Any, kind: str, plugin_id: str, trial: Any) -> Iterator[Any]:
    """The answers to all that a merchant may ask about an installation, rightly and wrongly."""
    several = f"/v1/storefronts/{{storefront_id}}/{kind}-installations"
    one = several + "/{installation_id}"

    def ask(method: str, route: str, body: Any = None, **path: str) -> Any:
        return call(app, method, route, path=AT | path, body=body, by=MERCHANT, headers={"idempotency-key": "k"})

    config = dict(trial.config)
    made = ask("POST", several, {"plugin": plugin_id, "config": config})
    assert made.status == 201, made.body
    at = {"installation_id": made.body["id"]}
    yield made
    yield ask("GET", several)
    yield ask("GET", one, **at)
    yield ask("PATCH", one, {"config": config}, **at)
    yield ask("POST", one + "/check", **at)
    misplaced = {"config": config | {"no_such_field": trial.secrets[0]}, "rank": trial.secrets[0]}
    wrong = [
        ask("PATCH", one, misplaced, **at),
        ask("POST", several, {"plugin": plugin_id, "config": {name: [value] for name, value in config.items()}}),
    ]
    assert {reply.status for reply in wrong} == {422}
    yield from wrong


@pytest.mark.parametrize("shipped", TRIALS, ids=[plugin_id for _, plugin_id, _ in TRIALS])
def test_no_secret_is_in_a_table_a_log_a_repr_or_an_answer(
    shipped: tuple[str, str, Any], equipped: Equip, monkeypatch: pytest.MonkeyPatch, heard: Callable[[], str]
):  # fmt: skip
    kind, plugin_id, trial = shipped
    folder = HOSTS[kind]
    host = equipped(folder)
    monkeypatch.setenv("STAGE", "local")
    with trial.start() as address:
        monkeypatch.setenv("PROVIDER_BASES", json.dumps({plugin_id: address}))
        answers = list(asked(host.app, kind, plugin_id, trial))
    installations = host.services.installations
    (installation,) = installations.store.of(TENANT)
    down = call(host.app, "POST", f"/v1/storefronts/{{storefront_id}}/{kind}-installations/{{installation_id}}/check",
                path=AT | {"installation_id": installation.id}, by=MERCHANT)  # fmt: skip
    context = installations.context(installation, utc_now() + timedelta(seconds=5))
    said = {
        "tables": tables(),
        "logs": heard(),
        "reprs": f"{installation!r} {context!r} {context.config!r} {context.config!s} {installations!r} {installations.credentials!r}",
        "answers": json.dumps([[reply.body, reply.headers] for reply in (*answers, down)], ensure_ascii=False),
    }
    assert installation.id in said["tables"]
    assert down.status in (200, 422)
    found = {(where, secret[:6]) for where, text in said.items() for secret in trial.secrets for form in forms(secret) if form in text}
    assert not found
