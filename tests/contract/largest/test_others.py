"""The largest payment, journal entry, payout batch and parcel, each with its event, fit where they are kept."""

import json
import random
from dataclasses import asdict, replace
from typing import Any

from functions.payments.lifecycle.events import event_of
from functions.payments.lifecycle.moves import Elsewhere
from functions.payments.lifecycle.operation import Operation, Phase
from functions.payments.lifecycle.payment import MOST_DISPUTES, MOST_ELSEWHERE, MOST_REFUNDS, MOST_TRIES, Payment
from functions.payments.lifecycle.provider_words import LONGEST_REASON, LONGEST_REFERENCE, LONGEST_TIME, MOST_ACTION, sound_view
from functions.payments.payment_store import PaymentStore
from functions.payments.reconciliation.owners_word import Word, with_word
from functions.payments.views import PaymentView as ShownPayment
from functions.settlement.ledger.ledger_service import LedgerService
from functions.settlement.ledger.ledger_store import LedgerStore
from functions.settlement.payouts.batches.batch_collection import MOST_PAYOUTS
from functions.settlement.payouts.batches.batch_documents import MOST, plan_json, seal_document
from functions.settlement.payouts.batches.payout_batch import PayoutBatch, payout_id
from functions.shipping.fulfilment.recall_holds import MOST_TOLD
from functions.shipping.fulfilment.supplier_declines import MAX_DECLINES
from functions.shipping.shipments.shipment import MAX_EVENTS, Hold, LogEntry, Setback, Shipment
from functions.shipping.shipments.shipment_states import State as Way
from functions.shipping.shipments.shipment_views import ShipmentView, TrackingView
from functions.shipping.shipments.taken_back import TakenBack
from functions.shipping.shipping_store import ShippingStore
from functions.shipping.tracking.courier_scans import MOST_PLACED, MOST_SAID
from monsoon_plugin.clearing import Payee, Payout
from monsoon_plugin.courier import Content, Label, Package, Parcel
from monsoon_plugin.errors import ErrorKind
from monsoon_plugin.money import MAX_AMOUNT, Money
from monsoon_plugin.payment import Capability, DisputeView, OperationKind, PaymentView, State
from shared.optimistic_retry import AT_ONCE
from shared.order_messages import OrderPaid
from shared.providers.credentials import Credentials
from shared.shipment_messages import ShipmentHeld
from tests.conftest import aws
from tests.contract.largest.sizes import FARTHEST, LARGEST_ANSWER, WIDE, answer_bytes, check_item, ids
from tests.contract.largest.test_orders import CHOICE, LINES, ORDER, PAYMENTS
from tests.fakes import NOON, FakeClock
from tests.unit.providers.fakes import FakeKeys

AT = ORDER.placed_at
JPY = Money(MAX_AMOUNT, "JPY")


def stored(table: str) -> list[dict[str, Any]]:
    pages = aws("dynamodb").get_paginator("scan").paginate(TableName=table)
    return [item for page in pages for item in page["Items"]]


def operations() -> tuple[Operation, ...]:
    """As many as a payment takes, each failed with all that is kept of a failure."""
    failure = {"phase": Phase.FAILED, "at": "2026-11-01T12:00:00.000Z", "tries": 5, "error": ErrorKind.OUTCOME_UNKNOWN.value,
               "message": WIDE * 300, "code": WIDE * 64, "amount": MAX_AMOUNT}  # fmt: skip
    named = failure | {"ref": WIDE * LONGEST_REFERENCE}
    start, line = Operation(id="start", kind=OperationKind.START, **failure), Operation(id="l" * 64, kind=OperationKind.CONFIRM, **failure)
    tries = (
        Operation(id=f"{kind}-{n:03}", kind=kind, **(named if kind is OperationKind.CAPTURE else failure))
        for kind, most in MOST_TRIES.items()
        for n in range(most)
    )
    return (start, line, *tries, *(Operation(id=r, kind=OperationKind.REFUND, **named) for r in ids("ref", MOST_REFUNDS)))


def payment(**more: Any) -> Payment:
    disputes = tuple(
        DisputeView(WIDE * (LONGEST_REFERENCE - 2) + f"{n:02}", "open", JPY, WIDE * LONGEST_REASON, WIDE * LONGEST_TIME)
        for n in range(MOST_DISPUTES)
    )
    said_at = "2026-11-30T12:00:00.000Z"
    elsewhere = tuple(
        Elsewhere(WIDE * (LONGEST_REFERENCE - 2) + f"{n:02}", "reversal", MAX_AMOUNT, True, "o" * 40, said_at)
        for n in range(MOST_ELSEWHERE)
    )
    facts: dict[str, Any] = {
        "id": ids("pay", 1)[0], "tenant": f"{ORDER.account_id}#{ORDER.storefront_id}", "order_id": ORDER.id, "attempt": 1,
        "installation_id": CHOICE.installation_id, "plugin": "p" * 40, "amount": JPY, "created_at": AT, "fingerprint": "f" * 32,
        "online": True, "state": State.CAPTURED, "provider_ref": WIDE * LONGEST_REFERENCE, "authorized": MAX_AMOUNT, "captured": MAX_AMOUNT,
        "refunded": MAX_AMOUNT, "fee": MAX_AMOUNT, "next_action": {"html": "x" * (MOST_ACTION - 20)}, "operations": operations(),
        "disputes": disputes, "elsewhere": elsewhere, "late": True, "test": True, "next_lookup": AT, "version": 1,
    }  # fmt: skip
    return Payment(**facts | more)


def test_a_payment_with_all_its_refunds_operations_and_disputes_fits_with_each_event(make_table: Any):
    table = make_table("payments")
    store, after = PaymentStore(table), payment()
    first = after.disputes[0]
    before = {
        "captured": payment(captured=0), "disputed": payment(disputes=after.disputes[1:]),
        "refund failed": replace(after, operations=tuple(replace(o, phase=Phase.SENT) for o in after.operations)),
    }  # fmt: skip
    for number, (what, was) in enumerate(before.items()):
        event = event_of(was, after)
        assert event is not None, what
        assert store.save(replace(after, attempt=number), event, NOON)
    assert len(stored(table)) == 3
    assert max(map(check_item, stored(table))) > 350_000
    assert first.provider_ref in event_of(before["disputed"], after).model_dump_json()  # type: ignore[union-attr]
    assert answer_bytes(ShownPayment.of(after)) * 20 < LARGEST_ANSWER, "an order has twenty payments"


def test_an_operation_of_which_its_owner_says_what_became_of_it_is_smaller_than_one_that_the_provider_refused():
    open_ = Operation(id="ref", kind=OperationKind.REFUND, amount=MAX_AMOUNT, phase=Phase.UNKNOWN, code="untold", at="2026-11-01T00:00:00Z")
    held = replace(payment(), operations=(open_,), captured=MAX_AMOUNT, elsewhere=())
    can = Capability(methods=[], operations=list(OperationKind), captures="by_hand", confirmed_by="shopper", lookup=False)
    for word in (Word(True, MAX_AMOUNT, "x" * 128, "a" * 128), Word(False, MAX_AMOUNT, "x" * 128, "a" * 128)):
        (said,) = with_word(held, "ref", word, NOON, can).operations
        told, refused = (len(json.dumps(asdict(o), ensure_ascii=False).encode()) for o in (said, operations()[-1]))
        assert told + 4 * LONGEST_REFERENCE < refused, "and its reference, told later"


def test_what_a_shopper_must_do_is_left_out_where_it_cannot_be_kept_and_the_money_counts():
    view = PaymentView(provider_ref="r", state=State.CAPTURED, amount=JPY, captured=MAX_AMOUNT, next_action={"html": "x" * 300_000})
    assert (sound_view(view).next_action, sound_view(view).captured) == (None, MAX_AMOUNT)


def test_the_ledgers_entry_of_the_largest_order_fits_with_what_it_makes_due(make_table: Any):
    table = make_table("settlement")
    fields = ORDER.event_fields() | {"test": False}
    paid = OrderPaid(**fields, lines=list(LINES), shipping=CHOICE.model_copy(update={"price": 0}), address=FARTHEST, total=MAX_AMOUNT,
                     payment_id=PAYMENTS[0].id, payment_plugin="p" * 40, provider_fee=MAX_AMOUNT)  # fmt: skip
    LedgerService(LedgerStore(table), 100, FakeClock(), hold_days=14, retry=AT_ONCE).book_payment(paid)
    assert len(stored(table)) > 100
    assert max(map(check_item, stored(table))) > 5_000


def test_the_plan_of_the_largest_payout_batch_fits():
    noise = random.Random(1)
    name = "".join(chr(noise.randrange(0x10000, 0x1FFFF)) for _ in range(70))
    batch = PayoutBatch(
        key="20261101-JPY-AAAAAAAAAA-00", tenant="acc_1#sf_1", installation_id="ins_1", plugin="p" * 40, currency="JPY", day="2026-11-01"
    )

    def payee(account: str) -> Payee:
        iban = f"GB{noise.getrandbits(100):032}"
        return Payee(account_id=account, name=name, iban=iban, bic="B" * 11, provider_account=f"{noise.getrandbits(200):064}")

    payouts = [
        Payout(payout_id(batch.key, n), payee(account), JPY, f"Payout {payout_id(batch.key, n)}")
        for n, account in enumerate(ids("acc", MOST_PAYOUTS))
    ]
    assert len(seal_document(batch, "plan", plan_json(payouts), Credentials(FakeKeys()))) < MOST


CONTENTS = tuple(
    Content(
        offer_id=line.offer_id, title=line.title, quantity=10_000, weight=10**10, hs_code="0123456789", origin="GB", value=MAX_AMOUNT,
        currency="JPY",
    )
    for line in LINES
)  # fmt: skip
PARCEL = Parcel(
    supplier_id=LINES[0].supplier_id, weight=10**12, volume=10**18, contents=CONTENTS,
    packages=tuple(Package(weight=10**6, length=10**4, width=10**4, height=10**4, contents=(c,)) for c in (*CONTENTS, *CONTENTS[:20])),
)  # fmt: skip


def shipment() -> Shipment:
    log = tuple(
        LogEntry(
            id=e, state=Way.OUT_FOR_DELIVERY, occurred_at=AT, recorded_at=AT, fingerprint="f" * 32,
            description=WIDE * MOST_SAID, location=WIDE * MOST_PLACED,
        )
        for e in ids("evt", MAX_EVENTS)
    )  # fmt: skip
    label = Label(
        tracking_number="T" * 64, pickup_location=FARTHEST, tracking_numbers=tuple(f"{n:064}" for n in range(100)), provider_ref="r" * 200,
        carrier="c" * 60, cost=MAX_AMOUNT, currency="JPY",
    )  # fmt: skip
    taken = {line.offer_id: 1 for line in LINES}
    return Shipment(
        id=ids("shp", 1)[0], supplier_id=LINES[0].supplier_id, order_id=ORDER.id, storefront_id=ORDER.storefront_id,
        account_id=ORDER.account_id, siblings=50, choice=CHOICE, currency="JPY", address=FARTHEST, parcel=PARCEL, label=label,
        pickup_code="12345678", log=log,
        held=tuple(Hold(offer_id=line.offer_id, reason=WIDE * MOST_TOLD) for line in LINES), purchase=10, tries=12,
        setback=Setback(kind=ErrorKind.OUTCOME_UNKNOWN, message=WIDE * 300, at=AT), old_label=label, old_key="k" * 40,
        taken_back=tuple(
            TakenBack(
                id=w, why="refund", attempt=100, units=taken if n < 4 else {LINES[0].offer_id: 1}, since=AT,
                reason=WIDE * 200 * (n < MAX_DECLINES),
            )
            for n, w in enumerate(ids("wdr", 50))
        ),
        due=AT, test=True,
    )  # fmt: skip


def test_a_parcel_with_a_full_log_all_held_and_taken_back_fits_with_its_event(make_table: Any):
    table = make_table("shipping")
    largest = shipment()
    held = ShipmentHeld(
        version=1, shipment_id=largest.id, order_id=ORDER.id, storefront_id=ORDER.storefront_id, account_id=ORDER.account_id,
        supplier_id=largest.supplier_id, remaining=0, offer_ids=[h.offer_id for h in largest.held],
        reason="; ".join(h.reason for h in largest.held),
    )  # fmt: skip
    store = ShippingStore(table, lambda: NOON, AT_ONCE)
    before = largest.model_copy(update={"times_noted": -1})
    store.create(before)
    assert store.save(largest, held)
    assert max(map(check_item, stored(table))) > 150_000


def test_the_tracking_of_fifty_such_parcels_and_a_suppliers_page_of_them_fit_into_an_answer(make_table: Any):
    largest = shipment()
    of_one_line = largest.model_copy(update={"parcel": PARCEL.model_copy(update={"contents": CONTENTS[:1]}), "held": largest.held[:1]})
    assert answer_bytes(TrackingView.of(ORDER.id, [of_one_line] * 50, with_code=True)) < LARGEST_ANSWER
    table = make_table("shipping")
    store = ShippingStore(table, lambda: NOON, AT_ONCE)
    for shipment_id in ids("shp", 30):
        store.create(largest.model_copy(update={"id": shipment_id}))
    found, after = store.page(largest.supplier_id, None, 100)
    seen = [one.id for one in found]
    assert sum(answer_bytes(ShipmentView.of(one)) for one in found) < LARGEST_ANSWER
    while after:
        found, after = store.page(largest.supplier_id, after, 100)
        seen += [one.id for one in found]
    assert sorted(seen) == ids("shp", 30), "each is on one page"
