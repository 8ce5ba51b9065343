"""What merchants send and see of their notices."""

import unicodedata
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints

from functions.notices.causes.kinds import MERCHANTS
from functions.notices.merchants.notice_settings import NoticeSettings
from functions.notices.outbox.header_text import BadAddress, mailbox
from functions.notices.outbox.undelivered import Undelivered
from shared.api.payload import Body, Query, View
from shared.pages.interface_language import Interface

MOST_EMAIL, MOST_PAGE = 254, 100


def _address(text: str) -> str:
    """As people type it. Raises ValueError unless a mail can be addressed so."""
    try:
        mailbox(text)
    except BadAddress as error:
        raise ValueError("this is no e-mail address that mail can be sent to: write it as name@example.com") from error
    return unicodedata.normalize("NFKC", text).strip()


Email = Annotated[str, StringConstraints(max_length=MOST_EMAIL), AfterValidator(_address), Field(examples=["mei@lantern.example"])]
Wanted = Annotated[bool | None, Field(default=None, description="left out: as it was; at first every notice is wanted")]


class Switches(Body):
    """Which notices are wanted."""

    new_order: Wanted = None
    low_stock: Wanted = None
    verdict: Wanted = None
    payout_failed: Wanted = None
    webhook_disabled: Wanted = None


class PutNotices(Body):
    """`email` null: no notice goes anywhere, and buyers' answers reach nobody."""

    email: Email | None
    language: Interface = "en"
    notices: Switches = Switches()
    writes_to_buyers: bool | None = Field(
        default=None, description="false: your own site writes to your shops' buyers, and the hub does not; left out: as it was"
    )


class SwitchesView(View):
    new_order: bool = Field(description="an order that can be sent: to the shop's owner, and to each supplier of its lines")
    low_stock: bool = Field(description="goods that are sold out, or of which more was ordered than there is")
    verdict: bool = Field(description="products that were refused or are held")
    payout_failed: bool
    webhook_disabled: bool


class NoticesView(View):
    email: str | None
    confirmed: bool = Field(description="whether the link in the mail to `email` was followed: nothing else is sent there before")
    language: Interface
    notices: SwitchesView
    writes_to_buyers: bool = Field(description="whether the hub writes to buyers of the account's shops")
    sending: bool = Field(description="whether this hub sends mail at all")

    @classmethod
    def of(cls, settings: NoticeSettings, *, sending: bool) -> Self:
        wanted = SwitchesView.model_validate({kind: settings.wants(kind) for kind in MERCHANTS})
        email = settings.email or None
        return cls(
            email=email, confirmed=settings.confirmed, language=settings.language, notices=wanted, sending=sending,
            writes_to_buyers=settings.writes_to_buyers,
        )  # fmt: skip


class UndeliveredQuery(Query):
    limit: int = Field(default=20, ge=1, le=MOST_PAGE)
    cursor: str | None = Field(default=None, max_length=4096)


class UndeliveredView(View):
    """A mail that did not reach its reader. To whom it went, its order says to its shop."""

    kind: str
    order_id: str | None
    state: Literal["bounced", "complained", "failed", "lost"] = Field(
        description="failed: it was never taken; lost: nobody learned whether it arrived, though it was sent twice, if it was of an order"
    )
    why: str = Field(
        description="in SES's words: `bounce-permanent-general` and its like; after those, and after complaints, nothing more goes there"
    )
    at: str

    @classmethod
    def of(cls, undelivered: Undelivered) -> Self:
        order_id = undelivered.about if undelivered.about.startswith("ord_") else None
        return cls.model_validate({"kind": undelivered.kind, "order_id": order_id, "state": undelivered.state, "why": undelivered.why,
                                   "at": undelivered.at})  # fmt: skip


class UndeliveredListView(View):
    items: list[UndeliveredView]
    next: str | None = None
