"""A sale's begin and end are publications; a reduction is told with the lowest price of the 30 days before it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from functions.catalog.offers.asked_prices import MOST, AskedPrices
from functions.catalog.offers.audited import after_approval
from functions.catalog.offers.offer import Offer, OfferChange, Recall
from functions.catalog.offers.sale_sweep import DueSale, SaleSweep, after_sale_moment
from monsoon_plugin.clock import rfc3339
from monsoon_plugin.money import Amount
from shared.messages import OfferPublished, ProductApproved
from shared.variants.sale import Sale
from tests.fakes import NOON, FakeClock
from tests.unit.catalog.offers.test_offer import PRODUCT, FakeOffers, offer_service

DAY = timedelta(days=1)


def gbp(amount: int) -> Amount:
    return Amount(amount=amount, currency="GBP")


def approved(version: int, price: int = 900, sale: Sale | None = None, compare_at: int | None = None) -> ProductApproved:
    changed: dict[str, Any] = {"price": gbp(price), "sale": sale, "compare_at": gbp(compare_at) if compare_at else None}
    ids = {"product_id": "prd_1", "supplier_id": "acc_1", "decided_by": "rules"}
    return ProductApproved(version=version, product=PRODUCT.model_copy(update=changed), **ids)


def sold(held: Offer | None, message: ProductApproved, at: datetime) -> tuple[Offer, OfferPublished]:
    change = after_approval(held, message, at)
    assert change is not None
    assert isinstance(change.event, OfferPublished)
    return change.offer, change.event


def lowest(event: OfferPublished) -> int | None:
    (offered,) = event.offers()
    assert offered.reduced is not None
    return offered.reduced.lowest


def test_a_sale_is_told_when_it_begins_and_when_it_ends_and_not_before():
    sale = Sale(price=gbp(700), starts_at=NOON + DAY, ends_at=NOON + 3 * DAY)
    held, event = sold(None, approved(1, sale=sale), NOON)
    assert event.offers()[0].product.price == gbp(900)
    assert held.next_sale() == NOON + DAY
    assert after_sale_moment(held, NOON + DAY - timedelta(seconds=1)) is None
    begun = after_sale_moment(held, NOON + DAY)
    assert begun is not None
    assert isinstance(begun.event, OfferPublished)
    assert (begun.event.version, begun.event.offers()[0].product.price, lowest(begun.event)) == (2, gbp(700), 900)
    assert begun.offer.next_sale() == NOON + 3 * DAY
    assert after_sale_moment(begun.offer, NOON + 2 * DAY) is None, "told already"
    ended = after_sale_moment(begun.offer, NOON + 3 * DAY)
    assert ended is not None
    assert isinstance(ended.event, OfferPublished)
    assert (ended.event.offers()[0].product.price, ended.event.offers()[0].reduced, ended.event.lowest) == (gbp(900), None, [])
    assert ended.offer.next_sale() is None


def test_another_number_of_units_within_a_sale_that_was_not_told_yet_tells_it():
    sale = Sale(price=gbp(700), starts_at=NOON + DAY)
    held, _ = sold(None, approved(1, sale=sale), NOON)
    more = approved(2, sale=sale).model_copy(update={"product": approved(1, sale=sale).product.model_copy(update={"stock": 77})})
    change = after_approval(held, more, NOON + 2 * DAY)
    assert change is not None
    assert isinstance(change.event, OfferPublished)
    assert change.event.offers()[0].product.price == gbp(700)


def test_the_lowest_of_30_days_counts_what_was_asked_in_between_and_stays_while_the_reduction_does():
    held, _ = sold(None, approved(1, 1000), NOON)
    held, _ = sold(held, approved(2, 800), NOON + 10 * DAY)
    held, _ = sold(held, approved(3, 1200), NOON + 11 * DAY)
    held, event = sold(held, approved(4, 1200, Sale(price=gbp(900))), NOON + 20 * DAY)
    assert lowest(event) == 800
    later = after_approval(held, approved(5, 1200, Sale(price=gbp(900), ends_at=NOON + 200 * DAY)), NOON + 60 * DAY)
    assert later is not None
    assert isinstance(later.event, OfferPublished)
    assert lowest(later.event) == 800, "the same reduction"
    _, anew = sold(later.offer, approved(6, 1200, Sale(price=gbp(850))), NOON + 61 * DAY)
    assert lowest(anew) == 900, "a reduction of what was asked last"


def test_a_price_of_more_than_30_days_ago_counts_no_more():
    held, _ = sold(None, approved(1, 500), NOON)
    held, _ = sold(held, approved(2, 1000), NOON + DAY)
    _, event = sold(held, approved(3, 1000, compare_at=1500), NOON + 31 * DAY + timedelta(seconds=1))
    assert lowest(event) == 1000
    _, event = sold(held, approved(3, 1000, compare_at=1500), NOON + 31 * DAY - timedelta(seconds=1))
    assert lowest(event) == 500


def test_what_is_new_and_reduced_has_no_price_of_before():
    _, event = sold(None, approved(1, 1000, Sale(price=gbp(1))), NOON)
    assert lowest(event) is None


def test_a_product_whose_price_never_changed_keeps_nothing_and_many_prices_are_bounded_and_never_told_too_high():
    held, event = sold(None, approved(1), NOON)
    assert (held.prices.to_json(), event.priced_at, event.lowest) == (None, "", [])
    for n in range(40):
        held, event = sold(held, approved(2 + n, 1000 + n), NOON + timedelta(hours=n + 1))
    assert [len(past) for past in held.prices.past.values()] == [MOST]
    assert AskedPrices.from_json(held.prices.to_json()) == held.prices
    _, event = sold(held, approved(99, 2000, compare_at=3000), NOON + 30 * DAY)
    assert lowest(event) == 900


def test_a_recalled_product_is_not_put_on_sale_by_its_sale():
    held, _ = sold(None, approved(1, sale=Sale(price=gbp(700), starts_at=NOON + DAY)), NOON)
    assert after_sale_moment(replace(held, recall=Recall("operator", "cracks")), NOON + DAY) is None


class Kept(FakeOffers):
    """Offers with the moments that their sales await."""

    def __init__(self) -> None:
        super().__init__()
        self.awaited: dict[str, DueSale] = {}

    def save(self, change: OfferChange, held: Offer | None, now: object) -> bool:
        if moment := change.offer.next_sale():
            self.await_sale(change.offer, moment)
        return super().save(change, held, now)

    def await_sale(self, offer: Offer, moment: datetime) -> None:
        key = rfc3339(moment)
        self.awaited[key] = DueSale(key, offer.supplier_id, offer.product_id)

    def due(self, now: datetime) -> Any:
        return iter([due for key, due in sorted(self.awaited.items()) if key <= rfc3339(now)])

    def done(self, due: DueSale) -> None:
        del self.awaited[due.key]


def test_the_sweep_tells_each_begin_and_end_once_and_looks_at_nothing_else():
    clock, offers = FakeClock(), Kept()
    service = offer_service(offers, clock)
    service.approve(approved(1, sale=Sale(price=gbp(700), starts_at=NOON + DAY, ends_at=NOON + 2 * DAY)))
    sweep, found = SaleSweep(offers, service, clock), []
    for hours in (1, 23, 1, 23, 1, 23):
        clock.tick(hours=hours)
        looked_at = sweep.run()["looked_at"]
        found.append((looked_at, offers.events[-1].offers()[0].product.price.amount, len(offers.events)))
    assert found == [(0, 900, 1), (1, 700, 2), (0, 700, 2), (1, 900, 3), (0, 900, 3), (0, 900, 3)]
    assert offers.awaited == {}


def test_a_sale_whose_begin_was_passed_while_recalled_ends_in_time():
    clock, offers = FakeClock(), Kept()
    service = offer_service(offers, clock)
    service.approve(approved(1, sale=Sale(price=gbp(700), starts_at=NOON + DAY, ends_at=NOON + 2 * DAY)))
    offers.kept["prd_1"] = replace(offers.kept["prd_1"], recall=Recall("operator", "cracks"))
    clock.tick(days=1)
    assert SaleSweep(offers, service, clock).run() == {"looked_at": 1}
    assert list(offers.awaited) == [rfc3339(NOON + 2 * DAY)]


def test_with_no_time_left_it_stays_due():
    clock, offers = FakeClock(), Kept()
    service = offer_service(offers, clock)
    service.approve(approved(1, sale=Sale(price=gbp(700), starts_at=NOON + DAY)))
    clock.tick(days=1)
    assert SaleSweep(offers, service, clock).run(lambda: timedelta(seconds=1)) == {"looked_at": 0}
    assert len(offers.awaited) == 1
