"""Which of a merchant's providers is asked, and when the next one is; each payment at most at one of them."""

from collections.abc import Callable
from dataclasses import replace
from typing import cast

import pytest

from functions.payments.lifecycle.payment import Payment
from functions.payments.operation_runner import CircuitOpen
from functions.payments.payment_service import PaymentService
from functions.payments.payment_store import PaymentStore
from functions.payments.provider_routing import MOST_TRIED, NoProvider
from monsoon_plugin.errors import ErrorKind
from monsoon_plugin.payment import State
from shared.errors import Conflict, Invalid
from shared.providers.breaker import FAILURES
from shared.providers.installation import Conditions, Range
from shared.providers.registry import NotOffered
from tests.unit.payments.kit import BANK, Shop
from tests.unit.payments.remote import Remote, Remotes, failing
from tests.unit.payments.test_payment_service import CASH


@pytest.fixture
def first() -> Remote:
    return Remote()


@pytest.fixture
def second() -> Remote:
    return Remote()


@pytest.fixture
def shop(make_table: Callable[[str], str], first: Remote, second: Remote) -> Shop:
    shop = Shop(make_table("payments"), registry=Remotes(first=first, second=second))
    shop.install("first", {}, rank=1)
    shop.install("second", {}, rank=2)
    return shop


@pytest.mark.parametrize("kind", [ErrorKind.UNAVAILABLE, ErrorKind.RATE_LIMITED, ErrorKind.CONFIG])
def test_where_a_provider_certainly_did_nothing_the_next_is_asked_in_the_same_request(
    shop: Shop, first: Remote, second: Remote, kind: ErrorKind
) -> None:
    first.before = failing("start", kind)
    paid = shop.pay()
    assert (paid.plugin, paid.attempt, paid.state) == ("second", 2, State.AUTHORIZED)
    assert [(p.plugin, p.state) for p in shop.payments.of_order(shop.tenant, "ord_1")] == [
        ("first", State.FAILED), ("second", State.AUTHORIZED),
    ]  # fmt: skip
    assert (first.done, second.done) == ([], ["start"])


def test_the_same_key_answers_the_payment_that_was_passed_on_and_asks_nobody(shop: Shop, first: Remote, second: Remote) -> None:
    first.before = failing("start", ErrorKind.UNAVAILABLE)
    assert shop.pay() == shop.pay()
    assert (first.done, second.done) == ([], ["start"])


@pytest.mark.parametrize("kind", [ErrorKind.OUTCOME_UNKNOWN, ErrorKind.PROTOCOL, ErrorKind.DECLINED, ErrorKind.INVALID])
def test_after_a_lost_answer_or_a_refusal_no_other_provider_is_asked(
    shop: Shop, first: Remote, second: Remote, kind: ErrorKind
) -> None:  # fmt: skip
    first.after = failing("start", kind)
    paid = shop.pay()
    assert (paid.plugin, first.done, second.done) == ("first", ["start"], [])


def test_a_provider_that_was_named_is_the_only_one_asked(shop: Shop, first: Remote, second: Remote) -> None:
    first.before = failing("start", ErrorKind.UNAVAILABLE)
    named = shop.installations.preferred(shop.tenant)[0].id
    assert (shop.pay(installation_id=named).state, second.done) == (State.FAILED, [])


def test_a_provider_that_keeps_failing_is_left_alone_without_a_payment_of_its_own(
    shop: Shop, first: Remote, second: Remote
) -> None:  # fmt: skip
    first.before = failing("start", ErrorKind.UNAVAILABLE)
    for n in range(FAILURES):
        shop.pay(f"ord_{n}", key=str(n))
    paid = shop.pay("ord_9", key="9")
    assert (paid.plugin, paid.attempt) == ("second", 1)
    named = shop.installations.preferred(shop.tenant)[0].id
    with pytest.raises(CircuitOpen):
        shop.pay("ord_10", key="10", installation_id=named)


def test_one_start_tries_a_few_providers_only(make_table: Callable[[str], str]) -> None:
    names = ["a", "b", "c", "d", "e"]
    remotes = {name: Remote() for name in names}
    shop = Shop(make_table("payments"), registry=Remotes(**remotes))
    for rank, name in enumerate(names):
        shop.install(name, {}, rank)
        remotes[name].before = failing("start", ErrorKind.UNAVAILABLE)
    assert shop.pay().attempt == MOST_TRIED
    assert not remotes["d"].done


def test_conditions_choose_by_currency_country_and_amount_before_rank(make_table: Callable[[str], str]) -> None:
    shop = Shop(make_table("payments"))
    small = Conditions(amounts=[Range(currency="EUR", most=1000)])
    abroad = Conditions(countries=["CN", "HK"])
    shop.install("bank_transfer", BANK, rank=3)
    shop.install("bank_transfer", BANK, rank=1, conditions=small)
    shop.install("cash_on_delivery", CASH, rank=2, conditions=abroad)
    ranks = {i.id: i.rank for i in shop.installations.store.of(shop.tenant)}

    def rank_for(order_id: str, amount: int, country: str) -> int:
        return ranks[shop.pay(order_id, amount, key=order_id, country=country).installation_id]

    assert rank_for("ord_1", 1000, "DE") == 1
    assert rank_for("ord_2", 1001, "DE") == 3
    assert rank_for("ord_3", 1001, "CN") == 2


def test_where_a_provider_is_live_those_in_test_mode_take_no_payments(make_table: Callable[[str], str]) -> None:
    shop = Shop(make_table("payments"), registry=Remotes(trial=Remote(), real=Remote()))
    shop.install("trial", {}, rank=1)
    assert shop.pay("ord_1").plugin == "trial"
    shop.install("real", {}, rank=2, mode="live")
    assert shop.pay("ord_2", key="k2").plugin == "real"


def test_a_way_to_pay_that_no_provider_has_is_refused(shop: Shop) -> None:
    with pytest.raises(NoProvider):
        shop.pay(method="barter")


def test_a_provider_that_the_hub_does_not_offer_any_more_is_passed_over(shop: Shop, second: Remote) -> None:
    named = shop.installations.preferred(shop.tenant)[0].id
    cast("Remotes", shop.registry).remove("first")
    assert (shop.pay().plugin, second.done) == ("second", ["start"])
    with pytest.raises(NotOffered, match="first"):
        shop.pay("ord_2", key="k2", installation_id=named)


def test_data_that_was_meant_for_a_provider_that_is_not_offered_is_refused_by_the_next_with_both_their_names(shop: Shop) -> None:
    with pytest.raises(Invalid, match=r"^second does not take this data$"):
        shop.pay(data={"card": "4242"})
    cast("Remotes", shop.registry).remove("first")
    with pytest.raises(Invalid, match=r"second does not take this data; passed over, .* offer it at present: first$") as caught:
        shop.pay(data={"card": "4242"})
    assert [error.pointer for error in caught.value.errors] == ["/data/card"]


def test_who_finds_no_provider_reads_which_one_is_not_offered(shop: Shop) -> None:
    for name in ("first", "second"):
        cast("Remotes", shop.registry).remove(name)
    with pytest.raises(NoProvider, match=r"passed over, .*: first, second$"):
        shop.pay()


def test_a_refund_at_a_provider_that_is_not_offered_waits_until_it_is_again(shop: Shop, first: Remote) -> None:
    paid = shop.payments.capture(shop.pay())
    registry = cast("Remotes", shop.registry)
    gone = registry.remove("first")
    waiting = shop.payments.refund(paid, "ref_1", 100)
    assert [o.id for o in waiting.resendable] == ["ref_1"]
    with pytest.raises(NotOffered, match="first"):
        shop.payments.capability(paid)
    shop.swept()
    assert "refund" not in first.done
    registry.add("first", gone)
    for _ in range(3):
        shop.swept()
    assert (first.done.count("refund"), shop.reread(paid).refunded) == (1, 100)


class Unaware(PaymentStore):
    """What another process saw before the first payment was written."""

    def of_order(self, tenant: str, order_id: str, *, may_lag: bool = False) -> list[Payment]:
        return []


def test_two_payments_of_an_order_that_begin_at_the_same_moment_stay_apart(make_table: Callable[[str], str]) -> None:
    shop = Shop(make_table("payments"))
    cash = shop.install("cash_on_delivery", CASH)
    shop.install("bank_transfer", BANK, rank=1)
    waiting = shop.pay()
    shop.payments = PaymentService(replace(shop.runner, store=Unaware(shop.table)))
    with pytest.raises(Conflict):
        shop.pay(key="k2", installation_id=cash.id)
    assert shop.store.reread(waiting) == waiting


def test_cash_is_not_collected_where_no_parcel_comes(make_table: Callable[[str], str]) -> None:
    shop = Shop(make_table("payments"))
    cash = shop.install("cash_on_delivery", CASH, rank=1).id
    shop.install("bank_transfer", BANK, rank=2)
    assert shop.pay(requires_shipping=False).plugin == "bank_transfer"
    assert shop.pay(order_id="ord_2", key="k2").plugin == "cash_on_delivery"
    with pytest.raises(NoProvider, match="virtual goods alone"):
        shop.pay(order_id="ord_3", key="k3", requires_shipping=False, installation_id=cash)
