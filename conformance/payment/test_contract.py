"""What a plug-in says of itself, its form, and what a merchant types into it."""

import json
import re
import secrets
from typing import Any, get_args
from urllib.parse import urlsplit

import pytest
from pydantic import ValidationError

from conformance.payment.shop import Shop
from functions.payments.lifecycle.operation import Operation
from functions.payments.lifecycle.payment import PROMISED
from functions.payments.operation_runner import Unsupported, amendment_call
from monsoon_plugin.payment import Capability, ConfirmationData, OperationKind
from monsoon_plugin.plugin import Config, form_of
from monsoon_plugin.testing import PaymentTrial
from shared.providers.installation import HIDDEN, shown
from shared.providers.installations import ConfigRefused

MOST_QR = 1000
"""Characters of a code that a telephone still reads from a screen."""


def test_the_manifest_is_whole(plugin: Any) -> None:
    manifest = plugin.manifest
    assert re.fullmatch(r"[a-z][a-z0-9_]{1,39}", manifest.id)
    assert (manifest.kind, manifest.api, bool(manifest.version)) == ("payment", 1, True)
    assert {"en", "zh"} <= manifest.name.keys()
    assert all("/" not in host and " " not in host for host in manifest.allowed_hosts)


def test_the_form_is_a_json_schema_that_describes_its_fields(plugin: Any) -> None:
    assert issubclass(plugin.config_model, Config)
    form = form_of(plugin.config_model)
    assert form["type"] == "object"
    assert form["additionalProperties"] is False
    json.dumps(form)


def test_the_trials_config_is_taken_and_an_unknown_field_is_not(plugin: Any, trial: PaymentTrial) -> None:
    plugin.config_model.model_validate(trial.config)
    with pytest.raises(ValidationError):
        plugin.config_model.model_validate({**trial.config, "an_unknown_field": 1})


def test_secrets_are_declared_and_never_shown(plugin: Any, trial: PaymentTrial, shop: Shop) -> None:
    config = plugin.config_model.model_validate(trial.config)
    told = (
        f"{json.dumps(shown(config))} {config!r} {shop.installation!r} {shop.runner.context(shop.installation)!r} {form_of(type(config))}"
    )
    assert [secret for secret in trial.secrets if secret in told] == []
    assert not trial.secrets or HIDDEN in json.dumps(shown(config), ensure_ascii=False)


def test_the_config_is_kept_encrypted(trial: PaymentTrial, shop: Shop) -> None:
    assert [secret for secret in trial.secrets if secret.encode() in shop.installation.sealed] == []


def test_a_wrong_key_is_refused_before_it_goes_live(online: Shop, trial: PaymentTrial) -> None:
    if trial.bad_config is None:
        pytest.skip("the stand-in takes every key")
    with pytest.raises(ConfigRefused) as caught:
        online.install(**trial.bad_config)
    assert [secret for secret in trial.secrets if secret in str(caught.value)] == []


def test_the_capability_names_ways_to_pay_and_operations(shop: Shop) -> None:
    capability = shop.capability
    assert isinstance(capability, Capability)
    assert capability.methods
    assert OperationKind.START in capability.operations
    assert all(re.fullmatch("[A-Z]{3}", currency) for currency in capability.currencies)


def test_without_a_config_the_capability_is_the_widest(plugin: Any, shop: Shop) -> None:
    assert set(shop.capability.operations) <= set(plugin.capability(None).operations)


def test_what_the_trial_pays_fits_the_capability(shop: Shop, trial: PaymentTrial) -> None:
    for amount in (trial.amount, trial.zero_decimal, trial.three_decimal):
        assert amount is None or shop.capability.fits(amount)


@pytest.mark.parametrize("kind", [kind for kind in OperationKind if kind is not OperationKind.START])
def test_what_is_not_offered_is_refused_and_never_sent(shop: Shop, kind: OperationKind) -> None:
    if kind in shop.capability.operations:
        pytest.skip(f"it offers {kind}")
    payment = shop.start()
    with pytest.raises(Unsupported):
        shop.runner.run(payment, Operation(id="kit", kind=kind, amount=payment.amount.amount), amendment_call(payment))


def test_data_of_the_shopper_is_held_to_a_model_that_refuses_unknown_fields(plugin: Any) -> None:
    model = plugin.confirmation_model
    assert issubclass(model, ConfirmationData)
    if model.model_config.get("extra") == "forbid":
        with pytest.raises(ValidationError):
            model.model_validate({"an_unknown_field": 1})


def test_it_keeps_nothing_between_calls(plugin: Any, shop: Shop) -> None:
    before = dict(vars(plugin)) if hasattr(plugin, "__dict__") else {}
    shop.start()
    assert (dict(vars(plugin)) if hasattr(plugin, "__dict__") else {}) == before


def test_an_order_begun_again_with_one_key_is_one_payment(shop: Shop) -> None:
    key = secrets.token_hex(8)
    first = shop.start(order_id="ord_00000000000000000000000001", key=key)
    assert shop.start(order_id="ord_00000000000000000000000001", key=key).id == first.id


PAGE_ACTIONS = {"redirect": ("redirect",), "qr": ("qr",), "instructions": ("transfer",), "nothing": ()}


def test_a_way_to_pay_that_has_a_page_says_by_its_next_action_what_the_page_shows(shop: Shop) -> None:
    pages = shop.capability.pages
    assert pages.keys() <= set(shop.capability.methods)
    for method, page in pages.items():
        payment = shop.start(data=None, method=method)
        action = payment.next_action or {}
        assert action.get("type") in (PAGE_ACTIONS[page] or (None,)), f"{method} is said to be a page with: {page}"
        if page == "redirect":
            assert urlsplit(action["url"]).scheme in ("https", "http")
        elif page == "qr":
            assert 0 < len(action["data"]) <= MOST_QR
        elif page == "instructions":
            assert {"account_holder", "iban", "reference"} <= action.keys()
        else:
            assert payment.state in PROMISED


def test_how_money_moves_is_one_of_the_ports_words(shop: Shop) -> None:
    assert shop.capability.captures in get_args(Capability.model_fields["captures"].annotation)
