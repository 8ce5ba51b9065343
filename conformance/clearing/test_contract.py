"""What a clearing plug-in says of itself is whole and true."""

import re

import pytest

from conformance.clearing.desk import Desk, kind_of
from monsoon_plugin.errors import ErrorKind
from monsoon_plugin.plugin import form_of
from shared.providers.installation import HIDDEN, checked, shown, written

CALLS = ("capability", "check_config", "submit", "fetch", "parse_statement", "webhook")


def test_it_has_every_call_of_the_contract(desk: Desk) -> None:
    assert [name for name in CALLS if not callable(getattr(desk.plugin, name, None))] == []


def test_its_manifest_is_whole(desk: Desk) -> None:
    manifest = desk.plugin.manifest
    assert (manifest.kind, manifest.api) == ("clearing", 1)
    assert re.fullmatch(r"[a-z][a-z0-9_]{1,39}", manifest.id)
    assert manifest.name.get("en")
    assert manifest.version


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
    assert can.pays or can.statements, "it neither pays nor reads"
    assert not can.by_file or can.pays
    assert (can.max_payouts > 0) == can.pays
    assert can.currencies is None or desk.trial.currency in can.currencies
    assert bool(can.statements) == (desk.trial.statement is not None)


def test_a_plugin_that_calls_a_provider_can_ask_what_became_of_a_batch(payer: Desk) -> None:
    assert payer.capability.lookup == bool(payer.plugin.manifest.allowed_hosts)


def test_without_a_config_it_promises_the_most(desk: Desk) -> None:
    most, can = desk.plugin.capability(None), desk.capability
    assert most.currencies is None or set(can.currencies or most.currencies) <= set(most.currencies)
    assert set(can.statements) <= set(most.statements)


def test_a_config_that_works_is_accepted(desk: Desk) -> None:
    assert kind_of(desk.plugin.check_config, desk.ctx()) is None


def test_a_wrong_key_is_a_matter_of_the_config(desk: Desk) -> None:
    if desk.trial.bad_config is None:
        pytest.skip("there is no key, or the stand-in takes every one")
    wrong = desk.with_config(**desk.trial.bad_config)
    assert kind_of(wrong.plugin.check_config, wrong.ctx()) is ErrorKind.CONFIG


def test_what_it_does_not_offer_is_unsupported(desk: Desk) -> None:
    can = desk.capability
    if not can.pays:
        assert kind_of(desk.plugin.submit, desk.ctx(), None) is ErrorKind.UNSUPPORTED
    if not can.lookup:
        assert kind_of(desk.plugin.fetch, desk.ctx(), "key", []) is ErrorKind.UNSUPPORTED
    assert kind_of(desk.lines, b"", "application/x-unknown") is ErrorKind.UNSUPPORTED
