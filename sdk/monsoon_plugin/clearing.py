"""What a clearing plug-in is: it moves merchants' money between bank accounts, and reads what the bank says has moved.

The core owns what is due, batches, states and secrets; a plug-in translates to one bank format or provider.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from monsoon_plugin.money import Money
from monsoon_plugin.plugin import Config, Ctx, Plugin, RawWebhook

C = TypeVar("C", bound=Config)


class Capability(BaseModel):
    """What a plug-in can do with a config. The core checks it before every call."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    currencies: tuple[str, ...] | None = Field(default=None, description="ISO 4217; null: any")
    countries: tuple[str, ...] | None = Field(default=None, description="of the payees' accounts, ISO 3166-1 alpha-2; null: any")
    pays: bool = Field(default=True, description="`submit` moves money, or makes the file that moves it")
    pays_to: Literal["iban", "provider_account"] = Field(default="iban", description="what it must know of a payee")
    by_file: bool = Field(default=False, description="a batch is a file that its merchant hands to the bank")
    statements: tuple[str, ...] = Field(default=(), description="media types of the statements that it reads")
    lookup: bool = Field(default=True, description="`fetch` finds a batch by our own key")
    max_payouts: int = Field(default=1000, description="of one batch")


@dataclass(frozen=True, slots=True, kw_only=True)
class Payee:
    """Whose account is paid. Either an IBAN, or the provider's own id of a connected account."""

    account_id: str
    name: str
    iban: str = field(default="", repr=False)
    bic: str = ""
    provider_account: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Payout:
    """One payment to one payee."""

    id: str
    """Ours, at most 35 characters of A-Z a-z 0-9 _ -: the end-to-end id by which a statement's line is known again."""
    payee: Payee
    amount: Money
    reference: str = ""
    """What the payee reads on its statement, at most 140 characters of the SEPA character set."""


BatchState = Literal["prepared", "submitted", "paid", "failed", "partly_paid"]


@dataclass(frozen=True, slots=True)
class PayoutView:
    """What became of one payout."""

    id: str
    state: Literal["submitted", "paid", "failed", "returned"]
    provider_ref: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A batch as the provider, or the file, tells it."""

    batch_key: str
    state: BatchState
    total: Money
    """The sum of its payouts, without the failed ones, as the provider echoes it: held to what was sent."""
    payouts: tuple[PayoutView, ...]
    document: bytes = field(default=b"", repr=False)
    """The file to hand to the bank; kept encrypted."""
    media_type: str = ""
    provider_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """One movement on the merchant's account, as its bank tells it."""

    id: str
    """The bank's reference, or a digest of the line and its place among equal ones: the same line read twice has the same id."""
    booked_on: date
    amount: Money
    """Above 0 it came in, below it went out."""
    reference: str
    """The end-to-end id or creditor reference, if the line bears one; else the remittance text."""
    counterparty: str = ""
    text: str = ""
    reversal: bool = False


@dataclass(frozen=True, slots=True)
class SubmitBatch:
    batch_key: str
    """Ours, at most 35 characters; the same batch sent again has the same key."""
    payouts: tuple[Payout, ...]
    """All in one currency, each amount above 0."""
    execute_on: date


@dataclass(frozen=True, slots=True)
class ClearingNotice:
    """A provider's verified notice: which batch changed. The core asks `fetch`."""

    event_id: str
    batch_key: str


class ClearingPlugin(Plugin[C], Protocol[C]):
    """Every method may raise PluginError. What is not offered raises unsupported."""

    def capability(self, config: C | None) -> Capability: ...

    def submit(self, ctx: Ctx[C], batch: SubmitBatch) -> Batch:
        """Pay the batch, once for its key. A plug-in that makes files answers the same file for the same batch and `ctx.now`'s day."""
        ...

    def fetch(self, ctx: Ctx[C], batch_key: str, payout_ids: Sequence[str]) -> Batch | None:
        """The batch as the provider knows it; None: it certainly never arrived. So did payouts that it does not show not arrive."""
        ...

    def parse_statement(self, ctx: Ctx[C], content: bytes, media_type: str) -> Sequence[StatementLine]:
        """The lines of a statement, in its order. Raises PluginError (invalid) that says which line cannot be read and why."""
        ...

    def webhook(self, ctx: Ctx[C], raw: RawWebhook) -> ClearingNotice | None:
        """A notice, verified. Raises PluginError (signature) for what is forged or stale."""
        ...
