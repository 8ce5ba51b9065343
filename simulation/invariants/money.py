"""Money: the journal balances, and everybody's books say the same."""

import json
import os
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from functions.orders.order import Order, Payment
from functions.orders.refunds.refunds_owed import UNASKED
from functions.payments.lifecycle.operation import Phase
from monsoon_plugin.payment import OperationKind
from simulation.invariants.seen import Seen


def the_journal_balances(seen: Seen) -> Iterator[str]:
    for entry in seen.journal:
        total = sum(amount for _, _, amount in json.loads(entry.postings))
        if total:
            yield f"entry {entry.entry_id} of {entry.order_id} is off by {total}"


def books_agree(seen: Seen) -> Iterator[str]:
    """What the provider holds = what payments say = what the order says = what the ledger says."""
    for made in seen.world.card.charges.values():
        if made.payment_id not in seen.payments:
            yield f"the provider holds {made.kept} of {made.payment_id}, of which payments know nothing"
    for payment in seen.payments.values():
        charge = seen.world.card.charges.get(payment.id)
        if charge is None:
            continue
        refunded = charge.refunded
        if (payment.captured, payment.refunded) != (charge.captured, refunded):
            yield f"{payment.id}: provider holds {charge.captured} − {refunded}, payments say {payment.captured} − {payment.refunded}"
        paid_out = sum(o.amount for o in payment.operations if o.kind is OperationKind.REFUND and o.phase is Phase.SUCCEEDED)
        paid_out += sum(e.amount for e in payment.elsewhere if e.kind == "refund" and not e.failed)
        if {d.provider_ref: (d.state, d.round) for d in payment.disputes} != {
            d.provider_ref: (d.state, d.round) for d in charge.disputes.values()
        }:
            yield f"{payment.id}: the provider tells of {charge.disputes}, payments of {payment.disputes}"
        if paid_out != payment.refunded:
            yield f"{payment.id}: operations paid {paid_out} back, the total says {payment.refunded}"
    for order in seen.orders.values():
        held = sum(p.captured for p in order.payments) - sum(r.amount for r in order.refunds if r.state == "paid")
        truly = sum(p.captured - p.refunded for p in seen.payments.values() if p.order_id == order.id)
        if held != truly:
            yield f"order {order.id} holds {held}, its payments {truly}"
        receivable = Counter[str]()
        for entry in seen.journal:
            if entry.order_id == order.id:
                receivable.update({entry.currency: -sum(a for _, k, a in json.loads(entry.postings) if k in ("receivable", "fee_kept"))})
        truly -= sum(charge.disputed for charge in seen.world.card.charges.values() if charge.order_id == order.id)
        truly -= sum(_not_owed_nor_given_back(order, payment) for payment in order.payments)
        if order.paid_by and receivable[order.currency] != truly:
            yield f"order {order.id}: the ledger holds {receivable[order.currency]}, its payments {truly}"


def _not_owed_nor_given_back(order: Order, payment: Payment) -> int:
    """What came beyond the order's total, of a payment whose provider refused it back as often as it is tried: nobody's in the ledger, and
    the merchant reads of it. What was given back in the console since then is less of it."""
    mine = [refund for refund in order.refunds if refund.payment_id == payment.id]
    failed = [n for n, refund in enumerate(mine) if refund.state == "failed" and not (refund.fingerprint or refund.of_goods)]
    if len(failed) < UNASKED:
        return 0
    kept = payment.captured - sum(refund.amount for refund in mine if refund.state == "paid")
    since = sum(refund.amount for refund in mine[failed[-1] + 1 :] if refund.state == "paid")
    return max(0, min(mine[failed[-1]].amount - since, kept))


def payouts_are_what_is_owed(seen: Seen) -> Iterator[str]:
    """What the bank paid = what the ledger says was paid, in each currency."""
    paid, truly = Counter[tuple[str, str]](), Counter(seen.world.bank.paid())
    for entry in seen.journal:
        for account, kind, amount in json.loads(entry.postings):
            if kind == "payout" and not account.startswith("clearing:"):
                paid[account, entry.currency] -= amount
    for account, currency in sorted(paid.keys() | truly.keys()):
        if paid[account, currency] != truly[account, currency]:
            yield f"the bank paid {account} {truly[account, currency]} {currency}, the ledger says {paid[account, currency]}"


def everybody_earns_their_share(seen: Seen) -> Iterator[str]:
    """Of each paid order the ledger gives a supplier the cost of the units that were not paid back, and no more."""
    for order in seen.orders.values():
        entries = [entry for entry in seen.journal if entry.order_id == order.id]
        if not order.paid_by or not entries:
            continue
        earned, due = Counter[str](), Counter[str]()
        for entry in entries:
            for account, kind, amount in json.loads(entry.postings):
                earned[account] += amount if kind == "goods" else 0
        for line in order.lines:
            back = sum(r.lines.get(line.offer_id, 0) for r in order.refunds if r.state == "paid")
            due[line.supplier_id] += line.unit_cost * (line.quantity - order.dropped_units(line.offer_id) - back)
        for supplier in earned.keys() | due.keys():
            if earned[supplier] != due[supplier]:
                yield f"order {order.id}: {supplier} earned {earned[supplier]}, its goods cost {due[supplier]}"


def nobody_is_paid_early(seen: Seen) -> Iterator[str]:
    """No payout before the hold is over, and none beyond all that was ever earned."""
    begun = [placing.span.start for placing in seen.observed.placings]
    begun += [checkout.begun for checkout in seen.observed.shown.checkouts.values()]
    first = min(begun, default=seen.world.clock())
    hold = timedelta(days=int(os.environ["PAYOUT_HOLD_DAYS"]))
    for batch in seen.world.bank.batches.values():
        if batch.execute_on < (first + hold).date():
            yield f"batch {batch.batch_key} of {batch.execute_on} pays what nobody could have earned for {hold.days} days"
    earned = Counter[tuple[str, str]]()
    for entry in seen.journal:
        for account, kind, amount in json.loads(entry.postings):
            earned[account, entry.currency] += amount if kind != "payout" and amount > 0 else 0
    for (account, currency), paid in seen.world.bank.paid().items():
        if paid > earned[account, currency]:
            yield f"the bank paid {account} {paid} {currency}, and it only ever earned {earned[account, currency]}"


def refunds_are_made_once(seen: Seen) -> Iterator[str]:
    """Of each refund that we ask for the provider makes one: each of its own has the key of an operation, and no two operations one key."""
    for payment in seen.payments.values():
        charge = seen.world.card.charges.get(payment.id)
        keys = {o.key(payment.id) for o in payment.operations if o.kind is OperationKind.REFUND}
        made = charge.refunds if charge else {}
        for key in made.keys() - keys:
            yield f"{payment.id}: the provider made a refund of {made[key]} under {key}, which none of our operations has"


def test_money_is_apart(seen: Seen) -> Iterator[str]:
    """Nothing that was paid in test mode is paid out, or sent by a live courier."""
    shops = {shop.storefront_id for shop in seen.setting.shops if shop.mode == "test"}
    tested = {order.id for order in seen.orders.values() if order.storefront_id in shops}
    for entry in seen.journal:
        if any(shop in entry.pk for shop in shops) and any(kind == "payout" for _, kind, _ in json.loads(entry.postings)):
            yield f"entry {entry.entry_id} pays out what was paid in test mode"
    for sold in seen.world.post.sold.values():
        if sold.order_id in tested:
            yield f"a live courier labelled {sold.order_id}, which was paid in test mode"


def nobody_is_paid_twice(seen: Seen) -> Iterator[str]:
    """A cancelled order keeps nothing; no order gives back more than it took."""
    for order in seen.orders.values():
        kept = sum(p.captured - p.refunded for p in seen.payments.values() if p.order_id == order.id)
        if kept < 0:
            yield f"order {order.id} gave back {-kept} more than it took"
        if order.state == "cancelled" and kept and not any(r.state == "failed" for r in order.refunds):
            yield f"order {order.id} is cancelled and keeps {kept}"
        if order.state == "unpaid" and kept:
            yield f"order {order.id} is unpaid and holds {kept}"
