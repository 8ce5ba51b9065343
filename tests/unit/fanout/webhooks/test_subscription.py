"""How a subscription fares through failures, and which secrets sign for it."""

import json
from datetime import timedelta

import pytest
from standardwebhooks.webhooks import Webhook

from functions.fanout.webhook_delivery.retry_schedule import JITTER, SCHEDULE, pause
from functions.fanout.webhooks.signing_secret import secret_text
from functions.fanout.webhooks.subscription import Failed, Subscription
from monsoon_plugin.clock import from_rfc3339, rfc3339
from shared.errors import TooManyRequests
from tests.fakes import NOON

ACTIVE = Subscription(
    id="whk_1", account_id="acc_1", storefront_id="sf_1", url="https://a.example.com/", types=("product.changed",),
    created_at=rfc3339(NOON), fingerprint="",
)  # fmt: skip
FAILED = Failed("the endpoint answered 500", 500, rfc3339(NOON))


def middle(bound: int) -> int:
    return bound // 2


def test_pauses_are_those_of_standard_webhooks_and_the_last_failure_ends_them():
    pauses = [pause(failures, middle) for failures in range(1, len(SCHEDULE) + 1)]
    assert pauses == [timedelta(seconds=seconds) for seconds in SCHEDULE[1:]] + [None]


def test_a_pause_is_a_fifth_shorter_or_longer_at_most():
    assert (pause(1, lambda _: 0), pause(1, lambda bound: bound - 1)) == (timedelta(seconds=4), timedelta(seconds=6))
    assert JITTER == 200


@pytest.mark.parametrize(("asked", "seconds"), [(None, 5), (1, 5), (60, 60), (10**9, 86400)])
def test_retry_after_lengthens_a_pause_to_a_day_at_most_and_never_shortens_it(asked: int | None, seconds: int):
    assert pause(1, middle, asked) == timedelta(seconds=seconds)


def test_a_first_failure_makes_it_lag_and_ten_in_a_row_disable_it():
    found = ACTIVE
    for n in range(1, len(SCHEDULE)):
        found = found.failed(FAILED, NOON, middle)
        assert (found.state, found.failures, from_rfc3339(found.next_at)) == ("lagging", n, NOON + timedelta(seconds=SCHEDULE[n]))
    last = found.failed(FAILED, NOON, middle)
    assert (last.state, last.next_at, last.due_at, last.since) == ("disabled", "", "", rfc3339(NOON))
    assert "10 times in a row" in last.reason


def test_gone_disables_at_once():
    assert ACTIVE.failed(Failed("", 410, rfc3339(NOON)), NOON, middle).state == "disabled"


def test_many_failures_of_one_outage_count_once_and_the_earliest_moment_stays():
    lagging = ACTIVE.missed(FAILED, NOON, middle)
    again = lagging.missed(Failed("", 500, rfc3339(NOON - timedelta(minutes=1))), NOON, middle)
    assert (again.failures, again.next_at, again.since) == (1, lagging.next_at, rfc3339(NOON - timedelta(minutes=1)))


def test_a_lagging_one_is_sent_only_what_its_catch_up_will_not_bring():
    lagging = ACTIVE.missed(FAILED, NOON, middle)
    assert lagging.skips(rfc3339(NOON) + "#prd_1")
    assert not lagging.skips(rfc3339(NOON - timedelta(seconds=1)) + "#prd_1")


def test_progress_counts_the_failures_anew_and_goes_on_where_it_stood():
    behind = ACTIVE.failed(FAILED, NOON, middle).failed(FAILED, NOON, middle)
    moved = behind.reached(rfc3339(NOON), 2, "x", alive=True).failed(FAILED, NOON, middle)
    assert (moved.failures, moved.until, moved.partition, moved.after) == (1, rfc3339(NOON), 2, "x")
    earlier = moved.behind(rfc3339(NOON - timedelta(hours=1)))
    assert (earlier.until, earlier.partition, earlier.after) == ("", 0, "")


def test_a_disabled_one_goes_on_from_where_it_stopped():
    stopped = ACTIVE.stopped(NOON)
    resumed = stopped.resumed(NOON + timedelta(days=2))
    assert (resumed.state, resumed.since, resumed.failures) == ("lagging", rfc3339(NOON), 0)


def test_the_old_secret_signs_beside_the_new_one_for_a_day():
    rotated = ACTIVE.rotated("rot_1", NOON)
    assert rotated.generations(NOON) == [2, 1]
    assert rotated.generations(NOON + timedelta(hours=24)) == [2]


def test_each_of_several_rotations_in_a_day_leaves_its_secret_a_day():
    first, later = ACTIVE.rotated("rot_1", NOON), NOON + timedelta(hours=1)
    second = first.rotated("rot_2", later)
    assert second.generations(later) == [3, 2, 1]
    assert second.generations(NOON + timedelta(hours=24)) == [3, 2]
    assert second.generations(later + timedelta(hours=24)) == [3]
    assert second.rotated("rot_1", later) == second.rotated("rot_2", later) == second


def test_a_fourth_rotation_in_a_day_must_wait():
    many = ACTIVE
    for n in range(3):
        many = many.rotated(f"rot_{n}", NOON)
    with pytest.raises(TooManyRequests) as refused:
        many.rotated("rot_x", NOON + timedelta(hours=23))
    assert refused.value.more == {"retry_after": 3601}
    assert many.rotated("rot_x", NOON + timedelta(hours=24)).generations(NOON + timedelta(hours=24)) == [5, 4]


def test_replays_and_tests_are_twenty_an_hour():
    asked = ACTIVE
    for n in range(20):
        asked = asked.demanded(NOON + timedelta(seconds=n))
    with pytest.raises(TooManyRequests) as refused:
        asked.demanded(NOON + timedelta(minutes=59))
    assert refused.value.more == {"retry_after": 61}
    assert len(asked.demanded(NOON + timedelta(hours=1)).demands) == 20


def test_secrets_are_of_one_subscription_and_generation_and_a_stranger_can_use_them():
    texts = {secret_text("hub", subscription_id, n) for subscription_id in ("whk_1", "whk_2") for n in (1, 2)}
    assert len(texts) == 4
    assert Webhook(texts.pop()).sign("msg_1", NOON, "{}").startswith("v1,")


def test_types_that_the_release_before_does_not_know_are_kept_where_it_does_not_look():
    asked = ACTIVE.model_copy(update={"types": ("order.paid", "order.units_kept")})
    kept = json.loads(asked.model_dump_json())
    assert (kept["types"], kept["later_types"]) == (["order.paid"], ["order.units_kept"])
    assert Subscription.model_validate_json(json.dumps(kept)).types == asked.types
    assert Subscription.model_validate_json(json.dumps(kept | {"later_types": ["order.units_kept", "order.eaten"]})).types == asked.types
    del kept["later_types"]
    assert Subscription.model_validate_json(json.dumps(kept)).types == ("order.paid",), "one of before"
