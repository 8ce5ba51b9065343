"""Mails to merchants: to the address that they confirmed, in the language they chose, and only what they want."""

from dataclasses import dataclass
from typing import cast

from functions.notices.causes.kinds import MerchantsKind
from functions.notices.merchants.notice_links import NoticeLinks
from functions.notices.merchants.notice_settings import AllSettings, NoticeSettings
from functions.notices.outbox.header_text import BadAddress, mailbox
from functions.notices.outbox.mail import Mail
from functions.notices.outbox.sending import Draft, NotToBeSent
from functions.notices.pages.merchants_letters import confirmation_letter, merchants_letter
from shared.ids import derived_id


@dataclass(frozen=True, slots=True, kw_only=True)
class MerchantsDrafting:
    settings: AllSettings
    links: NoticeLinks

    def reply_to(self, account_id: str) -> str:
        """Where a buyer's answer goes: the merchant's own address, once it is confirmed; empty: nowhere."""
        return _mailbox(self.settings.get(account_id).reachable)

    def writes_to_buyers(self, account_id: str) -> bool:
        """Whether the hub does for the merchant, whose own site may."""
        return self.settings.get(account_id).writes_to_buyers

    def draft(self, mail: Mail) -> Draft:
        """Raises NotToBeSent."""
        told = self.settings.get(mail.account_id)
        if mail.kind == "confirm_address":
            return self._to_confirm(mail, told)
        kind = cast("MerchantsKind", mail.kind)
        if not told.wants(kind):
            raise NotToBeSent("switched-off")
        off = self.links.to_switch_off(mail.account_id, kind)
        letter = merchants_letter(kind, told.language, mail.facts)
        marked = letter.marked_as_test() if mail.test else letter
        return Draft(mail_id=mail.id, to=_required(told.reachable), letter=marked, unsubscribe=off, again=mail.is_again)

    def _to_confirm(self, mail: Mail, told: NoticeSettings) -> Draft:
        digest = address_digest(told.email)
        if told.confirmed or digest != mail.facts["digest"]:
            raise NotToBeSent("address-changed")
        link = self.links.to_confirm(mail.account_id, digest)
        if not link:
            raise NotToBeSent("no-links")
        return Draft(mail_id=mail.id, to=_required(told.email), letter=confirmation_letter(told.language, link))


def address_digest(email: str) -> str:
    """Which address a confirmation is of, without saying it."""
    return derived_id("adr", email)


def _required(email: str) -> str:
    """Raises NotToBeSent."""
    if not email:
        raise NotToBeSent("no-address")
    return _mailbox(email) or _refuse()


def _refuse() -> str:
    raise NotToBeSent("bad-address")


def _mailbox(email: str) -> str:
    try:
        return mailbox(email) if email else ""
    except BadAddress:
        return ""
