"""Notices: only what the courier signed counts; what cannot be verified at most makes the core ask the courier."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from conformance.courier.courier_under_trial import CourierUnderTrial
from conformance.nonsense import nonsense
from conformance.under_trial import refusal
from monsoon_plugin.courier import Label
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.plugin import RawWebhook
from shared.providers.notices import NoticeNotUnderstood, NoticeRefused, read_notice

Notice = Callable[..., RawWebhook]
OLD = timedelta(days=4)
"""Older than the hub remembers which notices it has had."""


@pytest.fixture
def notice(labels: CourierUnderTrial) -> Notice:
    """A notice that a parcel was delivered; `late`: how long ago it was signed."""
    make = labels.trial.notice
    if make is None:
        pytest.skip("nobody sends notices")

    def made(label: Label, late: timedelta = timedelta(0), event_id: str = "evt_kit") -> RawWebhook:
        return make(labels.trial.config, label.tracking_number, event_id, datetime.now(UTC) - late)

    return made


def believed(courier: CourierUnderTrial, raw: RawWebhook) -> bool:
    """Whether the notice's own word counts: it is neither refused nor read as a mere hint to ask."""
    error = refusal(courier.notice, raw)
    assert error is None or error.kind is ErrorKind.SIGNATURE
    told = None if error else courier.notice(raw)
    return told is not None and bool(told.events)


def test_a_notice_names_its_parcel(labels: CourierUnderTrial, notice: Notice) -> None:
    label = labels.buy_one().label
    told = labels.notice(notice(label))
    assert told is not None
    assert told.tracking_number == label.tracking_number
    assert all(event.state for event in told.events)
    assert not told.events or told.events[-1].state == "delivered"


def test_a_doubled_notice_has_the_same_name(labels: CourierUnderTrial, notice: Notice) -> None:
    label = labels.buy_one().label
    once, again = labels.notice(notice(label)), labels.notice(notice(label))
    assert once is not None
    assert again is not None
    assert 0 < len(once.event_id) <= 128
    assert once.event_id == again.event_id


def test_another_notice_has_another_name(labels: CourierUnderTrial, notice: Notice) -> None:
    label = labels.buy_one().label
    once, other = labels.notice(notice(label)), labels.notice(notice(label, event_id="evt_other"))
    assert once is not None
    assert other is not None
    assert once.event_id != other.event_id


def test_a_forged_notice_is_not_believed(labels: CourierUnderTrial, notice: Notice) -> None:
    raw = notice(labels.buy_one().label)
    assert not believed(labels, RawWebhook(raw.body.replace(b"elivered", b"eliverec", 1), raw.headers))


def test_a_notice_for_another_installation_is_not_believed(labels: CourierUnderTrial, notice: Notice) -> None:
    make, label, other = labels.trial.notice, labels.buy_one().label, labels.trial.other_notices
    assert make is not None
    foreign = {**labels.trial.config, **other}
    assert not believed(labels, make(foreign, label.tracking_number, "evt_kit", datetime.now(UTC)))


def test_a_notice_without_a_signature_is_not_believed(labels: CourierUnderTrial, notice: Notice) -> None:
    assert not believed(labels, RawWebhook(notice(labels.buy_one().label).body, {}))


def test_a_stale_notice_is_not_believed(labels: CourierUnderTrial, notice: Notice) -> None:
    assert not believed(labels, notice(labels.buy_one().label, late=OLD))


def test_a_notice_from_the_future_is_not_believed(labels: CourierUnderTrial, notice: Notice) -> None:
    assert not believed(labels, notice(labels.buy_one().label, late=-timedelta(hours=1)))


def test_without_a_secret_no_notice_is_believed(labels: CourierUnderTrial, notice: Notice) -> None:
    if labels.trial.no_notices is None:
        pytest.skip("no config lacks it")
    raw = notice(labels.buy_one().label)
    assert not believed(labels.with_config(**labels.trial.no_notices), raw)


def test_what_is_no_notice_is_refused_in_words_of_ours(labels: CourierUnderTrial, notice: Notice) -> None:
    signed = notice(labels.buy_one().label)
    for body in (b"", b"[]", b"\xff\xfe", b"{}", b"null"):
        assert not believed(labels, RawWebhook(body, signed.headers))


def test_a_signed_notice_of_nonsense_is_refused_or_dropped(labels: CourierUnderTrial, notice: Notice) -> None:
    if labels.trial.signed is None:
        pytest.skip("the trial signs nothing but its own notices")
    for body in nonsense(notice(labels.buy_one().label).body):
        with suppress(NoticeRefused, NoticeNotUnderstood):
            read_notice(partial(labels.notice, labels.trial.signed(labels.trial.config, body, datetime.now(UTC))))


def test_where_nobody_sends_notices_every_one_is_refused(courier: CourierUnderTrial) -> None:
    if courier.trial.notice is not None:
        pytest.skip("notices are sent")
    with pytest.raises(PluginError) as error:
        courier.notice(RawWebhook(b"{}", {}))
    assert error.value.kind is ErrorKind.SIGNATURE
