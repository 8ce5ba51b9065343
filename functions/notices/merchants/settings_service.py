"""A merchant says where its notices go and which it wants; whoever reads mail there says that it is theirs."""

from collections.abc import Callable
from dataclasses import dataclass

from functions.notices.causes.cause import Cause
from functions.notices.merchants.merchants_drafting import address_digest
from functions.notices.merchants.notice_links import ConfirmContent, SwitchContent
from functions.notices.merchants.notice_settings import AllSettings, NoticeSettings, Said
from functions.notices.outbox.mail import Mail
from functions.notices.outbox.mails_kept import Mails
from functions.notices.outbox.undelivered import Undelivered
from monsoon_plugin.clock import Clock
from shared.errors import Conflict
from shared.optimistic_retry import Contended, Retry


class AddressChanged(Conflict):
    code, title = "address-changed", "Notices go elsewhere by now: follow the link of the newest mail"


@dataclass(frozen=True, slots=True)
class SettingsService:
    settings: AllSettings
    mails: Mails
    clock: Clock
    retry: Retry

    def get(self, account_id: str) -> NoticeSettings:
        return self.settings.get(account_id)

    def change(self, account_id: str, said: Said) -> NoticeSettings:
        """What the merchant says; an address that is not confirmed is written to, and asked. Raises TooManyConfirmations, Busy."""
        kept = self._changed(account_id, lambda held: held.changed(said, self.clock()))
        if kept.email and not kept.confirmed:
            facts = {"digest": address_digest(kept.email)}
            cause = Cause(kind="confirm_address", about=account_id, key=str(kept.version), account_id=account_id, facts=facts)
            self.mails.add(Mail.of(cause, self.clock()))
        return kept

    def confirm(self, content: ConfirmContent) -> NoticeSettings:
        """Raises AddressChanged if another address was named since, Busy."""

        def confirmed(held: NoticeSettings) -> NoticeSettings:
            if address_digest(held.email) != content.digest:
                raise AddressChanged
            return held if held.confirmed else held.with_confirmed()

        return self._changed(content.account_id, confirmed)

    def switch_off(self, content: SwitchContent) -> NoticeSettings:
        """Raises Busy."""
        return self._changed(content.account_id, lambda held: held.without(content.kind) if held.wants(content.kind) else held)

    def undelivered(self, account_id: str, after: str, most: int) -> list[Undelivered]:
        return self.mails.undelivered(account_id, after, most)

    def _changed(self, account_id: str, change: Callable[[NoticeSettings], NoticeSettings]) -> NoticeSettings:
        def attempt() -> NoticeSettings:
            held = self.settings.get(account_id)
            after = change(held)
            if after is not held and not self.settings.keep(after):
                raise Contended
            return after

        return self.retry(attempt)
