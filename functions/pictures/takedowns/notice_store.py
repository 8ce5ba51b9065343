"""Notices in pictures' table: with the content they are against; what it is hidden for is written in the same transaction."""

import json
from dataclasses import asdict
from typing import Any

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from functions.pictures.contents.content import Content
from functions.pictures.contents.content_store import CONTENT
from functions.pictures.picture_items import ContentItem, NoticeItem, OpenNoticeItem, SenderItem
from functions.pictures.takedowns.notice import OPEN, Change, Notice, SenderRecord, Statement
from monsoon_plugin.clock import Clock
from shared.api.paging import Position
from shared.aws.dynamo import bind, connection, reasons
from shared.bus import envelope
from shared.optimistic_retry import Contended
from shared.pictures.picture_messages import ContentModerated

NOTICE, WAITING = "notice#", "notices#open"
LOST = {None, "ConditionalCheckFailed", "TransactionConflict"}


class NoticeStore:
    """notice_service.Notices."""

    def __init__(self, table: str, clock: Clock) -> None:
        bind(table, NoticeItem, SenderItem, OpenNoticeItem, ContentItem)
        self._clock = clock

    def of(self, content_id: str) -> list[Notice]:
        return [_notice(item) for item in NoticeItem.query(content_id, NoticeItem.sk.startswith(NOTICE), consistent_read=True)]

    def record(self, account_id: str) -> SenderRecord:
        try:
            item = SenderItem.get(f"{account_id}#notices", "record", consistent_read=True)
        except SenderItem.DoesNotExist:
            return SenderRecord()
        return SenderRecord(day=item.day, sent=int(item.sent), rejected=int(item.rejected))

    def save(self, change: Change) -> None:
        notice, before = change.notice, change.before
        unchanged = NoticeItem.state == before.state if before else NoticeItem.pk.does_not_exist()
        try:
            with TransactWrite(connection=connection()) as transaction:
                transaction.save(_item(notice), condition=unchanged)
                self._moderate(transaction, change.content, change)
                waiting = OpenNoticeItem(WAITING, f"{notice.said.at}#{notice.content_id}#{notice.id}")
                if notice.state in OPEN:
                    transaction.save(waiting)
                elif before and before.state in OPEN:
                    transaction.delete(waiting)
                if change.record:
                    was, now = change.record
                    item = SenderItem(f"{notice.said.by}#notices", "record", day=now.day, sent=now.sent, rejected=now.rejected)
                    same = (SenderItem.day == was.day) & (SenderItem.sent == was.sent) & (SenderItem.rejected == was.rejected)
                    transaction.save(item, condition=SenderItem.pk.does_not_exist() if was == SenderRecord() else same)
        except TransactWriteError as error:
            if not set(reasons(error)) <= LOST:
                raise
            raise Contended from error

    def _moderate(self, transaction: Any, content: Content, change: Change) -> None:
        """Write what the content is hidden for, with its event if that is news; hold it to be as it was read in any case."""
        content_id, gone = content.shown.content, change.notice.state == "upheld"
        same = ContentItem.moderations == content.moderations if content.moderations else ContentItem.moderations.does_not_exist()
        if change.hidden_for == content.hidden_for and not gone:
            transaction.condition_check(ContentItem, content_id, CONTENT, condition=same)
            return
        told = ContentModerated(content_id=content_id, hidden=change.hidden_for is not None, version=content.moderations + 1)
        actions = [ContentItem.moderations.set(told.version), ContentItem.event.set(envelope(told, self._clock()))]
        actions.append(ContentItem.hidden_for.set(change.hidden_for) if change.hidden_for else ContentItem.hidden_for.remove())
        if gone:
            actions.append(ContentItem.gone.set(True))
        transaction.update(ContentItem(content_id, CONTENT), actions, condition=same)

    def open(self, at: Position | None, limit: int) -> tuple[list[Notice], Position | None]:
        start = {"pk": {"S": WAITING}, "sk": {"S": str(at["after"])}} if at else None
        found = [item.sk for item in OpenNoticeItem.query(WAITING, limit=limit, last_evaluated_key=start)]
        keys = [(content_id, NOTICE + notice_id) for _, content_id, notice_id in (sk.split("#") for sk in found)]
        items = {(item.pk, item.sk): _notice(item) for item in NoticeItem.batch_get(keys)} if keys else {}
        return [items[key] for key in keys if key in items], {"after": found[-1]} if len(found) == limit else None


def _item(notice: Notice) -> NoticeItem:
    return NoticeItem(
        notice.content_id, NOTICE + notice.id, ground=notice.ground, name=notice.name, state=notice.state, said=_text(notice.said),
        counter=_text(notice.counter), decision=_text(notice.decision),
    )  # fmt: skip


def _notice(item: Any) -> Notice:
    said, counter, decision = (Statement(**json.loads(text)) if text else None for text in (item.said, item.counter, item.decision))
    assert said
    return Notice(
        id=item.sk.removeprefix(NOTICE), content_id=item.pk, ground=item.ground, name=item.name, state=item.state, said=said,
        counter=counter, decision=decision,
    )  # fmt: skip


def _text(statement: Statement | None) -> str | None:
    return json.dumps(asdict(statement), ensure_ascii=False) if statement else None
