"""Signed tickets: one service's word that the client carries to another (a shipping quote, an order to pay, a page's cursor).

A ticket is a JWT (RFC 7519, HS256) whose audience is its kind, so that none passes for another. It is signed, not secret.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

import jwt
from pydantic import BaseModel, ValidationError

from shared.errors import FieldError, Invalid, Malformed

T = TypeVar("T", bound=BaseModel)
Secret = Callable[[], str]
"""Answers the signing secret, at least 32 bytes; fetched when first needed."""
RENEW = "ask for a new one"
ON_TIME = timedelta()
SKEW = timedelta(minutes=1)
"""By which the clocks of two functions may differ."""


class TicketRefused(Invalid):
    code, title = "ticket-refused", "This ticket is forged, of another kind, or has expired: ask for a new one"


class Tickets:
    """Issues and reads tickets with one secret."""

    def __init__(self, secret: Secret) -> None:
        self._secret = secret

    def issue(self, kind: str, content: BaseModel, now: datetime, lifetime: timedelta) -> str:
        """A ticket of `kind` that says `content` until `now` + `lifetime`."""
        claims = {"aud": kind, "exp": int((now + lifetime).timestamp()), "con": content.model_dump(mode="json", exclude_none=True)}
        return jwt.encode(claims, self._secret(), algorithm="HS256")

    def read(
        self, kind: str, ticket: str, content: type[T], now: datetime, pointer: str = "/ticket", *, renew: str = RENEW,
        longest: timedelta | None = None, late: timedelta = ON_TIME,
    ) -> T:  # fmt: skip
        """What the ticket says. `renew`: what to do about one that has expired. `longest`: for how long any lives today; one that would
        live longer was issued when they lived longer, and is too old. `late`: so long after its end it is read still, for what it allows
        no more, but says.

        Raises TicketRefused, which names `pointer`, unless it is ours, of `kind` and still good at `now`.
        """
        try:
            claims = jwt.decode(ticket, self._secret(), algorithms=["HS256"], audience=kind, options={"verify_exp": False})
            left = timedelta(seconds=claims["exp"] - now.timestamp())
            if left < -late or (longest is not None and left > longest + SKEW):
                raise jwt.ExpiredSignatureError("expired")
            return content.model_validate(claims["con"])
        except (jwt.InvalidTokenError, KeyError, ValidationError) as error:
            expired = isinstance(error, jwt.ExpiredSignatureError)
            detail = f"expired: {renew}" if expired else "not a ticket of this hub for this use"
            raise TicketRefused(detail, [FieldError(pointer, detail)]) from error


class Cursor(BaseModel):
    """Where a page ended: a reader's own words, and whom it was given to."""

    scope: str
    at: dict[str, str | int]


def cursor_of(tickets: Tickets, scope: str, at: dict[str, str | int], now: datetime, lifetime: timedelta = timedelta(days=1)) -> str:
    """A page's `next` for the reader and route in `scope`; nobody else can use it, nor forge one."""
    return tickets.issue("cursor", Cursor(scope=scope, at=at), now, lifetime)


def at_cursor(tickets: Tickets, scope: str, cursor: str | None, now: datetime) -> dict[str, str | int] | None:
    """Where to go on; None at the start. Raises Malformed for a cursor that is forged, stale, or another reader's."""
    if cursor is None:
        return None
    try:
        found = tickets.read("cursor", cursor, Cursor, now, "query/cursor")
    except TicketRefused as error:
        raise Malformed(f"the cursor is {error.detail}", error.errors) from error
    if found.scope != scope:
        raise Malformed("the cursor is of another list", [FieldError("query/cursor", "use it only with the list that gave it")])
    return found.at
