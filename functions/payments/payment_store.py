"""Where payments are kept. One item a payment, with its operations and the event of its last change; one small item a notice."""

import json
from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime
from typing import Any

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute
from pynamodb.exceptions import PutError
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from functions.payments.lifecycle.operation import Operation, Phase
from functions.payments.lifecycle.payment import MOST_ATTEMPTS, Payment
from monsoon_plugin.clock import rfc3339
from monsoon_plugin.money import Money
from monsoon_plugin.payment import DisputeView, OperationKind, State
from shared.aws.dynamo import IntegerAttribute, Item, Table, bind, refused
from shared.bus import envelope
from shared.messages import Message

SHARDS = 4
"""The index of what is awaited has this many partitions, so that no single one takes every write."""
TOTALS = ("authorized", "captured", "refunded", "fee")


class OpenIndex(GlobalSecondaryIndex["PaymentItem"]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "open"
        projection = KeysOnlyProjection()

    open_pk = UnicodeAttribute(hash_key=True)
    open_sk = UnicodeAttribute(range_key=True)


class PaymentItem(Item):
    """pk = `account#storefront`, sk = `<order id>/<attempt>`: two payments of one order can never be begun at once.

    Attributes at their usual value are left out, and names are short: a write is counted by the kilobyte.
    """

    class Meta(Table):
        pass

    id = UnicodeAttribute()
    ins = UnicodeAttribute()
    plugin = UnicodeAttribute()
    amount = IntegerAttribute()
    currency = UnicodeAttribute()
    state = UnicodeAttribute()
    at = UnicodeAttribute()
    print = UnicodeAttribute()
    ver = IntegerAttribute()
    ops = UnicodeAttribute()
    online = BooleanAttribute(null=True)
    disputes = UnicodeAttribute(null=True)
    late = BooleanAttribute(null=True)
    ref = UnicodeAttribute(null=True)
    action = UnicodeAttribute(null=True)
    authorized = IntegerAttribute(null=True)
    captured = IntegerAttribute(null=True)
    refunded = IntegerAttribute(null=True)
    fee = IntegerAttribute(null=True)
    open_pk = UnicodeAttribute(null=True)
    open_sk = UnicodeAttribute(null=True)
    open_index = OpenIndex()


class NoticeItem(Item):
    """pk = `notice#<installation>`, sk = the provider's event id."""

    class Meta(Table):
        pass


class ReferenceItem(Item):
    """pk = `account#storefront#references`, sk = a creditor reference."""

    class Meta(Table):
        pass

    order_id = UnicodeAttribute()
    payment_id = UnicodeAttribute()


class PaymentStore:
    def __init__(self, table: str) -> None:
        bind(table, PaymentItem, NoticeItem, ReferenceItem)

    def of_order(self, tenant: str, order_id: str) -> list[Payment]:
        """The order's payments, the first begun first."""
        found = PaymentItem.query(tenant, PaymentItem.sk.startswith(f"{order_id}/"), limit=MOST_ATTEMPTS)
        return [_payment(item) for item in found]

    def reread(self, payment: Payment) -> Payment:
        """The payment as it now stands."""
        return _payment(PaymentItem.get(*_key(payment), consistent_read=True))

    def save(self, payment: Payment, event: Message | None, now: datetime) -> bool:
        """Keep `payment` (version ≥ 1) with its event if the stored one is one version older, or if it is the first.

        Answers whether it was kept.
        """
        item = _item(payment)
        item.event = envelope(event, now) if event else None
        first = payment.version == 1
        try:
            item.save(condition=PaymentItem.pk.does_not_exist() if first else PaymentItem.ver == payment.version - 1)
        except PutError as error:
            if not refused(error):
                raise
            return False
        return True

    def awaited(self, now: datetime, limit: int) -> Iterator[Payment]:
        """At most `limit` payments, a share from each shard, whose provider is due to be asked, the longest due first."""
        for shard in range(SHARDS):
            due = PaymentItem.open_index.query(str(shard), PaymentItem.open_sk <= rfc3339(now), limit=limit // SHARDS)
            for keys in due:
                try:
                    yield _payment(PaymentItem.get(keys.pk, keys.sk, consistent_read=True))
                except PaymentItem.DoesNotExist:
                    continue

    def point(self, payment: Payment) -> None:
        """Let the payment's reference lead to it, for a statement that bears nothing else."""
        ReferenceItem(f"{payment.tenant}#references", payment.provider_ref, order_id=payment.order_id, payment_id=payment.id).save()

    def pointed(self, tenant: str, reference: str) -> Payment | None:
        """The payment that `point` was called for."""
        try:
            found = ReferenceItem.get(f"{tenant}#references", reference)
        except ReferenceItem.DoesNotExist:
            return None
        return next((p for p in self.of_order(tenant, found.order_id) if p.id == found.payment_id), None)

    def claim(self, installation_id: str, event_id: str, until: datetime) -> bool:
        """Take a provider's notice, remembered until `until`; False if it was taken before."""
        item = NoticeItem(f"notice#{installation_id}", event_id, expires_at=int(until.timestamp()))
        try:
            item.save(condition=NoticeItem.pk.does_not_exist())
        except PutError as error:
            if not refused(error):
                raise
            return False
        return True

    def release(self, installation_id: str, event_id: str) -> None:
        """Give a claimed notice back, so that the provider's next try counts."""
        NoticeItem(f"notice#{installation_id}", event_id).delete()


def _key(payment: Payment) -> tuple[str, str]:
    return payment.tenant, f"{payment.order_id}/{payment.attempt:02d}"


def _item(payment: Payment) -> PaymentItem:
    p = payment
    totals: dict[str, Any] = {name: getattr(p, name) or None for name in TOTALS}
    item = PaymentItem(
        *_key(p), id=p.id, ins=p.installation_id, plugin=p.plugin, amount=p.amount.amount, currency=p.amount.currency,
        state=p.state.value, at=p.created_at, print=p.fingerprint, ver=p.version, ops=_written(p.operations),
        online=p.online or None, late=p.late or None, ref=p.provider_ref or None,
        action=_json(p.next_action) if p.next_action else None,
        disputes=_json([_dispute_row(d) for d in p.disputes]) if p.disputes else None,
        **totals,
    )  # fmt: skip
    if p.due:
        item.open_pk, item.open_sk = str(ord(p.id[-1]) % SHARDS), p.due
    return item


def _payment(item: PaymentItem) -> Payment:
    order_id, _, attempt = item.sk.rpartition("/")
    totals: dict[str, Any] = {name: getattr(item, name) or 0 for name in TOTALS}
    return Payment(
        item.id, item.pk, order_id, int(attempt), item.ins, item.plugin, Money(int(item.amount), item.currency), item.at, item.print,
        bool(item.online), State(item.state), item.ref or "", next_action=json.loads(item.action) if item.action else None,
        operations=_read(item.ops), disputes=_disputes(item), late=bool(item.late), due=item.open_sk, version=int(item.ver), **totals,
    )  # fmt: skip


def _dispute_row(dispute: DisputeView) -> list[Any]:
    return [dispute.provider_ref, dispute.state, dispute.amount.amount, dispute.reason, dispute.respond_by]


def _disputes(item: PaymentItem) -> tuple[DisputeView, ...]:
    rows = json.loads(item.disputes) if item.disputes else []
    return tuple(DisputeView(ref, state, Money(amount, item.currency), reason, by) for ref, state, amount, reason, by in rows)


def _written(operations: tuple[Operation, ...]) -> str:
    """Operations as JSON; what has its usual value is left out."""
    usual = {f.name: f.default for f in fields(Operation)}
    return _json([{n: v for n in usual if (v := getattr(o, n)) != usual[n]} for o in operations])


def _read(text: str) -> tuple[Operation, ...]:
    return tuple(
        Operation(**(kept | {"kind": OperationKind(kept["kind"]), "phase": Phase(kept.get("phase", Phase.PREPARED))}))
        for kept in json.loads(text)
    )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
