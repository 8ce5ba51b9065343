"""Run by tests/unit/local/test_mendings.py in a process of its own, for it mends the emulator.

`emulated.py PART`, `emulated.py written FOLDER`.
"""

import json
import sys
from pathlib import Path
from typing import Any

from ministack import app
from ministack.core import persistence
from ministack.core.persistence import _json_default, _json_object_hook
from ministack.services import dynamodb, lambda_svc, sqs
from ministack.services.cloudformation import _stacks, provisioners

from local.mendings import deliveries, stacks, streams, writing

SCOPE = ("000000000000", "us-east-1")
ARN = "arn:aws:dynamodb:us-east-1:000000000000:table/orders/stream/2026-11-29"


def stream(records: int, read: int) -> None:
    """A table whose stream holds so many records, with a reader that has read some."""
    dynamodb._stream_records.set_scoped(*SCOPE, "orders", [{"dynamodb": {"Keys": {"pk": {"S": str(n)}}}} for n in range(records)])
    lambda_svc._esms.set_scoped(*SCOPE, "reader", {"UUID": "reader", "EventSourceArn": ARN, "StartingPosition": "TRIM_HORIZON"})
    lambda_svc._dynamodb_stream_positions.set_scoped(*SCOPE, "reader", read)


def restarted() -> dict[str, Any]:
    """What a restart finds: the state as JSON and back, into an emulator that holds nothing."""
    state = [json.loads(json.dumps(m.get_state(), default=_json_default), object_hook=_json_object_hook) for m in (dynamodb, lambda_svc)]
    for module in (dynamodb, lambda_svc):
        module.reset()
    dynamodb._stream_records.clear()
    for module, data in zip((dynamodb, lambda_svc), state, strict=True):
        module.load_persisted_state(data)
    found = dynamodb.stream_records_since("orders", 0, 100, account_id=SCOPE[0], region=SCOPE[1])
    return {
        "unread": [record["dynamodb"]["Keys"]["pk"]["S"] for record in found],
        "positions": len(list(lambda_svc._dynamodb_stream_positions.all_items())),
    }


def unread() -> Any:
    streams.mend()
    stream(5, read=3)
    return restarted()


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


def written(state: Path) -> None:
    persistence.PERSIST_STATE, persistence.STATE_DIR = True, str(state)
    writing.mend()
    said = iter([RuntimeError("dictionary changed size during iteration"), {"queues": []}])
    app.save_all({"sqs": lambda: raised(next(said)), "sns": lambda: None})


def raised(answer: Any) -> Any:
    if isinstance(answer, Exception):
        raise answer
    return answer


if __name__ == "__main__":
    if sys.argv[1] == "written":
        written(Path(sys.argv[2]))
    print(json.dumps({"unread": unread, "cut_off": cut_off, "no_more": no_more, "upgraded": upgraded}[sys.argv[1]]()))
