"""Statements: each line counts once, and says of our payouts only what it shows."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from functions.settlement.bank.bank_line_items import BankLineItem
from functions.settlement.bank.bank_line_store import BankLineStore
from functions.settlement.bank.bank_statement_import import BankStatementImport
from functions.settlement.bank.bank_statement_service import MISSING_AFTER, BankStatementService
from monsoon_plugin.clearing import StatementLine
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.iban import creditor_reference
from monsoon_plugin.money import Money
from shared.api.paging import Paging
from shared.errors import Invalid
from tests.fakes import TICKETS
from tests.unit.settlement.events import SUPPLIER
from tests.unit.settlement.payout_fakes import INSTALLATION, TENANT, Payday, owe


class Paid(Payday):
    """A storefront that has sent a batch of three payouts to its bank by file."""

    def __init__(self, table: str) -> None:
        super().__init__(table, by_file=True)
        for number, payee in enumerate((SUPPLIER, "acc_second", "acc_third"), 1):
            self.account(payee)
            owe(number * 1000, payee=payee)
        self.sweep(days=1)
        self.sweep(seconds=1)
        self.lines = BankLineStore(table, self.clock)
        self.service = BankStatementService(self.context, self.lines, Paging(TICKETS, self.clock))
        self.installation = self.context.plugins.get(TENANT, INSTALLATION)
        self.ids = {payout.payee.account_id: payout.id for payout in self.bank.paid.values()}

    def takes(self, *lines: StatementLine) -> dict[str, int]:
        self.bank.lines = [replace(line, id=line.id or f"l{number}") for number, line in enumerate(lines)]
        summary = BankStatementImport(self.context, self.lines).run(self.installation, b"", "text/csv")
        return {"known": summary.known, **summary.outcomes}

    def states(self) -> dict[str, str]:
        return {record.payee: record.state for record in self.store.payouts_in(self.batches()[0]).values()}


def booked(reference: str, amount: int, known: str = "", text: str = "") -> StatementLine:
    return StatementLine(id=known, booked_on=date(2026, 11, 3), amount=Money(amount, "EUR"), reference=reference, text=text)


@pytest.fixture
def paid(make_table: Any) -> Paid:
    return Paid(make_table("settlement"))


def test_a_statement_with_one_missing_one_extra_and_one_differing_line(paid):
    found = paid.takes(booked(paid.ids[SUPPLIER], -1000), booked(paid.ids["acc_second"], -1999), booked("RENT", -5000))
    assert found == {"known": 0, "matched": 1, "differing": 1, "unmatched": 1}
    assert paid.states() == {SUPPLIER: "paid", "acc_second": "submitted", "acc_third": "submitted"}
    paid.clock.tick(days=MISSING_AFTER.days)
    assert {record.payee for record in paid.service.missing_payouts(TENANT, INSTALLATION)} == {"acc_second", "acc_third"}


def test_a_statement_that_is_sent_again_changes_nothing(paid):
    line = booked(paid.ids[SUPPLIER], -1000)
    paid.takes(line)
    assert paid.takes(line) == {"known": 1}
    assert paid.booked(SUPPLIER) == 1000


def test_a_crash_between_the_ledger_and_the_line_is_mended_by_the_next_upload(paid):
    class Killed(BaseException):
        pass

    class Lines(BankLineStore):
        def add(self, line: Any) -> bool:
            raise Killed

    paid.bank.lines = [booked(paid.ids[SUPPLIER], -1000, "l0")]
    with pytest.raises(Killed):
        BankStatementImport(paid.context, Lines(BankLineItem.Meta.table_name, paid.clock)).run(paid.installation, b"", "text/csv")
    assert paid.takes(booked(paid.ids[SUPPLIER], -1000)) == {"known": 0, "matched": 1}
    assert paid.booked(SUPPLIER) == 1000


def test_a_crash_after_the_last_line_leaves_no_batch_open_after_the_next_upload(paid):
    lines = [booked(paid.ids[payee], -amount, payee) for payee, amount in ((SUPPLIER, 1000), ("acc_second", 2000), ("acc_third", 3000))]

    class Killed(BaseException):
        pass

    class Lines(BankLineStore):
        def add(self, line: Any) -> bool:
            super().add(line)
            if line.line.id == "acc_third":
                raise Killed
            return True

    paid.bank.lines = lines
    with pytest.raises(Killed):
        BankStatementImport(paid.context, Lines(BankLineItem.Meta.table_name, paid.clock)).run(paid.installation, b"", "text/csv")
    assert paid.batches()[0].state == "submitted"
    assert paid.takes(*lines) == {"known": 3}
    assert paid.batches()[0].state == "settled"


def test_a_crash_after_a_return_was_booked_leaves_its_account_blocked(paid):
    class Killed(BaseException):
        pass

    class Store:
        def __getattr__(self, name: str) -> Any:
            return getattr(paid.store, name)

        def keep_payout(self, record: Any, now: Any) -> bool:
            paid.store.keep_payout(record, now)
            raise Killed

    paid.bank.lines = [booked(paid.ids[SUPPLIER], 1000, "back")]
    with pytest.raises(Killed):
        BankStatementImport(replace(paid.context, store=Store()), paid.lines).run(paid.installation, b"", "text/csv")
    assert paid.takes(*paid.bank.lines) == {"known": 0, "matched": 1}
    assert (paid.due(), bool(paid.store.account(SUPPLIER).blocked)) == ({SUPPLIER: 1000}, True)


def test_a_payout_that_leaves_twice_differs_the_second_time(paid):
    line = booked(paid.ids[SUPPLIER], -1000)
    assert paid.takes(line, line) == {"known": 0, "matched": 1, "differing": 1}
    assert paid.booked(SUPPLIER) == 1000


def test_a_batch_that_the_bank_books_in_one_sum_is_paid_as_a_whole(paid):
    assert paid.takes(booked(paid.batches()[0].key, -6000)) == {"known": 0, "matched": 1}
    assert (set(paid.states().values()), paid.batches()[0].state) == ({"paid"}, "settled")


def test_a_batch_of_another_sum_is_not_paid(paid):
    assert paid.takes(booked(paid.batches()[0].key, -6001)) == {"known": 0, "differing": 1}
    assert set(paid.states().values()) == {"submitted"}


def test_a_late_return_is_owed_again_and_blocks_the_account(paid):
    paid.takes(booked(paid.ids[SUPPLIER], -1000))
    paid.clock.tick(days=30)
    assert paid.takes(booked("RETURN " + paid.ids[SUPPLIER], 1000, "r1", "AC04 closed account")) == {"known": 0, "matched": 1}
    assert (paid.booked(SUPPLIER), paid.due(), paid.states()[SUPPLIER]) == (0, {SUPPLIER: 1000}, "returned")
    assert paid.store.account(SUPPLIER).blocked == "AC04 closed account"


def test_a_return_that_is_told_before_its_payment_ends_alike(paid):
    found = paid.takes(booked(paid.ids[SUPPLIER], 1000, "back"), booked(paid.ids[SUPPLIER], -1000, "there"))
    assert found == {"known": 0, "matched": 2}
    assert (paid.booked(SUPPLIER), paid.due(), paid.states()[SUPPLIER]) == (0, {SUPPLIER: 1000}, "returned")


def test_another_storefronts_payout_is_not_touched(paid):
    other = paid.ids[SUPPLIER].replace(paid.ids[SUPPLIER].split("-")[2], "AAAAAAAAAA")
    assert paid.takes(booked(other, -1000)) == {"known": 0, "unmatched": 1}


def test_another_currency_differs(paid):
    line = replace(booked(paid.ids[SUPPLIER], -1000), amount=Money(-1000, "USD"))
    assert paid.takes(line) == {"known": 0, "differing": 1}


def test_a_creditor_reference_is_passed_on_once_with_its_amount(paid):
    reference = creditor_reference("0123456789AB")
    written = " ".join(reference[i : i + 4] for i in range(0, len(reference), 4))
    line = booked("NOTPROVIDED", 1250, text=f"Order {written} thanks")
    assert paid.takes(line) == {"known": 0, "passed_on": 1}
    item = next(iter(BankLineItem.query(f"{TENANT}#bank#{INSTALLATION}")))
    told = json.loads(item.event)
    assert (told["type"], told["data"]["reference"]) == ("monsoon.statement.line_booked.v1", reference)
    assert told["data"]["amount"] == {"amount": 1250, "currency": "EUR"}
    assert paid.takes(line) == {"known": 1}


@pytest.mark.parametrize("text", ["RF00 0123", "RF18000000000000000000000000001", "nothing", "RF" + "1" * 40])
def test_a_reference_whose_check_digits_disagree_is_not_passed_on(paid, text):
    assert paid.takes(booked(text, 1250)) == {"known": 0, "unmatched": 1}


def test_money_that_went_out_with_a_creditor_reference_is_not_passed_on(paid):
    assert paid.takes(booked(creditor_reference("ABC"), -1250)) == {"known": 0, "unmatched": 1}


def test_an_unreadable_statement_says_which_line_and_changes_nothing(paid):
    paid.bank.unreadable = PluginError(ErrorKind.INVALID, "line 7: no date")
    with pytest.raises(Invalid) as refused:
        paid.takes()
    assert refused.value.errors[0].detail == "line 7: no date"


def test_a_media_type_that_the_installation_does_not_read_is_refused(paid):
    with pytest.raises(Invalid, match="reads: text/csv"):
        BankStatementImport(paid.context, paid.lines).run(paid.installation, b"", "application/pdf")
