"""What a dispute (a chargeback) moves: each movement in a slot of its own, written once, in whatever order news come. Pure."""

from datetime import datetime

from functions.settlement.ledger.booking import Booking
from functions.settlement.ledger.journal import JournalEntry, Kind, Posting, provider_account
from functions.settlement.posting_rules.first_introduction import NO_COMMISSION
from monsoon_plugin.clock import rfc3339
from shared.ids import derived_id
from shared.messages import MOST_TOLD, PaymentDisputed


def dispute_bookings(event: PaymentDisputed, now: datetime) -> list[Booking]:
    """The shopper's bank takes the amount when it opens a dispute, and gives it back if the merchant wins.

    Open and lost are the same entry; won is that one and its reversal; one in its nth round has been given back in each before, what
    that took. So the books end alike in whatever order the news come. Rounds before those that it tells of had events of their own.
    """
    amounts = event.taken or [event.amount.amount] * min(event.round + 1, MOST_TOLD)
    first = event.round + 1 - len(amounts)
    given = amounts if event.state == "won" else amounts[:-1]
    taken = [_booking(event, _slot("taken", n), -amount, now) for n, amount in enumerate(amounts, first)]
    given_back = [_booking(event, _slot("given_back", n), amount, now) for n, amount in enumerate(given, first)]
    return [*taken, *given_back]


def _slot(what: str, number: int) -> str:
    return f"{what}#{number}" if number else what


def _booking(event: PaymentDisputed, what: str, amount: int, now: datetime) -> Booking:
    provider, currency = provider_account(event.account_id, event.plugin), event.amount.currency
    moved: tuple[tuple[str, Kind, int], ...] = ((event.account_id, "dispute", amount), (provider, "receivable", -amount))
    postings = tuple(Posting(account, kind, sum_, currency) for account, kind, sum_ in moved)
    entry_id = derived_id("jrn", event.payment_id, event.dispute_ref, what)
    return Booking(
        book=f"{event.account_id}#{event.storefront_id}#{event.order_id}",
        slot=f"dispute#{event.dispute_ref}#{what}",
        entry=JournalEntry(entry_id, event.order_id, rfc3339(now), postings),
        currency=currency,
        storefront_id=event.storefront_id,
        terms=NO_COMMISSION,
        test=event.test,
    )
