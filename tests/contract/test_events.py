"""The entry points read what AWS sends: samples in tests/events, in the shapes that AWS documents."""

import json
from typing import Any

import pytest

from functions.publish.stream_events import new_events as published
from shared.api.caller import Caller
from shared.api.operation import Routes
from shared.api.payload import Body, Query, View
from shared.api.service import Service
from shared.bus import batch, consumer
from shared.order_messages import OrderPlaced
from tests.conftest import ROOT
from tests.contract.conftest import Equip, folders, handler


def sample(name: str) -> dict[str, Any]:
    return dict(json.loads((ROOT / "tests/events" / f"{name}.json").read_text()))


class Thing(Body):
    name: str


class Limits(Query):
    limit: int


class Told(View):
    text: str


def test_a_rest_request_reaches_its_view_with_everything_api_gateway_knows():
    routes = Routes()

    @routes.put("/v1/things/{thing_id}", body=Thing, query=Limits, answers={200: Told}, allow=["supplier"], verified=True)
    def change(thing_id: str, body: Thing, query: Limits, caller: Caller) -> Told:
        return Told(text=f"{thing_id} {body.name} {query.limit} {caller.account_id}")

    answer = Service("things", routes=[routes])(sample("api_gateway_rest"), None)
    assert (answer["statusCode"], json.loads(answer["body"])) == (200, {"text": "th_1 Kettle 5 acc_1"})


def test_a_queue_hands_over_raw_events_and_gets_back_only_what_failed():
    taken: list[OrderPlaced] = []
    answer = consumer({OrderPlaced: taken.append})(sample("sqs_from_sns_raw"), None)
    assert [message.order_id for message in taken] == ["ord_1"]
    assert answer == {"batchItemFailures": [{"itemIdentifier": "2e1424d4-f796-459a-8184-9c92662be6da"}]}


def test_a_stream_brings_each_event_out_once_and_none_for_an_expired_item():
    assert list(published(sample("dynamodb_stream")["Records"])) == ["first"]


def test_a_feeds_arrival_comes_through_its_queue_with_the_key_url_encoded():
    heard: list[str] = []
    batch(lambda record: heard.extend(one.s3.get_object.key for one in record.decoded_nested_s3_event.records))(sample("s3_via_sqs"), None)
    assert heard == ["feeds/acc_1/fd_1/spring+2026.csv"]


@pytest.mark.parametrize("service", [folder for folder in folders() if hasattr(handler(folder), "sweep")])
def test_a_sweep_takes_the_schedules_event_and_has_nothing_to_do_in_an_empty_hub(service: str, equipped: Equip):
    counts = equipped(service).sweep(sample("eventbridge_schedule"), None)
    assert set(counts.values()) == {0}
