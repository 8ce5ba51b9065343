"""The small stand-ins refuse what AWS refuses, where the emulator would let it pass, and hand bodies over as botocore does."""

from datetime import UTC, datetime
from io import BytesIO
from random import Random
from typing import Any

from simulation.aws.keys import Kms
from simulation.aws.messages import LONGEST_DELAY, MOST_BYTES, Messages, Sns, Sqs
from simulation.aws.objects import S3
from simulation.chance import Chance
from simulation.faults import NONE, Faults
from simulation.turns.virtual_clock import VirtualClock


def messages() -> Messages:
    faults = Faults(Random(0), NONE)
    return Messages(VirtualClock(datetime(2026, 1, 1, tzinfo=UTC)), lambda: faults)


def code(answer: tuple[Any, dict[str, Any]]) -> str:
    return str(answer[1].get("Error", {}).get("Code", ""))


def test_sns_takes_no_batch_that_is_empty_or_longer_than_a_message_may_be():
    sns = Sns(messages())
    long = [{"Id": str(i), "Message": "x" * (MOST_BYTES // 10 + 1)} for i in range(10)]
    assert code(sns.answer("PublishBatch", {"PublishBatchRequestEntries": long}, {})) == "BatchRequestTooLong"
    assert code(sns.answer("PublishBatch", {"PublishBatchRequestEntries": []}, {})) == "EmptyBatchRequest"


def test_sqs_refuses_the_messages_of_a_batch_that_are_wrong_and_takes_the_others():
    made = messages()
    entries = [
        {"Id": "sound", "MessageBody": "x"},
        {"Id": "late", "MessageBody": "x", "DelaySeconds": LONGEST_DELAY + 1},
        {"Id": "long", "MessageBody": "x" * (MOST_BYTES + 1)},
        {"Id": "unspeakable", "MessageBody": "\x00"},
    ]
    _, told = Sqs(made).answer("SendMessageBatch", {"QueueUrl": "own", "Entries": entries}, {})
    assert [each["Id"] for each in told["Successful"]] == ["sound"]
    assert {each["Id"]: each["Code"] for each in told["Failed"]} == {
        "late": "InvalidParameterValue", "long": "InvalidParameterValue", "unspeakable": "InvalidMessageContents",
    }  # fmt: skip
    assert [message.body for message in made.queue("own").messages] == ["x"]


def test_a_damaged_data_key_is_not_unwrapped():
    kms = Kms(Chance())
    blob = kms.answer("GenerateDataKey", {"EncryptionContext": {"a": "b"}}, {})[1]["CiphertextBlob"]
    for damaged in (blob[:-1] + b"!", b"!" + blob[1:], blob[:40] + b"!" + blob[41:], blob[:64], b""):
        asked = {"EncryptionContext": {"a": "b"}, "CiphertextBlob": damaged}
        assert code(kms.answer("Decrypt", asked, {})) == "InvalidCiphertextException"
    assert len(kms.answer("Decrypt", {"EncryptionContext": {"a": "b"}, "CiphertextBlob": blob}, {})[1]["Plaintext"]) == 32


def test_an_object_is_read_in_blocks_as_uploads_read_it():
    s3 = S3()
    s3.answer("PutObject", {"Bucket": "b", "Key": "k", "Body": b"abc"}, {})
    assert list(s3.answer("GetObject", {"Bucket": "b", "Key": "k"}, {})[1]["Body"].iter_chunks(2)) == [b"ab", b"c"]


def test_s3_copies_what_is_there_and_says_what_is_not():
    s3 = S3()
    s3.answer("PutObject", {"Bucket": "b", "Key": "k/1 2", "Body": b"abc"}, {})
    s3.answer("CopyObject", {"Bucket": "c", "Key": "l", "CopySource": "b/k/1%202"}, {})
    assert s3.objects["c", "l"] == b"abc"
    assert code(s3.answer("CopyObject", {"Bucket": "c", "Key": "l", "CopySource": "b/none"}, {})) == "NoSuchKey"


def test_an_object_that_is_put_twice_by_the_same_call_is_whole():
    s3, asked = S3(), {"Bucket": "b", "Key": "k", "Body": BytesIO(b"abc")}
    for _ in range(2):
        s3.answer("PutObject", asked, {})
    assert s3.objects == {("b", "k"): b"abc"}
