"""Where payments are kept. One item a payment, with its operations and the event of its last change; one small item a notice."""

import json
from collections.abc import Iterator
from dataclasses import astuple, fields, replace
from datetime import datetime
from typing import Any

from functions.payments.lifecycle.moves import Elsewhere
from functions.payments.lifecycle.operation import Operation, Phase
from functions.payments.lifecycle.payment import MOST_ATTEMPTS, Payment
from functions.payments.payment_items import PaymentItem, ReferenceItem
from monsoon_plugin.clock import rfc3339
from monsoon_plugin.money import Money
from monsoon_plugin.payment import DisputeView, OperationKind, State
from shared.aws.dynamo import bind, put_if
from shared.bus import envelope
from shared.iteration import each_read
from shared.messages import Message
from shared.providers.handled_notices import HandledNotices

SHARDS = 4
"""The index of what is awaited has this many partitions, so that no single one takes every write."""
TOTALS = ("authorized", "captured", "refunded", "fee")


class PaymentStore(HandledNotices):
    def __init__(self, table: str) -> None:
        super().__init__(table)
        bind(table, PaymentItem, ReferenceItem)

    def of_order(self, tenant: str, order_id: str, *, may_lag: bool = False) -> list[Payment]:
        """The order's payments, the first begun first. `may_lag`: one begun a moment ago may be missing, for half the price."""
        found = PaymentItem.query(tenant, PaymentItem.sk.startswith(f"{order_id}/"), consistent_read=not may_lag, limit=MOST_ATTEMPTS)
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
        return put_if(item, PaymentItem.pk.does_not_exist() if first else PaymentItem.ver == payment.version - 1)

    def due_for_lookup(self, now: datetime, limit: int) -> Iterator[Payment]:
        """At most `limit` payments, a share from each shard, whose provider is due to be asked, the longest due first.

        Raises at its end as `each_read` does.
        """
        at = rfc3339(now)
        due = (
            (keys.pk, keys.sk)
            for shard in range(SHARDS)
            for keys in PaymentItem.open_index.query(str(shard), PaymentItem.open_sk <= at, limit=limit // SHARDS)
        )
        return each_read(due, _at, "payments")

    def index_reference(self, payment: Payment) -> None:
        """Let the payment's reference lead to it, for a statement that bears nothing else."""
        ReferenceItem(f"{payment.tenant}#references", payment.provider_ref, order_id=payment.order_id, payment_id=payment.id).save()

    def find_by_reference(self, tenant: str, reference: str) -> Payment | None:
        """The payment that `index_reference` was called for."""
        try:
            found = ReferenceItem.get(f"{tenant}#references", reference, consistent_read=True)
        except ReferenceItem.DoesNotExist:
            return None
        return next((p for p in self.of_order(tenant, found.order_id) if p.id == found.payment_id), None)


def _at(key: tuple[str, str]) -> Payment | None:
    """The payment as last written, or None if it is gone."""
    try:
        return _payment(PaymentItem.get(*key, consistent_read=True))
    except PaymentItem.DoesNotExist:
        return None


def _key(payment: Payment) -> tuple[str, str]:
    return payment.tenant, f"{payment.order_id}/{payment.attempt:02d}"


def _item(payment: Payment) -> PaymentItem:
    p = payment
    totals: dict[str, Any] = {name: getattr(p, name) or None for name in TOTALS}
    item = PaymentItem(
        *_key(p),
        id=p.id,
        ins=p.installation_id,
        plugin=p.plugin,
        amount=p.amount.amount,
        currency=p.amount.currency,
        state=p.state.value,
        at=p.created_at,
        print=p.fingerprint,
        ver=p.version,
        ops=_operations_json(p.operations),
        due=p.due,
        online=p.online or None,
        late=p.late or None,
        to_collect=p.to_collect or None,
        told_less=p.told_less or None,
        uncancelled=p.uncancelled or None,
        test=p.test,
        ref=p.provider_ref or None,
        until=p.authorized_until or None,
        action=_json(p.next_action) if p.next_action else None,
        disputes=_json([_dispute_row(d) for d in p.disputes]) if p.disputes else None,
        rounds=_json(rounds) if (rounds := {d.provider_ref: d.earlier for d in p.disputes if d.earlier}) else None,
        lost=_json(lost) if (lost := {o.id: o.lost_at for o in p.operations if o.lost_at}) else None,
        elsewhere=_json([astuple(e)[: 6 if e.at else 5] for e in p.elsewhere]) if p.elsewhere else None,
        **totals,
    )
    if p.next_lookup:
        item.open_pk, item.open_sk = str(ord(p.id[-1]) % SHARDS), p.next_lookup
    return item


def _payment(item: PaymentItem) -> Payment:
    order_id, _, attempt = item.sk.rpartition("/")
    totals: dict[str, Any] = {name: getattr(item, name) or 0 for name in TOTALS}
    return Payment(
        id=item.id,
        tenant=item.pk,
        order_id=order_id,
        attempt=int(attempt),
        installation_id=item.ins,
        plugin=item.plugin,
        amount=Money(int(item.amount), item.currency),
        created_at=item.at,
        fingerprint=item.print,
        online=bool(item.online),
        due=None if item.due is None else int(item.due),
        state=State(item.state),
        provider_ref=item.ref or "",
        authorized_until=item.until or "",
        next_action=json.loads(item.action) if item.action else None,
        operations=_read_operations(item.ops, json.loads(item.lost or "{}")),
        disputes=_disputes(item),
        elsewhere=tuple(Elsewhere(*row) for row in json.loads(item.elsewhere or "[]")),
        late=bool(item.late),
        to_collect=bool(item.to_collect),
        told_less=bool(item.told_less),
        uncancelled=item.uncancelled or "",
        test=item.test,
        next_lookup=item.open_sk,
        version=int(item.ver),
        **totals,
    )


def _dispute_row(dispute: DisputeView) -> list[Any]:
    d = dispute
    return [d.provider_ref, d.state, d.amount.amount, d.reason, d.respond_by, d.round, d.updated]


def _disputes(item: PaymentItem) -> tuple[DisputeView, ...]:
    rows = json.loads(item.disputes) if item.disputes else []
    rounds: dict[str, list[int]] = json.loads(item.rounds or "{}")
    kept = (DisputeView(ref, state, Money(amount, item.currency), *more) for ref, state, amount, *more in rows)
    return tuple(replace(dispute, earlier=tuple(rounds.get(dispute.provider_ref, ()))) for dispute in kept)


def _operations_json(operations: tuple[Operation, ...]) -> str:
    """Operations as JSON; what has its usual value is left out."""
    usual = {f.name: f.default for f in fields(Operation) if f.name != "lost_at"}
    return _json([{n: v for n in usual if (v := getattr(o, n)) != usual[n]} for o in operations])


def _read_operations(text: str, lost: dict[str, str]) -> tuple[Operation, ...]:
    return tuple(
        Operation(**(kept | {"kind": OperationKind(kept["kind"]), "phase": Phase(kept.get("phase", Phase.PREPARED))}), lost_at=at)
        for kept in json.loads(text)
        for at in [lost.get(kept["id"], "")]
    )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
