"""The bus: an event rides in the item it tells of; the stream carries it out, SQS carries it in."""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from monsoon_plugin.clock import remaining, rfc3339
from shared.bounds.kept import kept
from shared.bounds.message_text import sendable
from shared.messages import Message
from shared.subscribers import MESSAGES

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

SHARE = 3
"""A further record of a batch is begun while a third of the time is left: 20 seconds where the longest, a recall of 500, is heard."""

logger = logging.getLogger(__name__)
M = TypeVar("M", bound=Message)
Consumer = Callable[[Any], None]
Entry = Callable[[dict[str, Any], Any], dict[str, Any]]


def envelope(message: Message, now: datetime) -> str:
    """`message` as a CloudEvents 1.0 JSON text, for the item's `event` attribute.

    Its id is (subject, type, version), so that an event written twice is still one event. Fields that hold their default are left out:
    the event lies in the item, whose every KB is paid for at each write.
    """
    attributes = {
        "specversion": "1.0",
        "id": f"{message.subject}:{message.type}:{message.version}",
        "source": f"/monsoon/{message.source}",
        "type": message.type,
        "subject": message.subject,
        "time": rfc3339(now),
        "datacontenttype": "application/json",
    }
    head = json.dumps(attributes, separators=(",", ":"))
    return f'{head[:-1]},"data":{sendable(message.model_dump_json(exclude_none=True, exclude_defaults=True))}}}'


def opened(text: str) -> Message:
    """The message in an envelope, be it longer than one is today. Raises KeyError for a type that shared.messages does not know."""
    document = json.loads(text)
    return kept(MESSAGES[document["type"]], document["data"])


def opened_as(kind: type[M], text: str) -> M:
    """The message in an envelope that holds one of this kind. Raises TypeError for another."""
    message = opened(text)
    if not isinstance(message, kind):
        raise TypeError(f"this is no {kind.type}, but {message.type}")
    return message


def consumer(consumers: Mapping[type[Message], Consumer], together: Callable[[Sequence[Message]], None] | None = None) -> Entry:
    """A Lambda entry point for the service's queue: each message goes to the consumer of its type.

    A record whose consumer raises is reported alone (ReportBatchItemFailures) and comes again; after the queue's
    maxReceiveCount it lies in the dead-letter queue. `together`: is first given all messages of a call that can be read, for what costs
    less for several; where it fails, each is consumed as if it had not been.
    """
    by_type = {message.type: consume for message, consume in consumers.items()}
    read: dict[str, Message] = {}

    def handle(record: "SQSRecord") -> None:
        message = read.get(record.message_id) or opened(record.body)
        by_type[message.type](message)

    def entry(event: dict[str, Any], context: Any) -> dict[str, Any]:
        for record in event["Records"] if together else ():
            with suppress(KeyError, ValueError):  # told when it is its turn
                read[record["messageId"]] = opened(record["body"])
        try:
            if together:
                together(list(read.values()))
        except Exception:  # each does by itself what was to be done for all
            logger.exception("not done together")
        return batch(handle)(event, context)

    return entry


def batch(handle: "Callable[[SQSRecord], None]") -> Entry:
    """A Lambda entry point that hands each SQS record to `handle`, and reports those it raises for, and those it had no time to begin.

    If the function's time ran out, all would come again, those that were done too, and end in the dead-letter queue together.
    The batch library is imported by the first batch: it takes a sixth of an API function's cold start, and that has no queue.
    """

    def entry(event: dict[str, Any], context: Any) -> dict[str, Any]:
        from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response  # noqa: PLC0415

        first, whole = event["Records"][:1], remaining(context)

        def in_time(record: "SQSRecord") -> None:
            if record.raw_event not in first and remaining(context) * SHARE < whole:
                raise TimeoutError("no time is left to begin this record: it comes again")
            handle(record)

        processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
        return dict(process_partial_response(event=event, record_handler=in_time, processor=processor, context=context))

    return entry
