"""Whether a message passes a subscription, and a queue takes it, is what the emulator says, asked once."""

import json
from typing import Any

import pytest
from ministack.services import sns

from local.mendings.known_rights import KNOWN_SECONDS
from local.mendings.topics import passing, sending

QUEUE, SENT = "arn:aws:sqs:us-east-1:000000000000:audit", ("sns.amazonaws.com", "arn:aws:sns:us-east-1:000000000000:bus", "000000000000")
SUBSCRIBED: list[dict[str, Any]] = [
    {"attributes": {"FilterPolicy": json.dumps({"type": ["a", {"prefix": "b."}]})}},
    {"attributes": {"FilterPolicy": json.dumps({"type": ["c"]}), "RawMessageDelivery": "true"}},
    {"attributes": {"FilterPolicy": json.dumps({"type": ["a"]}), "FilterPolicyScope": "MessageBody"}},
    {"attributes": {}},
]
TOLD: list[tuple[dict[str, dict[str, str]], str]] = [
    ({"type": {"DataType": "String", "StringValue": "a"}}, '{"type": "c"}'),
    ({"type": {"DataType": "String", "StringValue": "b.1"}}, '{"type": "a"}'),
    ({"type": {"DataType": "String.Array", "StringValue": '["c"]'}}, "no JSON"),
    ({"type": {"DataType": "Binary", "BinaryValue": "YQ=="}}, "{}"),
    ({"type": {"DataType": "String", "StringValue": "a" * 300}}, "{}"),
    ({}, "{}"),
]


@pytest.mark.parametrize("subscription", SUBSCRIBED)
@pytest.mark.parametrize("told", TOLD)
def test_a_message_passes_where_the_emulator_says_so_the_first_time_and_the_second(subscription: dict[str, Any], told: Any):
    passes, says = passing(sns._matches_filter_policy), bool(sns._matches_filter_policy(subscription, *told))
    assert [passes(subscription, *told), passes(subscription, *told)] == [says, says]


def test_a_policy_is_read_once_for_all_messages_of_a_type_and_anew_where_it_is_another():
    asked: list[Any] = []
    passes = passing(lambda *about: asked.append(about))
    for subscription in (*SUBSCRIBED[:1] * 3, SUBSCRIBED[1]):
        passes(subscription, *TOLD[0])
    assert len(asked) == 2


def test_what_a_queue_takes_is_known_for_two_seconds_and_what_it_refuses_is_asked_each_time():
    now, may, asked = [0.0], [False], list[str]()
    allowed = sending(lambda queue, *_: (asked.append(queue), may[0])[1], lambda: now[0])
    assert [allowed(QUEUE, *SENT), allowed(QUEUE, *SENT)] == [False, False]
    may[0] = True
    assert allowed(QUEUE, *SENT)
    may[0] = False
    assert [allowed(QUEUE, *SENT), allowed("another", *SENT), allowed(QUEUE, "s3.amazonaws.com", *SENT[1:])] == [True, False, False]
    now[0] = KNOWN_SECONDS
    assert not allowed(QUEUE, *SENT)
