"""shared/api/tickets.py: one service's word to another, that the client can carry but not change."""

from datetime import timedelta

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from shared.api.tickets import TicketRefused, Tickets, at_cursor, cursor_of
from shared.errors import Malformed
from tests.fakes import NOON, TICKETS

HOUR = timedelta(hours=1)


class Quote(BaseModel):
    price: int
    note: str | None = None


class Other(BaseModel):
    weight: int = 1


def test_a_ticket_says_what_it_was_issued_for_until_it_expires():
    ticket = TICKETS.issue("quote", Quote(price=5), NOON, HOUR)
    assert TICKETS.read("quote", ticket, Quote, NOON + HOUR) == Quote(price=5)
    with pytest.raises(TicketRefused, match="expired"):
        TICKETS.read("quote", ticket, Quote, NOON + HOUR + timedelta(seconds=1))


def forged() -> dict[str, str]:
    """Tickets that are not ours for this use, by what is wrong with them."""
    ours = TICKETS.issue("quote", Quote(price=5), NOON, HOUR)
    head, claims, signature = ours.split(".")
    soon = int((NOON + HOUR).timestamp())
    return {
        "of another kind": TICKETS.issue("order", Quote(price=5), NOON, HOUR),
        "signed by somebody else": Tickets(lambda: "another secret, of 32 bytes or more").issue("quote", Quote(price=1), NOON, HOUR),
        "not signed": jwt.encode({"aud": "quote", "exp": soon, "con": {"price": 1}}, None, algorithm="none"),
        "with the head of one that is not signed": f"eyJhbGciOiJub25lIn0.{claims}.",
        "with its signature cut off": f"{head}.{claims}.",
        "with its claims changed": f"{head}.{claims[:-4]}AAAA.{signature}",
        "of another content": TICKETS.issue("quote", Other(), NOON, HOUR),
        "no ticket at all": "x",
        "empty": "",
    }


@pytest.mark.parametrize("what", forged())
def test_a_ticket_is_refused_that_is(what: str):
    with pytest.raises(TicketRefused) as refusal:
        TICKETS.read("quote", forged()[what], Quote, NOON, "/shipping/ticket")
    assert [error.pointer for error in refusal.value.errors] == ["/shipping/ticket"]


def test_a_ticket_of_ours_that_lacks_its_expiry_is_refused():
    secret = "a secret of the tests, 32 bytes or more"
    with pytest.raises(TicketRefused):
        Tickets(lambda: secret).read("quote", jwt.encode({"aud": "quote", "con": {"price": 1}}, secret), Quote, NOON)


@given(st.text(max_size=200))
def test_no_text_at_all_crashes_the_reader(text: str):
    with pytest.raises(TicketRefused):
        TICKETS.read("quote", text, Quote, NOON)


@given(st.dictionaries(st.text(max_size=10), st.text(max_size=20) | st.integers(-(10**12), 10**12), max_size=4))
def test_a_cursor_goes_on_where_the_page_ended(at: dict[str, str | int]):
    cursor = cursor_of(TICKETS, "acc_1 orders", at, NOON)
    assert at_cursor(TICKETS, "acc_1 orders", cursor, NOON) == at


def test_without_a_cursor_a_list_starts_at_its_start():
    assert at_cursor(TICKETS, "acc_1 orders", None, NOON) is None


@pytest.mark.parametrize(
    ("scope", "later"), [("acc_2 orders", timedelta()), ("acc_1 refunds", timedelta()), ("acc_1 orders", timedelta(days=2))]
)
def test_another_readers_another_lists_and_a_stale_cursor_are_malformed(scope: str, later: timedelta):
    cursor = cursor_of(TICKETS, "acc_1 orders", {"sk": "x"}, NOON)
    with pytest.raises(Malformed) as refusal:
        at_cursor(TICKETS, scope, cursor, NOON + later)
    assert [error.pointer for error in refusal.value.errors] == ["query/cursor"]


def test_a_ticket_is_no_cursor():
    with pytest.raises(Malformed):
        at_cursor(TICKETS, "acc_1", TICKETS.issue("quote", Quote(price=5), NOON, HOUR), NOON)
