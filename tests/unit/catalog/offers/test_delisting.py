"""A draft is kept off sale, and what is archived is off sale until it is active again; neither is recalled."""

from functions.catalog.offers.audited import after_approval, after_delisting
from functions.catalog.offers.offer import Offer, OfferChange, Recall
from functions.catalog.offers.offer_views import OfferView
from functions.catalog.offers.recalled import after_recall, after_reinstatement, after_sanction
from shared.messages import OfferDelisted, OfferPublished, OfferRecalled, ProductDelisted
from tests.fakes import NOON
from tests.unit.catalog.offers.test_offer import PRODUCT, approval, on_sale, request


def archived(version: int, status: str = "archived") -> ProductDelisted:
    product = PRODUCT.model_copy(update={"stock": version, "weight": 300 + version, "status": status})
    return ProductDelisted(version=version, product_id="prd_1", supplier_id="acc_1", product=product)


def done(change: OfferChange | None) -> OfferChange:
    assert change is not None
    return change


def off_sale() -> Offer:
    return done(after_delisting(on_sale(), archived(2), NOON)).offer


def test_what_is_archived_is_off_sale_and_not_recalled():
    change = done(after_delisting(on_sale(), archived(2), NOON))
    assert isinstance(change.event, OfferDelisted)
    assert (change.event.version, change.event.offers, change.offer.recall) == (2, [on_sale().id], None)
    assert (OfferView.of(change.offer).state, OfferView.of(change.offer).product.status) == ("delisted", "archived")


def test_it_comes_back_with_its_next_active_version_at_its_old_place_in_listings():
    change = done(after_approval(off_sale(), approval(3), NOON))
    assert isinstance(change.event, OfferPublished)
    assert (change.event.version, change.event.first_published_at) == (3, on_sale().first_published_at)


def test_what_comes_late_changes_nothing():
    assert after_delisting(on_sale(), archived(1), NOON) is None
    assert after_approval(off_sale(), approval(2), NOON) is None
    assert after_delisting(off_sale(), archived(2), NOON) is None


def test_a_draft_that_was_never_on_sale_is_kept_so_that_an_older_approval_comes_too_late():
    change = done(after_delisting(None, archived(2, "draft"), NOON))
    assert (change.event, OfferView.of(change.offer).state) == (None, "delisted")
    assert after_approval(change.offer, approval(1), NOON) is None
    assert isinstance(done(after_approval(change.offer, approval(3), NOON)).event, OfferPublished)


def test_nothing_is_told_of_one_that_is_off_sale_already():
    assert done(after_delisting(off_sale(), archived(3, "draft"), NOON)).event is None


def test_a_recall_stays_one_and_ends_as_off_sale():
    recalled = done(after_recall(off_sale(), Recall("operator", "lead"), request("r"), NOON))
    assert isinstance(recalled.event, OfferRecalled)
    kept = done(after_delisting(recalled.offer, archived(3), NOON))
    assert (kept.event, OfferView.of(kept.offer).state) == (None, "recalled")
    assert isinstance(done(after_reinstatement(kept.offer, "operator", request("b"), NOON)).event, OfferDelisted)


def test_a_supplier_that_comes_back_brings_nothing_back_that_it_had_archived():
    suspended = done(after_sanction(off_sale(), "fraud", NOON)).offer
    back = done(after_sanction(suspended, "", NOON))
    assert isinstance(back.event, OfferDelisted)
