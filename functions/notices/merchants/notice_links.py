"""Addresses that mails to merchants lead to, each signed: to confirm where notices go, and to switch a kind of them off."""

from dataclasses import dataclass
from datetime import timedelta
from typing import get_args

from pydantic import BaseModel, ConfigDict, Field

from functions.notices.causes.kinds import MerchantsKind
from monsoon_plugin.clock import Clock
from shared.api.payload import Query
from shared.api.tickets import Tickets
from shared.bounds.fields import Id

CONFIRM, SWITCH_OFF = "notice-address", "notice-switch"
CONFIRM_FOR, SWITCH_FOR = timedelta(days=3), timedelta(days=400)
CONFIRM_PATH, SWITCH_PATH = "/notices/confirmation", "/notices/unsubscription"
SWITCHED = get_args(MerchantsKind)


class ConfirmContent(BaseModel):
    """Ticket kind: CONFIRM. `digest`: of the address, so that an older mail confirms no other one."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    account_id: Id
    digest: Id


class SwitchContent(BaseModel):
    """Ticket kind: SWITCH_OFF."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    account_id: Id
    kind: MerchantsKind


class LinkQuery(Query):
    ticket: str = Field(max_length=2048, description="as the mail's link has it")


@dataclass(frozen=True, slots=True)
class NoticeLinks:
    """`base`: what stands before each address, without a slash at its end; empty where the hub does not know its own."""

    base: str
    tickets: Tickets
    clock: Clock

    def to_confirm(self, account_id: str, digest: str) -> str:
        content = ConfirmContent(account_id=account_id, digest=digest)
        return self._address(CONFIRM_PATH, self.tickets.issue(CONFIRM, content, self.clock(), CONFIRM_FOR))

    def to_switch_off(self, account_id: str, kind: MerchantsKind) -> str:
        content = SwitchContent(account_id=account_id, kind=kind)
        return self._address(SWITCH_PATH, self.tickets.issue(SWITCH_OFF, content, self.clock(), SWITCH_FOR))

    def read_confirmation(self, ticket: str) -> ConfirmContent:
        """Raises TicketRefused."""
        renew = "send your notices' address again"
        return self.tickets.read(CONFIRM, ticket, ConfirmContent, self.clock(), "query/ticket", renew=renew)

    def read_switch(self, ticket: str) -> SwitchContent:
        """Raises TicketRefused."""
        renew = "use a newer mail's link"
        return self.tickets.read(SWITCH_OFF, ticket, SwitchContent, self.clock(), "query/ticket", renew=renew)

    def _address(self, path: str, ticket: str) -> str:
        return f"{self.base}{path}?ticket={ticket}" if self.base else ""
