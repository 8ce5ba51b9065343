"""Suspending a supplier takes all its goods off sale, page by page, and reinstating it puts just those back."""

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.catalog.offers.audited import after_approval
from functions.catalog.offers.offer import Offer, Recall
from functions.catalog.offers.recalled import NotOnSale, NotYourRecall, OnSale, after_recall
from functions.catalog.sanctions.sanction_rollout import AGAIN, SanctionJob, SanctionRollout
from functions.catalog.sanctions.supplier_standing import SupplierStanding, standing_after
from functions.catalog.sanctions.suspension_service import SuspensionService
from monsoon_plugin.clock import rfc3339
from shared.errors import NotFound
from shared.messages import OfferPublished, OfferRecalled, SupplierReinstated, SupplierSuspended
from shared.optimistic_retry import AT_ONCE
from tests.fakes import NOON, FakeClock
from tests.unit.catalog.offers.test_offer import FakeOffers, approval, offer_service, refusal, request


@dataclass
class Market:
    """A catalog with some offers of one supplier, and the queue of its sanctions."""

    offers: FakeOffers = field(default_factory=FakeOffers)
    queue: list[tuple[SanctionJob, int]] = field(default_factory=list)
    clock: FakeClock = field(default_factory=FakeClock)

    def __post_init__(self) -> None:
        self.service = offer_service(self.offers, self.clock)
        self.standings = SuspensionService(self.offers, self.clock, AT_ONCE)
        self.sanctions = SanctionRollout(self.offers, self.offers, self.service, lambda job, delay: self.queue.append((job, delay)), page=3)

    def publish(self, number: int) -> None:
        self.service.approve(approval().model_copy(update={"product_id": f"prd_{number:03d}"}))

    def suspend(self, reason: str) -> None:
        """Suspend the supplier for `reason`, or reinstate it if that is empty."""
        self.standings.suspend("acc_1", reason) if reason else self.standings.reinstate("acc_1")
        told = self.offers.events[-1]
        if isinstance(told, SupplierSuspended | SupplierReinstated):
            self.sanctions.begin(told)

    def reinstate(self) -> None:
        self.suspend("")

    def work(self, turns: int = 1000) -> None:
        while self.queue and turns:
            self.sanctions.carry_out(self.queue.pop(0)[0])
            turns -= 1

    def on_sale(self) -> set[str]:
        return {key for key, offer in self.offers.kept.items() if offer.recall is None}


@pytest.fixture
def market() -> Market:
    made = Market()
    for number in range(8):
        made.publish(number)
    return made


def test_every_offer_is_recalled_without_the_operators_words_and_put_back_by_the_reinstatement(market: Market):
    before = market.on_sale()
    market.suspend("sold copies")
    market.work()
    assert market.on_sale() == set()
    recalls = [e for e in market.offers.events if isinstance(e, OfferRecalled)]
    assert {e.reason for e in recalls} == {"its supplier is suspended"}
    assert len(recalls) == len(before)
    market.reinstate()
    market.work()
    assert market.on_sale() == before


def test_what_others_recalled_stays_recalled(market: Market):
    held = market.offers.kept["prd_001"]
    change = after_recall(held, Recall("supplier", "cracks"), request("k"), NOON)
    assert change
    market.offers.save(change, held, NOON)
    market.suspend("sold copies")
    market.work()
    market.reinstate()
    market.work()
    assert market.offers.kept["prd_001"].recall == Recall("supplier", "cracks")


def test_what_is_approved_meanwhile_waits_for_the_reinstatement_and_is_then_new(market: Market):
    market.suspend("sold copies")
    market.publish(50)
    assert "prd_050" not in market.on_sale()
    market.clock.tick(days=9)
    market.reinstate()
    market.work()
    assert "prd_050" in market.on_sale()
    told = [e for e in market.offers.events if isinstance(e, OfferPublished) and e.product_id == "prd_050"]
    assert [e.version for e in told] == [2]
    assert [e.first_published_at for e in told] == [rfc3339(market.clock.now)]


def test_goods_recalled_while_their_supplier_is_suspended_stay_recalled_when_it_comes_back(market: Market):
    market.suspend("sold copies")
    market.work()
    market.service.refuse(refusal(2, "recall").model_copy(update={"product_id": "prd_001"}))
    market.service.recall("acc_1", "prd_002", Recall("operator", "unsafe"), request("k"))
    market.reinstate()
    market.work()
    assert market.offers.kept["prd_001"].recall == Recall("operator", "lead paint")
    assert market.offers.kept["prd_002"].recall == Recall("operator", "unsafe")
    assert len(market.on_sale()) == 6


def test_what_is_reinstated_while_its_supplier_is_suspended_comes_back_with_the_supplier(market: Market):
    market.service.recall("acc_1", "prd_001", Recall("supplier", "cracks"), request("a"))
    market.suspend("sold copies")
    market.work()
    back = market.service.reinstate("acc_1", "prd_001", "supplier", request("b"))
    assert back.recall == Recall("sanction", "sold copies")
    assert market.service.reinstate("acc_1", "prd_001", "supplier", request("b")) == back
    with pytest.raises(NotYourRecall, match="its supplier is suspended"):
        market.service.reinstate("acc_1", "prd_001", "operator", request("c"))
    market.reinstate()
    market.work()
    assert len(market.on_sale()) == 8


def test_an_approval_that_read_the_old_standing_is_found_by_the_second_pass(market: Market):
    market.suspend("sold copies")
    slow = after_approval(None, approval().model_copy(update={"product_id": "prd_000x"}), NOON)
    assert slow
    while market.queue[-1][1] != AGAIN:
        market.work(1)
    market.offers.save(slow, None, NOON)
    market.work()
    assert market.on_sale() == set()


def test_a_newer_decision_ends_the_older_ones_job(market: Market):
    market.suspend("sold copies")
    market.work(1)
    market.reinstate()
    old = market.queue.pop(0)[0]
    before = (len(market.offers.events), list(market.queue))
    market.sanctions.carry_out(old)
    assert (len(market.offers.events), market.queue) == before
    market.work()
    assert len(market.on_sale()) == 8


ACTS = st.one_of(
    st.tuples(st.just("suspend"), st.sampled_from(["copies", "fraud", ""])),
    st.tuples(st.just("work"), st.integers(1, 3)),
    st.tuples(st.sampled_from(["approve", "recall", "reinstate"]), st.integers(0, 9)),
)


def act(market: Market, turn: int, what: str, how: Any) -> None:
    product_id, key = f"prd_{how:>03}", request(str(turn))
    match what:
        case "suspend":
            market.suspend(how)
        case "work":
            market.work(how)
        case "approve":
            market.service.approve(approval(turn + 2).model_copy(update={"product_id": product_id}))
        case "recall":
            with suppress(NotFound, NotOnSale):
                market.service.recall("acc_1", product_id, Recall("supplier", "cracks"), key)
        case "reinstate":
            with suppress(NotFound, OnSale, NotYourRecall):
                market.service.reinstate("acc_1", product_id, "supplier", key)


@given(st.lists(ACTS, max_size=25))
def test_whatever_comes_between_in_the_end_nothing_of_a_suspended_supplier_is_on_sale_and_all_it_did_not_recall_of_another(acts: Any):
    market, withdrawn = Market(), set[str]()
    for number in range(8):
        market.publish(number)
    for turn, (what, how) in enumerate(acts):
        act(market, turn, what, how)
        withdrawn = {key for key, offer in market.offers.kept.items() if offer.is_withdrawn}
    market.work()
    told = {e.product_id: isinstance(e, OfferPublished) for e in market.offers.events if isinstance(e, OfferPublished | OfferRecalled)}
    expected = set() if market.standings.standing("acc_1").suspended else market.offers.kept.keys() - withdrawn
    assert market.on_sale() == expected
    assert {key for key, published in told.items() if published} == expected


@given(st.lists(st.sampled_from(["copies", "fraud", ""]), max_size=8))
def test_decisions_that_say_what_is_so_already_change_nothing(reasons: list[str]):
    standing = SupplierStanding("acc_1")
    for reason in reasons:
        after = standing_after(standing, reason, NOON)
        assert after.version == standing.version + ((after.state, after.reason) != (standing.state, standing.reason))
        assert (after.suspended, after.reason) == (bool(reason), reason)
        assert standing_after(after, reason, NOON) is after
        standing = after


def test_the_first_sale_is_told_for_ever(market: Market):
    first: Offer = market.offers.kept["prd_000"]
    market.clock.tick(days=1)
    market.suspend("sold copies")
    market.work()
    market.clock.tick(days=1)
    market.reinstate()
    market.work()
    assert market.offers.kept["prd_000"].first_published_at == first.first_published_at != ""
