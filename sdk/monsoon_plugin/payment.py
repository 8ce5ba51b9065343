"""What a payment plug-in is. It translates to one provider and keeps nothing; the core keeps states, operations, secrets, time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, Field, SerializeAsAny

from monsoon_plugin.money import MAX_AMOUNT, Money
from monsoon_plugin.plugin import Config, Ctx, Plugin, RawWebhook

C = TypeVar("C", bound=Config)


class OperationKind(StrEnum):
    START = "start"
    CONFIRM = "confirm"
    CAPTURE = "capture"
    CANCEL = "cancel"
    REFUND = "refund"


class State(StrEnum):
    CREATED = "created"
    REQUIRES_ACTION = "requires_action"
    PENDING = "pending"
    AUTHORIZED = "authorized"
    CAPTURED = "captured"
    CANCELED = "canceled"
    EXPIRED = "expired"
    FAILED = "failed"


AGAIN = ":again"
"""How the `provider_ref` of a capture or refund ends that the provider made once more, by itself, after it had failed."""


@dataclass(frozen=True, slots=True)
class RefundView:
    """A refund as the provider tells it."""

    op_key: str
    """Of our refund; empty for one that we did not ask for, such as one made in the provider's console: it is known by `provider_ref`."""
    amount: Money
    state: Literal["succeeded", "pending", "failed"] = "succeeded"
    """pending: accepted, and the provider will say what became of it. failed may come after succeeded: it was sent back."""
    provider_ref: str = ""
    reason: str = ""
    """The provider's word for a failure."""
    at: str = field(default="", kw_only=True)
    """When it failed, or was made again (its `provider_ref` ends in AGAIN), as `CaptureView.at` says it."""


@dataclass(frozen=True, slots=True)
class CaptureView:
    """A capture as the provider tells it, where it tells of each: only notices say it of some providers (`lookup` False)."""

    op_key: str
    """Of our capture; empty for one that we did not ask for."""
    amount: Money
    state: Literal["succeeded", "failed"] = "succeeded"
    """failed may come after succeeded: the money was taken back."""
    provider_ref: str = ""
    """What tells it from every other capture of the payment; of one that is made again after it failed, it ends in AGAIN."""
    reason: str = ""
    """The provider's word for a failure."""
    at: str = field(default="", kw_only=True)
    """When it happened, RFC 3339: tells the failure of what was made again from the first failure repeated, where both have one
    `provider_ref`. Empty if the provider does not say."""


@dataclass(frozen=True, slots=True)
class DisputeView:
    """A shopper's objection with its bank (a chargeback), as the provider tells it."""

    provider_ref: str
    state: Literal["warning", "open", "won", "lost"]
    """warning: an inquiry, or news that an objection will come; nothing has been taken."""
    amount: Money
    """What is disputed, and taken from the merchant while it is open; of one that was lost, what was taken for good, be it a part."""
    reason: str = ""
    respond_by: str = ""
    """RFC 3339; empty if the provider does not say."""
    round: int = 0
    """How often it had been won when it was opened again (a second chargeback: 1). The core counts on where it was decided anew."""
    updated: str = ""
    """When the provider last changed it, RFC 3339: of two notices the later one counts, though it is the other way decided. Empty if the
    provider does not say: then notices only move a dispute on within its round."""
    earlier: tuple[int, ...] = ()
    """The core's own: what each round before this one had taken, minor units. A plug-in leaves it empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentView:
    """A payment as a provider tells it; the totals are cumulative, in minor units of `amount`'s currency."""

    provider_ref: str
    state: State
    amount: Money
    authorized: int = 0
    authorized_until: str = ""
    """Until when the money is promised, RFC 3339; empty if the provider does not say (see Capability.authorized_days)."""
    captured: int = 0
    refunded: int = 0
    """All that was paid back, whoever asked for it, as far as the provider tells."""
    fee: int = 0
    next_action: Mapping[str, Any] | None = field(default=None, repr=False)
    refunds: tuple[RefundView, ...] = ()
    """The refunds that the provider knows; those that are not ours too, where it tells of them."""
    captures: tuple[CaptureView, ...] = ()
    """Single captures that are news of their own; what they come to is added to `captured`, which then leaves them out."""
    disputes: tuple[DisputeView, ...] = ()
    accepted: bool = False
    """In answer to a confirmation, capture or cancel: the provider has taken it on, and will say what became of it."""
    failed: Mapping[str, str] = field(default_factory=dict)
    """Operations that it had taken on and has failed since: op_key → the provider's word for why."""


Page = Literal["redirect", "qr", "instructions", "nothing"]
"""How a shopper pays by a page without script, as `next_action` then says. redirect: on the provider's page (`{"type": "redirect", "url"}`;
a `{"type": "confirm"}` after the shopper came back asks for `confirm` with empty data). qr: by an app that reads a code
(`{"type": "qr", "data"}`). instructions: by what is shown (`{"type": "transfer", …}`). nothing: nothing is to be done now."""


class Limit(BaseModel):
    """The least and the most of one currency, minor units."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    least: int = 1
    most: int = MAX_AMOUNT


class Capability(BaseModel):
    """What a plug-in can do with a config; the core asks before every call."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    methods: list[str] = Field(examples=[["card"]], description="ways to pay; the first is taken where none is wished")
    pages: dict[str, Page] = Field(
        default={}, examples=[{"card": "redirect"}],
        description="how a shopper pays by each of `methods` on a page without script; one that is not named needs a script, or an app",
    )  # fmt: skip
    currencies: list[str] = Field(default=[], description="ISO 4217; empty: every one")
    countries: list[str] = Field(default=[], description="where the shopper's parcel goes, ISO 3166-1 alpha-2; empty: everywhere")
    min_amount: int = Field(default=1, description="minor units")
    max_amount: int = Field(default=MAX_AMOUNT, description="minor units")
    limits: dict[str, Limit] = Field(default={}, description="by currency, where they differ from min_amount and max_amount")
    operations: list[OperationKind]
    captures: Literal["at_once", "by_hand", "on_delivery", "on_confirmation"] = Field(description="what moves the money")
    confirmed_by: Literal["shopper", "merchant", "nobody"] = "nobody"
    partial_capture: bool = False
    multiple_capture: bool = Field(default=False, description="after a partial capture, more can be captured")
    authorized_days: int | None = Field(
        default=None, ge=1, le=366, description="how long an authorization holds, where the provider does not say it of each"
    )
    partial_refund: bool = True
    native_idempotency: bool = Field(default=False, description="the provider itself does a repeated key only once")
    lookup: bool = Field(default=True, description="`fetch` finds everything; if not, only notices tell of some changes")
    disputes: bool = False
    disputes_are_refunds: bool = Field(
        default=False, description="what a dispute took for good is listed among the payment's refunds, too: it is booked once"
    )

    def fits(self, amount: Money, country: str = "") -> bool:
        """Whether a payment of `amount` for a parcel to `country` (empty: not known) can be started."""
        limit = self.limits.get(amount.currency) or Limit(least=self.min_amount, most=self.max_amount)
        taken = (not self.currencies or amount.currency in self.currencies) and (not self.countries or country in ("", *self.countries))
        return taken and limit.least <= amount.amount <= limit.most


class ConfirmationData(BaseModel):
    """What a confirmation carries; a plug-in says its own fields."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class AnyData(ConfirmationData):
    """What the shopper's side gives to a plug-in that runs elsewhere, which says there what it takes."""

    model_config = ConfigDict(extra="allow", frozen=True, defer_build=True)


@dataclass(frozen=True, slots=True)
class Shopper:
    """What some providers must be told of who pays; never kept."""

    ip: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    locale: str = ""
    """BCP 47."""


NOBODY = Shopper()


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPayment:
    payment_id: str
    order_id: str
    tenant: str
    op_key: str
    amount: Money
    data: SerializeAsAny[ConfirmationData] | None = field(default=None, repr=False)
    """What the shopper's side gives at once: for a card, start and confirm in one call."""
    return_url: str | None = None
    method: str = ""
    """One of the capability's; empty: the first of them."""
    country: str = ""
    """Where the parcel goes, ISO 3166-1 alpha-2; empty if not known."""
    description: str = ""
    """What the shopper reads at the provider, at most 60 characters; empty: the order's id."""
    shopper: Shopper = NOBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class Amend:
    """A change of a payment that the provider knows: `amount` is what to confirm, capture, cancel or refund."""

    payment_id: str
    provider_ref: str
    op_key: str
    amount: Money
    paid: Money
    """The whole payment."""
    order_id: str = ""
    """For providers whose later notices repeat nothing but the change's own reference."""


@dataclass(frozen=True, slots=True)
class WebhookResult:
    """A provider's verified notice: which payment changed. The core then reads it by `fetch`, so that no order of notices matters."""

    event_id: str
    payment_id: str
    order_id: str
    settled: bool = False
    """Whether it says no more than that the payment has been captured."""
    refunds: tuple[str, ...] = ()
    """What names refunds that it tells of and that may not be ours, for providers that list none: the core asks `fetch` for these too."""
    view: PaymentView | None = None
    """What the notice itself tells, where the provider offers no question that would tell it (`lookup` False): it is merged."""


class PaymentPlugin(Plugin[C], Protocol[C]):
    """Every method that calls the provider sends one request for one operation, and raises PluginError for anything but success."""

    @property
    def confirmation_model(self) -> type[ConfirmationData]: ...

    def capability(self, config: C | None) -> Capability: ...

    def start(self, ctx: Ctx[C], request: StartPayment) -> PaymentView: ...

    def confirm(self, ctx: Ctx[C], request: Amend, data: Any) -> PaymentView: ...

    def capture(self, ctx: Ctx[C], request: Amend) -> PaymentView: ...

    def cancel(self, ctx: Ctx[C], request: Amend) -> PaymentView: ...

    def refund(self, ctx: Ctx[C], request: Amend) -> RefundView: ...

    def fetch(self, ctx: Ctx[C], payment_id: str, provider_ref: str, since: datetime, refunds: Sequence[str] = ()) -> PaymentView | None:
        """The payment as the provider knows it, by its reference or, without one, by our id among those made since `since`.

        `refunds`: for providers that list none and are asked for each, the op_keys of our refunds whose outcome is awaited, and what a
        notice named (WebhookResult.refunds).
        None: the provider certainly does not know it. Plug-ins that call nobody are never asked.
        """

    def webhook(self, ctx: Ctx[C], raw: RawWebhook) -> WebhookResult | None:
        """A notice, verified; None if it concerns no payment of ours. Raises PluginError (signature) for what is forged or stale."""
