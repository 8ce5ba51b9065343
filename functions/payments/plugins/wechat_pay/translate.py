"""WeChat Pay's words (APIv3, pay.weixin.qq.com/doc/v3/merchant) and ours. Pure: no network, no library.

Amounts are integers of fen. The merchant's own number of a trade (out_trade_no) is our payment id, a refund's (out_refund_no) is the
operation's key: WeChat Pay does neither twice.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, Literal

from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Money
from monsoon_plugin.payment import Amend, PaymentView, RefundView, StartPayment, State
from monsoon_plugin.plugin import Fee

BEIJING = timezone(timedelta(hours=8))
VALID = timedelta(minutes=30)
"""How long the shopper may pay (time_expire). A QR code and a prepay_id would live for two hours, an H5 link for five minutes."""
SLACK = timedelta(hours=1)
"""A payment looked for `since` a moment was started at most this much later."""
DESCRIPTION = 127
"""Characters (merchant/4012791877, "description")."""

FEES = (
    Fee(country="CN", basis_points=60, of="retail and most trades (settlement rule 719); others by trade", as_of="2026-11-23",
        source="https://blog.csdn.net/cybersnow/article/details/141279800, which quotes WeChat Pay's settlement rules"),
)  # fmt: skip

STATES: Mapping[str, State] = {
    "NOTPAY": State.REQUIRES_ACTION,
    "USERPAYING": State.PENDING,
    "SUCCESS": State.CAPTURED,
    "REFUND": State.CAPTURED,
    "CLOSED": State.CANCELED,
    "REVOKED": State.CANCELED,
    "PAYERROR": State.FAILED,
}
"""merchant/4012791880, "trade_state". REFUND: paid, and something was paid back; how much, only the refunds say."""

REFUNDS: Mapping[str, Literal["succeeded", "pending", "failed"]] = {
    "SUCCESS": "succeeded", "PROCESSING": "pending", "ABNORMAL": "pending", "CLOSED": "failed",
}  # fmt: skip
"""merchant/4012791883, "status". ABNORMAL: the shopper's bank refused it; the merchant finishes it at WeChat Pay, then it is SUCCESS.
To call that failed would invite a second refund of the same money."""

NOTICES = frozenset({"TRANSACTION.SUCCESS", "REFUND.SUCCESS", "REFUND.ABNORMAL", "REFUND.CLOSED"})
"""merchant/4012791882 and 4012791886, "event_type"."""
UNKNOWN_TRADE, UNKNOWN_REFUND = frozenset({"ORDER_NOT_EXIST", "ORDERNOTEXIST"}), frozenset({"RESOURCE_NOT_EXISTS"})
CLOSED = frozenset({"ORDER_CLOSED", "ORDERCLOSED"})

ERRORS: Mapping[str, tuple[ErrorKind, str]] = {
    "SIGN_ERROR": (ErrorKind.CONFIG, "WeChat Pay does not accept the signature: check the private key and its serial number."),
    "MCH_NOT_EXISTS": (ErrorKind.CONFIG, "WeChat Pay does not know the merchant number."),
    "APPID_MCHID_NOT_MATCH": (ErrorKind.CONFIG, "The app id is not bound to the merchant number at WeChat Pay."),
    "NO_AUTH": (ErrorKind.CONFIG, "The merchant has not been given this product by WeChat Pay."),
    "NOAUTH": (ErrorKind.CONFIG, "The merchant has not been given this product by WeChat Pay."),
    "OPENID_MISMATCH": (ErrorKind.INVALID, "The openid does not belong to the app id."),
    "ORDER_CLOSED": (ErrorKind.CONFLICT, "The payment has been closed already."),
    "ORDERPAID": (ErrorKind.CONFLICT, "The payment has been paid already."),
    "ORDER_PAID": (ErrorKind.CONFLICT, "The payment has been paid already."),
    "USERPAYING": (ErrorKind.CONFLICT, "The shopper is paying at this moment."),
    "OUT_TRADE_NO_USED": (ErrorKind.PROTOCOL, "WeChat Pay was sent another payment with this number before."),
    "ACCOUNT_ERROR": (ErrorKind.DECLINED, "The shopper's WeChat account cannot be used."),
    "ACCOUNTERROR": (ErrorKind.DECLINED, "The shopper's WeChat account cannot be used."),
    "USER_ACCOUNT_ABNORMAL": (ErrorKind.DECLINED, "The shopper's account takes no refund: pay back by other means."),
    "NOT_ENOUGH": (ErrorKind.DECLINED, "The merchant's balance at WeChat Pay is too low for this refund."),
    "RULE_LIMIT": (ErrorKind.DECLINED, "A rule of WeChat Pay does not allow this."),
    "FREQUENCY_LIMITED": (ErrorKind.RATE_LIMITED, "WeChat Pay asks us to slow down."),
    "FREQUENCY_LIMIT_EXCEED": (ErrorKind.RATE_LIMITED, "WeChat Pay asks us to slow down."),
    "BANK_ERROR": (ErrorKind.OUTCOME_UNKNOWN, "A bank behind WeChat Pay does not answer."),
    "SYSTEM_ERROR": (ErrorKind.OUTCOME_UNKNOWN, "WeChat Pay failed."),
}
"""WeChat Pay's code → what it means here, and what people are told (merchant/4012791877 to 4012791884, "错误码")."""

STATUSES: Mapping[int, tuple[ErrorKind, str]] = {
    400: (ErrorKind.INVALID, "WeChat Pay does not accept the request."),
    401: (ErrorKind.CONFIG, "WeChat Pay does not accept the merchant's key."),
    403: (ErrorKind.CONFIG, "The merchant may not do this at WeChat Pay."),
    404: (ErrorKind.INVALID, "WeChat Pay does not know what the request names."),
    429: (ErrorKind.RATE_LIMITED, "WeChat Pay asks us to slow down."),
}
"""HTTP status → the same, where the code is not listed."""


def error_of(status: int, code: str) -> PluginError:
    """WeChat Pay's refusal as ours. A 5xx or a status that is not understood: nobody knows what was done."""
    kind, message = ERRORS.get(code) or STATUSES.get(status) or (ErrorKind.OUTCOME_UNKNOWN, "WeChat Pay's answer was lost.")
    return PluginError(kind, message, code or str(status))


def trade_of(request: StartPayment, notify_url: str, now: datetime) -> dict[str, Any]:
    """A trade to be placed, the same for every way to pay. Raises PluginError for a currency that is not CNY."""
    if request.amount.currency != "CNY":
        raise PluginError(ErrorKind.INVALID, "WeChat Pay takes CNY only")
    return {
        "description": (request.description or f"Order {request.order_id}")[:DESCRIPTION],
        "out_trade_no": request.payment_id,
        "attach": request.order_id,
        "notify_url": notify_url,
        "time_expire": (now + VALID).astimezone(BEIJING).isoformat(timespec="seconds"),
        "amount": {"total": request.amount.amount, "currency": "CNY"},
    }


def refund_sent(request: Amend, notify_url: str) -> dict[str, Any]:
    """A refund to be asked for."""
    amount = {"refund": request.amount.amount, "total": request.paid.amount, "currency": request.amount.currency}
    return {"out_trade_no": request.provider_ref, "out_refund_no": request.op_key, "amount": amount, "notify_url": notify_url}


def payment_of(trade: Mapping[str, Any], refunds: Iterable[Mapping[str, Any]], since: datetime, now: datetime) -> PaymentView:
    """A trade with those of its refunds that were asked for. Raises PluginError (protocol) for words that are not known."""
    state = STATES.get(trade.get("trade_state", ""))
    if state is None:
        raise PluginError(ErrorKind.PROTOCOL, "WeChat Pay told of a state that is not known here", str(trade.get("trade_state")))
    if state is State.REQUIRES_ACTION and now > since + SLACK + VALID:
        state = State.EXPIRED  # WeChat Pay calls it NOTPAY for ever, but takes no money for it after time_expire
    amount = money_of(trade.get("amount", {}), "total")
    paid, told = amount.amount if state is State.CAPTURED else 0, tuple(refund_of(refund) for refund in refunds)
    given_back = sum(refund.amount.amount for refund in told if refund.state == "succeeded")
    return PaymentView(
        provider_ref=trade["out_trade_no"], state=state, amount=amount, authorized=paid, captured=paid, refunded=given_back, refunds=told
    )


def refund_of(refund: Mapping[str, Any]) -> RefundView:
    """A refund. Raises PluginError (protocol) for a status that is not listed."""
    state = REFUNDS.get(refund.get("status", ""))
    if state is None:
        raise PluginError(ErrorKind.PROTOCOL, "WeChat Pay told of a refund's state that is not known here", str(refund.get("status")))
    reason = refund["status"] if refund["status"] in ("ABNORMAL", "CLOSED") else ""
    return RefundView(refund["out_refund_no"], money_of(refund["amount"], "refund"), state, refund["refund_id"], reason)


def refunded(refund: Mapping[str, Any]) -> RefundView:
    """A refund that was just asked for. Raises PluginError (declined) if WeChat Pay gave it up at once."""
    view = refund_of(refund)
    if view.state == "failed":
        raise PluginError(ErrorKind.DECLINED, "WeChat Pay could not pay this back.", view.reason)
    return view


def money_of(amount: Mapping[str, Any], name: str) -> Money:
    """An amount as WeChat Pay told it; what it says no currency of is in CNY. Raises PluginError (protocol)."""
    fen = amount.get(name)
    if type(fen) is not int:
        raise PluginError(ErrorKind.PROTOCOL, "WeChat Pay told an amount that is no whole number of fen")
    return Money(fen, amount.get("currency", "CNY"))
