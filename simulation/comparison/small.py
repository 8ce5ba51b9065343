"""S3, KMS, SQS, SNS: what services ask of them, and the edges of it, asked of the stand-ins and of the emulator alike.

Some things are not asked, for there the emulator takes what AWS refuses: an empty batch of SNS and one of more than 256 KB
(https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html), and a delay of more than 900 seconds
(https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html),
a data key whose last byte was changed (https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html). The stand-ins refuse them.
"""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from random import Random
from typing import Any

from botocore.exceptions import ClientError

from simulation.aws.keys import Kms
from simulation.aws.messages import Messages, Sns, Sqs
from simulation.aws.objects import S3
from simulation.chance import Chance
from simulation.comparison.places import client, standing_in
from simulation.faults import NONE, Faults
from simulation.turns.virtual_clock import VirtualClock

Said = tuple[str, Any]
"""What was asked, and what was answered as far as a service looks."""
BUCKET, TYPES = "documents", ("monsoon.order.paid.v1", "monsoon.nobody.hears")
LONGEST = 256 * 1024


def _asked(call: Callable[..., Any], look: Callable[[Any], Any], **given: Any) -> Any:
    """What a service sees of the answer by `look`; a refusal's code and status."""
    try:
        return look(call(**given))
    except ClientError as error:
        return (error.response["Error"]["Code"].rpartition(".")[2], error.response["ResponseMetadata"]["HTTPStatusCode"])


def objects(s3: Any, random: Random) -> Iterator[Said]:
    """Bytes and texts, present, replaced and absent; keys that must be quoted."""
    acts: tuple[tuple[str, Callable[..., Any], Callable[[Any], Any]], ...] = (
        ("put", s3.put_object, _status), ("delete", s3.delete_object, _status), ("head", s3.head_object, _known),
        ("list", s3.list_objects_v2, _listed), ("get", s3.get_object, _read), ("get", s3.get_object, _read),
    )  # fmt: skip
    for _ in range(60):
        name, call, look = random.choice(acts)
        key = random.choice(("a", "feeds/a b", "feeds/ä+%2F", "index/snapshot?x=1"))
        given: dict[str, Any] = {"Prefix": key[:6]} if name == "list" else {"Key": key}
        if name == "put":
            given["Body"] = random.choice((b"", b"\x00\xff", "text ä", random.randbytes(70_000)))
        yield f"{name} {key}", _asked(call, look, Bucket=BUCKET, **given)


def _status(found: Any) -> Any:
    return found["ResponseMetadata"]["HTTPStatusCode"], found.get("ETag")


def _known(found: Any) -> Any:
    return found["ContentLength"], found["ETag"]


def _read(found: Any) -> Any:
    return found["ContentLength"], found["ETag"], b"".join(found["Body"].iter_chunks(1000))


def _listed(found: Any) -> Any:
    return [(each["Key"], each["Size"]) for each in found.get("Contents", ())], found["IsTruncated"]


def keys(kms: Any, random: Random, key_id: str) -> Iterator[Said]:
    """Data keys are unwrapped for the context that they were wrapped for, in any order of its words, and for no other."""
    contexts: list[dict[str, str]] = [{"tenant": "a", "kind": "b"}, {"kind": "b", "tenant": "a"}, {"tenant": "a"}, {"tenant": "A"}, {}]
    made = [(c, kms.generate_data_key(KeyId=key_id, KeySpec="AES_256", EncryptionContext=c)) for c in contexts for _ in range(2)]
    plain = [key["Plaintext"] for _, key in made]

    def number(found: Any) -> int:
        return plain.index(found["Plaintext"])

    yield "keys differ", (len({key["Plaintext"] for _, key in made}), {len(key["Plaintext"]) for _, key in made})
    for _ in range(60):
        (context, key), other = random.choice(made), random.choice(contexts)
        blob = random.choice((key["CiphertextBlob"], key["CiphertextBlob"], b"nonsense"))
        told = _asked(kms.decrypt, number, KeyId=key_id, CiphertextBlob=blob, EncryptionContext=other)
        yield f"{context} → {other}, {len(blob) < 10}", told


def sent(sqs: Any, random: Random, url: str) -> Iterator[Said]:
    """Batches of every length, beyond the most too, of texts up to the longest; twice the same id."""
    for n in range(40):
        bodies = [_text(random, n) for _ in range(random.choice((0, 1, 2, 9, 10, 11)))]
        entries = [{"Id": name, "MessageBody": body} for name, body in zip(_ids(random, bodies), bodies, strict=True)]
        yield f"send {list(map(len, bodies))}", _asked(sqs.send_message_batch, _parts, QueueUrl=url, Entries=entries)
        alone = random.choice(("", "x", "x" * LONGEST, "x" * (LONGEST + 1), "\x00", "\ufffe"))
        yield (
            f"send {alone[:1]!r} {len(alone)}",
            _asked(sqs.send_message, lambda found: bool(found["MessageId"]), QueueUrl=url, MessageBody=alone),
        )


def published(sns: Any, random: Random, topic: str) -> Iterator[Said]:
    """As sent; a type that nobody hears is taken too."""
    for n in range(40):
        texts = [_text(random, n) for _ in range(random.choice((1, 2, 9, 10, 11)))]
        short = [text if sum(map(len, texts)) < LONGEST - 2000 else text[:9000] for text in texts]
        bodies = [json.dumps({"type": random.choice(TYPES), "data": text}, ensure_ascii=False) for text in short]
        entries = [
            {"Id": name, "Message": body, "MessageAttributes": {"type": {"DataType": "String", "StringValue": json.loads(body)["type"]}}}
            for name, body in zip(_ids(random, bodies), bodies, strict=True)
        ]
        yield f"publish {list(map(len, bodies))}", _asked(sns.publish_batch, _parts, TopicArn=topic, PublishBatchRequestEntries=entries)


def _ids(random: Random, bodies: list[str]) -> list[str]:
    return ["same"] * len(bodies) if random.random() < 0.1 else [str(number) for number in range(len(bodies))]


def _text(random: Random, n: int) -> str:
    return random.choice((f"body {n}", f"ä 货 {n}", "x" * random.choice((1000, 20_000, LONGEST // 10, LONGEST - 200, LONGEST + 1))))


def _parts(told: Any) -> Any:
    """Which of a batch were taken."""
    return [each["Id"] for each in told.get("Successful", ())], [(each["Id"], each["Code"]) for each in told.get("Failed", ())]


def in_process(random: Callable[[], Random]) -> dict[str, list[Said]]:
    """What the stand-ins say, service by service, and what then lies in the queues."""
    messages = Messages(VirtualClock(datetime.fromisoformat("2026-01-01T00:00:00+00:00")), lambda: Faults(random(), NONE))
    found = {
        "s3": list(objects(standing_in("s3", S3()), random())),
        "kms": list(keys(standing_in("kms", Kms(Chance())), random(), "alias/any")),
        "sqs": list(sent(standing_in("sqs", Sqs(messages)), random(), "https://sqs/own")),
    }
    found["sqs"].append(("arrived", sorted(message.body for message in messages.queue("https://sqs/own").messages)))
    found["sns"] = list(published(standing_in("sns", Sns(messages)), random(), "arn:aws:sns:us-east-1:000000000000:bus"))
    found["sns"].append(("arrived", sorted(message.body for message in messages.queue("settlement").messages)))
    return found


def emulated(url: str, random: Callable[[], Random]) -> dict[str, list[Said]]:
    """What the emulator says."""
    s3, kms, sqs, sns = (client(service, url) for service in ("s3", "kms", "sqs", "sns"))
    s3.create_bucket(Bucket=BUCKET)
    key = kms.create_key()["KeyMetadata"]["Arn"]
    limits = {"MaximumMessageSize": str(LONGEST)}
    own, heard_at = (sqs.create_queue(QueueName=name, Attributes=limits)["QueueUrl"] for name in ("own", "settlement"))
    topic = sns.create_topic(Name="bus")["TopicArn"]
    heard = {"RawMessageDelivery": "true", "FilterPolicy": json.dumps({"type": [TYPES[0]]})}
    arn = sqs.get_queue_attributes(QueueUrl=heard_at, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sqs.set_queue_attributes(QueueUrl=heard_at, Attributes={"Policy": json.dumps(_taking_from(topic, arn))})
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=heard)
    found = {"s3": list(objects(s3, random())), "kms": list(keys(kms, random(), key))}
    found["sqs"] = [*sent(sqs, random(), own), ("arrived", _drained(sqs, own))]
    found["sns"] = [*published(sns, random(), topic), ("arrived", _drained(sqs, heard_at))]
    return found


def _taking_from(topic: str, queue: str) -> dict[str, Any]:
    """The policy of a queue that a topic may send to: without one SNS may not."""
    principal, condition = {"Service": "sns.amazonaws.com"}, {"ArnEquals": {"aws:SourceArn": topic}}
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sqs:SendMessage", "Resource": queue, "Condition": condition}
    return {"Version": "2012-10-17", "Statement": [statement]}


def _drained(sqs: Any, url: str) -> list[str]:
    bodies: list[str] = []
    while got := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=600).get("Messages"):
        bodies += [message["Body"] for message in got]
    return sorted(bodies)
