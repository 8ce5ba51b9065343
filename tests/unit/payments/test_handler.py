"""The routes: tickets, tenants, installations and their secrets."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from functions.payments import handler
from functions.payments.bootstrap import Services, Settings
from functions.payments.payment_routes import PAYMENTS
from monsoon_plugin.clock import utc_now
from monsoon_plugin.money import Amount
from shared.api.service import Service
from shared.api.ticket_contents import PAYABLE_FOR, PAYABLE_ORDER, PayableOrder
from shared.bootstrap.api_parts import SigningSettings
from shared.ids import derived_id
from shared.providers.places import ProviderSettings
from shared.providers.registry import Registry
from tests.conftest import aws, kms_key
from tests.fakes import Reply, call, caller
from tests.unit.payments.kit import BANK, SECRETS, STRIPE

INSTALLATIONS = "/v1/storefronts/{storefront_id}/payment-installations"
AT = {"storefront_id": "sf_1"}
MERCHANT = caller("acc_1", "storefront")
SITE = caller("acc_1", "client_site", storefront_id="sf_1")


@pytest.fixture
def services(make_table: Callable[[str], str]) -> Services:
    providers = ProviderSettings(
        stage="local",
        public_url="https://hub.example/",
        provider_bases='{"stripe": "http://127.0.0.1:9"}',
        plugin_functions="",
        credentials_key=kms_key(),
    )
    signing = aws("secretsmanager").create_secret(Name=f"signing-{uuid4()}", SecretString="s" * 64)["ARN"]
    return Services(Settings(make_table("payments")), providers, SigningSettings(signing))


@pytest.fixture
def hub(services: Services) -> "Hub":
    return Hub(Service("payments", lambda: services, handler.ROUTES), services)


@dataclass(frozen=True)
class Hub:
    """The service as its callers see it."""

    app: Service
    services: Services

    def call(self, method: str, route: str, **more: Any) -> Reply:
        return call(self.app, method, route, **more)

    def install(self, config: dict[str, Any] | None = None, plugin: str = "bank_transfer") -> Reply:
        body = {"plugin": plugin, "config": BANK if config is None else config}
        return self.call("POST", INSTALLATIONS, path=AT, body=body, headers={"idempotency-key": "i1"}, by=MERCHANT)

    def pay(
        self, order_id: str = "ord_1", account_id: str = "acc_1", *, key: str = "p1", by: Any = SITE, age: int = 0, **more: Any
    ) -> Reply:
        """`age`: of the ticket, in minutes."""
        order = PayableOrder(account_id=account_id, storefront_id="sf_1", order_id="ord_1", amount=Amount(amount=1250, currency="EUR"))
        ticket = self.services.tickets.issue(PAYABLE_ORDER, order, utc_now() - timedelta(minutes=age), PAYABLE_FOR)
        path = AT | {"order_id": order_id}
        return self.call("POST", PAYMENTS, path=path, body={"ticket": ticket, **more}, headers={"idempotency-key": key}, by=by)


def test_an_order_is_paid_by_bank_transfer_from_installation_to_confirmation(hub: Hub) -> None:
    assert hub.install().status == 201
    paid = hub.pay()
    assert (paid.status, paid.body["state"], paid.body["next_action"]["type"]) == (201, "pending", "transfer")
    path = AT | {"order_id": "ord_1", "payment_id": paid.body["id"]}
    confirm = PAYMENTS + "/{payment_id}/confirmation"
    assert hub.call("POST", confirm, path=path, body={"data": {"amount": 1250}}, by=SITE).status == 403
    assert hub.call("POST", confirm, path=path, body={"data": {"amount": 1250}}, by=MERCHANT).body["captured"] == 1250
    assert hub.call("GET", PAYMENTS + "/{payment_id}", path=path, by=SITE).body["state"] == "captured"
    assert len(hub.call("GET", PAYMENTS, path=path, by=SITE).body["items"]) == 1
    assert hub.call("GET", PAYMENTS + "/{payment_id}", path=path, by=caller("acc_2", "storefront")).status == 404


@pytest.mark.parametrize(("order_id", "account_id"), [("ord_2", "acc_1"), ("ord_1", "acc_2")])
def test_a_ticket_of_another_order_or_account_is_refused(hub: Hub, order_id: str, account_id: str) -> None:
    refused = hub.pay(order_id, account_id)
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, "/ticket")


def test_a_ticket_that_is_too_old_is_refused_and_says_where_a_new_one_is(hub: Hub) -> None:
    hub.install()
    refused = hub.pay(age=16)
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, "/ticket")
    assert "read the order again" in refused.body["errors"][0]["detail"]
    assert hub.pay(age=14).status == 201


def test_a_ticket_of_before_an_upgrade_pays_no_longer_than_one_of_today(hub: Hub) -> None:
    """Until 2026-11-29 an order's ticket was good until the order's deadline: for ten days, say."""
    hub.install()
    refused = hub.pay(age=-60)
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, "/ticket")
    assert "read the order again" in refused.body["errors"][0]["detail"]
    assert hub.pay(age=0).status == 201


def test_a_repetition_gets_its_payment_whatever_has_become_of_its_ticket(hub: Hub) -> None:
    hub.install()
    begun = hub.pay()
    for age in (1, 16):
        assert hub.pay(age=age).body == begun.body
    assert hub.pay(key="p2", age=16).status == 422
    assert hub.pay(age=16, method="card").body["type"] == "urn:monsoon:problem:idempotency-key-reused"


def test_an_order_without_a_provider_cannot_be_paid(hub: Hub) -> None:
    assert hub.pay().body["type"] == "urn:monsoon:problem:no-provider"


def test_the_form_of_every_provider_is_shown_and_its_secrets_are_write_only(hub: Hub) -> None:
    shown = hub.call("GET", "/v1/payment/providers", by=MERCHANT).body["items"]
    forms = {provider["id"]: provider["form"] for provider in shown}
    assert {"cash_on_delivery", "bank_transfer", "stripe"} <= forms.keys()
    assert forms["stripe"]["properties"]["secret_key"]["writeOnly"] is True


@pytest.mark.parametrize(
    ("config", "pointer"),
    [
        (BANK | {"iban": "DE00"}, "/config/iban"),
        (BANK | {"colour": "red"}, "/config/colour"),
        ({"iban": BANK["iban"]}, "/config/account_holder"),
        (BANK | {"currencies": ["XTS"]}, "/config/currencies/0"),
    ],
)
def test_a_wrong_config_is_refused_by_field(hub: Hub, config: dict[str, Any], pointer: str) -> None:
    refused = hub.install(config)
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, pointer)


def test_an_unknown_provider_or_one_that_does_not_answer_is_refused_without_telling_secrets(hub: Hub) -> None:
    assert hub.install({}, "barter").body["errors"][0]["pointer"] == "/plugin"
    for config in (STRIPE, STRIPE | {"secret_key": SECRETS[0] + " "}):
        refused = hub.install(config, "stripe")
        assert refused.status == 422
        assert not any(secret in repr(refused) for secret in SECRETS)


def test_an_installation_is_read_changed_disabled_and_kept(hub: Hub) -> None:
    made = hub.install().body
    one, path = INSTALLATIONS + "/{installation_id}", AT | {"installation_id": made["id"]}
    changed = hub.call("PATCH", one, path=path, body={"config": {"account_holder": "Grace Hopper"}, "rank": 1}, by=MERCHANT).body
    assert (changed["config"]["account_holder"], changed["config"]["iban"], changed["rank"]) == ("Grace Hopper", made["config"]["iban"], 1)
    assert hub.call("DELETE", one, path=path, by=MERCHANT).status == 204
    assert hub.call("GET", INSTALLATIONS, path=AT, by=MERCHANT).body["items"][0]["enabled"] is False
    assert hub.call("GET", one, path=path, by=caller("acc_2", "storefront")).status == 404
    assert hub.install().body["id"] == made["id"]


def test_a_notice_for_nobody_is_not_found_and_an_unsigned_one_refused(hub: Hub) -> None:
    hook = "/v1/hooks/payments/{installation_id}"
    assert hub.call("POST", hook, path={"installation_id": derived_id("ins", "x")}, body={}).status == 404
    assert hub.call("POST", hook, path={"installation_id": hub.install().body["id"]}, body={}).status == 401


def test_the_sweep_has_nothing_to_ask_for_payments_that_nobody_outside_knows(hub: Hub) -> None:
    hub.install()
    hub.pay()
    assert replace(handler.sweep, services=lambda: hub.services)({}, None) == {"settled": 0}


def providers(hub: Hub, **query: str) -> set[str]:
    answer = hub.call("GET", "/v1/providers", query=query, by=MERCHANT)
    assert answer.status == 200
    return {f"{item['kind']}/{item['id']}" for item in answer.body["items"]}


def test_the_providers_of_all_families_are_listed_by_kind_country_and_currency(hub: Hub) -> None:
    everything = providers(hub)
    assert {"payment/stripe", "courier/table_rate", "clearing/sepa"} <= everything
    assert providers(hub, kind="clearing") == {name for name in everything if name.startswith("clearing/")}
    assert {"payment/alipay", "payment/bank_transfer"} <= providers(hub, currency="CNY")
    assert "payment/alipay" not in providers(hub, currency="EUR")
    assert "courier/sf_express" in providers(hub, country="HK")
    assert "courier/sf_express" not in providers(hub, country="BR")
    assert hub.call("GET", "/v1/providers", query={"currency": "euro"}, by=MERCHANT).status == 422


def test_an_installation_is_checked_again_when_asked_and_shows_where_notices_go(hub: Hub) -> None:
    made = hub.install().body
    checked = hub.call("POST", INSTALLATIONS + "/{installation_id}/check", path=AT | {"installation_id": made["id"]}, by=MERCHANT)
    assert (checked.status, checked.body["notify_url"]) == (200, f"https://hub.example/v1/hooks/payments/{made['id']}")


def test_an_installation_that_is_not_offered_any_more_is_read_and_changed_and_stops_no_other(hub: Hub) -> None:
    path = AT | {"installation_id": hub.install().body["id"]}
    one, services = INSTALLATIONS + "/{installation_id}", hub.services
    services.installations = replace(services.installations, registry=Registry({}))
    read = hub.call("GET", one, path=path, by=MERCHANT)
    assert (read.status, read.body["offered"], read.body.get("config")) == (200, False, None)
    assert hub.call("GET", INSTALLATIONS, path=AT, by=MERCHANT).body["items"][0]["offered"] is False
    changed = hub.call("PATCH", one, path=path, body={"rank": 7}, by=MERCHANT)
    assert (changed.status, changed.body["rank"]) == (200, 7)
    for method, route, body in (("PATCH", one, {"config": {"iban": "x"}}), ("POST", one + "/check", None)):
        refused = hub.call(method, route, path=path, body=body, by=MERCHANT)
        assert (refused.status, "bank_transfer" in refused.body["detail"]) == (503, True)
    assert hub.pay().status == 409
    assert hub.call("DELETE", one, path=path, by=MERCHANT).status == 204


OUTCOME = PAYMENTS + "/{payment_id}/operations/{operation_id}/outcome"


@pytest.mark.parametrize(
    ("by", "operation", "status", "code"),
    [
        (MERCHANT, "start", 409, "outcome-known"),
        (MERCHANT, "ref_9", 404, "not-found"),
        (caller("acc_2", "storefront"), "start", 404, "not-found"),
        (caller("acc_1", "client_site", storefront_id="sf_1", scope="sell"), "start", 403, "scope-too-small"),
        (caller("acc_1", "client_site", storefront_id="sf_1", scope="manage"), "start", 409, "outcome-known"),
        (caller("acc_1", "client_site", storefront_id="sf_2", scope="manage"), "start", 404, "not-found"),
    ],
)
def test_an_outcome_is_said_by_the_owner_alone_and_of_what_is_open(hub: Hub, by: Any, operation: str, status: int, code: str) -> None:
    hub.install()
    path = AT | {"order_id": "ord_1", "payment_id": hub.pay().body["id"], "operation_id": operation}
    said = hub.call("PUT", OUTCOME, path=path, body={"done": False}, by=by)
    assert (said.status, said.body["type"]) == (status, f"urn:monsoon:problem:{code}")
