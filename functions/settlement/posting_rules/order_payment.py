"""Who earns what of a paid order: suppliers, the storefront's owner, the payment provider, the platform. Pure."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from functions.settlement.ledger.booking import Booking, nth_slot, order_booking
from functions.settlement.ledger.journal import Amounts, provider_account
from functions.settlement.posting_rules.first_introduction import CommissionTerms, commission, commission_amounts, margin_under_commission
from shared.ids import derived_id
from shared.order_messages import OrderLine, OrderPaid
from shared.trade.line_money import line_money


def payment_booking(event: OrderPaid, terms: CommissionTerms, now: datetime) -> Booking:
    """The first entry of an order: the provider owes what it captured; supplier, storefront, provider and platform share it.

    Raises Unbalanced if the captured total is not what the lines and the shipping cost.
    """
    owner, provider = event.account_id, provider_account(event.account_id, event.payment_plugin)
    commissionable = margin_under_commission(event.lines, terms)
    amounts = order_shares(owner, event.lines, event.shipping.price)
    amounts[provider, "receivable"] -= event.total
    amounts[provider, "fee_kept"] += event.provider_fee
    amounts[owner, "provider_fee"] -= event.provider_fee
    amounts.update(commission_amounts(owner, commission(commissionable, terms.per_mille)))
    entry_id = derived_id("jrn", event.order_id, "paid")
    return order_booking(
        event, amounts, entry_id=entry_id, slot=nth_slot(0), terms=terms, now=now, commissionable=commissionable, test=event.test,
        payment_id=event.payment_id,
    )  # fmt: skip


def order_shares(owner: str, lines: Sequence[OrderLine], shipping: int) -> Amounts:
    """What the lines and the shipping bring to suppliers and to the storefront's owner, before fees and commission."""
    amounts: Amounts = Counter({(owner, "shipping"): shipping})
    for line in lines:
        money = line_money(line)
        amounts[line.supplier_id, "goods"] += money.cost
        amounts[owner, "margin"] += money.margin
    return amounts
