"""The largest order that can be placed, flagged, and refunded as often as may be, fits in every limit on its way."""

from typing import Any

import pytest

from functions.orders.buyers.buyer import MOST_EMAIL, MOST_NAME, MOST_NOTE, MOST_PHONE, Buyer
from functions.orders.buyers.placement_event import placement_event
from functions.orders.lifecycle.payment_events import MOST_SAID, after_capture
from functions.orders.lifecycle.recall_flags import MOST_TOLD, after_hold
from functions.orders.order import Order, Payment, Refund
from functions.orders.order_items import item_of, order_of
from functions.orders.order_views import OrderView
from functions.orders.refunds.refund import MAX_REFUNDS, RefundAsk, TooManyRefunds, refund_on_request
from functions.orders.refunds.refunds_owed import UNASKED
from functions.orders.withdrawals.withdrawal import Withdrawal
from functions.payments.lifecycle.payment import MOST_ATTEMPTS
from monsoon_plugin.address import Address
from monsoon_plugin.money import MAX_AMOUNT, Amount
from shared.bus import envelope, opened
from shared.messages import Message, PaymentCaptured
from shared.order_messages import OrderAccepted, OrderFlagged, OrderLine, OrderPaid, OrderRefunded, ShippingChoice
from shared.shipment_messages import ShipmentHeld
from tests.contract.largest.sizes import FARTHEST, LARGEST_ANSWER, WIDE, answer_bytes, check_item, ids
from tests.fakes import NOON, caller

LINES = tuple(
    OrderLine(
        offer_id=offer, product_id=product, supplier_id=supplier, title=WIDE * 200, quantity=10_000,
        unit_price=2_000_000, unit_cost=2_000_000,
        supplier_price=Amount(amount=MAX_AMOUNT, currency="KWD"),
    )
    for offer, product, supplier in zip(ids("off", 50), ids("prd", 50), ids("acc", 50), strict=True)
)  # fmt: skip
CHOICE = ShippingChoice(installation_id=ids("ins", 1)[0], plugin="p" * 40, rate_id="r" * 128, service=WIDE * 200, price=MAX_AMOUNT)
PAYMENTS = tuple(
    Payment(
        id=i,
        plugin="p" * 40,
        version=10**6,
        currency="JPY",
        promised=MAX_AMOUNT,
        uncancelled=WIDE * MOST_SAID,
        captured=MAX_AMOUNT,
        fee=MAX_AMOUNT,
        test=True,
    )
    for i in ids("pay", MOST_ATTEMPTS)
)


NAMED = [(n, {line.offer_id: 200 for line in LINES} if n < 3 else {LINES[0].offer_id: 1}) for n in range(MAX_REFUNDS)]
"""As many refunds as may be, which name as many lines as may be; all but one of one line, or it would be the last."""


def refund(refund_id: str, lines: dict[str, int]) -> Refund:
    return Refund(
        id=refund_id, payment_id=PAYMENTS[0].id, amount=MAX_AMOUNT, currency="JPY", lines=lines, left=lines, asked_first=True,
        shipping=MAX_AMOUNT, state="requested", reason=WIDE * 200, fingerprint="f" * 32,
    )  # fmt: skip


def question(withdrawal_id: str, units: dict[str, int]) -> Withdrawal:
    """What a refund asked for before it was paid, answered by every supplier that it concerns."""
    answered = tuple(line.supplier_id for line in LINES if line.offer_id in units)
    return Withdrawal(
        id=withdrawal_id, why="refund", units=units, asked_at="2026-11-01T12:00:00.000Z", again_at="2026-11-01T12:00:00.000Z", attempt=100,
        shipping=True, reason=WIDE * 200, fingerprint="f" * 32, released=units, answered=answered, settled=True,
    )  # fmt: skip


def owed(refund_id: str, payment_id: str) -> Refund:
    """One that nobody asked for and that failed: its reason is the provider's."""
    return Refund(id=refund_id, payment_id=payment_id, amount=MAX_AMOUNT, currency="JPY", state="failed", reason=WIDE * MOST_SAID)


NOTHING_YET: dict[str, Any] = {
    "payments": (),
    "refunds": (),
    "flags": {},
    "holds": {},
    "withdrawals": (),
    "sent": {},
    "parcels": {},
    "flags_end": "",
}
WIDEST = {"name": WIDE * MOST_NAME, "email": WIDE * MOST_EMAIL, "phone": WIDE * MOST_PHONE, "language": "zh-Hant-HK"}
"""Of what a buyer says."""
BARE = NOTHING_YET | {"state": "unpaid", "paid_by": None}
ORDER = Order(
    id=ids("ord", 1)[0], account_id=ids("acc", 1)[0], storefront_id=ids("sf", 1)[0], placed_at="2026-11-01T12:00:00.000Z",
    fingerprint="f" * 32, version=10**6, currency="JPY", language="zh-Hant-HK", address=FARTHEST, lines=LINES,
    note=WIDE * MOST_NOTE, gift=True,
    buyer=Buyer(type="business", tax_id=WIDE * 32, **WIDEST),
    shipping=CHOICE, pay_by="2026-11-01T13:00:00.000Z", state="paid", payments=PAYMENTS, paid_by=PAYMENTS[0].id, rates_day="2026-11-01",
    refunds=(
        *(refund(r, lines) for r, (_, lines) in zip(ids("ref", MAX_REFUNDS), NAMED, strict=True)),
        *(owed(f"{r}-{n}", payment.id) for n in range(UNASKED) for r, payment in zip(ids("ref", MOST_ATTEMPTS), PAYMENTS, strict=True)),
    ),
    flags={line.offer_id: WIDE * MOST_TOLD for line in LINES}, holds=dict.fromkeys(ids("shp", 50), 10**6), test=True,
    withdrawals=(
        *(question(r, lines) for r, (_, lines) in zip(ids("ref", MAX_REFUNDS), NAMED, strict=True)),
        *(question(w, {line.offer_id: 1}) for w, line in zip(ids("wdr", 50), LINES, strict=True)),
    ),
    sent=dict.fromkeys(ids("acc", 50), "2026-11-01T12:00:00.000Z"), by_parcel=True,
    parcels={acc: {line.offer_id: 10**6} for acc, line in zip(ids("acc", 50), LINES, strict=True)}, flags_end="2026-11-01T12:00:00.000Z",
)  # fmt: skip


EVENTS: list[Message] = [
    OrderAccepted(**ORDER.shipping_fields()),
    OrderPaid(**ORDER.shipping_fields(), total=MAX_AMOUNT, payment_id=PAYMENTS[0].id, payment_plugin="p" * 40, provider_fee=MAX_AMOUNT),
    OrderRefunded(
        **ORDER.event_fields(), refund_id=ids("ref", 1)[0], payment_id=PAYMENTS[0].id, payment_plugin="p" * 40, lines=list(LINES),
        shipping=MAX_AMOUNT, amount=MAX_AMOUNT,
    ),
    OrderFlagged(**ORDER.event_fields(), offer_ids=[line.offer_id for line in LINES], reason=WIDE * 20_000),
]  # fmt: skip


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_the_largest_order_fits_with_each_of_its_large_events(event: Message) -> None:
    """It is accepted and paid before anything can be refunded."""
    before = isinstance(event, OrderAccepted | OrderPaid)
    order = ORDER.model_copy(update=NOTHING_YET | {"payments": PAYMENTS, "flags": ORDER.flags}) if before else ORDER
    item = item_of(order, envelope(event, NOON))
    assert check_item(item) > 150_000, "it is not the largest any more: add what was added to orders"
    assert order_of(item) == order


def test_no_refund_more_is_taken_than_an_item_holds() -> None:
    ask = RefundAsk(lines={LINES[1].offer_id: 1}, shipping=False, restock=None, reason="one more")
    by_number = ORDER.model_copy(update={"refunds": ORDER.refunds[:MAX_REFUNDS], "withdrawals": ()})
    by_lines = ORDER.model_copy(update={"refunds": (), "withdrawals": tuple(question(w, NAMED[0][1]) for w in ids("wdr", 4))})
    for order in (by_number, by_lines):
        with pytest.raises(TooManyRefunds):
            refund_on_request(order, "ref_more", "f", ask, NOON)


def test_the_order_that_is_placed_fits_into_its_transaction() -> None:
    """A transaction takes 4 MB; each of its items 400 KB."""
    placed = ORDER.model_copy(update=BARE)
    assert check_item(item_of(placed, envelope(placement_event(placed), NOON))) < 100_000


def test_a_parcel_that_is_held_for_fifty_reasons_flags_its_order_within_bounds() -> None:
    reasons = "; ".join(WIDE * 500 for _ in range(50))
    held = ShipmentHeld(
        **{**ORDER.event_fields(), "currency": None}, shipment_id="shp_1", supplier_id=LINES[0].supplier_id, remaining=0,
        offer_ids=[line.offer_id for line in LINES], reason=reasons,
    )  # fmt: skip
    bare = ORDER.model_copy(
        update={"flags": {}, "refunds": (), "lines": tuple(line.model_copy(update={"supplier_id": held.supplier_id}) for line in LINES)}
    )
    change = after_hold(bare, held, "2026-11-02T12:00:00.000Z")
    assert change is not None
    assert change.event is not None
    assert {len(why) for why in change.order.flags.values()} == {MOST_TOLD}
    check_item(item_of(change.order, envelope(change.event, NOON)))


def test_an_order_from_before_its_address_was_bounded_is_still_paid() -> None:
    """An address of 240 kB was charged, and its order could not be written with its event: it stayed unpaid for ever."""
    endless = Address.model_construct(**{**dict(FARTHEST), "lines": ["x" * 240_000] * 2})
    old = ORDER.model_copy(update=BARE | {"address": endless})
    stored = order_of(item_of(old.model_copy(update={"address": endless.model_copy(update={"lines": ["x" * 240_000]})}), None))
    captured = PaymentCaptured(
        version=1, payment_id="pay_1", order_id=old.id, storefront_id=old.storefront_id, account_id=old.account_id, plugin="stripe",
        amount=Amount(amount=MAX_AMOUNT, currency="JPY"), provider_fee=0,
    )  # fmt: skip
    change = after_capture(stored, captured.model_copy(update={"amount": Amount.model_construct(amount=stored.total, currency="JPY")}))
    assert change is not None
    assert change.event is not None
    assert change.order.state == "paid"
    check_item(item_of(change.order, envelope(change.event, NOON)))
    told = opened(envelope(change.event, NOON))
    assert isinstance(told, OrderPaid)
    assert Address.model_validate(told.address.model_dump()), "what travels keeps the bounds of today"


def test_the_largest_order_is_shown() -> None:
    shown = OrderView.of(ORDER.model_copy(update={"shipping": CHOICE.model_copy(update={"price": 0})}), caller("acc_1", "storefront"))
    assert answer_bytes(shown) < LARGEST_ANSWER
