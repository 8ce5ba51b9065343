"""A batch of the queue's records, judged together; one that cannot be judged is reported alone and comes again."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aws_lambda_powertools import Logger

from functions.audit.verdicts.audit_service import MAX_TOGETHER
from shared.bus import opened
from shared.chunks import chunks
from shared.messages import ProductSubmitted

Judge = Callable[[Sequence[ProductSubmitted]], None]
logger = Logger(service="audit")


def taken_in(records: Sequence[Mapping[str, Any]], judge: Judge) -> dict[str, Any]:
    """Judge the submissions in `records` and answer which failed (SQS's ReportBatchItemFailures)."""
    failed: list[str] = []
    for some in chunks(records, MAX_TOGETHER):
        read, unreadable = _read(some)
        failed += unreadable + _failures(read, judge)
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def _read(records: Sequence[Mapping[str, Any]]) -> tuple[dict[str, ProductSubmitted], list[str]]:
    read: dict[str, ProductSubmitted] = {}
    unreadable: list[str] = []
    for record in records:
        try:
            message = opened(record["body"])
        except (KeyError, ValueError):
            logger.exception("not a message", message_id=record["messageId"])
            unreadable.append(record["messageId"])
            continue
        if isinstance(message, ProductSubmitted):
            read[record["messageId"]] = message
    return read, unreadable


def _failures(read: Mapping[str, ProductSubmitted], judge: Judge) -> list[str]:
    """Judge all at once and, if that fails, each alone, so that one bad submission fails by itself."""
    if not read or _judges(judge, list(read.values())):
        return []
    return [message_id for message_id, event in read.items() if len(read) == 1 or not _judges(judge, [event])]


def _judges(judge: Judge, events: Sequence[ProductSubmitted]) -> bool:
    try:
        judge(events)
    except Exception:  # whatever it was, the record comes again and lies in the dead-letter queue in the end
        logger.exception("not judged", products=[event.product_id for event in events])
        return False
    return True
