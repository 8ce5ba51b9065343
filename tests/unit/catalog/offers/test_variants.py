"""A product with variants is one offer aggregate: its events name what each is sold by, and what is gone."""

from typing import Any

from functions.catalog.offers.audited import after_approval
from functions.catalog.offers.offer import Offer, Party, Recall
from functions.catalog.offers.offer_views import OfferSummary, OfferView
from functions.catalog.offers.recalled import after_recall, after_reinstatement, after_sanction
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
    assert (change.offer.gone, change.offer.withheld) == ((), (of("M-2"),))


def lost_meanwhile(by: Party) -> OfferPublished:
    """What is told when a product is back that lost M-2 while it was off sale, by its supplier's sanction or its own recall."""
    held, _ = published(approved(1, "M-1", "M-2", "M-3"), approved(2, "M-1", "M-2"))
    off = after_sanction(held, "papers", NOON) if by == "sanction" else after_recall(held, Recall(by, "lead"), request("k1"), NOON)
    assert off
    newer = after_approval(off.offer, approved(3, "M-1"), NOON)
    assert newer
    back = after_sanction(newer.offer, "", NOON) if by == "sanction" else after_reinstatement(newer.offer, by, request("k2"), NOON)
    assert back
    assert isinstance(back.event, OfferPublished)
    return back.event


def test_what_was_dropped_while_the_goods_were_recalled_stays_so_when_the_rest_is_back():
    """It may be what was wrong; what was gone before is as good as the rest."""
    event = lost_meanwhile("operator")
    assert (event.gone, event.withheld, event.withheld_for) == ([of("M-3")], [of("M-2")], "lead")


def test_what_was_dropped_while_its_supplier_was_suspended_is_gone_as_any_other():
    event = lost_meanwhile("sanction")
    assert (event.gone, event.withheld) == ([of("M-2"), of("M-3")], [])


def test_what_was_withheld_is_named_by_every_later_event_until_a_version_has_it_again():
    held, _ = published(approved(1, "M-1", "M-2"))
    off = after_recall(held, Recall("operator", "lead"), request("k1"), NOON)
    assert off
    without = after_approval(off.offer, approved(2, "M-1"), NOON)
    assert without
    back = after_reinstatement(without.offer, "operator", request("k2"), NOON)
    assert back
    later = after_approval(back.offer, approved(3, "M-1", "M-4"), NOON)
    assert later
    again = after_recall(later.offer, Recall("operator", "cracks"), request("k3"), NOON)
    assert again
    assert isinstance(again.event, OfferRecalled)
    assert again.event.offer_ids() == [OWN, of("M-4"), of("M-2")]
    mended = after_approval(later.offer, approved(4, "M-1", "M-2"), NOON)
    assert mended
    assert isinstance(mended.event, OfferPublished)
    assert (mended.event.gone, mended.event.withheld) == ([of("M-4")], [])


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


def test_whoever_sends_goods_is_told_that_more_is_gone_than_is_named():
    many = [f"S-{n}" for n in range(MOST_VARIANTS)]
    held, events = published(approved(1, "first"), approved(2, *many), approved(3, "last"), approved(4, "last", "M-9"))
    assert [event.more_gone for event in events] == [False, False, True, True]
    change = after_recall(held, Recall("operator", "lead"), request("k1"), NOON)
    assert change
    assert isinstance(change.event, OfferRecalled)
    assert change.event.more_gone


def test_a_supplier_sees_what_each_variant_is_sold_by_and_the_lowest_price_in_lists():
    held, _ = published(approved(1, "M-1", "M-2"))
    variants = OfferView.of(held).variants
    assert variants
    assert [(each.sku, each.offer_id) for each in variants] == [("M-1", OWN), ("M-2", of("M-2"))]
    assert OfferSummary.of(held).price.amount == 500
    plain, _ = published(approved(1))
    assert OfferView.of(plain).variants is None
