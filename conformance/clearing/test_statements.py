"""Statements: every line, once, with its sign, or a refusal that says what is wrong."""

from dataclasses import replace
from datetime import date

import pytest

from conformance.clearing.clearing_under_trial import DAY, ClearingUnderTrial, new_key
from conformance.under_trial import kind_of
from monsoon_plugin.clearing import StatementLine
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Money


@pytest.fixture
def movements(reader: ClearingUnderTrial) -> list[StatementLine]:
    """Out, in, and a reversal's credit; names with accents; a creditor reference."""
    key, money = new_key(), reader.trial.currency
    return [
        StatementLine(
            id="", booked_on=DAY, amount=Money(-1250, money), reference=f"{key}-0000", counterparty="Müller & Söhne GmbH", text="Payout 1"
        ),
        StatementLine(
            id="", booked_on=DAY, amount=Money(99_999, money), reference="RF18539007547034", counterparty="Zoë Łęcka", text="Order 17"
        ),
        StatementLine(
            id="", booked_on=date(2026, 11, 21), amount=Money(1, money), reference=f"{key}-0001", counterparty="Ernst", text="Returned"
        ),
    ]


def parsed(reader: ClearingUnderTrial, movements: list[StatementLine]) -> list[StatementLine]:
    assert reader.trial.statement is not None
    return reader.lines(*reader.trial.statement(movements))


def test_days_amounts_and_signs_are_the_banks(reader: ClearingUnderTrial, movements: list[StatementLine]) -> None:
    assert [(line.booked_on, line.amount) for line in parsed(reader, movements)] == [(m.booked_on, m.amount) for m in movements]


def test_references_names_and_texts_are_kept(reader: ClearingUnderTrial, movements: list[StatementLine]) -> None:
    found = parsed(reader, movements)
    assert [(line.reference, line.counterparty, line.text) for line in found] == [(m.reference, m.counterparty, m.text) for m in movements]


def test_the_same_statement_has_the_same_ids(reader: ClearingUnderTrial, movements: list[StatementLine]) -> None:
    assert [line.id for line in parsed(reader, movements)] == [line.id for line in parsed(reader, movements)]


def test_a_line_keeps_its_id_in_a_longer_statement(reader: ClearingUnderTrial, movements: list[StatementLine]) -> None:
    assert parsed(reader, movements)[:2] == parsed(reader, movements[:2])


def test_equal_lines_have_ids_of_their_own(reader: ClearingUnderTrial, movements: list[StatementLine]) -> None:
    found = parsed(reader, [movements[0]] * 3)
    assert len({line.id for line in found}) == 3


def test_a_line_that_differs_in_its_amount_has_another_id(reader: ClearingUnderTrial, movements: list[StatementLine]) -> None:
    other = replace(movements[0], amount=movements[0].amount - Money(1, movements[0].amount.currency))
    assert parsed(reader, [movements[0]])[0].id != parsed(reader, [other])[0].id


def test_an_empty_statement_is_a_refusal_or_has_no_lines(reader: ClearingUnderTrial) -> None:
    try:
        assert parsed(reader, []) == []
    except PluginError as error:
        assert error.kind is ErrorKind.INVALID  # noqa: PT017 (either is right)


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"<html>login</html>", b"\xff\xfe\x00"], ids=["empty", "bytes", "html", "cut"])
def test_what_is_no_statement_is_refused(reader: ClearingUnderTrial, content: bytes) -> None:
    assert reader.trial.statement is not None
    media_type = reader.trial.statement([])[1]
    assert kind_of(reader.lines, content, media_type) is ErrorKind.INVALID


def test_a_statement_that_is_cut_off_is_refused_or_shorter(reader: ClearingUnderTrial, movements: list[StatementLine]) -> None:
    assert reader.trial.statement is not None
    content, media_type = reader.trial.statement(movements)
    try:
        found = reader.lines(content[: len(content) // 2], media_type)
    except PluginError as error:
        assert error.kind is ErrorKind.INVALID  # noqa: PT017 (either is right)
    else:
        assert len(found) < len(movements)


def test_a_statement_that_is_too_large_is_refused(reader: ClearingUnderTrial, movements: list[StatementLine]) -> None:
    assert reader.trial.statement is not None
    content, media_type = reader.trial.statement(movements)
    assert kind_of(reader.lines, content + b" " * (6 * 1024 * 1024), media_type) is ErrorKind.INVALID


def test_its_media_type_is_one_that_it_names(reader: ClearingUnderTrial, movements: list[StatementLine]) -> None:
    assert reader.trial.statement is not None
    assert reader.trial.statement(movements)[1] in reader.capability.statements
