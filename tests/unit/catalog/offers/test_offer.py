"""What approvals, refusals, recalls and reinstatements do to an offer, whatever order they come in."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.catalog.offers.offer import Change, NotOnSale, NotYourRecall, Offer, OnSale, Recall, approved, recalled, refused, reinstated
from functions.catalog.offers.offer_service import Catalog, Contended
from functions.catalog.sanctions.supplier_standing import Standing
from shared.api.idempotency import Idempotency, KeyReused
from shared.errors import NotFound
from shared.messages import OfferPublished, OfferRecalled, ProductApproved, ProductRefused
from shared.trade.product import Product
from tests.fakes import NOON, FakeClock

PRODUCT = Product.model_validate_json(
    '{"sku":"M-1","texts":{"en":{"title":"Mug"}},"category":"hg-11-10-5-5","price":{"amount":900,"currency":"GBP"},"stock":5,'
    '"weight":300,"size":{"length":100,"width":80,"height":90},"hs_code":"691110","origin":"CN"}'
)


def approval(version: int = 1) -> ProductApproved:
    return ProductApproved(
        version=version, product_id="prd_1", supplier_id="acc_1", decided_by="rules", product=PRODUCT.model_copy(update={"stock": version})
    )


def refusal(version: int, code: str) -> ProductRefused:
    return ProductRefused(
        version=version, product_id="prd_1", supplier_id="acc_1", code=code, evidence="lead paint", remedy="none", decided_by="acc_9"
    )


def request(key: str, fingerprint: str = "f") -> Idempotency:
    return Idempotency(key, "acc_1 POST /recall", fingerprint)


def on_sale() -> Offer:
    change = approved(None, approval(), NOON)
    assert change is not None
    return change.offer


class FakeOffers:
    """Keeps offers, standings and what was told of them; `meanwhile` is saved by somebody else before each of the next writes."""

    def __init__(self, *meanwhile: Offer) -> None:
        self.kept: dict[str, Offer] = {}
        self.events: list[Any] = []
        self.meanwhile = list(meanwhile)
        self.standings: dict[str, Standing] = {}

    def standing(self, supplier_id: str) -> Standing:
        return self.standings.get(supplier_id, Standing(supplier_id))

    def judge(self, standing: Standing, now: object) -> bool:
        if self.standing(standing.supplier_id).version != standing.version - 1:
            return False
        self.standings[standing.supplier_id] = standing
        self.events.append(standing.event)
        return True

    def page(self, supplier_id: str, after: str, limit: int) -> list[Offer]:
        return [offer for key, offer in sorted(self.kept.items()) if offer.supplier_id == supplier_id and key > after][:limit]

    def get(self, supplier_id: str, product_id: str) -> Offer | None:
        return self.kept.get(product_id)

    def save(self, change: Change, held: Offer | None, now: object) -> bool:
        if self.meanwhile:
            other = self.meanwhile.pop(0)
            self.kept[other.product_id] = other
        current = self.kept.get(change.offer.product_id)
        if (current and current.version) != (held and held.version):
            return False
        self.kept[change.offer.product_id] = change.offer
        self.events += [change.event] if change.event else []
        return True


def test_an_approved_product_is_published_with_the_offer_id_of_its_product() -> None:
    change = approved(None, approval(), NOON)
    assert change is not None
    assert isinstance(change.event, OfferPublished)
    assert change.event.offer_id == change.offer.id
    assert change.event.version == 1
    again = approved(change.offer, approval(2), NOON)
    assert again is not None
    assert (again.offer.id, again.offer.version, again.offer.product.stock) == (change.offer.id, 2, 2)


@given(st.permutations([1, 1, 2, 3, 3]))
def test_whatever_order_approvals_come_in_the_newest_submission_stays_and_versions_rise(versions: list[int]) -> None:
    offers = FakeOffers()
    catalog = Catalog(offers, FakeClock())
    for version in versions:
        catalog.approve(approval(version))
    assert offers.kept["prd_1"].submission == 3
    told = [event.version for event in offers.events]
    assert told == sorted(set(told))
    assert offers.events[-1].product.stock == 3


def test_a_refused_newer_version_leaves_the_approved_one_on_sale() -> None:
    assert refused(on_sale(), refusal(2, "price-too-low"), NOON) is None


def test_a_refusal_that_is_a_recall_takes_the_approved_version_off_sale() -> None:
    change = refused(on_sale(), refusal(2, "recall"), NOON)
    assert change is not None
    assert isinstance(change.event, OfferRecalled)
    assert (change.event.reason, change.event.version) == ("lead paint", 2)
    assert refused(change.offer, refusal(3, "recall"), NOON) is None
    assert approved(change.offer, approval(1), NOON) is None


def test_a_refusal_of_what_was_approved_on_appeal_comes_too_late() -> None:
    assert refused(on_sale(), refusal(1, "recall"), NOON) is None
    assert refused(None, refusal(1, "recall"), NOON) is None


def test_a_new_version_does_not_undo_a_recall_but_is_sold_once_it_is_reinstated() -> None:
    gone = recalled(on_sale(), Recall("supplier", "cracks"), request("a"), NOON)
    assert gone is not None
    newer = approved(gone.offer, approval(2), NOON)
    assert newer is not None
    assert newer.event is None
    back = reinstated(newer.offer, "supplier", request("b"), NOON)
    assert back is not None
    assert isinstance(back.event, OfferPublished)
    assert back.event.product.stock == 2
    assert back.event.version == 4


def test_only_the_party_that_recalled_may_reinstate() -> None:
    gone = recalled(on_sale(), Recall("operator", "unsafe"), request("a"), NOON)
    assert gone is not None
    with pytest.raises(NotYourRecall):
        reinstated(gone.offer, "supplier", request("b"), NOON)
    assert reinstated(gone.offer, "operator", request("b"), NOON) is not None


def test_a_replayed_recall_changes_nothing_even_after_a_reinstatement() -> None:
    catalog = Catalog(FakeOffers(), FakeClock())
    catalog.approve(approval())
    first = catalog.recall("acc_1", "prd_1", Recall("supplier", "cracks"), request("a"))
    assert catalog.recall("acc_1", "prd_1", Recall("supplier", "cracks"), request("a")) == first
    back = catalog.reinstate("acc_1", "prd_1", "supplier", request("b"))
    assert catalog.recall("acc_1", "prd_1", Recall("supplier", "cracks"), request("a")) == back
    with pytest.raises(KeyReused):
        catalog.recall("acc_1", "prd_1", Recall("supplier", "cracks"), request("a", "another payload"))


def test_what_is_recalled_is_not_recalled_again_and_what_is_on_sale_is_not_reinstated() -> None:
    catalog = Catalog(FakeOffers(), FakeClock())
    with pytest.raises(NotFound):
        catalog.recall("acc_1", "prd_1", Recall("supplier", "cracks"), request("a"))
    catalog.approve(approval())
    with pytest.raises(OnSale):
        catalog.reinstate("acc_1", "prd_1", "supplier", request("b"))
    catalog.recall("acc_1", "prd_1", Recall("supplier", "cracks"), request("a"))
    with pytest.raises(NotOnSale):
        catalog.recall("acc_1", "prd_1", Recall("supplier", "cracks"), request("c"))


def test_a_change_that_was_overtaken_is_decided_again_on_what_is_held_now() -> None:
    quicker = approved(on_sale(), approval(5), NOON)
    assert quicker is not None
    offers = FakeOffers(quicker.offer)
    Catalog(offers, FakeClock()).approve(approval(4))
    assert offers.kept["prd_1"].submission == 5
    assert offers.events == []


def test_a_product_that_others_keep_changing_is_a_conflict() -> None:
    held = on_sale()
    offers = FakeOffers()
    offers.kept["prd_1"] = held
    offers.meanwhile = [change.offer for n in range(2, 7) if (change := approved(held, approval(n), NOON))]
    offers.meanwhile = [offer.__class__(**{**_fields(offer), "version": 10 + i}) for i, offer in enumerate(offers.meanwhile)]
    with pytest.raises(Contended):
        Catalog(offers, FakeClock()).recall("acc_1", "prd_1", Recall("supplier", "cracks"), request("a"))


def _fields(offer: Offer) -> dict[str, Any]:
    return {name: getattr(offer, name) for name in offer.__slots__}
