"""Units that are sold with a picture of the commons count for whoever gave it, once, whatever comes twice, late or back."""

import json
from itertools import permutations
from typing import Any

import pytest

from shared.aws.packing import unpacked
from shared.bus import envelope
from shared.messages import Message, PaymentDisputed, ProductSubmitted
from shared.order_messages import OrderPaymentLost, OrderRefundFailed
from tests.conftest import aws
from tests.dynamodb import watched_by
from tests.fakes import sqs
from tests.unit.orders.given import product
from tests.unit.pictures.commons.test_commons import Commons
from tests.unit.pictures.conftest import Pictures
from tests.unit.pictures.contents.test_arrivals import items
from tests.unit.pictures.samples import photo
from tests.unit.settlement.events import line, order_paid, order_refunded

SELLER = "acc_supplier"


class Thanks(Commons):
    """One who gives, one who sells with what was given, and orders."""

    def hear(self, *several: Message) -> None:
        for message in several:
            assert self.pictures.worker(sqs(envelope(message, self.pictures.clock())), None) == {"batchItemFailures": []}

    def submit(self, *picture_ids: str, version: int = 1, seller: str = SELLER, sku: str = "MUG-1") -> None:
        sold = product(pictures=list(picture_ids), sku=sku)
        self.hear(ProductSubmitted(version=version, product_id="prd_1", supplier_id=seller, product=sold, submitted_at="2026-12-01"))

    def chosen(self, content_id: str, sku: str = "MUG-1", key: str = "u1") -> str:
        return str(self.choose(content_id, SELLER, sku, key).body["picture_id"])

    def sold(self, by: str = "acc_1") -> list[int]:
        given = self.ask("GET", "/v1/commons/contributions", by).body["items"]
        return [each["sold"] for each in given]


def failed(refund_id: str = "ref_1", version: int = 5) -> OrderRefundFailed:
    told: dict[str, Any] = order_refunded([], refund_id=refund_id).model_dump()
    return OrderRefundFailed(**told | {"version": version, "reason": "the card is closed", "was_paid": True})


@pytest.fixture
def thanks(pictures: Pictures) -> Thanks:
    return Thanks(pictures)


def test_a_feeds_products_are_heard_by_one_look_a_call_where_their_supplier_took_nothing(thanks: Thanks) -> None:
    several = [
        ProductSubmitted(version=1, product_id=f"prd_{n}", supplier_id=SELLER, product=product(sku=f"MUG-{n}"), submitted_at="2026-12-01")
        for n in range(10)
    ]
    calls: list[bool] = []
    with watched_by(calls.append):
        thanks.pictures.worker(sqs(*(envelope(message, thanks.pictures.clock()) for message in several)), None)
    assert calls.count(True) == 1


def test_units_that_are_paid_for_count_once_however_often_they_are_told(thanks: Thanks) -> None:
    thanks.submit(thanks.chosen(thanks.given()))
    thanks.hear(order_paid(), order_paid(), order_paid(version=9), order_paid(order_id="ord_2", lines=[line(3)]))
    assert thanks.sold() == [5]


def test_what_is_paid_back_with_its_units_is_no_sale_and_a_refund_that_failed_is_none(thanks: Thanks) -> None:
    thanks.submit(thanks.chosen(thanks.given()))
    thanks.hear(order_paid(lines=[line(3)]), order_refunded([line(1)]), order_refunded([line(1)]))
    assert thanks.sold() == [2]
    thanks.hear(order_refunded([], refund_id="ref_2"))
    assert thanks.sold() == [2], "money without units is a gift"
    thanks.hear(failed())
    assert thanks.sold() == [3]


def test_the_count_is_the_same_in_whatever_order_the_news_come(thanks: Thanks) -> None:
    thanks.submit(thanks.chosen(thanks.given()))
    news = [order_paid(lines=[line(5)]), order_refunded([line(2)]), order_refunded([line(2)], refund_id="ref_2")]
    for n, order in enumerate(permutations(news)):
        thanks.hear(*(message.model_copy(update={"order_id": f"ord_{n}"}) for message in order))
        assert thanks.sold() == [n + 1]


def test_a_refund_that_failed_before_it_is_told_stays_failed(thanks: Thanks) -> None:
    thanks.submit(thanks.chosen(thanks.given()))
    thanks.hear(order_paid(), failed(), order_refunded([line(1)]))
    assert thanks.sold() == [2]


def test_paid_anew_without_what_was_paid_back_it_counts_what_it_did(thanks: Thanks) -> None:
    thanks.submit(thanks.chosen(thanks.given()))
    thanks.hear(order_paid(lines=[line(3)]), order_refunded([line(1)]), order_paid(lines=[line(2)], version=9, taken_off=["w_1"]))
    assert thanks.sold() == [2]


def test_test_money_counts_nothing_nor_what_shows_no_picture_of_others(thanks: Thanks) -> None:
    content_id = thanks.given()
    own = thanks.send(SELLER, photo(40, 30), key="mine")
    thanks.submit(own)
    thanks.hear(order_paid())
    thanks.submit(thanks.chosen(content_id), own, version=2)
    thanks.hear(order_paid(order_id="ord_2", test=True))
    assert (thanks.sold(), [each for each in items() if each["sk"]["S"] == "sale"]) == ([0], [])


def test_a_product_that_no_longer_shows_it_counts_no_more_in_whatever_order_its_versions_come(thanks: Thanks) -> None:
    taken = thanks.chosen(thanks.given())
    thanks.submit(version=2)
    thanks.submit(taken, version=1)
    thanks.hear(order_paid())
    assert thanks.sold() == [0]


def test_of_a_supplier_that_took_nothing_nothing_is_written_with_its_products(thanks: Thanks) -> None:
    own = thanks.send(SELLER, photo(40, 30), key="mine")
    before = items()
    thanks.submit(own)
    assert items() == before


def test_each_who_gave_one_of_its_pictures_is_thanked_by_whose_grant_it_was_taken(thanks: Thanks) -> None:
    first, second = thanks.given(), thanks.given(by="acc_5", body=photo(50, 30))
    thanks.submit(thanks.chosen(first), thanks.chosen(second, key="u2"))
    thanks.hear(order_paid())
    assert (thanks.sold(), thanks.sold("acc_5")) == ([2], [2])


def test_a_licence_that_is_withdrawn_or_said_anew_keeps_its_thanks_and_goes_on_to_earn_them(thanks: Thanks) -> None:
    picture_id = thanks.send()
    content_id = str(thanks.give(picture_id).body["content_id"])
    thanks.submit(thanks.chosen(content_id))
    thanks.hear(order_paid())
    assert thanks.give(picture_id, "own-use").body["sold"] == 2
    thanks.hear(order_paid(order_id="ord_2"))
    assert thanks.sold() == [4]


def test_what_is_hidden_earns_nothing(thanks: Thanks) -> None:
    content_id = thanks.given()
    thanks.submit(thanks.chosen(content_id))
    body = {"ground": "copyright", "name": "Ada Lens", "statement": "I took this photograph in 2024.", "good_faith": True}
    assert (
        thanks.ask("POST", "/v1/commons/pictures/{content_id}/notices", "acc_8", body=body, key="n1", content_id=content_id).status == 201
    )
    thanks.hear(order_paid())
    assert thanks.sold() == [0]


def test_an_order_counts_twenty_pictures_at_most(thanks: Thanks) -> None:
    taken = [thanks.chosen(thanks.given(body=photo(30 + n, 20), by=f"acc_{n + 10}"), key=f"u{n}") for n in range(21)]
    thanks.submit(*taken[:12])
    thanks.hear(ProductSubmitted(
        version=1, product_id="prd_2", supplier_id=SELLER, product=product(pictures=taken[12:], sku="MUG-2"), submitted_at="2026-12-01"
    ))  # fmt: skip
    thanks.hear(order_paid(lines=[line(1), line(1, offer="off_2").model_copy(update={"product_id": "prd_2"})]))
    assert sum(thanks.sold(f"acc_{n + 10}")[0] for n in range(21)) == 20


def disputed(state: str, version: int, ref: str = "dp_1", **more: Any) -> PaymentDisputed:
    told: dict[str, Any] = {
        "payment_id": "pay_1", "order_id": "ord_1", "storefront_id": "sf_1", "account_id": "acc_owner", "plugin": "stripe",
        "reason": "fraud",
        "amount": {"amount": 900, "currency": "EUR"}, "dispute_ref": ref, "state": state, "version": version,
    }  # fmt: skip
    return PaymentDisputed.model_validate(told | more)


def lost(amount: int, version: int) -> OrderPaymentLost:
    told = {name: value for name, value in order_paid().model_dump().items() if name in OrderPaymentLost.model_fields}
    return OrderPaymentLost.model_validate(told | {"why": "capture_reversed", "amount": amount, "version": version})


def amounts(thanks: Thanks, by: str = "acc_1") -> list[tuple[str, int]]:
    (given,) = thanks.ask("GET", "/v1/commons/contributions", by).body["items"]
    return [(each["currency"], each["amount"]) for each in given.get("sold_for") or ()]


def test_what_shoppers_paid_is_counted_by_currency_and_taken_off_with_what_is_paid_back(thanks: Thanks) -> None:
    thanks.submit(thanks.chosen(thanks.given()))
    assert amounts(thanks) == []
    thanks.hear(order_paid(lines=[line(3)]), order_paid(lines=[line(1, 5)], order_id="ord_2", currency="JPY"))
    assert amounts(thanks) == [("EUR", 3750), ("JPY", 5)]
    thanks.hear(order_refunded([line(1)]), order_refunded([line(1)]), order_refunded([], refund_id="ref_2"))
    assert amounts(thanks) == [("EUR", 2500), ("JPY", 5)]
    thanks.hear(order_refunded([line(2)], refund_id="ref_3", version=6))
    assert (amounts(thanks), thanks.sold()) == ([("JPY", 5)], [1])


def test_a_chargeback_takes_the_thanks_back_once_and_a_dispute_that_is_won_gives_them_back(thanks: Thanks) -> None:
    thanks.submit(thanks.chosen(thanks.given()))
    thanks.hear(order_paid(lines=[line(3)]), order_paid(order_id="ord_2"))
    for news, units in (
        (disputed("open", 7), 2), (disputed("open", 7), 2), (disputed("lost", 8), 2), (disputed("open", 7), 2),
        (disputed("open", 9, "dp_2"), 2), (disputed("won", 10), 2), (disputed("won", 11, "dp_2"), 5), (disputed("lost", 8), 5),
    ):  # fmt: skip
        thanks.hear(news)
        assert (thanks.sold(), amounts(thanks)) == ([units], [("EUR", units * 1250)])


def test_a_payment_that_is_taken_back_counts_nothing_until_the_money_is_there_anew(thanks: Thanks) -> None:
    thanks.submit(thanks.chosen(thanks.given()))
    thanks.hear(order_paid(), lost(2000, 7), lost(2000, 7))
    assert (thanks.sold(), amounts(thanks)) == ([0], [])
    thanks.hear(order_paid(version=8, paid_before=True, regained=2000), order_paid(version=8, paid_before=True, regained=2000))
    assert thanks.sold() == [2]


def test_in_whatever_order_news_of_the_money_come_the_count_is_the_same(thanks: Thanks) -> None:
    thanks.submit(thanks.chosen(thanks.given()))
    news: list[Message] = [
        order_paid(lines=[line(5)]), order_refunded([line(2)]), disputed("open", 5), disputed("won", 6), lost(100, 6),
        order_paid(version=9, paid_before=True, regained=100),
    ]  # fmt: skip
    several = list(permutations(news))[::29]
    for n, order in enumerate(several):
        thanks.hear(*(message.model_copy(update={"order_id": f"ord_{n}"}) for message in order))
        assert (thanks.sold(), amounts(thanks)) == ([3 * (n + 1)], [("EUR", 3750 * (n + 1))])


def test_a_dispute_of_an_order_without_such_a_picture_leaves_a_note_that_counts_nothing(thanks: Thanks) -> None:
    before = items()
    thanks.hear(order_paid(), order_refunded([line(1)]), failed())
    assert items() == before, "an order without such a picture writes nothing"
    thanks.hear(disputed("open", 5), disputed("open", 5), disputed("open", 5, order_id="ord_2", test=True))
    assert [(each["pk"]["S"], each["changes"]["N"]) for each in items() if each["sk"]["S"] == "sale"] == [("ord_1", "1")]


def test_a_licence_that_is_said_anew_keeps_what_was_paid(thanks: Thanks) -> None:
    picture_id = thanks.send()
    thanks.submit(thanks.chosen(str(thanks.give(picture_id).body["content_id"])))
    thanks.hear(order_paid())
    assert thanks.give(picture_id, "own-use").body["sold_for"] == [{"amount": 2500, "currency": "EUR"}]
    thanks.hear(order_refunded([line(1)]))
    assert amounts(thanks) == [("EUR", 1250)]


def test_an_order_that_the_release_before_counted_is_read_and_counts_no_money(thanks: Thanks) -> None:
    thanks.submit(thanks.chosen(thanks.given()))
    thanks.hear(order_paid(lines=[line(3)]))
    (sale,) = (each for each in items() if each["sk"]["S"] == "sale")
    told = json.loads(unpacked(sale["told"]))
    kept = {name: told[name] for name in ("paid_version", "paid", "credits", "refunded")}
    aws("dynamodb").put_item(TableName="pictures-test", Item=sale | {"told": {"S": json.dumps(kept)}})
    thanks.hear(order_refunded([line(1)]))
    assert (thanks.sold(), amounts(thanks)) == ([2], [("EUR", 3750)])
