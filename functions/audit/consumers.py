"""What audit hears: submissions, audited a batch together, and hints that pictures look alike; what fails is reported alone and comes
again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools import Logger

from functions.audit.bootstrap import Services
from functions.audit.verdicts.audit_service import MAX_TOGETHER
from shared.bus import opened
from shared.iteration import chunks
from shared.messages import ProductSubmitted
from shared.pictures.picture_messages import PictureLikenessFound

Audit = Callable[[Sequence[ProductSubmitted]], None]


@dataclass(frozen=True)
class SubmissionWorker:
    """The queue's entry point."""

    services: Callable[[], Services]
    logger: Logger

    def __call__(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        """Audit the submissions in the event's records and answer which failed (SQS's ReportBatchItemFailures)."""
        failed: list[str] = []
        for some in chunks(event["Records"], MAX_TOGETHER):
            read, unreadable = self._read(some)
            failed += unreadable + failures(read, self._audit)
        return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}

    def _read(self, records: Sequence[Mapping[str, Any]]) -> tuple[dict[str, ProductSubmitted], list[str]]:
        read: dict[str, ProductSubmitted] = {}
        unreadable: list[str] = []
        for record in records:
            try:
                message = opened(record["body"])
            except (KeyError, ValueError):
                self.logger.exception("not a message", message_id=record["messageId"])
                unreadable.append(record["messageId"])
                continue
            if isinstance(message, ProductSubmitted):
                read[record["messageId"]] = message
            elif isinstance(message, PictureLikenessFound) and not self._is_heard(message):
                unreadable.append(record["messageId"])
        return read, unreadable

    def _is_heard(self, message: PictureLikenessFound) -> bool:
        try:
            self.services().likenesses.hear(message)
        except Exception:  # it comes again
            self.logger.exception("not kept", picture=message.picture_id)
            return False
        return True

    def _audit(self, events: Sequence[ProductSubmitted]) -> None:
        try:
            self.services().verdicts.apply_rules(events)
        except Exception:
            self.logger.exception("not audited", products=[event.product_id for event in events])
            raise


def failures(read: Mapping[str, ProductSubmitted], audit: Audit) -> list[str]:
    """Audit all at once and, if that fails, each alone, so that one bad submission fails by itself. Answers whose message failed."""
    if not read or _succeeds(audit, list(read.values())):
        return []
    return [message_id for message_id, event in read.items() if len(read) == 1 or not _succeeds(audit, [event])]


def _succeeds(audit: Audit, events: Sequence[ProductSubmitted]) -> bool:
    try:
        audit(events)
    except Exception:  # whatever it was, the record comes again and lies in the dead-letter queue in the end
        return False
    return True
