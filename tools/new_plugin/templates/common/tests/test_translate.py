"""The tables: what they hold is told as it is, what they lack is never taken for a success. Pure; the kit tries the rest."""

import pytest
from acme.translate import ERRORS, STATES, error_of, state_of

from monsoon_plugin.errors import ErrorKind, PluginError


def test_the_providers_states_and_errors_are_listed() -> None:
    assert STATES, "fill STATES in acme/translate.py"
    assert ERRORS, "fill ERRORS in acme/translate.py"


def test_an_unknown_state_is_a_breach_of_protocol() -> None:
    with pytest.raises(PluginError) as caught:
        state_of("a word that nobody knows")
    assert caught.value.kind is ErrorKind.PROTOCOL


@pytest.mark.parametrize(("changes", "kind"), [(True, ErrorKind.OUTCOME_UNKNOWN), (False, ErrorKind.UNAVAILABLE)])
def test_an_unlisted_failure_of_a_change_is_an_unknown_outcome(changes: bool, kind: ErrorKind) -> None:
    assert error_of(503, "", changes=changes).kind is kind


@pytest.mark.parametrize(("status", "kind"), [(401, ErrorKind.CONFIG), (403, ErrorKind.CONFIG), (429, ErrorKind.RATE_LIMITED)])
def test_a_wrong_key_and_a_busy_provider_are_told_as_such(status: int, kind: ErrorKind) -> None:
    assert error_of(status, "", changes=True).kind is kind
