"""What a courier plug-in says of itself is whole and true."""

import re
from datetime import timedelta

import pytest

from conformance.courier.courier_under_trial import CourierUnderTrial
from conformance.under_trial import kind_of
from monsoon_plugin.errors import ErrorKind
from monsoon_plugin.plugin import form_of
from shared.providers.installation import HIDDEN, checked, shown, written

CALLS = ("capability", "check_config", "rates", "buy", "fetch", "void", "track", "webhook")


def test_it_has_every_call_of_the_contract(courier: CourierUnderTrial) -> None:
    assert [name for name in CALLS if not callable(getattr(courier.plugin, name, None))] == []


def test_its_manifest_is_whole(courier: CourierUnderTrial) -> None:
    manifest = courier.plugin.manifest
    assert (manifest.kind, manifest.api) == ("courier", 1)
    assert re.fullmatch(r"[a-z][a-z0-9_]{1,39}", manifest.id)
    assert manifest.name.get("en")
    assert manifest.version


def test_its_time_limit_fits_a_function(courier: CourierUnderTrial) -> None:
    assert timedelta(0) < courier.plugin.manifest.timeout <= timedelta(seconds=28)


def test_its_hosts_are_names(courier: CourierUnderTrial) -> None:
    assert [host for host in courier.plugin.manifest.allowed_hosts if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", host)] == []


def test_its_form_is_json_schema_that_refuses_what_it_does_not_know(courier: CourierUnderTrial) -> None:
    assert form_of(courier.plugin.config_model)["additionalProperties"] is False


def test_its_config_survives_being_kept(courier: CourierUnderTrial) -> None:
    assert checked(courier.plugin.config_model, courier.trial.config) == courier.config


def test_secrets_are_declared_and_never_shown(courier: CourierUnderTrial) -> None:
    kept, seen = written(courier.config).decode(), f"{shown(courier.config)} {courier.config!r} {courier.config} {courier.ctx()!r}"
    assert [secret for secret in courier.trial.secrets if secret not in kept] == [], (
        "the trial names a secret that its config does not hold"
    )
    assert [secret for secret in courier.trial.secrets if secret in seen] == []
    assert (HIDDEN in seen) == bool(courier.trial.secrets)


def test_what_it_can_do_is_consistent(courier: CourierUnderTrial) -> None:
    can = courier.capability
    assert bool(can.formats) == can.labels
    assert can.max_packages >= 1
    assert can.reaches(courier.trial.country)
    assert can.currencies is None or courier.trial.currency in can.currencies


def test_without_a_config_it_promises_the_most(courier: CourierUnderTrial) -> None:
    most, can = courier.plugin.capability(None), courier.capability
    assert most.countries is None or set(can.countries or most.countries) <= set(most.countries)
    assert set(can.formats) <= set(most.formats)
    assert can.labels <= most.labels
    assert can.volume_tiers <= most.volume_tiers
    assert can.pickup <= most.pickup


def test_a_config_that_works_is_accepted(courier: CourierUnderTrial) -> None:
    assert kind_of(courier.plugin.check_config, courier.ctx()) is None


def test_a_wrong_key_is_a_matter_of_the_config(courier: CourierUnderTrial) -> None:
    if courier.trial.bad_config is None:
        pytest.skip("there is no key, or the stand-in takes every one")
    wrong = courier.with_config(**courier.trial.bad_config)
    assert kind_of(wrong.plugin.check_config, wrong.ctx()) is ErrorKind.CONFIG
    assert kind_of(wrong.rates) is ErrorKind.CONFIG
