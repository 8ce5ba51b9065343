"""Long texts are stored packed, and read back letter for letter; those stored before, plain, are read as well."""

import base64
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.templates import functions
from shared.aws.dynamo import Item
from shared.aws.packing import DICTIONARY, packed, unpacked

EVENT = (
    '{"specversion":"1.0","id":"ord_2FY6FTT0CDP2H7M5M3QVWNSPJ6:monsoon.order.paid.v1:2","source":"/monsoon/orders",'
    '"type":"monsoon.order.paid.v1","subject":"ord_2FY6FTT0CDP2H7M5M3QVWNSPJ6","time":"2026-11-30T13:02:30.044Z",'
    '"datacontenttype":"application/json","data":{"version":2,"order_id":"ord_2FY6FTT0CDP2H7M5M3QVWNSPJ6","currency":"GBP","total":1645}}'
)
KEPT = bytes.fromhex("78f9b38ab02fabc6afbd1600bf300b71")
"""What a hub stored on 2026-11-30."""


@given(st.text())
def test_what_is_packed_is_read_back(text: str) -> None:
    assert unpacked({"B": packed(text)}) == text


def test_a_stream_tells_bytes_as_base64_and_an_item_of_before_holds_its_text_plain() -> None:
    assert unpacked({"B": base64.b64encode(packed(EVENT)).decode()}) == EVENT
    assert unpacked({"S": EVENT}) == EVENT


def test_an_event_becomes_less_than_half() -> None:
    assert len(packed(EVENT)) * 2 < len(EVENT)


def test_the_dictionary_stays_as_it_is_for_what_is_stored_is_read_by_it() -> None:
    assert unpacked({"B": KEPT}) == '{"type":"monsoon.order.paid.v1"}'
    assert zlib.adler32(DICTIONARY) == 0xB38AB02F


@pytest.mark.parametrize(
    "value", [{"N": "1"}, {"NULL": True}, {"B": b"no stream"}, {"B": packed(EVENT)[:-5]}, {"B": zlib.compress(b" " * 4_000_001)}]
)
def test_what_is_no_text_of_ours_is_said_to_be_none_and_never_passed_over(value: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="text"):
        unpacked(value)


@pytest.mark.parametrize(("said", "kind"), [("plain", "S"), ("packed", "B")])
def test_a_stage_may_store_texts_plain_while_a_release_that_cannot_read_packed_ones_still_runs(
    said: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The variable counts whenever it is said: a laptop's process imports what all functions do before it is one of them."""
    monkeypatch.setenv("STORED_TEXTS", said)
    assert list(Item("p", "s", event="told").serialize()["event"]) == [kind]


def test_publish_hears_of_events_stored_either_way() -> None:
    """The filters of its streams, for what they do not let through is told to nobody."""
    streams = [e["Properties"] for f in functions().values() for e in f.get("Events", {}).values() if e["Type"] == "DynamoDB"]
    of_events = [[one["Pattern"] for one in stream["FilterCriteria"]["Filters"]] for stream in streams]
    told = [patterns for patterns in of_events if '"event"' in str(patterns)]
    assert len(told) == 10
    assert all(
        f'{{"dynamodb":{{"NewImage":{{"event":{{"{kind}":[{{"exists":true}}]}}}}}}}}' in patterns for patterns in told for kind in "SB"
    )
