"""Payouts and statements over HTTP."""

import json
from base64 import b64encode
from dataclasses import replace
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from functions.settlement import handler
from functions.settlement.bootstrap import LedgerSettings, Services, Settings
from functions.settlement.payouts.appointments import Appointment
from functions.settlement.plugins.sepa.trial import statement
from monsoon_plugin.clearing import StatementLine
from monsoon_plugin.money import Money
from shared.api.service import Service
from shared.providers.places import ProviderSettings
from tests.conftest import aws, kms_key
from tests.fakes import TICKETS, call, caller
from tests.unit.settlement.events import OWNER, STOREFRONT, SUPPLIER
from tests.unit.settlement.payout_fakes import owe

SF = "/v1/storefronts/{storefront_id}"
ONE = SF + "/clearing-installations/{installation_id}"
AT = {"storefront_id": STOREFRONT}
IBAN = "DE89370400440532013000"
SEPA = {"plugin": "sepa", "config": {"name": "Shop", "iban": IBAN}}


@pytest.fixture
def services(make_table: Any) -> Services:
    key = kms_key()
    providers = ProviderSettings(stage="local", public_url="", provider_bases="{}", plugin_functions="", credentials_key=key)
    ledger = LedgerSettings(commission_per_mille=0, payout_hold_days=14)
    return Services(Settings(make_table("settlement")), ledger, providers, tickets=TICKETS)


@pytest.fixture
def app(services: Services) -> Service:
    return Service("settlement", lambda: services, handler.ROUTES)


def installed(app: Any, body: Any = SEPA) -> str:
    reply = call(app, "POST", SF + "/clearing-installations", path=AT, by=caller(OWNER), body=body, headers={"idempotency-key": "k"})
    assert reply.status == 201
    return str(reply.body["id"])


def put_account(app: Any, account: str = SUPPLIER, **body: Any) -> Any:
    return call(app, "PUT", "/v1/payout-account", by=caller(account), body={"name": "A", **body})


def put_schedule(app: Any, installation_id: str, **body: Any) -> Any:
    asked = {"installation_id": installation_id, "every": "day", "currencies": [{"currency": "EUR"}], **body}
    return call(app, "PUT", SF + "/payout-schedule", path=AT, by=caller(OWNER), body=asked)


def test_an_account_number_is_checked_kept_encrypted_and_shown_masked(app):
    assert put_account(app, iban="DE89 3704 0044 0532 0130 01").status == 422
    reply = put_account(app, iban="DE89 3704 0044 0532 0130 00")
    assert (reply.status, reply.body["iban"]) == (200, "DE89••••3000")
    assert call(app, "GET", "/v1/payout-account", by=caller(SUPPLIER)).body == reply.body
    assert IBAN not in json.dumps(aws("dynamodb").scan(TableName="settlement-test"), default=str)


def test_an_account_needs_a_way_to_be_paid_and_others_accounts_are_not_to_be_seen(app):
    assert put_account(app).status == 422
    put_account(app, iban=IBAN)
    assert call(app, "GET", "/v1/payout-account", by=caller("acc_other")).status == 404
    assert call(app, "GET", "/v1/platform/payout-account", by=caller(SUPPLIER)).status == 403


@pytest.mark.parametrize(
    "wrong",
    [{"every": "week", "on": 0}, {"every": "week", "on": 8}, {"every": "month"}, {"every": "day", "on": 1},
     {"currencies": [{"currency": "USD"}]}, {"currencies": [{"currency": "EUR"}, {"currency": "EUR"}]}],
)  # fmt: skip
def test_a_schedule_that_cannot_be_kept_is_refused(app, wrong):
    assert put_schedule(app, installed(app), **wrong).status == 422


def test_an_installation_that_only_reads_cannot_pay_and_anothers_is_not_found(app):
    columns = {"booked_on": "day", "amount": "amount", "text": "text"}
    assert put_schedule(app, installed(app, {"plugin": "bank_statement", "config": columns})).status == 422
    assert put_schedule(app, "ins_01HZZZZZZZZZZZZZZZZZZZZZZZ").status == 404


def test_from_a_payday_by_the_file_to_the_statement(app, services):
    installation = installed(app)
    put_account(app, iban=IBAN)
    assert put_schedule(app, installation).status == 200
    owe(1500, 500)
    sweep = replace(handler.sweep, services=lambda: services)
    services.payout_context.store.add_appointment(Appointment("2026-01-01T00:00:00.000Z", f"{OWNER}#{STOREFRONT}", "payday#1#2026-11-20"))
    for _ in range(2):
        assert sweep({}, SimpleNamespace(get_remaining_time_in_millis=lambda: 300_000))["kept"] == 1
    batch = call(app, "GET", SF + "/payout-batches", path=AT, by=caller(OWNER)).body["items"][0]
    assert (batch["state"], batch["total"], batch["payouts"]) == ("submitted", {"amount": 2000, "currency": "EUR"}, 1)
    at = {**AT, "key": batch["key"]}
    file = app({**event("GET", SF + "/payout-batches/{key}/file", at), "body": None}, None)
    assert file["headers"]["Content-Type"] == "application/xml"
    payout = call(app, "GET", SF + "/payout-batches/{key}", path=at, by=caller(OWNER)).body["items"][0]
    line = StatementLine(
        id="",
        booked_on=datetime.now().astimezone().date(),
        amount=Money(-2000, "EUR"),
        reference=payout["id"],
        counterparty="A",
        text="Payout",
    )
    content, media_type = statement([line])
    told = {"media_type": media_type, "content": b64encode(content).decode()}
    where = {**AT, "installation_id": installation}
    first, again = (call(app, "POST", ONE + "/statements", path=where, by=caller(OWNER), body=told).body for _ in range(2))
    assert (first["matched"], first["known"], again["matched"], again["known"]) == (1, 0, 0, 1)
    lines = call(app, "GET", ONE + "/reconciliation", path=where, by=caller(OWNER), query={"outcome": "matched"}).body["items"]
    assert [(found["amount"], found["payout_id"]) for found in lines] == [(-2000, payout["id"])]
    assert call(app, "GET", ONE + "/reconciliation/missing", path=where, by=caller(OWNER)).body["items"] == []
    balance = call(app, "GET", "/v1/statement/balance", by=caller(SUPPLIER)).body["items"]
    assert [(item["currency"], item["amounts"]["payout"]) for item in balance] == [("EUR", -2000)]
    assert call(app, "GET", SF + "/payout-batches/{key}", path=at, by=caller("acc_other")).status == 404


def test_a_statement_that_is_no_base64_too_large_or_unreadable_is_refused(app):
    where = {**AT, "installation_id": installed(app)}

    def sent(content: str, media_type: str = "application/xml") -> int:
        told = {"media_type": media_type, "content": content}
        return call(app, "POST", ONE + "/statements", path=where, by=caller(OWNER), body=told).status

    assert sent("???") == 422
    assert sent(b64encode(b"<html/>").decode()) == 422
    assert sent("", "text/csv") == 422
    assert sent(b64encode(b"x" * (4 * 1024 * 1024 + 1)).decode()) == 422


def test_a_notice_for_an_installation_that_takes_none_is_refused(app):
    hook = "/v1/hooks/clearing/{installation_id}"
    assert call(app, "POST", hook, path={"installation_id": installed(app)}, raw="{}").status == 400
    assert call(app, "POST", hook, path={"installation_id": "ins_unknown"}, raw="{}").status == 404


def event(method: str, resource: str, path: dict[str, str]) -> dict[str, Any]:
    by = caller(OWNER).context()
    return {
        "resource": resource, "path": resource.format(**path), "httpMethod": method, "headers": {}, "multiValueHeaders": {},
        "queryStringParameters": None, "multiValueQueryStringParameters": None, "pathParameters": path, "stageVariables": None,
        "isBase64Encoded": False,
        "requestContext": {"resourcePath": resource, "httpMethod": method, "path": resource, "identity": {"sourceIp": "127.0.0.1"},
                           "authorizer": by},
    }  # fmt: skip
