"""What the emulator's SNS works out anew for each message and each queue, and is the same each time: whether the subscription lets it pass,
and whether the queue lets the topic send. An event of the bus is judged by a dozen of each.
"""

import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from ministack.services import sns, sqs

from local.mendings.known_rights import KnownRights

MOST = 5000
"""Judgements that are remembered: the hub's are some fifty types of events at a dozen subscriptions."""
LONGEST = 256
"""Characters of an attribute that may come again."""
SEND = "sqs:SendMessage"
Attributes = Mapping[str, Mapping[str, Any]]
Matches = Callable[..., Any]
Allows = Callable[[str, str, str, str], Any]
Texts = tuple[tuple[str, str, str], ...]


def passing(matches: Matches) -> Callable[..., bool]:
    """`matches`, which says whether a subscription lets a message pass, asked once for the same policy and the same short attributes."""

    @lru_cache(MOST)
    def judged(policy: str, texts: Texts) -> bool:
        told = {name: {"DataType": kind, "StringValue": value} for name, kind, value in texts}
        return bool(matches({"attributes": {"FilterPolicy": policy}}, told))

    def passes(subscription: Mapping[str, Any], attributes: Attributes, message: str = "") -> bool:
        said, texts = subscription.get("attributes", {}), _texts(attributes)
        if texts is None or said.get("FilterPolicyScope", "MessageAttributes") != "MessageAttributes":
            return bool(matches(subscription, attributes, message))
        return judged(said.get("FilterPolicy", ""), texts)

    return passes


def sending(allows: Allows, clock: Callable[[], float] = time.monotonic) -> Callable[[str, str, str, str], bool]:
    """`allows`, which says whether a queue takes what a service sends for a source of an account. That it does is known as long as a
    function's rights are. `clock`: seconds that only grow."""
    known = KnownRights(clock)

    def allowed(queue: str, service: str, source: str, account: str) -> bool:
        whose = f"{service} {source} {account}"
        if known.hold(whose, [(SEND, queue)]):
            return True
        found = bool(allows(queue, service, source, account))
        if found:
            known.learn(whose, (SEND, queue))
        return found

    return allowed


def _texts(attributes: Attributes) -> Texts | None:
    """Names, kinds and values; None where one is no short text."""
    if not all(each.keys() == {"DataType", "StringValue"} and len(each["StringValue"]) <= LONGEST for each in attributes.values()):
        return None
    return tuple((name, each["DataType"], each["StringValue"]) for name, each in attributes.items())


def mend() -> None:
    sns._matches_filter_policy, sqs.queue_policy_allows = passing(sns._matches_filter_policy), sending(sqs.queue_policy_allows)
