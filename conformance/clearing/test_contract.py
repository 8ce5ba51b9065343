"""What a clearing plug-in says of itself is whole and true."""

import re

import pytest

from conformance.clearing.clearing_under_trial import ClearingUnderTrial
from conformance.under_trial import kind_of
from monsoon_plugin.errors import ErrorKind
from monsoon_plugin.plugin import form_of
from shared.providers.installation import HIDDEN, checked, shown, written

CALLS = ("capability", "check_config", "submit", "fetch", "parse_statement", "webhook")


def test_it_has_every_call_of_the_contract(clearing: ClearingUnderTrial) -> None:
    assert [name for name in CALLS if not callable(getattr(clearing.plugin, name, None))] == []


def test_its_manifest_is_whole(clearing: ClearingUnderTrial) -> None:
    manifest = clearing.plugin.manifest
    assert (manifest.kind, manifest.api) == ("clearing", 1)
    assert re.fullmatch(r"[a-z][a-z0-9_]{1,39}", manifest.id)
    assert manifest.name.get("en")
    assert manifest.version


def test_its_hosts_are_names(clearing: ClearingUnderTrial) -> None:
    assert [host for host in clearing.plugin.manifest.allowed_hosts if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", host)] == []


def test_its_form_is_json_schema_that_refuses_what_it_does_not_know(clearing: ClearingUnderTrial) -> None:
    assert form_of(clearing.plugin.config_model)["additionalProperties"] is False


def test_its_config_survives_being_kept(clearing: ClearingUnderTrial) -> None:
    assert checked(clearing.plugin.config_model, clearing.trial.config) == clearing.config


def test_secrets_are_declared_and_never_shown(clearing: ClearingUnderTrial) -> None:
    kept, seen = written(clearing.config).decode(), f"{shown(clearing.config)} {clearing.config!r} {clearing.config} {clearing.ctx()!r}"
    assert [secret for secret in clearing.trial.secrets if secret not in kept] == [], (
        "the trial names a secret that its config does not hold"
    )
    assert [secret for secret in clearing.trial.secrets if secret in seen] == []
    assert (HIDDEN in seen) == bool(clearing.trial.secrets)


def test_what_it_can_do_is_consistent(clearing: ClearingUnderTrial) -> None:
    can = clearing.capability
    assert can.pays or can.statements, "it neither pays nor reads"
    assert not can.by_file or can.pays
    assert (can.max_payouts > 0) == can.pays
    assert can.currencies is None or clearing.trial.currency in can.currencies
    assert bool(can.statements) == (clearing.trial.statement is not None)


def test_a_plugin_that_calls_a_provider_can_ask_what_became_of_a_batch(payer: ClearingUnderTrial) -> None:
    assert payer.capability.lookup == bool(payer.plugin.manifest.allowed_hosts)


def test_without_a_config_it_promises_the_most(clearing: ClearingUnderTrial) -> None:
    most, can = clearing.plugin.capability(None), clearing.capability
    assert most.currencies is None or set(can.currencies or most.currencies) <= set(most.currencies)
    assert set(can.statements) <= set(most.statements)


def test_a_config_that_works_is_accepted(clearing: ClearingUnderTrial) -> None:
    assert kind_of(clearing.plugin.check_config, clearing.ctx()) is None


def test_a_wrong_key_is_a_matter_of_the_config(clearing: ClearingUnderTrial) -> None:
    if clearing.trial.bad_config is None:
        pytest.skip("there is no key, or the stand-in takes every one")
    wrong = clearing.with_config(**clearing.trial.bad_config)
    assert kind_of(wrong.plugin.check_config, wrong.ctx()) is ErrorKind.CONFIG


def test_what_it_does_not_offer_is_unsupported(clearing: ClearingUnderTrial) -> None:
    can = clearing.capability
    if not can.pays:
        assert kind_of(clearing.plugin.submit, clearing.ctx(), None) is ErrorKind.UNSUPPORTED
    if not can.lookup:
        assert kind_of(clearing.plugin.fetch, clearing.ctx(), "key", []) is ErrorKind.UNSUPPORTED
    assert kind_of(clearing.lines, b"", "application/x-unknown") is ErrorKind.UNSUPPORTED
