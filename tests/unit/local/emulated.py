"""Run by tests/unit/local/test_mendings.py in a process of its own, for it mends the emulator.

`emulated.py PART…`: each part is played by a fork, and told in a line: its exit status, and what it found.
"""

import json
import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from typing import Any

from ministack import app
from ministack.core.responses import AccountRegionScopedDict
from ministack.services import cognito, dynamodb, lambda_svc, sqs
from ministack.services.cloudformation import _stacks, provisioners

from local.mendings import deliveries, stacks, streams, writing
from local.mendings.dynamodb import lean_items
from local.mendings.mail import pool_codes
from local.mendings.mail.sent_mails import mailbox

SCOPE = ("000000000000", "us-east-1")
ARN = "arn:aws:dynamodb:us-east-1:000000000000:table/orders/stream/2026-11-29"


def older() -> Any:
    """What a version left that kept no positions that mean anything: unread records, and where their reader had come to."""
    streams.mend()
    records, readers, positions = AccountRegionScopedDict(), AccountRegionScopedDict(), AccountRegionScopedDict()
    records.set_scoped(*SCOPE, "orders", [{"dynamodb": {"Keys": {"pk": {"S": str(n)}}}} for n in (3, 4)])
    readers.set_scoped(*SCOPE, "reader", {"UUID": "reader", "FunctionArn": ARN, "EventSourceArn": ARN, "StartingPosition": "TRIM_HORIZON"})
    positions.set_scoped(*SCOPE, "reader", 3)
    dynamodb.load_persisted_state({"tables": {}, "unread_stream_records": records})
    lambda_svc.load_persisted_state({"esms": readers, "dynamodb_stream_positions": positions})
    unread, first = streams.unread().get_scoped(*SCOPE, "orders")
    return {"unread": [record["dynamodb"]["Keys"]["pk"]["S"] for record in unread], "first": first}


def cut_off() -> Any:
    """A batch that a stop cuts off, of which the function had done the first message."""
    messages = [{"id": n, "visible_at": 9e9, "receive_count": 1} for n in range(3)]
    queue = {"name": "monsoon-local-AuditQueue-1A2B", "messages": messages}
    sqs._queues.set_scoped(*SCOPE, "url", queue)
    seen: list[Any] = []

    def run_batch(*_: Any) -> None:
        seen.append(deliveries.waiting())
        deliveries._cut.set()
        queue["messages"] = messages[1:]

    lambda_svc._run_sqs_batch = run_batch
    deliveries.mend()
    lambda_svc._run_sqs_batch({}, {}, {}, messages, "url", queue["name"])
    return {"while": seen, "after": deliveries.waiting(), "received": [m["receive_count"] for m in queue["messages"]]}


def no_more() -> Any:
    polled: list[str] = []
    lambda_svc._poll_sqs = lambda: bool(polled.append("queues"))
    deliveries.mend()
    lambda_svc._poll_sqs()
    deliveries.stop_taking(0.1)
    import threading

    threading.Thread(target=lambda_svc._poll_sqs, daemon=True).start()
    return polled


def upgraded() -> Any:
    """A table that was made after a bucket in a nested stack, then is changed: whether it is the same, and what it holds."""
    stacks.mend()
    what, stack, of_whom = "AWS::DynamoDB::Table", "hub-Tables", ("hub-Tables", "OrdersTable")
    attribute = {"AttributeName": "pk", "AttributeType": "S"}
    before = {
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        "AttributeDefinitions": [attribute],
        "BillingMode": "PAY_PER_REQUEST",
    }
    provisioners._provision_resource("AWS::S3::Bucket", "DocumentsBucket", {}, stack)
    name, attributes = provisioners._provision_resource(what, "OrdersTable", before, stack)
    record = {"PhysicalResourceId": name, "Properties": before, "Attributes": attributes}
    _stacks[stack] = {"_resources": {"OrdersTable": record}}
    dynamodb._put_item({"TableName": name, "Item": {"pk": {"S": "an order"}}})
    provisioners._NAME_SEED.set("")  # as each update of a nested stack's resource begins
    changed, _ = provisioners._update_resource(what, name, before, before | {"DeletionProtectionEnabled": True}, *of_whom)
    return {"the same": changed == name, "items": dynamodb._tables[changed]["ItemCount"]}


def kept_lean() -> Any:
    """Two items that say the same, one of which is changed in every way that an expression knows."""
    lean_items.take()
    attribute, key = {"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "pk", "KeyType": "HASH"}
    dynamodb._create_table(
        {"TableName": "orders", "KeySchema": [key], "AttributeDefinitions": [attribute], "BillingMode": "PAY_PER_REQUEST"}
    )
    says: dict[str, Any] = {"n": {"N": "1"}, "s": {"S": "x"}, "m": {"M": {"of": {"S": "x"}}}, "l": {"L": [{"S": "x"}]}, "t": {"SS": ["x"]}}
    for pk in ("left", "changed"):
        dynamodb._put_item({"TableName": "orders", "Item": {"pk": {"S": pk}} | says})
    y: dict[str, Any] = {":s": {"S": "y"}, ":l": {"L": [{"S": "y"}]}, ":n": {"N": "1"}, ":t": {"SS": ["y"]}}
    z: dict[str, Any] = {":s": {"S": "z"}, ":t": {"SS": ["x"]}}
    both = ("SET s = :s, m.#of = :s, l = list_append(l, :l) ADD n :n, t :t", y), ("SET l[0] = :s REMOVE s, m.#of DELETE t :t", z)
    for expression, values in both:
        told = {"UpdateExpression": expression, "ExpressionAttributeValues": values, "ExpressionAttributeNames": {"#of": "of"}}
        status, _, body = dynamodb._update_item({"TableName": "orders", "Key": {"pk": {"S": "changed"}}} | told)
        assert status == 200, body
    return {pk: next(iter(items.values())) for pk, items in dynamodb._tables["orders"]["items"].items()} | {"says": says}


def written() -> None:
    """The end of the emulator, which writes a new base."""
    writing.mend(lambda: None)
    app.save_all({})


def unwritten() -> None:
    """The same, but that the disk is full."""

    def fail() -> None:
        raise OSError("No space left on device")

    writing.mend(fail)
    app.save_all({})


def codes() -> Any:
    """What the pool sends of a sign-up and of a forgotten password, as the mailbox has it, the newest first."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MONSOON_MAIL"] = folder
        pool_codes.mend()
        asked = {"PoolName": "people", "UsernameAttributes": ["email"], "EmailConfiguration": {"From": "Hub <hello@hub.example>"}}
        pool = json.loads(cognito._create_user_pool(asked)[2])["UserPool"]["Id"]
        made = json.loads(cognito._create_user_pool_client({"UserPoolId": pool, "ClientName": "api"})[2])
        who = {"ClientId": made["UserPoolClient"]["ClientId"], "Username": "ada@shop.example"}
        told = {"Password": "Another-laptop-2027", "UserAttributes": [{"Name": "email", "Value": "ada@shop.example"}]}
        answered = [cognito._sign_up(who | told)[0], cognito._forgot_password(who)[0]]
        mails = [mail for mail in map(mailbox().mail, mailbox().names()) if mail]
        said = [[list(mail.to), str(mail.message["From"]), mail.body("plain"), mail.body("html")] for mail in mails]
        return {"answered": answered, "said": said}


def played(part: Callable[[], Any]) -> tuple[int, Any]:
    """The exit status of a fork that plays a part, and what it found, if it said."""
    here, there = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.write(there, json.dumps(part()).encode())
        except SystemExit as end:
            os._exit(int(end.code or 0))
        except BaseException:
            traceback.print_exc()
            os._exit(70)
        os._exit(0)
    os.close(there)
    with os.fdopen(here, "rb") as said:
        found = said.read()
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), json.loads(found or b"null")


if __name__ == "__main__":
    parts: dict[str, Callable[[], Any]] = {
        part.__name__: part for part in (older, cut_off, no_more, upgraded, kept_lean, written, unwritten, codes)
    }
    for name in sys.argv[1:]:
        print(json.dumps(played(parts[name])), flush=True)
