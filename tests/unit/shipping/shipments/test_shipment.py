"""The state machine of a shipment."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shipping.documents.kept_document import KeptDocument
from functions.shipping.parcels.parcel_facts import parcels
from functions.shipping.shipments.shipment import LogEntry, Shipment
from functions.shipping.shipments.shipment_states import NEXT, UNSCANNED, State
from monsoon_plugin.courier import Label
from shared.errors import Conflict, Invalid
from tests.unit.shipping.events import HEAD, LONDON, accepted, facts

WHEN = "2026-11-01T12:00:00.000Z"


def event(state: State, id: str = "evt") -> LogEntry:
    return LogEntry(id=id, state=state, occurred_at=WHEN, recorded_at=WHEN)


def shipment(*states: State, code: str = "") -> Shipment:
    (parcel,) = parcels({"off_1": 1}, {"off_1": facts()})
    about = {name: value for name, value in HEAD.items() if name != "version"}
    found = Shipment(
        id="shp_1", supplier_id="acc_s1", siblings=1, choice=accepted("ins_1").shipping, address=LONDON, parcel=parcel,
        pickup_code=code, log=(event(State.DRAFT),), **about,
    )  # fmt: skip
    for state in states:
        found = found.after(event(state))
    return found


@given(st.lists(st.sampled_from(State), max_size=30))
def test_whatever_is_reported_a_parcel_that_was_scanned_is_never_voided_and_the_log_only_grows(states):
    found = shipment()
    for state in states:
        before = found
        try:
            found = found.after(event(state))
        except Conflict:
            continue
        assert found.log[: len(before.log)] == before.log
        assert state in NEXT[before.state] | {before.state}
    if found.state is State.VOIDED:
        assert all(past.state in UNSCANNED | {State.VOIDED} for past in found.log)


def test_every_state_has_its_row_and_delivered_returned_and_voided_are_final():
    assert set(NEXT) == set(State)
    assert {state for state in State if not NEXT[state]} == {State.DELIVERED, State.RETURNED, State.VOIDED}


def test_a_parcel_held_before_its_first_scan_can_be_voided_and_one_held_after_it_cannot():
    assert State.VOIDED in shipment(State.PURCHASING, State.LABELED, State.ON_HOLD).next_states
    assert State.VOIDED not in shipment(State.PURCHASING, State.LABELED, State.IN_TRANSIT, State.ON_HOLD).next_states


def test_a_step_that_may_not_be_taken_names_those_that_may():
    with pytest.raises(Conflict) as refusal:
        shipment(State.PURCHASING, State.LABELED).after(event(State.DELIVERED))
    assert refusal.value.more["allowed"] == ["dispatched", "manifested", "on_hold", "ready_for_pickup"]


def test_a_log_is_bounded():
    found = shipment(State.PURCHASING, State.LABELED, *[State.LABELED] * 97)
    with pytest.raises(Conflict, match="100"):
        found.after(event(State.LABELED))


@pytest.mark.parametrize("code", [None, "", "1234", "１２３４５６７８"])
def test_a_parcel_is_not_handed_over_without_its_code(code):
    with pytest.raises(Invalid):
        shipment(code="12345678").check_pickup_code(code)
    shipment(code="12345678").check_pickup_code("12345678")
    shipment().check_pickup_code(code)


def test_the_code_is_not_in_its_representation():
    assert "12345678" not in repr(shipment(code="12345678"))


def test_a_tracking_number_joins_the_label():
    assert shipment().tracked_by("AB1").label == Label(tracking_number="AB1")


def test_the_table_keeps_documents_under_the_name_they_always_had():
    kept = KeptDocument(kind="label", media_type="application/pdf", key="shipments/1")
    written = shipment().amended(documents=(kept,)).model_dump_json(exclude_defaults=True, by_alias=True)
    assert (json.loads(written)["papers"], Shipment.model_validate_json(written).documents) == (
        [kept.model_dump(exclude_defaults=True)],
        (kept,),
    )
