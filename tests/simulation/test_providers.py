"""The simulated providers keep honest books: each request counts once, however late it comes, and what they keep adds up."""

from collections.abc import Callable
from random import Random

import pytest

from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Money
from monsoon_plugin.payment import Amend, StartPayment, State
from simulation.providers.card_books import CardBooks, Charge
from simulation.providers.outside import Outside

PRICE = Money(1000, "GBP")


class Steady(Random):
    """Nobody's card is closed."""

    def random(self) -> float:
        return 0.9


def amend(key: str, amount: int) -> Amend:
    return Amend(payment_id="pay_1", provider_ref="ch_1", op_key=key, amount=Money(amount, "GBP"), paid=PRICE)


def charged() -> tuple[CardBooks, Charge]:
    books = CardBooks(Steady(0))
    request = StartPayment(payment_id="pay_1", order_id="ord_1", tenant="acc#sf", op_key="k", amount=PRICE)
    return books, books.charge(request, State.CAPTURED)


def test_a_request_that_comes_late_is_done_once_for_its_key():
    books, charge = charged()
    later: list[Callable[[], None]] = []
    outside = Outside()
    outside.meet, outside.later = lambda call: "slow", lambda what, act: later.append(act)
    with pytest.raises(PluginError) as lost:
        outside.call("refund", lambda: books.refund(amend("ref_1", 300)), slow=True)
    assert (lost.value.kind, charge.refunded) == (ErrorKind.OUTCOME_UNKNOWN, 0)
    books.refund(amend("ref_1", 300))
    later[0]()
    assert charge.refunded == 300


def test_a_dispute_takes_while_it_is_open_or_lost_and_an_inquiry_takes_nothing():
    books, charge = charged()
    kept = [charge.kept]
    books.object("pay_1", 400, warning=True)
    for won in (False, True, True, False):  # opened, won, opened again, lost
        kept.append(charge.kept)
        books.decide("pay_1", won=won)
    (dispute,) = charge.disputes.values()
    assert ([*kept, charge.kept], dispute.state, dispute.round) == ([1000, 1000, 600, 1000, 600, 600], "lost", 1)
    with pytest.raises(PluginError, match="more than is left"):
        books.refund(amend("ref_1", 700))


def test_a_refund_that_comes_back_is_the_merchants_again_and_a_capture_is_reversed_whole():
    books, charge = charged()
    books.refund(amend("ref_1", 1000))
    assert books.reverse("pay_1") is None
    books.send_back("pay_1")
    assert (charge.kept, charge.view().refunds[0].state) == (1000, "failed")
    books.reverse("pay_1")
    assert (charge.captured, charge.state) == (0, State.FAILED)
