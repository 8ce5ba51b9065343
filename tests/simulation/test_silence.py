"""A provider that keeps to itself what it did; a plug-in that is not offered for a while."""

from collections.abc import Mapping
from random import Random

import pytest

from monsoon_plugin.courier import Parcel
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Money
from monsoon_plugin.outbound.call import Failure, Request
from monsoon_plugin.payment import Amend, StartPayment, State
from shared.providers.registry import NotOffered
from simulation.faults import ProviderFault
from simulation.providers.card_books import CardBooks
from simulation.providers.endpoints import Endpoints
from simulation.providers.outside import Outside
from simulation.providers.post import PostBooks, Sold
from simulation.providers.registry import SimulatedRegistry, offered
from simulation.providers.silence import Loss, Silence

REFUND = Amend(payment_id="pay_1", provider_ref="ch_1", op_key="ref_1", amount=Money(300, "GBP"), paid=Money(1000, "GBP"))


class Steady(Random):
    """Nobody's card is closed, and no label is declined."""

    def random(self) -> float:
        return 0.5


def charged(*, silent: bool) -> CardBooks:
    books = CardBooks(Steady(0))
    books.silence.rate = 0.1 if silent else 0.0
    books.charge(StartPayment(payment_id="pay_1", order_id="ord_1", tenant="acc#sf", op_key="k", amount=Money(1000, "GBP")), State.CAPTURED)
    return books


def test_a_provider_that_tells_draws_nothing():
    random = Random(7)
    silence = Silence(random)
    assert (silence.tells, silence.loses(), random.random()) == (True, "", Random(7).random())


@pytest.mark.parametrize(("lost", "done"), [("request", 0), ("answer", 1)])
def test_what_is_lost_is_done_or_not_and_nobody_knows(lost: Loss, done: int):
    made: list[str] = []
    with pytest.raises(PluginError) as unknown:
        Outside().call("refund", lambda: made.append("refund"), loses=lambda: lost)
    assert (unknown.value.kind, len(made)) == (ErrorKind.OUTCOME_UNKNOWN, done)


@pytest.mark.parametrize(("silent", "refunded"), [(False, 300), (True, 600)])
def test_a_refund_that_is_sent_again_is_another_where_nobody_tells_of_the_first(silent: bool, refunded: int):
    books = charged(silent=silent)
    for _ in range(2):
        books.refund(books.sent(REFUND))
    assert books.charges["pay_1"].refunded == refunded


def test_a_silent_processor_tells_of_refunds_by_hand_alone():
    books = charged(silent=True)
    books.refund(REFUND)
    books.refund_by_hand("pay_1", 100)
    view = books.charges["pay_1"].view(tells=False)
    assert ([refund.amount.amount for refund in view.refunds], view.refunded) == ([100], 100)
    assert books.send_back("pay_1") is None
    assert books.reverse("pay_1") is None


def test_a_label_that_is_kept_is_void_once_somebody_settles_it():
    books = PostBooks(Steady(0))
    books.keeping = 0.9
    sold = books.sold["shp_1"] = Sold("shp_1", "ord_1", "SIM1", Parcel(supplier_id="acc_s1", weight=1, volume=1, contents=()))
    for _ in range(2):
        with pytest.raises(PluginError, match="not taken back"):
            books.void("shp_1")
    assert not sold.void
    assert not books.settle("shp_2")
    assert books.settle("shp_1")
    assert sold.void


def test_a_plug_in_that_is_taken_away_is_not_offered_to_any_process():
    known = offered("courier", ["sim_post"])
    one, other = (SimulatedRegistry(known, {"sim_post": "the courier"}) for _ in range(2))
    assert one.get("sim_post") == "the courier"
    del known["sim_post"]
    for registry in (one, other):
        assert "sim_post" not in registry.ids
        with pytest.raises(NotOffered):
            registry.get("sim_post")


@pytest.mark.parametrize(
    ("fault", "taken", "told"),
    [
        (None, 1, (204, None)), ("refused", 0, (None, Failure.CONNECT)), ("lost", 1, (None, Failure.TIMEOUT)),
        ("repeated", 2, (204, None)),
    ],
)  # fmt: skip
def test_a_post_meets_what_every_call_does(fault: ProviderFault | None, taken: int, told: tuple[int | None, Failure | None]):
    endpoints, heard = Endpoints(), list[str]()

    def take(headers: Mapping[str, str], body: bytes) -> int:
        heard.append(headers["webhook-id"])
        return 204

    endpoints.meet, endpoints.of["https://shop.example.com"] = (lambda call: fault), take
    (outcome,) = endpoints.post_all([Request("https://shop.example.com", {"webhook-id": "msg_1"}, b"{}")])
    assert (len(heard), (outcome.status, outcome.error)) == (taken, told)
