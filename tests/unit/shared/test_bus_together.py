"""What is done for all messages of a call at once: each is consumed all the same, also where that fails, or one cannot be read."""

from typing import Any

import pytest

from shared.bus import consumer, envelope
from shared.messages import Message, SupplierReinstated
from tests.fakes import NOON, sqs


def event(*supplier_ids: str) -> dict[str, Any]:
    return sqs(*(envelope(SupplierReinstated(version=1, supplier_id=each), NOON) for each in supplier_ids))


@pytest.mark.parametrize("fails", [False, True])
def test_each_is_consumed_after_what_is_done_together_whether_that_fails_or_not(fails: bool) -> None:
    heard: list[str] = []

    def together(messages: Any) -> None:
        heard.append("+".join(each.supplier_id for each in messages))
        if fails:
            raise RuntimeError("throttled")

    entry = consumer({SupplierReinstated: lambda message: heard.append(message.supplier_id)}, together)
    assert entry(event("acc_1", "acc_2"), None) == {"batchItemFailures": []}
    assert heard == ["acc_1+acc_2", "acc_1", "acc_2"]


def test_one_that_cannot_be_read_fails_alone() -> None:
    seen: list[Message] = []
    entry = consumer({SupplierReinstated: seen.append}, lambda messages: None)
    sent = event("acc_1", "acc_2")
    sent["Records"][0]["body"] = "no message"
    failed = [each["itemIdentifier"] for each in entry(sent, None)["batchItemFailures"]]
    assert (failed, len(seen)) == ([sent["Records"][0]["messageId"]], 1)
