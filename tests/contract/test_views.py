"""Every view can show every state of what it shows: an order whose refund failed once made each page of the list an error."""

from dataclasses import replace
from itertools import product
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from functions.orders.buyers.buyer import Buyer
from functions.orders.order import FULFILMENT, CancelReason, Order, Payment, Refund
from functions.orders.order import State as OrderState
from functions.orders.order_views import OrderView
from functions.payments.lifecycle.operation import Operation, Phase
from functions.payments.views import PaymentView
from functions.settlement.payouts.batches.payout_batch import BatchState, PayoutBatch, PayoutRecord, PayoutState
from functions.settlement.payouts.payout_views import BatchView
from functions.shipping.shipments.shipment import Hold, LogEntry, Setback
from functions.shipping.shipments.shipment_states import State as ShipmentState
from functions.shipping.shipments.shipment_views import ShipmentView, TrackedView
from monsoon_plugin.errors import ErrorKind
from monsoon_plugin.money import Money
from monsoon_plugin.payment import DisputeView, OperationKind, State
from shared.order_messages import OrderLine
from tests.fakes import caller
from tests.unit.orders.given import ADDRESS, choice
from tests.unit.payments.lifecycle.test_payment import NEW, PRICE
from tests.unit.shipping.shipments.test_shipment import WHEN, shipment

REFUND_STATES = get_args(Refund.model_fields["state"].annotation)
DISPUTE_STATES = get_args(DisputeView.__dataclass_fields__["state"].type)
MUG = OrderLine(offer_id="off_0", product_id="prd", supplier_id="acc_s", title="Mug", quantity=3, unit_price=1250, unit_cost=1000)
LINES = (MUG, MUG.model_copy(update={"offer_id": "off_1"}))
refunds = st.builds(
    Refund,
    id=st.uuids().map(str),
    payment_id=st.just("pay_1"),
    amount=st.integers(0, 7950),
    currency=st.just("EUR"),
    lines=st.dictionaries(st.sampled_from(["off_0", "off_1"]), st.integers(0, 3)),
    shipping=st.sampled_from([0, 450]),
    state=st.sampled_from(REFUND_STATES),
    reason=st.text(max_size=200),
)
orders = st.builds(
    Order,
    id=st.just("ord_1"), account_id=st.just("acc_1"), storefront_id=st.just("sf_1"), placed_at=st.just(WHEN), fingerprint=st.just("f"),
    currency=st.just("EUR"), language=st.just("en"), buyer=st.just(Buyer()), address=st.just(ADDRESS), lines=st.just(LINES),
    shipping=st.just(choice()), pay_by=st.just(WHEN),
    state=st.sampled_from(get_args(OrderState)), reason=st.sampled_from([None, *get_args(CancelReason)]),
    fulfilment=st.sampled_from(FULFILMENT), paid_by=st.sampled_from([None, "pay_1"]),
    payments=st.lists(st.builds(Payment, id=st.just("pay_1"), plugin=st.just("stripe"), version=st.just(1), currency=st.just("EUR"),
                                captured=st.integers(0, 9000)), max_size=1).map(tuple),
    refunds=st.lists(refunds, max_size=6).map(tuple), flags=st.dictionaries(st.just("off_0"), st.just("unsafe")),
)  # fmt: skip
operations = st.builds(
    Operation,
    id=st.uuids().map(str),
    kind=st.sampled_from(OperationKind),
    amount=st.integers(0, 1000),
    phase=st.sampled_from(Phase),
    error=st.sampled_from(["", *ErrorKind]),
)


@given(orders)
def test_every_order_is_shown_whatever_became_of_its_refunds(order: Order) -> None:
    for who in (caller("acc_1"), caller("acc_1", "client_site")):
        assert OrderView.of(order, who).model_dump_json()


@given(st.sampled_from(State), st.lists(operations, max_size=4), st.booleans())
def test_every_payment_is_shown_in_every_state_of_it_and_of_its_operations(state: State, done: list[Operation], late: bool) -> None:
    disputes = tuple(DisputeView(f"dp_{how}", how, PRICE, "fraud", "") for how in DISPUTE_STATES)
    payment = replace(NEW, state=state, operations=tuple(done), late=late, disputes=disputes)
    assert PaymentView.of(payment).model_dump_json()


def test_every_shipment_is_shown_in_every_state_held_and_with_every_setback() -> None:
    for state, kind, doomed in product(ShipmentState, [None, *ErrorKind], (False, True)):
        entry = LogEntry(id="evt", state=state, occurred_at=WHEN, recorded_at=WHEN)
        setback = Setback(kind=kind, message="no", at=WHEN) if kind else None
        shown = shipment().model_copy(update={"log": (entry,), "setback": setback, "doomed": doomed,
                                              "held": (Hold(offer_id="off_1", reason="unsafe"),)})  # fmt: skip
        assert ShipmentView.of(shown).model_dump_json()
        assert TrackedView.of(shown, True).model_dump_json()


def test_every_batch_and_payout_is_shown_in_every_state() -> None:
    for batch_state, state in product(get_args(BatchState), get_args(PayoutState)):
        batch = PayoutBatch(key="b", tenant="t", installation_id="ins", plugin="sepa", currency="EUR", day="2026-11-01", state=batch_state)
        payout = PayoutRecord(payout_id="p", batch_key="b", tenant="t", plugin="sepa", installation_id="ins", payee="acc",
                              amount=Money(5, "EUR"), state=state)  # fmt: skip
        assert BatchView.of(batch, [payout]).model_dump_json()
