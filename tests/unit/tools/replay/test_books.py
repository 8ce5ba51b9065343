"""What a replay gives back, adds up and prints."""

import io
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hubclient.hub import Reply
from tools.replay.books import Stock, days_of, money_of, stock_of
from tools.replay.calls import reason_of
from tools.replay.progress import Progress
from tools.replay.report import Report
from tools.replay.retailer.returns import NOBODY, NOT_SOLD, returns_of
from tools.replay.retailer.sales_file import Invoice, Part, parts
from tools.replay.shops import shop_of


def invoice(number: str, customer: str = "c1", country: str = "GB", **units: int) -> Invoice:
    return Invoice(number, customer, country, units)


def placed(*invoices: Invoice) -> dict[str, list[Part]]:
    return {one.number: parts(one) for one in invoices if not one.is_cancellation}


def test_a_cancellation_gives_back_the_latest_earlier_orders_of_its_customer():
    told = [invoice("1", mug=5), invoice("2", mug=2), invoice("3", "c2", mug=9), invoice("C4", mug=4), invoice("5", mug=7)]
    found, lost = returns_of(told, placed(*told))
    assert [(one.key, one.units) for one in found] == [("retail-2-1-C4", {"mug": 2}), ("retail-1-1-C4", {"mug": 2})]
    assert not lost


def test_lines_that_find_no_order_are_counted_by_reason():
    told = [invoice("C0", mug=1), invoice("1", mug=1), invoice("C2", mug=2, cup=1), invoice("C3", "", mug=1)]
    found, lost = returns_of(told, placed(*told))
    assert [one.units for one in found] == [{"mug": 1}]
    assert lost == {NOT_SOLD: 3, NOBODY: 1}


lists = st.lists(
    st.tuples(st.booleans(), st.sampled_from(["", "c1", "c2"]), st.dictionaries(st.sampled_from("abc"), st.integers(1, 9), min_size=1))
)


@given(lists)
def test_never_more_is_given_back_than_was_bought_and_a_longer_replay_agrees_with_a_shorter(made: list[tuple[bool, str, dict[str, int]]]):
    told = [invoice(f"{'C' if back else ''}{n}", customer, **units) for n, (back, customer, units) in enumerate(made)]
    found, _ = returns_of(told, placed(*told))
    given_back = Counter[tuple[str, str]]()
    for one in found:
        given_back.update({(one.part.key, code): units for code, units in one.units.items()})
    assert all(
        units <= part.units[code]
        for ps in placed(*told).values()
        for part in ps
        for (k, code), units in given_back.items()
        if k == part.key
    )
    shorter, _ = returns_of(told[:-1], placed(*told))
    assert found[: len(shorter)] == shorter


def test_a_customer_goes_to_one_shop_guests_to_both_and_nobody_abroad_comes_to_the_counter():
    assert {shop_of(part) for n in range(50) for part in parts(invoice(str(n), a=1))} in ({"cards"}, {"counter"})
    assert {shop_of(part) for n in range(50) for part in parts(invoice(str(n), "", a=1))} == {"cards", "counter"}
    assert {shop_of(part) for n in range(50) for part in parts(invoice(str(n), "", "DE", a=1))} == {"cards"}


def order(state: str = "paid", units: int = 3, refunded: int = 0, refunds: tuple[tuple[str, int], ...] = ()) -> dict[str, Any]:
    return {
        "state": state,
        "placed_at": "2026-11-01T23:30:00.000Z",
        "lines": [{"offer_id": "o1", "quantity": units, "refunded": refunded}],
        "totals": {"total": {"amount": 100 * units, "currency": "GBP"}},
        "refunds": [{"state": s, "amount": {"amount": amount, "currency": "GBP"}} for s, amount in refunds],
    }


def test_stock_adds_up_over_sold_refunded_and_cancelled_units():
    orders = [order(), order(refunded=1), order("cancelled", refunded=2)]
    assert stock_of({"o1": 10, "o2": 4}, orders, {"o1": 5, "o2": 4}) == Stock(14, 9, 4, 9, 0)
    assert stock_of({"o1": 10}, orders, {"o1": 5}).difference == 0
    assert stock_of({"o1": 10}, orders, {"o1": 6}).difference == -1


def test_two_offers_whose_errors_cancel_out_are_still_wrong():
    found = stock_of({"o1": 10, "o2": 10}, [order()], {"o1": 8, "o2": 9})
    assert (found.difference, found.wrong) == (0, 2)


def test_only_money_that_moved_is_counted():
    orders = [order(), order("accepted"), order(refunds=(("paid", 50), ("requested", 70)))]
    assert money_of(orders) == {"GBP": (600, 50)}


def test_the_journal_is_read_from_the_first_orders_day_to_today():
    assert days_of([order()], datetime(2026, 11, 3, 1, tzinfo=UTC)) == [date(2026, 11, 1), date(2026, 11, 2), date(2026, 11, 3)]
    assert days_of([], datetime(2026, 11, 3, tzinfo=UTC)) == [date(2026, 11, 3)]


def test_a_refusal_is_named_by_its_code_and_fields_without_line_numbers():
    errors = [{"pointer": "/lines/3/quantity", "detail": "too many"}, {"pointer": "/lines/12/quantity", "detail": "too many"}]
    assert reason_of(Reply(422, {"type": "urn:monsoon:problem:invalid", "errors": errors}, {})) == "invalid (lines/quantity)"
    assert reason_of(Reply(409, {"type": "urn:monsoon:problem:not-sellable"}, {})) == "not-sellable"
    assert reason_of(Reply(502, "<html>", {})) == "status 502"


def report(**changes: Any) -> Report:
    feed = {"read": 3, "unchanged": 1, "failed": {"formula": 1}}
    made = Report(
        rows=5, dirt=Counter(unreadable=2), feed=feed, products=Counter({"approved": 1, "refused: link": 1}), invoices=3, cancellations=1
    )  # fmt: skip
    for name, value in ({"trial": {"GBP": (120, 120)}, "stock": Stock(10, 3, 1, 8, 0)} | changes).items():
        setattr(made, name, value)
    return made


def test_the_table_tells_every_reason_and_both_zeros():
    table = report(refused=Counter({"out-of-stock": 2}), money={"GBP": (120, 20)}).table().splitlines()
    rows = {line[:80].strip(): line[80:].strip() for line in table}
    assert (rows["rows read"], rows["unreadable"], rows["refused: link"], rows["not taken: formula"]) == ("5", "2", "1", "1")
    assert (rows["out-of-stock"], rows["money in, GBP"], rows["money out, GBP"]) == ("2", "1.20", "0.20")
    assert (rows["Σ debits − Σ credits, GBP"], rows["stock at start − sold + returned − stock now"]) == ("0.00", "0")


def test_it_adds_up_only_if_journal_and_stock_do_and_no_message_died():
    assert report().adds_up
    assert not report(trial={"GBP": (120, 121)}).adds_up
    assert not report(stock=Stock(10, 3, 1, 7, 1)).adds_up
    assert not report(stock=Stock(10, 3, 1, 8, 2)).adds_up
    assert not report(dead={"orders": 1}).adds_up


def test_progress_is_plain_lines_now_and_then_and_one_at_the_end():
    out, seconds = io.StringIO(), iter(range(100))
    with Progress("orders", 8, out, lambda: float(next(seconds))) as progress:
        for _ in range(8):
            progress.step()
    lines = out.getvalue().splitlines()
    assert 1 < len(lines) < 8
    assert lines[-1].startswith("orders: 8 of 8")
