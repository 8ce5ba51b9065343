"""Alipay's words (opendocs.alipay.com/open, gateway API) and ours. Pure: no network, no library.

Amounts are texts in yuan with two decimals. The merchant's own number of a trade (out_trade_no) is our payment id, a refund's
(out_request_no) is the operation's key: Alipay does neither twice. Times are Beijing's.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import quote, unquote

from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Money
from monsoon_plugin.payment import PaymentView, RefundView, StartPayment, State
from monsoon_plugin.plugin import Fee

BEIJING = timezone(timedelta(hours=8))
CLOCK = "%Y-%m-%d %H:%M:%S"
VALID = timedelta(minutes=30)
"""How long the shopper may pay. As time_expire, a moment: timeout_express would count from when the link is opened, if ever."""
SLACK = timedelta(hours=1)
"""A payment looked for `since` a moment was started at most this much later."""
MOST = 10_000_000_000
"""Fen (alipay.trade.page.pay, "total_amount": 0.01 to 100000000)."""
SUBJECT = 256
METHODS = {"page": "alipay.trade.page.pay", "wap": "alipay.trade.wap.pay", "precreate": "alipay.trade.precreate"}
PRODUCTS = {"page": {"product_code": "FAST_INSTANT_TRADE_PAY"}, "wap": {"product_code": "QUICK_WAP_WAY"}, "precreate": {}}
REPEATED, AHEAD = timedelta(hours=25, minutes=5), timedelta(minutes=5)
"""How old a notice may be, and how far its time may lie before ours.

Alipay repeats a notice for 25 hours with the same notify_id (open/270/105902), and does not promise that notify_time is renewed. A
window of five minutes could refuse all repetitions after an outage, and with them the only news of money that comes after a payment
was given up. A repetition can do no harm: the core takes a notify_id once in 80 hours, and believes nothing but its own question.
"""

FEES = (
    Fee(country="CN", basis_points=60, of="most trades; games and trading platforms pay more", as_of="2026-11-23",
        source="https://www.cnblogs.com/21CHS/p/18528873, which quotes https://open.alipay.com/api/detail?code=I1080300001000041949"),
)  # fmt: skip

STATES: Mapping[str, State] = {
    "WAIT_BUYER_PAY": State.REQUIRES_ACTION,
    "TRADE_SUCCESS": State.CAPTURED,
    "TRADE_FINISHED": State.CAPTURED,
    "TRADE_CLOSED": State.CANCELED,
}
"""alipay.trade.query, "trade_status". TRADE_CLOSED also means: paid, and all of it was paid back; then send_pay_date is told."""

ERRORS: Mapping[str, tuple[ErrorKind, str]] = {
    "ACQ.TRADE_NOT_EXIST": (ErrorKind.INVALID, "Alipay does not know the payment."),
    "ACQ.INVALID_PARAMETER": (ErrorKind.INVALID, "Alipay does not accept the request."),
    "ACQ.ACCESS_FORBIDDEN": (ErrorKind.CONFIG, "The merchant has not been given this product by Alipay."),
    "ACQ.PARTNER_ERROR": (ErrorKind.CONFIG, "Alipay does not accept the app id for this merchant."),
    "ACQ.TOTAL_FEE_EXCEED": (ErrorKind.INVALID, "The amount is above what Alipay takes."),
    "ACQ.CONTEXT_INCONSISTENT": (ErrorKind.PROTOCOL, "Alipay was sent another payment with this number before."),
    "ACQ.DISCORDANT_REPEAT_REQUEST": (ErrorKind.PROTOCOL, "Alipay was sent another refund with this number before."),
    "ACQ.TRADE_HAS_SUCCESS": (ErrorKind.CONFLICT, "The payment has been paid already."),
    "ACQ.TRADE_HAS_CLOSE": (ErrorKind.CONFLICT, "The payment has been closed already."),
    "ACQ.TRADE_HAS_FINISHED": (ErrorKind.CONFLICT, "Alipay takes no refund of this payment any more."),
    "ACQ.TRADE_STATUS_ERROR": (ErrorKind.CONFLICT, "The payment is in another state by now."),
    "ACQ.TRADE_NOT_ALLOW_REFUND": (ErrorKind.CONFLICT, "Alipay does not let this payment be refunded."),
    "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL": (ErrorKind.INVALID, "More would be refunded than was paid."),
    "ACQ.REASON_TRADE_REFUND_FEE_ERR": (ErrorKind.INVALID, "More would be refunded than was paid."),
    "ACQ.REASON_TRADE_BEEN_FREEZEN": (ErrorKind.DECLINED, "Alipay has frozen this payment."),
    "ACQ.SELLER_BALANCE_NOT_ENOUGH": (ErrorKind.DECLINED, "The merchant's balance at Alipay is too low for this refund."),
    "ACQ.BUYER_SELLER_EQUAL": (ErrorKind.DECLINED, "Nobody can pay to their own account."),
    "ACQ.SYSTEM_ERROR": (ErrorKind.OUTCOME_UNKNOWN, "Alipay failed."),
    "AQC.SYSTEM_ERROR": (ErrorKind.OUTCOME_UNKNOWN, "Alipay failed."),
    "isv.app-call-limited": (ErrorKind.RATE_LIMITED, "Alipay asks us to slow down."),
    "isv.method-call-limited": (ErrorKind.RATE_LIMITED, "Alipay asks us to slow down."),
    "isv.invalid-signature": (ErrorKind.CONFIG, "Alipay does not accept the signature: check the private key."),
    "isv.invalid-app-id": (ErrorKind.CONFIG, "Alipay does not know the app id."),
    "isv.missing-signature-key": (ErrorKind.CONFIG, "The app's public key has not been given to Alipay."),
}
"""Alipay's sub_code → what it means here, and what people are told (each method's page, "业务错误码"; common/02km9f for the gateway's)."""

CODES: Mapping[str, tuple[ErrorKind, str]] = {
    "20000": (ErrorKind.OUTCOME_UNKNOWN, "Alipay failed."),
    "20001": (ErrorKind.CONFIG, "Alipay does not accept the merchant's authorization."),
    "40001": (ErrorKind.INVALID, "Alipay does not accept the request."),
    "40002": (ErrorKind.INVALID, "Alipay does not accept the request."),
    "40004": (ErrorKind.INVALID, "Alipay refused."),
    "40005": (ErrorKind.RATE_LIMITED, "Alipay asks us to slow down."),
    "40006": (ErrorKind.CONFIG, "The app may not do this at Alipay."),
}
"""Alipay's code → the same, where the sub_code is not listed (common/02km9f)."""


def error_of(told: Mapping[str, Any]) -> PluginError:
    """Alipay's refusal as ours. What is not listed: nobody knows what was done."""
    code, detail = str(told.get("code", "")), str(told.get("sub_code", ""))
    kind, message = ERRORS.get(detail) or CODES.get(code) or (ErrorKind.OUTCOME_UNKNOWN, "Alipay's answer was not understood.")
    return PluginError(kind, message, detail or code)


def trade_of(way: str, request: StartPayment, now: datetime) -> dict[str, Any]:
    """A trade to be paid. Raises PluginError for a currency that is not CNY."""
    if request.amount.currency != "CNY":
        raise PluginError(ErrorKind.INVALID, "Alipay takes CNY only")
    subject = (request.description or f"Order {request.order_id}").translate(str.maketrans("/=&", "   "))
    trade = {
        "out_trade_no": request.payment_id,
        "total_amount": yuan(request.amount.amount),
        "subject": subject[:SUBJECT],
        "time_expire": (now + VALID).astimezone(BEIJING).strftime(CLOCK),
        "passback_params": quote(request.order_id, safe=""),
    }
    back = {"quit_url": request.return_url} if way == "wap" and request.return_url else {}
    return trade | PRODUCTS[way] | back


def reference(payment_id: str, fen: int) -> str:
    """What names a payment here. It tells the amount too: Alipay keeps nothing of a link that nobody has opened."""
    return f"{payment_id}:{fen}"


def unopened(provider_ref: str, since: datetime, now: datetime) -> PaymentView:
    """A payment whose link or QR code nobody has opened: Alipay does not know it yet, and takes no money once the time is over."""
    state = State.EXPIRED if now > since + SLACK + VALID else State.REQUIRES_ACTION
    return PaymentView(provider_ref=provider_ref, state=state, amount=Money(int(provider_ref.partition(":")[2]), "CNY"))


def payment_of(trade: Mapping[str, Any], refunds: Iterable[RefundView] = ()) -> PaymentView:
    """A trade that the shopper has opened. Raises PluginError (protocol) for words that are not known."""
    state = STATES.get(trade.get("trade_status", ""))
    if state is None:
        raise PluginError(ErrorKind.PROTOCOL, "Alipay told of a state that is not known here", str(trade.get("trade_status")))
    if state is State.CANCELED and trade.get("send_pay_date"):
        state = State.CAPTURED
    fen, told = fen_of(trade.get("total_amount", "")), tuple(refunds)
    paid = fen if state is State.CAPTURED else 0
    all_back = trade.get("trade_status") == "TRADE_CLOSED" and state is State.CAPTURED
    given_back = fen if all_back else sum(refund.amount.amount for refund in told)
    ref = reference(trade["out_trade_no"], fen)
    return PaymentView(
        provider_ref=ref, state=state, amount=Money(fen, "CNY"), authorized=paid, captured=paid, refunded=given_back, refunds=told
    )


def refund_of(told: Mapping[str, Any]) -> RefundView | None:
    """A refund that was asked about; None if Alipay has not made it (alipay.trade.fastpay.refund.query, "refund_status")."""
    if not told.get("refund_amount"):
        return None
    if told.get("refund_status", "REFUND_SUCCESS") not in ("", "REFUND_SUCCESS"):
        raise PluginError(ErrorKind.PROTOCOL, "Alipay told of a refund's state that is not known here", str(told["refund_status"]))
    return RefundView(told["out_request_no"], Money(fen_of(told["refund_amount"]), "CNY"), provider_ref=told["out_request_no"])


def moment(text: str) -> datetime:
    """A time of Alipay's. Raises ValueError."""
    return datetime.strptime(text, CLOCK).replace(tzinfo=BEIJING)


def order_of(passback_params: str) -> str:
    """Our order's id."""
    return unquote(passback_params)


def yuan(fen: int) -> str:
    """Fen as Alipay writes amounts: 1250 → "12.50"."""
    return f"{fen // 100}.{fen % 100:02d}"


def fen_of(text: object) -> int:
    """Yuan as fen. Raises PluginError (protocol) for what is no amount of whole fen."""
    try:
        fen = Decimal(str(text)) * 100
        if fen == int(fen):
            return int(fen)
    except (InvalidOperation, ValueError, OverflowError):
        pass
    raise PluginError(ErrorKind.PROTOCOL, "Alipay told an amount that is not in whole fen")
