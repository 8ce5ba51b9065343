"""What a walk through an upgrade calls a difference, and in which order it goes through checkouts."""

from pathlib import Path

import pytest

from bench.upgrade.compared.picture import differences
from bench.upgrade.open_orders import Opened
from bench.upgrade.traders import Shop
from bench.upgrade.untold_labels import UntoldLabels
from bench.upgrade.walk import turns
from hubclient.hub import Reply
from infra.templates import ROOT

ORDER = {"id": "ord_1", "totals": {"total": 12}, "lines": [{"offer_id": "off_1", "quantity": 2}], "payment_ticket": "a"}


def test_fields_that_came_and_what_is_made_anew_are_no_difference():
    after = {"order": ORDER | {"totals": {"total": 12, "tax": 2}, "payment_ticket": "b", "standing_promises": []}, "another": {}}
    assert differences({"order": ORDER}, after) == []


LABELED = {"state": "labeled", "events": [{"state": "draft"}, {"state": "labeled"}]}


def test_what_a_courier_said_since_is_no_difference_and_a_state_that_nobody_told_is_one():
    scanned = {"state": "manifested", "events": [*LABELED["events"], {"state": "manifested"}]}
    assert differences({"parcel": LABELED}, {"parcel": scanned}) == []
    assert differences({"parcel": LABELED}, {"parcel": scanned | {"state": "voided"}}) == ["parcel.state: 'labeled' → 'voided'"]
    assert differences({"parcel": scanned}, {"parcel": LABELED}) != [], "what was said is gone"
    assert differences({"parcel": LABELED}, {"parcel": LABELED | {"state": "manifested"}}) == ["parcel.state: 'labeled' → 'manifested'"]


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


class Owner:
    """A merchant's hub: one order's parcel, whose label nobody told of."""

    def __init__(self, problem: object) -> None:
        self.problem, self.said = problem, list[object]()

    def send(self, method: str, path: str, body: object = None, **_: object) -> Reply:
        if method == "POST":
            self.said.append((path, body))
        return Reply(200, {"items": [{"id": "shp_1", "supplier_id": "acc_s"}]}, {})

    def get(self, path: str) -> object:
        return {"id": "shp_1", "tracking_number": "", "problem": self.problem}


@pytest.mark.parametrize(
    ("books", "word"), [({"1Z1": "labeled"}, {"tracking_number": "1Z1"}), ({}, {"none_was_bought": True})], ids=["bought", "not bought"]
)
def test_whose_label_nobody_told_of_looks_into_the_couriers_books_and_says_so(books: dict[str, str], word: dict[str, object]):
    owner = Owner({"code": "untold"})
    one = Opened("labelled", Shop("/v1/storefronts/sf_1", owner, owner, "USD"), "ord_1")  # type: ignore[arg-type]
    assert list(UntoldLabels(books, {"acc_s": owner}, lambda _: None).told([one])) == []
    assert owner.said == [("/v1/storefronts/sf_1/orders/ord_1/shipments/shp_1/label", word)]


@pytest.mark.parametrize("problem", [None, {"code": None}, {"code": "unreturned"}])
def test_a_label_that_was_told_of_is_let_be(problem: object):
    owner = Owner(problem)
    one = Opened("labelled", Shop("/v1/storefronts/sf_1", owner, owner, "USD"), "ord_1")  # type: ignore[arg-type]
    assert list(UntoldLabels({"1Z1": "labeled"}, {"acc_s": owner}, lambda _: None).told([one])) == []
    assert owner.said == []
