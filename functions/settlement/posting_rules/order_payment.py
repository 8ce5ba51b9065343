"""Who earns what of a paid order: suppliers, the storefront's owner, the payment provider, the platform. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from functions.settlement.ledger.booking import Booking, nth_slot, order_booking
from functions.settlement.ledger.journal import Amounts, provider_account
from functions.settlement.posting_rules.first_introduction import CommissionTerms, commission, commission_amounts, margin_under_commission
from shared.ids import derived_id
from shared.order_messages import OrderLine, OrderPaid, OrderPaymentLost, OrderRefundFailed
from shared.trade.line_money import line_money


def payment_booking(event: OrderPaid, terms: CommissionTerms, now: datetime) -> Booking:
    """The first entry of an order: the provider owes what it captured; supplier, storefront, provider and platform share it.

    What had gone back at the provider before that, the owner bears. Raises Unbalanced if the captured total is not what the lines and the
    shipping cost.
    """
    owner, provider = event.account_id, provider_account(event.account_id, event.payment_plugin)
    commissionable = margin_under_commission(event.lines, terms)
    amounts = order_shares(owner, event.lines, event.shipping.price)
    held = held_by_providers(event, event.total)
    amounts.update(receivables(event.account_id, held))
    amounts[owner, "elsewhere"] -= event.total - held.total()
    amounts[provider, "fee_kept"] += event.provider_fee
    amounts[owner, "provider_fee"] -= event.provider_fee
    amounts.update(commission_amounts(owner, commission(commissionable, terms.per_mille)))
    entry_id = derived_id("jrn", event.order_id, "paid")
    return order_booking(
        event, amounts, entry_id=entry_id, slot=nth_slot(0), terms=terms, now=now, commissionable=commissionable, test=event.test,
        payment_id=event.payment_id,
    )  # fmt: skip


def held_by_providers(event: OrderPaid | OrderPaymentLost | OrderRefundFailed, usual: int) -> Counter[str]:
    """Plug-in → how much more it holds for the order by this event; all of `usual` with the payment's, where it does not say."""
    if event.at_providers is None:
        return Counter({event.payment_plugin: usual})
    return Counter({held.plugin: held.amount for held in event.at_providers})


def receivables(owner: str, held: Mapping[str, int]) -> Amounts:
    """What the owner's providers owe for what they hold."""
    return Counter({(provider_account(owner, plugin), "receivable"): -amount for plugin, amount in held.items()})


def order_shares(owner: str, lines: Sequence[OrderLine], shipping: int) -> Amounts:
    """What the lines and the shipping bring to suppliers and to the storefront's owner, before fees and commission."""
    amounts: Amounts = Counter({(owner, "shipping"): shipping})
    for line in lines:
        money = line_money(line)
        amounts[line.supplier_id, "goods"] += money.cost
        amounts[owner, "margin"] += money.margin
    return amounts
