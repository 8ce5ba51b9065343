"""sdk/monsoon_plugin/signatures.py: signatures that the published libraries accept, and theirs that we do."""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook

from monsoon_plugin.signatures import MAX_SIGNATURES, TOLERANCE, BadSecret, Key, Unsigned, headers, new_secret, verify

SECRET, OTHER = new_secret(lambda n: b"s" * n), new_secret(lambda n: b"o" * n)
KEY, OTHERS = Key(SECRET), Key(OTHER)
BODY = '{"title":"桑蚕丝丝巾"}'.encode()
NOW = 1_795_000_000


def test_the_specifications_example_is_signed_alike(data: Path):
    vector = json.loads((data / "vectors/standard-webhooks/sign.json").read_text())
    signature = Key(vector["secret"]).sign(vector["id"], vector["timestamp"], vector["payload"].encode())
    assert signature == vector["signature"]


@given(st.binary(min_size=24, max_size=64), st.from_regex(r"msg_[0-9A-Z]{1,30}", fullmatch=True), st.text(max_size=300))
def test_the_published_library_verifies_what_we_sign_and_signs_what_we_verify(secret: bytes, message_id: str, body: str):
    text = "whsec_" + base64.b64encode(secret).decode()
    theirs, ours, now = Webhook(text), Key(text), int(datetime.now(UTC).timestamp())
    theirs.verify(body, headers([ours], message_id, now, body.encode()), json_parse=False)
    signed = theirs.sign(message_id, datetime.fromtimestamp(now, UTC), body)
    received = {"Webhook-Id": message_id, "Webhook-Timestamp": str(now), "Webhook-Signature": signed}
    verify([ours], received, body.encode(), now)


def test_while_a_secret_is_replaced_holders_of_either_verify():
    sent = headers([OTHERS, KEY], "msg_1", NOW, BODY)
    assert sent["webhook-signature"].count("v1,") == 2
    verify([KEY], sent, BODY, NOW)
    verify([OTHERS], sent, BODY, NOW)
    verify([Key(new_secret(lambda n: b"x" * n)), KEY], sent, BODY, NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-id": "msg_2"},
        {"webhook-timestamp": str(NOW + 1)},
        {"webhook-signature": OTHERS.sign("msg_1", NOW, BODY)},
        {"webhook-signature": KEY.sign("msg_1", NOW, BODY).replace("v1,", "v2,")},
        {"webhook-signature": KEY.sign("msg_1", NOW, BODY).replace("v1,", "v1a,")},
        {"webhook-signature": KEY.sign("msg_1", NOW, BODY)[:-4]},
        {"webhook-signature": "v1,not base64 v1, ,"},
        {"webhook-signature": "v1,AAAA " * MAX_SIGNATURES + KEY.sign("msg_1", NOW, BODY)},
        {"webhook-signature": ""},
        {"webhook-id": ""},
        {"webhook-timestamp": ""},
        {"webhook-timestamp": "soon"},
        {"webhook-timestamp": "１795000000"},
        {"webhook-timestamp": "9" * 5000},
    ],
    ids=lambda change: str(change)[:60],
)
def test_whatever_was_changed_underway_is_refused(change: dict[str, str]):
    with pytest.raises(Unsigned) as refused:
        verify([KEY], headers([KEY], "msg_1", NOW, BODY) | change, BODY, NOW)
    assert SECRET not in str(refused.value)


def test_another_body_is_refused():
    with pytest.raises(Unsigned):
        verify([KEY], headers([KEY], "msg_1", NOW, BODY), BODY + b" ", NOW)


@pytest.mark.parametrize("late", [-TOLERANCE, TOLERANCE])
def test_a_message_counts_for_five_minutes_either_way(late: int):
    sent = headers([KEY], "msg_1", NOW, BODY)
    verify([KEY], sent, BODY, NOW + late)
    with pytest.raises(Unsigned):
        verify([KEY], sent, BODY, NOW + late + (1 if late > 0 else -1))


@pytest.mark.parametrize(
    "secret",
    ["", "whsec_", SECRET.removeprefix("whsec_"), "whsec_" + base64.b64encode(b"s" * 23).decode(),
     "whsec_" + base64.b64encode(b"s" * 65).decode(), "whsec_é" + SECRET[7:], SECRET + "*"],
)  # fmt: skip
def test_a_secret_that_is_none_is_refused(secret: str):
    with pytest.raises(BadSecret):
        Key(secret)
