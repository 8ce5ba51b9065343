"""What a courier plug-in says of itself is whole and true."""

import re
from datetime import timedelta

import pytest

from conformance.courier.desk import Desk, kind_of
from monsoon_plugin.errors import ErrorKind
from monsoon_plugin.plugin import form_of
from shared.providers.installation import HIDDEN, checked, shown, written

CALLS = ("capability", "check_config", "rates", "buy", "fetch", "void", "track", "webhook")


def test_it_has_every_call_of_the_contract(desk: Desk) -> None:
    assert [name for name in CALLS if not callable(getattr(desk.plugin, name, None))] == []


def test_its_manifest_is_whole(desk: Desk) -> None:
    manifest = desk.plugin.manifest
    assert (manifest.kind, manifest.api) == ("courier", 1)
    assert re.fullmatch(r"[a-z][a-z0-9_]{1,39}", manifest.id)
    assert manifest.name.get("en")
    assert manifest.version


def test_its_time_limit_fits_a_function(desk: Desk) -> None:
    assert timedelta(0) < desk.plugin.manifest.timeout <= timedelta(seconds=28)


def test_its_hosts_are_names(desk: Desk) -> None:
    assert [host for host in desk.plugin.manifest.allowed_hosts if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", host)] == []


def test_its_form_is_json_schema_that_refuses_what_it_does_not_know(desk: Desk) -> None:
    assert form_of(desk.plugin.config_model)["additionalProperties"] is False


def test_its_config_survives_being_kept(desk: Desk) -> None:
    assert checked(desk.plugin.config_model, desk.trial.config) == desk.config


def test_secrets_are_declared_and_never_shown(desk: Desk) -> None:
    kept, seen = written(desk.config).decode(), f"{shown(desk.config)} {desk.config!r} {desk.config} {desk.ctx()!r}"
    assert [secret for secret in desk.trial.secrets if secret not in kept] == [], "the trial names a secret that its config does not hold"
    assert [secret for secret in desk.trial.secrets if secret in seen] == []
    assert (HIDDEN in seen) == bool(desk.trial.secrets)


def test_what_it_can_do_is_consistent(desk: Desk) -> None:
    can = desk.capability
    assert bool(can.formats) == can.labels
    assert can.max_packages >= 1
    assert can.reaches(desk.trial.country)
    assert can.currencies is None or desk.trial.currency in can.currencies


def test_without_a_config_it_promises_the_most(desk: Desk) -> None:
    most, can = desk.plugin.capability(None), desk.capability
    assert most.countries is None or set(can.countries or most.countries) <= set(most.countries)
    assert set(can.formats) <= set(most.formats)
    assert can.labels <= most.labels
    assert can.volume_tiers <= most.volume_tiers
    assert can.pickup <= most.pickup


def test_a_config_that_works_is_accepted(desk: Desk) -> None:
    assert kind_of(desk.plugin.check_config, desk.ctx()) is None


def test_a_wrong_key_is_a_matter_of_the_config(desk: Desk) -> None:
    if desk.trial.bad_config is None:
        pytest.skip("there is no key, or the stand-in takes every one")
    wrong = desk.with_config(**desk.trial.bad_config)
    assert kind_of(wrong.plugin.check_config, wrong.ctx()) is ErrorKind.CONFIG
    assert kind_of(wrong.rates) is ErrorKind.CONFIG
