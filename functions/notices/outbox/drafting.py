"""A mail's record becomes what leaves: here, and nowhere else, a buyer's e-mail is opened, and it is never kept."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, cast

from functions.notices.causes.kinds import RULES, BuyersKind
from functions.notices.known.known_order import Known, KnownOrder
from functions.notices.merchants.merchants_drafting import MerchantsDrafting
from functions.notices.outbox.header_text import BadAddress, mailbox
from functions.notices.outbox.mail import Mail
from functions.notices.outbox.sending import Draft, NotToBeSent, OrderUnknown
from functions.notices.pages.buyers_letters import Told, buyers_letter
from shared.sealing.sealed_text import SealedText


class Opener(Protocol):
    """Opens what is sealed (shared.sealing.sealing)."""

    def open(self, texts: Sequence[tuple[str, SealedText]]) -> list[str | None]:
        """What each tenant's text says; None where its key is erased."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafting:
    """`link`: where an order's buyer follows it; empty where the hub does not know its own address. `stopped`: why nothing is sent to an
    address any more; empty: it is."""

    known: Known
    opener: Opener
    merchants: MerchantsDrafting
    link: Callable[[KnownOrder], str]
    stopped: Callable[[str], str]

    def draft(self, mail: Mail) -> Draft:
        """Raises NotToBeSent, OrderUnknown; Unreadable for a text that is damaged."""
        drafted = self.merchants.draft(mail) if RULES[mail.kind].to == "merchant" else self._for_buyer(mail)
        if why := self.stopped(drafted.to):
            raise NotToBeSent(f"stopped-{why}")
        return drafted

    def _for_buyer(self, mail: Mail) -> Draft:
        order = self.known.order(mail.about)
        if order is None:
            if self.known.is_silent(mail.about):
                raise NotToBeSent("no-email")
            raise OrderUnknown
        if not self.merchants.writes_to_buyers(order.account_id):
            raise NotToBeSent("switched-off")
        address = _address(self.opener, order)
        reply_to = self.merchants.reply_to(order.account_id)
        shop = self.known.shop(order.tenant).name
        told = Told(order=order, shop=shop, facts=mail.facts, link=self.link(order), answerable=bool(reply_to))
        letter = buyers_letter(cast("BuyersKind", mail.kind), told)
        marked = letter.marked_as_test() if mail.test else letter
        return Draft(mail_id=mail.id, to=address, letter=marked, reply_to=reply_to, again=mail.is_again)


def _address(opener: Opener, order: KnownOrder) -> str:
    """Raises NotToBeSent: nobody can be written to."""
    (plain,) = opener.open([(order.tenant, order.sealed_buyer)])
    if plain is None:
        raise NotToBeSent("erased")
    email = json.loads(plain).get("buyer", {}).get("email") or ""
    if not email:
        raise NotToBeSent("no-email")
    try:
        return mailbox(email)
    except BadAddress as error:
        raise NotToBeSent("bad-address") from error
