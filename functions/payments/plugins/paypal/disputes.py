"""PayPal's disputes and ours (developer.paypal.com/docs/api/customer-disputes/v1, its OpenAPI: github.com/paypal/
paypal-rest-api-specifications). Pure.

A dispute is an inquiry first, in which shopper and merchant talk, or a claim at once. What it ends with PayPal says in three places: in
words (`outcome_code`), by what the shopper got (`amount_refunded`, be it a part of `dispute_amount`), and by what moved
(`money_movements`, which names whose money it was). What moved counts before what the shopper got: PayPal may have paid that.
"""

from collections.abc import Mapping
from typing import Any, Literal

from functions.payments.plugins.paypal.translate import money_of
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Money
from monsoon_plugin.payment import DisputeView

WON = frozenset({"RESOLVED_SELLER_FAVOUR", "CANCELED_BY_BUYER", "DENIED", "RESOLVED_WITH_PAYOUT"})
"""`outcome_code`; with a payout PayPal pays the shopper, not the merchant."""
LOST = frozenset({"RESOLVED_BUYER_FAVOUR", "ACCEPTED"})
UNSAID = "NONE"
"""`outcome_code` of one that ended without a decision: it took what the shopper was refunded, nothing if PayPal says of no refund."""
INQUIRY = "INQUIRY"
"""`dispute_life_cycle_stage` before anybody has escalated it to a claim (developer.paypal.com/docs/disputes/disputes-reference): shopper
and merchant talk, and PayPal debits nothing. An offer that the shopper accepts PayPal refunds by itself (…/make-offer)."""
REPLACED = "REPLACEMENT_WITHOUT_REFUND"
"""`offer_type` of an offer by which the shopper gets goods, and no money (its OpenAPI, `offer_type`)."""
SETTLEMENT = "DISPUTE_SETTLEMENT"
"""`reason` of a movement that is of the disputed money, and no fee."""


def dispute_of(told: Mapping[str, Any]) -> DisputeView:
    """Raises PluginError (protocol) for an outcome, or an amount, that is not understood."""
    state, amount = _state(told)
    due, updated = str(told.get("seller_response_due_date") or ""), str(told.get("update_time") or "")
    return DisputeView(str(told["dispute_id"]), state, amount, str(told.get("reason") or ""), due, updated=updated)


def _state(told: Mapping[str, Any]) -> tuple[Literal["warning", "open", "won", "lost"], Money]:
    """Where it stands, and what it is of, or what of that was lost. An inquiry takes nothing; what it ends with may be a refund."""
    inquiry, amount = told.get("dispute_life_cycle_stage") == INQUIRY, money_of(told["dispute_amount"])
    if told["status"] != "RESOLVED":
        return "warning" if inquiry else "open", amount
    taken = _moved(told, amount)
    taken = _said(told, amount) if taken is None else taken
    if taken.amount:
        return "lost", taken
    return "warning" if inquiry else "won", amount


def _moved(told: Mapping[str, Any], amount: Money) -> Money | None:
    """What was taken from the merchant and not given back; None if PayPal does not say, or says it in another currency."""
    moves = [
        (move["type"], money_of(move["amount"]))
        for move in told.get("money_movements") or ()
        if move.get("affected_party") == "SELLER" and move.get("reason") == SETTLEMENT
    ]
    if not moves or any(money.currency != amount.currency for _, money in moves):
        return None
    debit = sum(money.amount if kind == "DEBIT" else -money.amount for kind, money in moves)
    return Money(max(debit, 0), amount.currency)


def _said(told: Mapping[str, Any], amount: Money) -> Money:
    """What the merchant lost by the outcome's words. Raises PluginError (protocol) for a code that is not listed."""
    outcome = told.get("dispute_outcome") or {}
    code, refunded = str(outcome.get("outcome_code")), outcome.get("amount_refunded")
    if code not in WON | LOST | {UNSAID}:
        raise PluginError(ErrorKind.PROTOCOL, "PayPal told of a dispute's outcome that is not known here", code)
    if code not in WON and refunded and money_of(refunded).currency == amount.currency:
        return money_of(refunded)
    if code in LOST and told.get("dispute_life_cycle_stage") == INQUIRY:
        return _offered(told.get("offer") or {}, amount)
    return amount if code in LOST else Money(0, amount.currency)


def _offered(offer: Mapping[str, Any], amount: Money) -> Money:
    """What an inquiry took that ended in the shopper's favour, where PayPal does not say what was refunded: what was offered.

    Without an offer of money it took nothing: PayPal debits nothing before somebody makes a claim of it, and what the merchant refunded
    is among the capture's refunds.
    """
    offered = offer.get("seller_offered_amount")
    if offer.get("offer_type") == REPLACED or not offered or money_of(offered).currency != amount.currency:
        return Money(0, amount.currency)
    return money_of(offered)
