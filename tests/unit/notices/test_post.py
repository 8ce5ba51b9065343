"""Which event gives whom which mail, and when; once, whatever order events come in and however often."""

from datetime import timedelta
from itertools import permutations
from types import SimpleNamespace
from typing import Any, cast

import pytest

from functions.notices.causes import buyers_causes, merchants_causes
from functions.notices.causes.kinds import MERCHANTS, MerchantsKind
from functions.notices.consumers import consumers
from monsoon_plugin.money import Amount
from shared.messages import Message, OfferAvailabilityChanged, ProductHeld, ProductRefused, StockOwed, SubscriptionDisabled
from shared.order_messages import OrderCancelled, OrderRefunded
from shared.shipment_messages import ShipmentDelivered, ShipmentDispatched
from shared.trade.payment_messages import PayoutFailed
from tests.unit.notices.given import ADA, HEAD, LINES, ORDER, OWNER, SHOP, SUPPLIER, World, accepted, paid

PARCEL: dict[str, Any] = {"shipment_id": "shp_1", "order_id": ORDER, "storefront_id": SHOP, "account_id": OWNER, "supplier_id": SUPPLIER,
                          "remaining": 0, "version": 5}  # fmt: skip


def test_an_order_that_is_paid_at_once_gives_one_mail_that_says_both():
    world = World()
    world.post.place(world.placed())
    assert world.kinds() == []
    world.post.pay(paid())
    world.sweep(20)
    assert (world.kinds(), world.sender.drafts[0].to) == (["paid"], ADA)
    assert world.states()["received"] == ("dropped", "said-as-paid")


def test_an_order_that_nobody_pays_is_received_after_ten_minutes():
    world = World()
    world.post.place(world.placed())
    assert world.sweep(9) == 0
    world.sweep(2)
    assert world.kinds() == ["received"]


def test_an_order_by_cash_is_received_once_its_payment_is_promised():
    world = World()
    world.post.place(world.placed())
    world.post.promise(accepted())
    world.post.promise(accepted())
    world.sweep(20)
    assert world.kinds() == ["received"]


def test_an_order_by_cash_is_said_to_be_prepared_and_not_to_wait_for_money():
    world = World()
    world.post.place(world.placed())
    world.post.promise(accepted())
    (draft,) = world.sender.drafts
    assert "It is being prepared" in draft.letter.plain
    assert "not paid yet" not in draft.letter.plain


@pytest.mark.parametrize("late", [False, True])
def test_an_order_that_is_cancelled_before_it_was_said_to_be_received_is_only_said_to_be_cancelled(late: bool):
    world = World()
    placed = world.placed()
    steps = [lambda: world.post.place(placed), lambda: world.post.cancel(OrderCancelled(reason="shopper", version=4, **HEAD))]
    for step in reversed(steps) if late else steps:
        step()
    world.sweep(30)
    assert world.kinds() == ["cancelled"]


def test_on_a_laptop_each_step_is_written_at_once():
    world = World(local=True)
    world.post.place(world.placed())
    world.post.pay(paid(test=True))
    assert world.kinds() == ["received", "paid"]
    assert world.sender.drafts[1].letter.subject.startswith("[Test] ")


@pytest.mark.parametrize("by_cash", [False, True])
def test_nothing_is_sent_of_a_test_order_elsewhere(by_cash: bool):
    world = World()
    world.settings.confirmed(OWNER, "mei@shops.example")
    world.post.place(world.placed())
    if by_cash:
        world.post.promise(accepted(test=True))
    else:
        world.post.pay(paid(test=True))
    world.post.tell_buyer(buyers_causes.dispatched(ShipmentDispatched(tracking_number="RR1", test=True, **PARCEL)))
    world.sweep(30)
    assert world.sender.drafts == []
    assert {state for state, _ in world.states().values()} == {"dropped"}


def test_whatever_comes_first_and_however_often_each_step_is_one_mail():
    steps = ("place", "pay", "send", "bring", "refund")
    for order in permutations(steps):
        world = World()
        placed = world.placed()
        acts = {
            "place": lambda world=world, event=placed: world.post.place(event),
            "pay": lambda world=world: world.post.pay(paid()),
            "send": lambda world=world: world.post.tell_buyer(
                buyers_causes.dispatched(ShipmentDispatched(tracking_number="RR1", **PARCEL))
            ),
            "bring": lambda world=world: world.post.tell_buyer(buyers_causes.delivered(ShipmentDelivered(**PARCEL))),
            "refund": lambda world=world: world.post.tell_buyer(buyers_causes.refunded(refund())),
        }
        for step in (*order, *reversed(order)):
            acts[step]()
        for _ in range(8):
            world.sweep(20)
        assert sorted(world.kinds()) == ["delivered", "dispatched", "paid", "refunded"], order


def refund(amount: int = 500) -> OrderRefunded:
    told = {
        "refund_id": "ref_1",
        "payment_id": "pay_1",
        "payment_plugin": "stripe",
        "lines": [],
        "shipping": 0,
        "amount": amount,
        "version": 6,
    }
    return OrderRefunded(**(HEAD | told))


def test_a_refund_that_moved_no_money_is_told_to_nobody():
    assert buyers_causes.refunded(refund(0)) is None


def test_two_parcels_and_two_refunds_are_two_mails_each():
    first, second = (ShipmentDispatched(tracking_number="RR1", **PARCEL | {"shipment_id": name}) for name in ("shp_1", "shp_2"))
    assert buyers_causes.dispatched(first).mail_id != buyers_causes.dispatched(second).mail_id


def test_an_order_without_an_e_mail_or_of_a_hub_without_mail_writes_nothing():
    world, silent = World(), World(sends=False)
    world.post.place(world.placed(sealed_buyer=None))
    silent.post.place(silent.placed())
    silent.post.pay(paid())
    silent.post.cancel(OrderCancelled(reason="shopper", version=4, **HEAD))
    assert (world.mails.writes, silent.mails.writes, silent.known.orders) == (0, 0, {})


def test_an_order_of_long_ago_that_an_operator_tells_anew_is_no_news():
    world = World()
    event = world.placed()
    world.clock.tick(days=3)
    world.post.place(event)
    assert world.mails.held == {}


def test_of_an_order_that_was_placed_before_mails_nothing_is_sent_and_it_is_given_up_after_some_days():
    world = World()
    world.post.pay(paid())
    for _ in range(20):
        world.sweep(12 * 60 + 1)
    assert (world.sender.drafts, world.states()["paid"]) == ([], ("dropped", "order-unknown"))


def test_a_placement_that_is_heard_of_a_day_late_loses_no_mail():
    world = World()
    placed = world.placed()
    world.post.pay(paid())
    for _ in range(26):
        world.sweep(61)
    world.post.place(placed)
    world.sweep(12 * 60 + 1)
    assert (world.kinds(), world.states()["received"]) == (["paid"], ("dropped", "said-as-paid"))


def test_of_an_order_that_is_known_to_have_no_e_mail_nothing_is_written():
    world = World()
    world.post.place(world.placed(sealed_buyer=None))
    world.post.promise(accepted())
    world.post.pay(paid())
    world.post.tell_buyer(buyers_causes.dispatched(ShipmentDispatched(tracking_number="RR1", **PARCEL)))
    world.post.cancel(OrderCancelled(reason="shopper", version=4, **HEAD))
    assert (world.sender.drafts, world.mails.writes) == ([], 0)


def test_an_order_that_is_known_too_late_to_have_no_e_mail_is_written_to_nobody():
    world = World()
    world.post.pay(paid())
    world.post.place(world.placed(sealed_buyer=None))
    world.sweep(20)
    assert (world.sender.drafts, world.states()["paid"]) == ([], ("dropped", "no-email"))


def test_merchants_are_told_of_an_order_without_an_e_mail():
    world = World()
    world.settings.confirmed(OWNER, "mei@shops.example")
    world.post.place(world.placed(sealed_buyer=None))
    world.post.pay(paid())
    assert world.kinds() == ["new_order"]


def test_a_new_order_goes_to_its_shop_and_to_each_supplier_with_its_own_lines_and_what_it_gets():
    causes = {cause.account_id: cause for cause in merchants_causes.new_order(paid())}
    assert causes[OWNER].facts["lines"] == [["Blue mug", 2, 1250], ["Tea", 1, 500]]
    assert causes[SUPPLIER].facts["lines"] == [["Tea", 1, 300]]
    assert [cause.mail_id for cause in merchants_causes.new_order(accepted())] == [cause.mail_id for cause in causes.values()]
    assert len(LINES) == 2


def test_merchants_without_an_address_or_with_a_kind_switched_off_cost_no_write():
    world = World()
    world.settings.confirmed(SUPPLIER, "sam@suppliers.example", wanted={"new_order": False})
    world.post.promise(accepted())
    assert {mail.kind for mail in world.mails.held.values()} == {"received"}


def refused(number: int) -> merchants_causes.Listed:
    event = ProductRefused(product_id=f"prd_{number}", supplier_id=SUPPLIER, code="x", evidence="e", remedy="r", decided_by="rules",
                           title=f"Knife {number}", version=1)  # fmt: skip
    return merchants_causes.verdict(event)


def test_verdicts_of_a_feed_are_one_notice_of_at_most_twenty_lines_and_twice_told_once_there():
    world = World()
    world.settings.confirmed(SUPPLIER, "sam@suppliers.example")
    for n in (*range(30), *range(5)):
        world.post.list_for_merchant(refused(n), world.clock.now)
    writes = world.mails.writes
    held = ProductHeld(product_id="prd_9z", supplier_id=SUPPLIER, code="x", evidence="e", version=1)
    world.post.list_for_merchant(merchants_causes.verdict(held), world.clock.now)
    assert world.mails.writes == writes, "what goes beyond is read, and not written"
    world.sweep(11)
    (draft,) = world.sender.drafts
    assert len(draft.letter.rows) == 21
    assert "Knife 19" in draft.letter.plain
    assert "Knife 20" not in draft.letter.plain


@pytest.mark.parametrize("later", [11, 60, 26 * 60])
def test_a_verdict_that_is_told_again_when_its_notice_has_left_is_no_second_notice(later: int):
    world = World()
    world.settings.confirmed(SUPPLIER, "sam@suppliers.example")
    at = world.clock.now
    world.post.list_for_merchant(refused(1), at)
    world.sweep(later)
    world.post.list_for_merchant(refused(1), at)
    world.sweep(11)
    assert world.kinds() == ["verdict"]


def test_a_verdict_that_is_heard_of_when_the_notice_of_its_minutes_has_left_has_another_once():
    world = World()
    world.settings.confirmed(SUPPLIER, "sam@suppliers.example")
    at = world.clock.now
    world.post.list_for_merchant(refused(1), at)
    world.sweep(11)
    for _ in range(3):
        world.post.list_for_merchant(refused(2), at)
        world.sweep(11)
    assert ["Knife 1" in draft.letter.plain for draft in world.sender.drafts] == [True, False]
    assert ["Knife 2" in draft.letter.plain for draft in world.sender.drafts] == [False, True]


def test_what_is_owed_no_more_and_what_is_in_stock_again_is_no_notice():
    assert merchants_causes.owed(StockOwed(offer_id="off_1", product_id="prd_1", supplier_id=SUPPLIER, owed=0, version=2)) is None


def test_a_merchants_notice_can_be_unsubscribed_and_a_buyers_mail_cannot():
    world = World()
    world.settings.confirmed(OWNER, "mei@shops.example")
    world.post.place(world.placed())
    world.post.pay(paid())
    found = {world.mails.held[draft.mail_id].kind: draft.unsubscribe for draft in world.sender.drafts}
    assert found["new_order"].startswith("https://hub.example/notices/unsubscription?ticket=")
    assert found["paid"] == ""


AMOUNT = Amount(amount=500, currency="GBP")
MERCHANTS_EVENTS: dict[MerchantsKind, Message] = {
    "new_order": paid(),
    "low_stock": OfferAvailabilityChanged(offer_id="off_1", product_id="prd_1", supplier_id=OWNER, in_stock=False, version=2),
    "verdict": ProductHeld(product_id="prd_1", supplier_id=OWNER, code="x", evidence="e", version=1),
    "payout_failed": PayoutFailed(
        payout_id="pay_1", storefront_id=SHOP, account_id=SUPPLIER, payee_id=OWNER, amount=AMOUNT, state="failed", reason="closed",
        version=1,
    ),
    "webhook_disabled": SubscriptionDisabled(subscription_id="whk_1", account_id=OWNER, storefront_id=SHOP, reason="410", version=3),
}  # fmt: skip


@pytest.mark.parametrize("switched_off", [False, True])
@pytest.mark.parametrize("kind", MERCHANTS)
def test_each_kind_of_notice_comes_of_its_event_on_the_bus_and_is_switched_off_by_itself(kind: MerchantsKind, switched_off: bool):
    world = World()
    world.settings.confirmed(
        OWNER, "mei@shops.example", wanted={kind: False} if switched_off else {other: other == kind for other in MERCHANTS}
    )
    world.post.place(world.placed(sealed_buyer=None))
    event = MERCHANTS_EVENTS[kind]
    heard = consumers(cast("Any", SimpleNamespace(post=world.post, clock=world.clock)), lambda: timedelta(minutes=1))
    heard[type(event)](event)
    world.sweep(11)
    assert world.kinds() == ([] if switched_off else [kind])
