"""Suspending a supplier takes all its goods off sale, page by page, and reinstating it puts just those back."""

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.catalog.offers.offer import NotOnSale, NotYourRecall, Offer, OnSale, Recall, approved, recalled
from functions.catalog.offers.offer_service import Catalog
from functions.catalog.sanctions.sanction_rollout import AGAIN, Job, Sanctions
from functions.catalog.sanctions.supplier_standing import Standing, decided
from monsoon_plugin.clock import rfc3339
from shared.errors import NotFound
from shared.messages import OfferPublished, OfferRecalled, SupplierReinstated, SupplierSuspended
from tests.fakes import NOON, FakeClock
from tests.unit.catalog.offers.test_offer import FakeOffers, approval, refusal, request


@dataclass
class Desk:
    """A catalog with some offers of one supplier, and the queue of its sanctions."""

    offers: FakeOffers = field(default_factory=FakeOffers)
    queue: list[tuple[Job, int]] = field(default_factory=list)
    clock: FakeClock = field(default_factory=FakeClock)

    def __post_init__(self) -> None:
        self.catalog = Catalog(self.offers, self.clock)
        self.sanctions = Sanctions(self.offers, self.catalog, lambda job, delay: self.queue.append((job, delay)), page=3)

    def publish(self, number: int) -> None:
        self.catalog.approve(approval().model_copy(update={"product_id": f"prd_{number:03d}"}))

    def judge(self, reason: str) -> None:
        self.catalog.judge("acc_1", reason)
        told = self.offers.events[-1]
        if isinstance(told, SupplierSuspended | SupplierReinstated):
            self.sanctions.begin(told)

    def work(self, turns: int = 1000) -> None:
        while self.queue and turns:
            self.sanctions.carry_out(self.queue.pop(0)[0])
            turns -= 1

    def on_sale(self) -> set[str]:
        return {key for key, offer in self.offers.kept.items() if offer.recall is None}


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    for number in range(8):
        made.publish(number)
    return made


def test_every_offer_is_recalled_with_the_reason_and_put_back_by_the_reinstatement(desk: Desk):
    before = desk.on_sale()
    desk.judge("sold copies")
    desk.work()
    assert desk.on_sale() == set()
    recalls = [e for e in desk.offers.events if isinstance(e, OfferRecalled)]
    assert {e.reason for e in recalls} == {"sold copies"}
    assert len(recalls) == len(before)
    desk.judge("")
    desk.work()
    assert desk.on_sale() == before


def test_what_others_recalled_stays_recalled(desk: Desk):
    held = desk.offers.kept["prd_001"]
    change = recalled(held, Recall("supplier", "cracks"), request("k"), NOON)
    assert change
    desk.offers.save(change, held, NOON)
    desk.judge("sold copies")
    desk.work()
    desk.judge("")
    desk.work()
    assert desk.offers.kept["prd_001"].recall == Recall("supplier", "cracks")


def test_what_is_approved_meanwhile_waits_for_the_reinstatement_and_is_then_new(desk: Desk):
    desk.judge("sold copies")
    desk.publish(50)
    assert "prd_050" not in desk.on_sale()
    desk.clock.tick(days=9)
    desk.judge("")
    desk.work()
    assert "prd_050" in desk.on_sale()
    told = [e for e in desk.offers.events if isinstance(e, OfferPublished) and e.product_id == "prd_050"]
    assert [e.version for e in told] == [2]
    assert [e.first_published_at for e in told] == [rfc3339(desk.clock.now)]


def test_goods_recalled_while_their_supplier_is_suspended_stay_recalled_when_it_comes_back(desk: Desk):
    desk.judge("sold copies")
    desk.work()
    desk.catalog.refuse(refusal(2, "recall").model_copy(update={"product_id": "prd_001"}))
    desk.catalog.recall("acc_1", "prd_002", Recall("operator", "unsafe"), request("k"))
    desk.judge("")
    desk.work()
    assert desk.offers.kept["prd_001"].recall == Recall("operator", "lead paint")
    assert desk.offers.kept["prd_002"].recall == Recall("operator", "unsafe")
    assert len(desk.on_sale()) == 6


def test_what_is_reinstated_while_its_supplier_is_suspended_comes_back_with_the_supplier(desk: Desk):
    desk.catalog.recall("acc_1", "prd_001", Recall("supplier", "cracks"), request("a"))
    desk.judge("sold copies")
    desk.work()
    back = desk.catalog.reinstate("acc_1", "prd_001", "supplier", request("b"))
    assert back.recall == Recall("sanction", "sold copies")
    assert desk.catalog.reinstate("acc_1", "prd_001", "supplier", request("b")) == back
    with pytest.raises(NotYourRecall, match="its supplier is suspended"):
        desk.catalog.reinstate("acc_1", "prd_001", "operator", request("c"))
    desk.judge("")
    desk.work()
    assert len(desk.on_sale()) == 8


def test_an_approval_that_read_the_old_standing_is_found_by_the_second_pass(desk: Desk):
    desk.judge("sold copies")
    slow = approved(None, approval().model_copy(update={"product_id": "prd_000x"}), NOON)
    assert slow
    while desk.queue[-1][1] != AGAIN:
        desk.work(1)
    desk.offers.save(slow, None, NOON)
    desk.work()
    assert desk.on_sale() == set()


def test_a_newer_decision_ends_the_older_ones_job(desk: Desk):
    desk.judge("sold copies")
    desk.work(1)
    desk.judge("")
    old = desk.queue.pop(0)[0]
    before = (len(desk.offers.events), list(desk.queue))
    desk.sanctions.carry_out(old)
    assert (len(desk.offers.events), desk.queue) == before
    desk.work()
    assert len(desk.on_sale()) == 8


ACTS = st.one_of(
    st.tuples(st.just("judge"), st.sampled_from(["copies", "fraud", ""])),
    st.tuples(st.just("work"), st.integers(1, 3)),
    st.tuples(st.sampled_from(["approve", "recall", "reinstate"]), st.integers(0, 9)),
)


def act(desk: Desk, turn: int, what: str, how: Any) -> None:
    product_id, key = f"prd_{how:>03}", request(str(turn))
    match what:
        case "judge":
            desk.judge(how)
        case "work":
            desk.work(how)
        case "approve":
            desk.catalog.approve(approval(turn + 2).model_copy(update={"product_id": product_id}))
        case "recall":
            with suppress(NotFound, NotOnSale):
                desk.catalog.recall("acc_1", product_id, Recall("supplier", "cracks"), key)
        case "reinstate":
            with suppress(NotFound, OnSale, NotYourRecall):
                desk.catalog.reinstate("acc_1", product_id, "supplier", key)


@given(st.lists(ACTS, max_size=25))
def test_whatever_comes_between_in_the_end_nothing_of_a_suspended_supplier_is_on_sale_and_all_it_did_not_recall_of_another(acts: Any):
    desk, withdrawn = Desk(), set[str]()
    for number in range(8):
        desk.publish(number)
    for turn, (what, how) in enumerate(acts):
        act(desk, turn, what, how)
        withdrawn = {key for key, offer in desk.offers.kept.items() if offer.is_withdrawn}
    desk.work()
    told = {e.product_id: isinstance(e, OfferPublished) for e in desk.offers.events if isinstance(e, OfferPublished | OfferRecalled)}
    expected = set() if desk.catalog.standing("acc_1").suspended else desk.offers.kept.keys() - withdrawn
    assert desk.on_sale() == expected
    assert {key for key, published in told.items() if published} == expected


@given(st.lists(st.sampled_from(["copies", "fraud", ""]), max_size=8))
def test_decisions_that_say_what_is_so_already_change_nothing(reasons: list[str]):
    standing = Standing("acc_1")
    for reason in reasons:
        after = decided(standing, reason, NOON)
        assert after.version == standing.version + ((after.state, after.reason) != (standing.state, standing.reason))
        assert (after.suspended, after.reason) == (bool(reason), reason)
        assert decided(after, reason, NOON) is after
        standing = after


def test_the_first_sale_is_told_for_ever(desk: Desk):
    first: Offer = desk.offers.kept["prd_000"]
    desk.clock.tick(days=1)
    desk.judge("sold copies")
    desk.work()
    desk.clock.tick(days=1)
    desk.judge("")
    desk.work()
    assert desk.offers.kept["prd_000"].first_published_at == first.first_published_at != ""
