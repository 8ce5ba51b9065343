"""What mails say: that which was so, nothing that is another's business, and no price that its reader does not know."""

import re
from collections.abc import Iterator
from typing import Any

from functions.notices.causes.kinds import RULES
from functions.notices.outbox.mail import Mail
from shared.buyers.order_number import order_number
from shared.pages.figures import figures
from simulation.aws.ses import SentMail
from simulation.invariants.mail.heard import events, records
from simulation.invariants.seen import Seen

SUM = re.compile(r"£[\d,.]*\d")
CURRENCY = "GBP"


def mails_say_what_was_so(seen: Seen) -> Iterator[str]:
    """A mail of an order names it, and what it says had happened: paid, sent by this number, paid back so much, cancelled."""
    if seen.world.ses.habits is None:
        return
    known, told = records(seen), list(events(seen))
    for mail in seen.world.ses.sent:
        record = known.get(mail.mail_id)
        if record is None or RULES[record.kind].to != "buyer":
            continue
        if order_number(record.about) not in mail.text:
            yield f"{record.kind} of {record.about} does not name it"
        if not _was_so(seen, record, mail, [(what, event) for what, event in told if event.get("order_id") == record.about]):
            yield f"{record.kind} of {record.about} was not so: {mail.text[:400]}"


def _was_so(seen: Seen, record: Mail, mail: SentMail, told: list[tuple[str, dict[str, Any]]]) -> bool:
    happened, order = {what for what, _ in told}, seen.orders[record.about]
    match record.kind:
        case "received":
            promised = "order.accepted" in happened or "order.paid" in happened
            return promised or "not paid yet" in mail.text or "还没有付款" in mail.text or not order.pay_by
        case "paid":
            return bool(order.paid_by) or "order.paid" in happened
        case "cancelled":
            return order.state == "cancelled"
        case "refunded":
            sums = {figures("en").money(refund.amount, order.currency) for refund in order.refunds if refund.state in ("paid", "failed")}
            return bool(sums & set(SUM.findall(mail.text + str(mail.message["Subject"]))))
        case "dispatched":
            left = {parcel.shipment_id for parcel in seen.observed.sent}
            parcels = [event for what, event in told if what == "shipment.dispatched" and event["shipment_id"] in left]
            return any(event["tracking_number"] in mail.text for event in parcels)
        case _:
            return "shipment.delivered" in happened


def nobody_reads_anothers_prices(seen: Seen) -> Iterator[str]:
    """Buyers and shops read prices, and no supplier's cost; a supplier reads its own goods' cost, no price and nothing of others."""
    if seen.world.ses.habits is None:
        return
    known = records(seen)
    for mail in seen.world.ses.sent:
        record = known.get(mail.mail_id)
        order = seen.orders.get(_order_id(record)) if record else None
        if record is None or order is None:
            continue
        owner = RULES[record.kind].to == "buyer" or record.account_id == order.account_id
        prices = {money(u * line.unit_price) for line in order.lines for u in range(1, line.quantity + 1)}
        costs = {money(u * line.unit_cost) for line in order.lines for u in range(1, line.quantity + 1)}
        whole = {money(order.shipping.price), *(money(refund.amount) for refund in order.refunds)}
        read = set(SUM.findall(mail.text))
        secret = read & (costs - prices - whole if owner else prices - costs)
        others = [line.title for line in order.lines if not owner and line.supplier_id != record.account_id and line.title in mail.text]
        if secret or others:
            yield f"{record.kind} of {order.id} tells {mail.to} {secret} {others}"


def money(amount: int) -> str:
    return figures("en").money(amount, CURRENCY)


def _order_id(record: Mail) -> str:
    return str(record.facts.get("order_id", record.about))
