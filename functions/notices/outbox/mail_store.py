"""Where mails' records lie.

| pk | sk | item |
|---|---|---|
| the mail's id | mail | its record; `open` lists it until what became of it is known |
| account#undelivered | time#mail id | what came back or was complained of, for its merchant to see |
| account#unsent | time#mail id | what never left, or nobody learned of; apart, for the release before cannot read its states |
| stopped#pseudonym of an address | stopped | why nothing is sent there any more |
"""

import json
import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import TransactWriteError
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.transactions import TransactWrite

from functions.notices.outbox.mail import Mail
from functions.notices.outbox.undelivered import Undelivered
from monsoon_plugin.clock import rfc3339
from shared.aws.dynamo import IntegerAttribute, Item, PackedAttribute, Table, bind, connection, put_if, reasons
from shared.optimistic_retry import Contended

MAIL, STOPPED = "mail", "stopped"
BACK, UNSENT = "#undelivered", "#unsent"
KEPT = timedelta(days=400)
"""As long as what is known of its order: an event that is told anew within that time sends nothing."""
SHARDS = 4
SWEPT = 100
"""So many due mails of each shard are looked at in one run."""
BODY = ("about", "storefront_id", "facts", "test", "created_at", "why", "sent_times", "waits")


class Due(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "open"
        projection = KeysOnlyProjection()

    open_pk = UnicodeAttribute(hash_key=True)
    open_sk = UnicodeAttribute(range_key=True)


class MailItem(Item):
    class Meta(Table):
        pass

    account_id = UnicodeAttribute()
    kind = UnicodeAttribute()
    state = UnicodeAttribute()
    version = IntegerAttribute()
    mail = PackedAttribute()
    open_pk = UnicodeAttribute(null=True)
    open_sk = UnicodeAttribute(null=True)
    due = Due()


class StoppedItem(Item):
    class Meta(Table):
        pass

    why = UnicodeAttribute()


class UndeliveredItem(Item):
    class Meta(Table):
        pass

    undelivered = PackedAttribute()


class MailStore:
    """mails_kept.Mails on DynamoDB."""

    def __init__(self, table: str) -> None:
        bind(table, MailItem, StoppedItem, UndeliveredItem)

    def add(self, mail: Mail) -> bool:
        """1 WCU, and 1 for the index if it is due."""
        return put_if(_item(mail), MailItem.pk.does_not_exist())

    def get(self, mail_id: str) -> Mail | None:
        try:
            return _mail(MailItem.get(mail_id, MAIL, consistent_read=True))
        except MailItem.DoesNotExist:
            return None

    def replace(self, mail: Mail, noted: Undelivered | None = None) -> bool:
        """1 WCU, and 1 for the index if it leaves it, 2 if it is due at another time; with a note 4, in one transaction."""
        unchanged = MailItem.version == mail.version - 1
        if noted is None:
            return put_if(_item(mail), unchanged)
        try:
            with TransactWrite(connection=connection()) as transaction:
                transaction.save(_item(mail), condition=unchanged)
                transaction.save(_noted(noted))
        except TransactWriteError as error:
            if "TransactionConflict" in reasons(error):
                raise Contended from error
            return False
        return True

    def due(self, now: datetime) -> Iterator[str]:
        for shard in range(SHARDS):
            for item in MailItem.due.query(f"due#{shard}", MailItem.open_sk < rfc3339(now), limit=SWEPT):
                yield item.pk

    def stop(self, address: str, why: str) -> None:
        StoppedItem(f"stopped#{address}", STOPPED, why=why).save()

    def stopped(self, address: str) -> str:
        try:
            return StoppedItem.get(f"stopped#{address}", STOPPED).why
        except StoppedItem.DoesNotExist:
            return ""

    def undelivered(self, account_id: str, after: str, most: int) -> list[Undelivered]:
        """Two queries."""
        before = UndeliveredItem.sk < after if after else None
        items = [
            item
            for pk in (f"{account_id}{BACK}", f"{account_id}{UNSENT}")
            for item in UndeliveredItem.query(pk, before, scan_index_forward=False, limit=most)
        ]
        latest = sorted(items, key=lambda item: item.sk, reverse=True)[:most]
        return [Undelivered.model_validate({**json.loads(item.undelivered), "account_id": account_id}) for item in latest]


def _item(mail: Mail) -> MailItem:
    shard = f"due#{zlib.crc32(mail.id.encode()) % SHARDS}"
    body = json.dumps({name: getattr(mail, name) for name in BODY}, ensure_ascii=False, separators=(",", ":"))
    made = datetime.fromisoformat(mail.created_at)
    return MailItem(
        mail.id, MAIL, account_id=mail.account_id, kind=mail.kind, state=mail.state, version=mail.version, mail=body,
        open_pk=shard if mail.due else None, open_sk=f"{mail.due}#{mail.id}" if mail.due else None,
        expires_at=int((made + KEPT).timestamp()),
    )  # fmt: skip


def _noted(undelivered: Undelivered) -> UndeliveredItem:
    place = BACK if undelivered.came_back else UNSENT
    gone = int((undelivered.moment + KEPT).timestamp())
    said = undelivered.model_dump_json(exclude={"account_id"})
    return UndeliveredItem(f"{undelivered.account_id}{place}", undelivered.place, undelivered=said, expires_at=gone)


def _mail(item: MailItem) -> Mail:
    due = item.open_sk.partition("#")[0] if item.open_sk else ""
    known: Any = {"id": item.pk, "account_id": item.account_id, "kind": item.kind, "state": item.state, "version": int(item.version)}
    return Mail(**known, due=due, **json.loads(item.mail))
