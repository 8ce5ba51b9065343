"""What an invariant of mail looks at: each event that the bus gave to notices, and which mail it should have come to."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from functions.notices.causes.cause import mail_id
from functions.notices.causes.kinds import Kind
from functions.notices.outbox.mail import Mail
from functions.notices.outbox.mail_store import MailItem, _mail
from monsoon_plugin.clock import from_rfc3339
from shared.aws.dynamo import item_of
from simulation.aws.ses import QUEUE, SentMail
from simulation.invariants.seen import Seen

ONCE = {"paid": "paid", "cancelled": "cancelled", "placed": "received"}
"""What becomes of an order, and the mail that says it once."""
EACH = {"order.refunded": ("refunded", "refund_id"), "shipment.dispatched": ("dispatched", "shipment_id"),
        "shipment.delivered": ("delivered", "shipment_id")}  # fmt: skip
"""What happens several times, the mail of each, and what tells it from the others."""


@dataclass(frozen=True)
class Due:
    """A mail that an event should come to."""

    mail_id: str
    kind: Kind
    event: dict[str, Any]
    """Its data."""
    to: str
    """The account, of a merchant's; the e-mail, of a buyer's."""


def events(seen: Seen) -> Iterator[tuple[str, dict[str, Any]]]:
    """What happened, without `monsoon.` and the version, and the event's data with its `time`."""
    for told in seen.world.messages.told(QUEUE):
        yield told["type"].removeprefix("monsoon.").rpartition(".")[0], told["data"] | {"time": from_rfc3339(told["time"])}


def due_to_buyers(seen: Seen) -> Iterator[Due]:
    """Of orders whose buyer gave an e-mail."""
    for what, event in events(seen):
        to, order_id = seen.observed.emails.get(event.get("order_id", "")), event.get("order_id", "")
        about, _, news = what.partition(".")
        if to is None:
            continue
        if about == "order" and news in ONCE:
            yield Due(mail_id(ONCE[news], order_id), ONCE[news], event, to)  # type: ignore[arg-type]
        elif what in EACH and event.get("amount", 1) > 0:
            kind, key = EACH[what]
            yield Due(mail_id(kind, order_id, event[key]), kind, event, to)  # type: ignore[arg-type]


def due_to_merchants(seen: Seen) -> Iterator[Due]:
    """Of each order that can be sent: to its shop's owner, and to each other supplier."""
    for what, event in events(seen):
        if what in ("order.accepted", "order.paid") and not event.get("test"):
            for account in dict.fromkeys((event["account_id"], *(line["supplier_id"] for line in event["lines"]))):
                yield Due(mail_id("new_order", account, event["order_id"]), "new_order", event, account)


def records(seen: Seen) -> dict[str, Mail]:
    """Each mail's record, by its id."""
    return {raw["pk"]["S"]: _mail(item_of(MailItem, raw)) for raw in seen.items("NoticesTable") if raw["sk"]["S"] == "mail"}


def sent(seen: Seen) -> dict[str, list[SentMail]]:
    """What SES has brought, by the mail's id."""
    found: dict[str, list[SentMail]] = {}
    for mail in seen.world.ses.sent:
        found.setdefault(mail.mail_id, []).append(mail)
    return found
