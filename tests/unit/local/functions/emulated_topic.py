"""Run by test_publishing.py in a process of its own, for it mends the emulator: prints what each call was answered, both ways."""

import asyncio
import json
import os
import re
from typing import Any
from urllib.parse import urlencode

os.environ |= {"AUTH": "true", "PERSIST_STATE": "0"}

from ministack import app
from ministack.core import lambda_runtime
from ministack.services import iam, sns, sqs

from local.mendings import rights
from local.mendings.functions import calls
from local.mendings.functions.publishing import TopicDoor

TOPIC, QUEUE = "arn:aws:sns:us-east-1:000000000000:bus", "arn:aws:sqs:us-east-1:000000000000:audit"
TLS_ONLY = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "sns:Publish",
    "Resource": TOPIC,
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
TEXTS = ['{"a": "50% & more + 词 é = %22"}', "a\nb"]
Answer = tuple[int, list[str]]


def asked(topic: str, *texts: str, action: str = "PublishBatch") -> bytes:
    form = {"Action": action, "Version": "2010-03-31", "TopicArn": topic}
    for number, text in enumerate(texts, 1):
        entry = f"PublishBatchRequestEntries.member.{number}"
        form |= {f"{entry}.Id": str(number), f"{entry}.Message": text}
        attribute = f"{entry}.MessageAttributes.entry.1"
        form |= {f"{attribute}.Name": "type", f"{attribute}.Value.DataType": "String", f"{attribute}.Value.StringValue": "a"}
    return urlencode(form).encode()


def role() -> calls.Caller:
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["sns:Publish"], "Resource": TOPIC}]}
    arn = "arn:aws:iam::000000000000:role/Publish"
    iam._roles["Publish"] = {"RoleName": "Publish", "Arn": arn, "InlinePolicies": {"own": json.dumps(policy)}, "AttachedPolicies": []}
    function = "arn:aws:lambda:us-east-1:000000000000:function:Publish"
    known = lambda_runtime.execution_credentials({"Role": arn, "FunctionArn": function, "FunctionName": "Publish"})
    return calls.Caller(known["AWS_ACCESS_KEY_ID"], known["AWS_SESSION_TOKEN"], "us-east-1")


def places() -> None:
    """The bus's topic, which wants TLS, another, and a queue that hears the first."""
    policy = {
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": QUEUE}]
    }
    address, filters = sqs._queue_url("audit"), json.dumps({"type": ["a"]})
    sqs._queues[address] = {
        "name": "audit",
        "is_fifo": False,
        "attributes": {"QueueArn": QUEUE, "Policy": json.dumps(policy)},
        "messages": [],
    }
    sqs._queue_name_to_url["audit"] = address
    heard = {"arn": f"{TOPIC}:1", "confirmed": True, "protocol": "sqs", "endpoint": QUEUE}
    heard["attributes"] = {"RawMessageDelivery": "true", "FilterPolicy": filters}
    for arn, subscriptions in ((TOPIC, [heard]), (f"{TOPIC}-other", [])):
        attributes = {"Policy": json.dumps({"Version": "2012-10-17", "Statement": [TLS_ONLY]})}
        sns._topics[arn] = {"arn": arn, "attributes": attributes, "subscriptions": subscriptions}


def heard() -> list[Any]:
    found = [(each["body"], each["message_attributes"]) for queue in sqs._queues.all_values() for each in queue["messages"]]
    for queue in sqs._queues.all_values():
        queue["messages"].clear()
    return found


def plain(status: int, xml: bytes) -> Answer:
    """An answer without its ids."""
    return status, re.findall(r"<(?:Id|Code)>([^<]*)<", xml.decode())


def by_application(caller: calls.Caller, body: bytes) -> tuple[Answer, list[Any]]:
    headers = [("Host", "127.0.0.1:4566"), ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")]
    request, reply = calls.Asked("sns", "POST", "/", headers, body), calls.Reply()

    async def ask() -> None:
        calls._known.set(caller.access_key)
        await app.app(request.scope(caller), calls._given(request.body), reply.send)

    asyncio.run(ask())
    return plain(reply.status, b"".join(reply.parts)), heard()


def by_door(caller: calls.Caller, body: bytes) -> tuple[Answer, list[Any]] | None:
    said = TopicDoor(caller.access_key, caller.region).answer(body)
    return said and (plain(*said), heard())


def main() -> None:
    now = [0.0]
    rights.mend(lambda: now[0])
    calls.mend()
    caller, batch = role(), asked(TOPIC, *TEXTS)
    places()
    told = {"unknown": by_door(caller, batch), "untouched": heard()}
    told |= {"application": by_application(caller, batch), "door": by_door(caller, batch)}
    told["refused"] = [by_application(caller, asked(f"{TOPIC}-other", "x")), by_door(caller, asked(f"{TOPIC}-other", "x"))]
    told["others"] = [by_door(caller, each) for each in (asked(TOPIC, action="Publish"), asked("", "x"), b"")]
    told["eleven"] = [by_application(caller, asked(TOPIC, *"x" * 11)), by_door(caller, asked(TOPIC, *"x" * 11))]
    now[0] += 2.0
    told["later"] = by_door(caller, batch)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
