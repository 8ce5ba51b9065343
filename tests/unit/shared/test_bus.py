"""shared/bus.py: a queue's batch, each message alone."""

import json
import re
from types import SimpleNamespace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.bus import batch, consumer, envelope, opened, opened_as
from shared.messages import OfferRecalled
from shared.order_messages import OrderPlaced
from tests.fakes import NOON, sqs


def placed(order: str, version: int = 1) -> OrderPlaced:
    return OrderPlaced(order_id=order, storefront_id="sf_1", account_id="acc_1", currency="EUR", total=5, version=version)


RECALLED = OfferRecalled(offer_id="off_1", product_id="prd_1", supplier_id="acc_2", reason="fire", version=2)


def failed(answer: dict) -> list[str]:
    return [item["itemIdentifier"] for item in answer["batchItemFailures"]]


def test_each_message_goes_to_the_consumer_of_its_type():
    orders: list[OrderPlaced] = []
    offers: list[OfferRecalled] = []
    worker = consumer({OrderPlaced: orders.append, OfferRecalled: offers.append})
    assert failed(worker(sqs(envelope(placed("ord_1"), NOON), envelope(RECALLED, NOON)), None)) == []
    assert (orders, offers) == ([placed("ord_1")], [RECALLED])


def test_an_envelope_that_holds_another_kind_is_not_taken_for_the_one_that_is_asked_for():
    assert opened_as(OfferRecalled, envelope(RECALLED, NOON)) == RECALLED
    with pytest.raises(TypeError, match=r"order\.placed"):
        opened_as(OfferRecalled, envelope(placed("ord_1"), NOON))


def test_a_message_that_fails_comes_again_alone():
    def consume(message: OrderPlaced) -> None:
        if message.order_id == "ord_2":
            raise RuntimeError("broken")

    answer = consumer({OrderPlaced: consume})(sqs(*(envelope(placed(f"ord_{n}"), NOON) for n in (1, 2, 3))), None)
    assert failed(answer) == ["1"]


def test_what_is_no_event_of_ours_fails_alone_too_even_when_all_do():
    worker = consumer({OrderPlaced: lambda message: None})
    assert failed(worker(sqs("not json", "{}", json.dumps({"type": "x", "data": {}}), envelope(RECALLED, NOON)), None)) == list("0123")


def test_a_batch_of_other_records_is_handled_the_same_way():
    heard: list[str] = []
    assert failed(batch(lambda record: heard.append(record.body))(sqs("a", "b"), None)) == []
    assert heard == ["a", "b"]


def test_what_there_is_no_time_to_begin_comes_again_and_what_was_done_does_not():
    heard: list[str] = []
    context = SimpleNamespace(get_remaining_time_in_millis=lambda: 60_000 - 25_000 * len(heard))
    answer = batch(lambda record: heard.append(record.body))(sqs(*"abcd"), context)
    assert (heard, failed(answer)) == (["a", "b"], ["2", "3"])


def test_the_first_record_is_begun_however_little_time_there_is():
    heard: list[str] = []
    context = SimpleNamespace(get_remaining_time_in_millis=iter([900, 1, 1]).__next__)
    answer = batch(lambda record: heard.append(record.body))(sqs("a", "b"), context)
    assert (heard, failed(answer)) == (["a"], ["1"])


XML = re.compile("[\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")
"""What SQS takes: docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html."""


@given(st.text(max_size=50), st.integers(1, 10**9), st.integers(0, 10**12))
@example("\ufffe or \uffff", 1, 0)
def test_any_text_survives_the_envelope_and_the_queue(order: str, version: int, amount: int):
    message = placed(order, version).model_copy(update={"total": amount})
    carried = envelope(message, NOON)
    assert opened(carried) == message
    assert XML.fullmatch(carried)
