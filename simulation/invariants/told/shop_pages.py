"""Pages: what they said is what the books say, one order and one charge come of one checkout, and nobody's is anybody else's."""

from collections.abc import Iterator

from functions.orders.order import Order
from monsoon_plugin.payment import State
from shared.buyers.order_number import order_number
from simulation.actors.shop_pages.browser import Browser
from simulation.actors.shop_pages.said import stand_of
from simulation.invariants.seen import Seen

TAKEN = (State.AUTHORIZED, State.CAPTURED)


def one_order_a_checkout(seen: Seen) -> Iterator[str]:
    """Of each key one order, which is what its review said; none where every answer said that nothing was ordered."""
    for checkout in seen.observed.shown.checkouts.values():
        order_id = checkout.order_id
        order, said = seen.orders.get(order_id), {answer for answer, _ in checkout.answers}
        if checkout.numbers - {order_number(order_id)}:
            yield f"one checkout was said to be the orders {checkout.numbers}, and is {order_number(order_id)}"
        if "ordered" in said and order is None:
            yield f"order {order_id} was said to be there"
        if order is not None and said == {"not ordered"}:
            yield f"order {order_id} was said not to be there"
        if order is not None and ({line.offer_id: line.quantity for line in order.lines}, _sum(order)) not in checkout.asked:
            yield f"order {order_id} is {order.lines}, {_sum(order)}; reviewed was {checkout.asked}"


def one_charge_an_order(seen: Seen) -> Iterator[str]:
    """Of what was ordered on pages: money was taken once, whatever was sent again; what was taken is the order's sum."""
    for checkout in seen.observed.shown.checkouts.values():
        charges = [charge for charge in seen.world.card.charges.values() if charge.order_id == checkout.order_id]
        if sum(charge.state in TAKEN for charge in charges) > 1:
            yield f"order {checkout.order_id} was charged by {[charge.payment_id for charge in charges]}"


def what_pages_said_of_payments(seen: Seen) -> Iterator[str]:
    """Paid: it was, when it was said. Not paid yet: it was not, when asked. Nothing charged: nothing ever was. Unknown promises nothing."""
    paid, charges = seen.observed.shown.paid, seen.world.card.charges
    for told in seen.observed.shown.payments:
        if told.payment_id not in charges and told.said != "paid":
            continue
        at = paid.get(told.payment_id)
        if told.said == "paid" and at is None:
            yield f"payment {told.payment_id} was said to be paid, and nobody had"
        if told.said == "not paid" and at is not None and at < told.asked:
            yield f"payment {told.payment_id} was paid at {at}, and at {told.asked} said not to be yet"
        if told.said == "nothing charged" and (charges[told.payment_id].captured or charges[told.payment_id].state in TAKEN):
            yield f"payment {told.payment_id} was said to have charged nothing, and is {charges[told.payment_id]}"
    yield from seen.observed.shown.wrongs


def pages_end_level(seen: Seen) -> Iterator[str]:
    """In the end each payment's page says what became of it, as the processor's own books have it."""
    people = seen.people
    for payment_id, address in sorted(seen.observed.shown.pages):
        browser = Browser(hub=people.hub, history=people.history, sleep=people.sleep, troubled=people.troubled, now=people.now)
        browser.open(address)
        said, charge = stand_of(browser.page.heading), seen.world.card.charges.get(payment_id)
        taken = charge is not None and (charge.captured or charge.state in TAKEN)
        if browser.status not in (200, 404) or (said == "nothing charged" and taken):
            yield f"payment {payment_id} is shown as {browser.status} {said}, at the processor it is {charge}"


def _sum(order: Order) -> int:
    """What it came to when it was placed."""
    return sum(line.quantity * line.unit_price for line in order.lines) + order.shipping.price
