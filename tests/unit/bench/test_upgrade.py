"""What a walk through an upgrade calls a difference, and in which order it goes through checkouts."""

from pathlib import Path

import pytest

from bench.upgrade.picture import differences
from bench.upgrade.walk import turns
from infra.templates import ROOT

ORDER = {"id": "ord_1", "totals": {"total": 12}, "lines": [{"offer_id": "off_1", "quantity": 2}], "payment_ticket": "a"}


def test_fields_that_came_and_what_is_made_anew_are_no_difference():
    after = {"order": ORDER | {"totals": {"total": 12, "tax": 2}, "payment_ticket": "b", "standing_promises": []}, "another": {}}
    assert differences({"order": ORDER}, after) == []


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"totals": {"total": 13}}, "order.totals.total: 12 → 13"),
        ({"totals": {}}, "order.totals.total: is gone"),
        ({"lines": []}, "order.lines: [{'offer_id': 'off_1', 'quantity': 2}] → []"),
        ({"lines": [{"offer_id": "off_1", "quantity": 1}]}, "order.lines[0].quantity: 2 → 1"),
        ({"id": None}, "order.id: 'ord_1' → None"),
    ],
)
def test_what_is_gone_fewer_or_otherwise_is_named_by_its_place(changed: dict[str, object], told: str):
    assert differences({"order": ORDER}, {"order": ORDER | changed}) == [told]


def test_an_answer_that_is_given_no_more_is_a_difference():
    assert differences({"order": ORDER}, {}) == [f"order: {ORDER!r} → None"]


def test_texts_are_plain_first_and_packed_last_and_a_way_back_lies_before_they_are_packed():
    before = Path("/before")
    assert [(turn.where, turn.texts) for turn in turns(before, back=False)] == [(ROOT, "plain"), (ROOT, "packed")]
    assert [(turn.where, turn.texts) for turn in turns(before, back=True)] == [
        (ROOT, "plain"), (before, ""), (ROOT, "plain"), (ROOT, "packed"),
    ]  # fmt: skip
