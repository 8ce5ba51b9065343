"""A product with variants is one offer aggregate: its events name what each is sold by, and what is gone."""

from typing import Any

from functions.catalog.offers.offer import Offer, Recall, after_approval, after_recall
from functions.catalog.offers.offer_views import OfferSummary, OfferView
from shared.api.idempotency import Idempotency
from shared.ids import derived_id, offer_id_of
from shared.messages import OfferPublished, OfferRecalled, ProductApproved
from shared.trade.product import MOST_VARIANTS, Product
from tests.fakes import NOON
from tests.unit.catalog.offers.test_offer import PRODUCT, request

OWN = offer_id_of("prd_1")


def approved(version: int, *skus: str) -> ProductApproved:
    variants = [{"sku": sku, "options": {"glaze": sku}, "stock": 1, "price": {"amount": 500, "currency": "GBP"}} for sku in skus]
    told: dict[str, Any] = {"options": [{"name": "glaze"}] if skus else [], "variants": variants}
    product = Product.model_validate(PRODUCT.model_dump() | told)
    return ProductApproved(version=version, product_id="prd_1", supplier_id="acc_1", product=product, decided_by="rules")


def of(sku: str) -> str:
    return derived_id("off", "prd_1", sku)


def published(*versions: ProductApproved) -> tuple[Offer, list[OfferPublished]]:
    held, events = None, []
    for message in versions:
        change = after_approval(held, message, NOON)
        assert change
        held = change.offer
        events += [change.event] if isinstance(change.event, OfferPublished) else []
    assert held
    return held, events


def test_one_event_carries_all_variants_and_names_what_each_is_sold_by():
    _, (event,) = published(approved(1, "M-1", "M-2"))
    assert [each.offer_id for each in event.offers()] == [OWN, of("M-2")]
    assert event.gone == []


def test_what_an_earlier_version_had_is_gone_until_it_comes_back():
    _, events = published(approved(1), approved(2, "M-2", "M-3"), approved(3, "M-3"), approved(4, "M-2", "M-3"), approved(5))
    assert [event.gone for event in events] == [[], [OWN], [of("M-2"), OWN], [OWN], [of("M-2"), of("M-3")]]


def test_what_a_version_that_was_never_published_took_away_is_told_by_the_next_that_is():
    held, _ = published(approved(1, "M-1", "M-2"))
    recalled = after_recall(held, Recall("operator", "lead"), request("k1"), NOON)
    assert recalled
    change = after_approval(recalled.offer, approved(2, "M-1"), NOON)
    assert change
    assert change.event is None
    assert change.offer.gone == (of("M-2"),)


def test_a_recall_names_all_offers_those_that_are_gone_too_and_of_a_plain_product_none_but_its_own():
    def recalled(offer: Offer) -> OfferRecalled:
        change = after_recall(offer, Recall("operator", "lead"), Idempotency("k", "s", "f"), NOON)
        assert change
        assert isinstance(change.event, OfferRecalled)
        return change.event

    plain, _ = published(approved(1))
    assert (recalled(plain).variants, recalled(plain).offer_ids()) == ([], [OWN])
    several, _ = published(approved(1, "M-1", "M-2", "M-3"), approved(2, "M-1", "M-2"))
    assert recalled(several).offer_ids() == [OWN, of("M-2"), of("M-3")]


def test_what_is_gone_is_bounded_and_the_latest_is_kept():
    many = [f"S-{n}" for n in range(MOST_VARIANTS)]
    held, _ = published(approved(1, "first"), approved(2, *many), approved(3, "last"))
    assert len(held.gone) == MOST_VARIANTS
    assert of("first") not in held.gone


def test_a_supplier_sees_what_each_variant_is_sold_by_and_the_lowest_price_in_lists():
    held, _ = published(approved(1, "M-1", "M-2"))
    variants = OfferView.of(held).variants
    assert variants
    assert [(each.sku, each.offer_id) for each in variants] == [("M-1", OWN), ("M-2", of("M-2"))]
    assert OfferSummary.of(held).price.amount == 500
    plain, _ = published(approved(1))
    assert OfferView.of(plain).variants is None
