"""What approvals, refusals, recalls and reinstatements do to an offer, whatever order they come in."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.catalog.offers.audited import after_approval, after_refusal
from functions.catalog.offers.offer import ChangedMeanwhile, Offer, OfferChange, Recall
from functions.catalog.offers.offer_service import OfferService
from functions.catalog.offers.recalled import NotOnSale, NotYourRecall, OnSale, after_recall, after_reinstatement
from functions.catalog.sanctions.supplier_standing import SupplierStanding
from shared.api.idempotency import Idempotency, KeyReused
from shared.errors import NotFound
from shared.messages import OfferPublished, OfferRecalled, ProductApproved, ProductRefused
from shared.optimistic_retry import AT_ONCE, ATTEMPTS
from shared.pictures.product_pictures import Shown
from shared.trade.product import Product
from tests.fakes import NOON, FakeClock

PRODUCT = Product.model_validate_json(
    '{"sku":"M-1","texts":{"en":{"title":"Mug"}},"category":"hg-11-10-5-5","price":{"amount":900,"currency":"GBP"},"stock":5,'
    '"weight":300,"size":{"length":100,"width":80,"height":90},"hs_code":"691110","origin":"CN"}'
)


def approval(version: int = 1) -> ProductApproved:
    return ProductApproved(
        version=version,
        product_id="prd_1",
        supplier_id="acc_1",
        decided_by="rules",
        product=PRODUCT.model_copy(update={"stock": version, "weight": 300 + version}),
    )


def refusal(version: int, code: str) -> ProductRefused:
    return ProductRefused(
        version=version, product_id="prd_1", supplier_id="acc_1", code=code, evidence="lead paint", remedy="none", decided_by="acc_9"
    )


def request(key: str, fingerprint: str = "f") -> Idempotency:
    return Idempotency(key, "acc_1 POST /recall", fingerprint)


def on_sale() -> Offer:
    change = after_approval(None, approval(), NOON)
    assert change is not None
    return change.offer


class FakeOffers:
    """Keeps offers, standings and what was told of them; `meanwhile` is saved by somebody else before each of the next writes."""

    def __init__(self, *meanwhile: Offer) -> None:
        self.kept: dict[str, Offer] = {}
        self.events: list[Any] = []
        self.meanwhile = list(meanwhile)
        self.standings: dict[str, SupplierStanding] = {}

    def standing(self, supplier_id: str) -> SupplierStanding:
        return self.standings.get(supplier_id, SupplierStanding(supplier_id))

    def save_standing(self, standing: SupplierStanding, now: object) -> bool:
        if self.standing(standing.supplier_id).version != standing.version - 1:
            return False
        self.standings[standing.supplier_id] = standing
        self.events.append(standing.event)
        return True

    def page(self, supplier_id: str, after: str, limit: int) -> list[Offer]:
        return [offer for key, offer in sorted(self.kept.items()) if offer.supplier_id == supplier_id and key > after][:limit]

    def get(self, supplier_id: str, product_id: str) -> Offer | None:
        return self.kept.get(product_id)

    def save(self, change: OfferChange, held: Offer | None, now: object) -> bool:
        if self.meanwhile:
            other = self.meanwhile.pop(0)
            self.kept[other.product_id] = other
        current = self.kept.get(change.offer.product_id)
        if (current and current.version) != (held and held.version):
            return False
        self.kept[change.offer.product_id] = change.offer
        self.events += [change.event] if change.event else []
        return True


class NoPictures:
    """offer_service.Pictures, of products without any."""

    def shown(self, supplier_id: str, product: Product) -> Shown:
        return ()

    def wait(self, offer: Offer) -> bool:
        return True


def offer_service(offers: FakeOffers, clock: FakeClock | None = None) -> OfferService:
    return OfferService(offers, offers, NoPictures(), clock or FakeClock(), AT_ONCE)


def test_an_approved_product_is_published_with_the_offer_id_of_its_product() -> None:
    change = after_approval(None, approval(), NOON)
    assert change is not None
    assert isinstance(change.event, OfferPublished)
    assert change.event.offer_id == change.offer.id
    assert change.event.version == 1
    again = after_approval(change.offer, approval(2), NOON)
    assert again is not None
    assert (again.offer.id, again.offer.version, again.offer.product.stock) == (change.offer.id, 2, 2)


@given(st.permutations([1, 1, 2, 3, 3]))
def test_whatever_order_approvals_come_in_the_newest_submission_stays_and_versions_rise(versions: list[int]) -> None:
    offers = FakeOffers()
    service = offer_service(offers)
    for version in versions:
        service.approve(approval(version))
    assert offers.kept["prd_1"].submission == 3
    told = [event.version for event in offers.events]
    assert told == sorted(set(told))
    assert offers.events[-1].product.stock == 3


@pytest.mark.parametrize(("stock", "is_told"), [(4, False), (5, False), (0, True)])
def test_of_another_number_of_units_nothing_is_told_and_of_none_left_it_is(stock: int, is_told: bool) -> None:
    held = on_sale()
    counted = approval(2).model_copy(update={"product": held.product.model_copy(update={"stock": stock})})
    change = after_approval(held, counted, NOON)
    assert change is not None
    assert (change.offer.product.stock, change.offer.submission, change.event is not None) == (stock, 2, is_told)


def test_a_refused_newer_version_leaves_the_approved_one_on_sale() -> None:
    assert after_refusal(on_sale(), refusal(2, "price-too-low"), NOON) is None


def test_a_refusal_that_is_a_recall_takes_the_approved_version_off_sale() -> None:
    change = after_refusal(on_sale(), refusal(2, "recall"), NOON)
    assert change is not None
    assert isinstance(change.event, OfferRecalled)
    assert (change.event.reason, change.event.version) == ("lead paint", 2)
    assert after_refusal(change.offer, refusal(3, "recall"), NOON) is None
    assert after_approval(change.offer, approval(1), NOON) is None


def test_a_refusal_of_what_was_approved_on_appeal_comes_too_late() -> None:
    assert after_refusal(on_sale(), refusal(1, "recall"), NOON) is None
    assert after_refusal(None, refusal(1, "recall"), NOON) is None


def test_a_new_version_does_not_undo_a_recall_but_is_sold_once_it_is_reinstated() -> None:
    gone = after_recall(on_sale(), Recall("supplier", "cracks"), request("a"), NOON)
    assert gone is not None
    newer = after_approval(gone.offer, approval(2), NOON)
    assert newer is not None
    assert newer.event is None
    back = after_reinstatement(newer.offer, "supplier", request("b"), NOON)
    assert back is not None
    assert isinstance(back.event, OfferPublished)
    assert back.event.product.stock == 2
    assert back.event.version == 4


def test_only_the_party_that_recalled_may_reinstate() -> None:
    gone = after_recall(on_sale(), Recall("operator", "unsafe"), request("a"), NOON)
    assert gone is not None
    with pytest.raises(NotYourRecall):
        after_reinstatement(gone.offer, "supplier", request("b"), NOON)
    assert after_reinstatement(gone.offer, "operator", request("b"), NOON) is not None


def test_a_replayed_recall_changes_nothing_even_after_a_reinstatement() -> None:
    service = offer_service(FakeOffers())
    service.approve(approval())
    first = service.recall("acc_1", "prd_1", Recall("supplier", "cracks"), request("a"))
    assert service.recall("acc_1", "prd_1", Recall("supplier", "cracks"), request("a")) == first
    back = service.reinstate("acc_1", "prd_1", "supplier", request("b"))
    assert service.recall("acc_1", "prd_1", Recall("supplier", "cracks"), request("a")) == back
    with pytest.raises(KeyReused):
        service.recall("acc_1", "prd_1", Recall("supplier", "cracks"), request("a", "another payload"))


def test_what_is_recalled_is_not_recalled_again_and_what_is_on_sale_is_not_reinstated() -> None:
    service = offer_service(FakeOffers())
    with pytest.raises(NotFound):
        service.recall("acc_1", "prd_1", Recall("supplier", "cracks"), request("a"))
    service.approve(approval())
    with pytest.raises(OnSale):
        service.reinstate("acc_1", "prd_1", "supplier", request("b"))
    service.recall("acc_1", "prd_1", Recall("supplier", "cracks"), request("a"))
    with pytest.raises(NotOnSale):
        service.recall("acc_1", "prd_1", Recall("supplier", "cracks"), request("c"))


def test_a_change_that_was_overtaken_is_decided_again_on_what_is_held_now() -> None:
    quicker = after_approval(on_sale(), approval(5), NOON)
    assert quicker is not None
    offers = FakeOffers(quicker.offer)
    offer_service(offers).approve(approval(4))
    assert offers.kept["prd_1"].submission == 5
    assert offers.events == []


def test_a_product_that_others_keep_changing_is_a_conflict() -> None:
    held = on_sale()
    offers = FakeOffers()
    offers.kept["prd_1"] = held
    offers.meanwhile = [replace(held, version=10 + n) for n in range(ATTEMPTS + 1)]
    with pytest.raises(ChangedMeanwhile):
        offer_service(offers).recall("acc_1", "prd_1", Recall("supplier", "cracks"), request("a"))
