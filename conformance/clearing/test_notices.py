"""Notices: only the provider's, only fresh ones, and only for a batch."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from conformance.clearing.clearing_under_trial import ClearingUnderTrial, new_key
from conformance.nonsense import nonsense
from conformance.under_trial import kind_of
from monsoon_plugin.errors import ErrorKind
from monsoon_plugin.plugin import RawWebhook
from shared.providers.notices import NoticeNotUnderstood, NoticeRefused, read_notice


def signed(clearing: ClearingUnderTrial, key: str, **ago: float) -> RawWebhook:
    assert clearing.trial.notice is not None
    return clearing.trial.notice(clearing.trial.config, key, "evt_1", datetime.now(UTC) - timedelta(**ago))


def test_a_notice_names_the_batch_and_the_event(noticed: ClearingUnderTrial) -> None:
    key = new_key()
    told = noticed.notice(signed(noticed, key))
    assert told is not None
    assert (told.batch_key, told.event_id) == (key, "evt_1")


def test_a_changed_notice_is_refused(noticed: ClearingUnderTrial) -> None:
    raw = signed(noticed, new_key())
    forged = replace(raw, body=raw.body.replace(b"EUR", b"USD", 1))
    assert forged.body != raw.body
    assert kind_of(noticed.notice, forged) is ErrorKind.SIGNATURE


def test_a_notice_without_a_signature_is_refused(noticed: ClearingUnderTrial) -> None:
    assert kind_of(noticed.notice, replace(signed(noticed, new_key()), headers={})) is ErrorKind.SIGNATURE


def test_an_old_notice_is_refused(noticed: ClearingUnderTrial) -> None:
    assert kind_of(noticed.notice, signed(noticed, new_key(), minutes=6)) is ErrorKind.SIGNATURE


def test_a_notice_of_the_future_is_refused(noticed: ClearingUnderTrial) -> None:
    assert kind_of(noticed.notice, signed(noticed, new_key(), minutes=-6)) is ErrorKind.SIGNATURE


def test_a_notice_of_four_minutes_ago_is_taken(noticed: ClearingUnderTrial) -> None:
    assert noticed.notice(signed(noticed, new_key(), minutes=4)) is not None


def test_a_signed_notice_of_nonsense_is_refused_or_dropped(noticed: ClearingUnderTrial) -> None:
    if noticed.trial.signed is None:
        pytest.skip("the trial signs nothing but its own notices")
    for body in nonsense(signed(noticed, new_key()).body):
        with suppress(NoticeRefused, NoticeNotUnderstood):
            read_notice(partial(noticed.notice, noticed.trial.signed(noticed.trial.config, body, datetime.now(UTC))))
