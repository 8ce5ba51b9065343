"""What an author says of a plug-in, so that the kit can try it: a config, its secrets, what pays, what is declined, how notices look.

A trial is a module beside the plug-in (or named by --trial) with one object `TRIAL`. Each family extends `Trial`.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from monsoon_plugin.clearing import StatementLine
from monsoon_plugin.money import Money
from monsoon_plugin.payment import PaymentView
from monsoon_plugin.plugin import RawWebhook

USUAL, WITHOUT_DECIMALS = Money(1250, "EUR"), Money(980, "JPY")


@dataclass(frozen=True)
class Sent:
    """One request as the plug-in sent it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def reads(self) -> bool:
        return self.method in ("GET", "HEAD")


def is_change(sent: Sent) -> bool:
    """The usual rule. A provider that asks questions by POST says another (Trial.changes)."""
    return not sent.reads


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What all families have in common."""

    config: Mapping[str, Any]
    """A config that works at the stand-in."""
    secrets: tuple[str, ...] = ()
    """The texts in it that nobody may ever see again."""
    bad_config: Mapping[str, Any] | None = None
    """Fields of the config with a wrong key, which the provider refuses; None if the stand-in takes every key."""
    standin: str
    """What answers instead of the provider, and who wrote it, for the table."""
    start: Callable[[], AbstractContextManager[str]] | None = None
    """Starts the stand-in for `--standin auto` and answers its address; None where an address must be given, or nobody is called."""
    changes: Callable[[Sent], bool] = is_change
    """Which requests ask for an effect; others are questions."""
    signed: Callable[[Mapping[str, Any], bytes, datetime], RawWebhook] | None = None
    """Config, body, time → a notice with this body, whatever it holds, signed as the provider signs; None where nobody signs any."""
    gaps: Mapping[str, str] = field(default_factory=dict)
    """Checks that fail for the stand-in's sake: the check's name → why. A gap that passes is an error: it is none."""


@dataclass(frozen=True, kw_only=True)
class About:
    """What a notice tells of, and when and how it is signed."""

    config: Mapping[str, Any]
    """The config whose secret signs it."""
    payment_id: str
    order_id: str
    provider_ref: str
    amount: Money
    event_id: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PaymentTrial(Trial):
    """A payment plug-in."""

    amount: Money = USUAL
    zero_decimal: Money | None = WITHOUT_DECIMALS
    three_decimal: Money | None = None
    """None: the provider takes no currency of three decimals."""
    data: Mapping[str, Any] | None = None
    """What pays at once when given at the start; None where the shopper pays at the provider (`pay`)."""
    method: str = ""
    """The way to pay that is tried; empty: the first of the capability's."""
    return_url: str | None = "https://shop.example/thanks"
    """Where the shopper comes back to; None where the stand-in does not know the word."""
    declined: Mapping[str, Any] | None = None
    """What is declined when given at the start."""
    confirmation: Mapping[str, Any] | Callable[[Money], Mapping[str, Any]] | None = None
    """What is given to `confirm` after the shopper has acted, perhaps by the amount; None where nothing is to be confirmed."""
    pay: Callable[[str, PaymentView], None] | None = None
    """What the shopper does at the provider, by the stand-in's address and what `start` answered."""
    manual: Mapping[str, Any] | None = None
    """Fields of the config by which money is authorized first and captured by hand; None where that cannot be."""
    charges: Callable[[str, str], int] | None = None
    """How many charges the stand-in at an address holds for a payment id; None: the kit counts what passed the proxy."""
    notice: Callable[[About], RawWebhook] | None = None
    """A notice that the payment has been captured, signed as the provider signs; None where nobody sends any."""
    signs_time: bool = True
    """Whether notices are signed with a time that must be near ours; if not, the plug-in says what bounds replays instead."""
    no_notices: Mapping[str, Any] | None = None
    """Fields of the config without the secret of notices (None takes a field away); None where no config lacks it."""
    outcome: Callable[[About, str, str, int], RawWebhook] | None = None
    """The notice that a capture, cancel or refund which the provider had taken on is done: about, kind, op_key, amount."""

    console_refund: Callable[[str, About, int], RawWebhook | None] | None = None
    """Pays back so much at the stand-in at an address as the merchant does in the provider's console; answers the notice that tells of
    it, None where a look-up does. None: the stand-in has no console."""


@dataclass(frozen=True, kw_only=True)
class CourierTrial(Trial):
    """A courier plug-in. Parcels and addresses are the kit's; the trial says where they go."""

    country: str = "GB"
    """Where the courier delivers within the country."""
    abroad: str | None = None
    """A country beyond a customs border; None: it stays at home."""
    currency: str = "GBP"
    labels: Callable[[str, str], int] | None = None
    """How many labels the stand-in at an address holds for an op_key; None: the kit counts what passed the proxy."""
    refused_address: Mapping[str, Any] | None = None
    """Fields of an address that the courier refuses."""
    overweight: int | None = None
    """Grams of a package that it does not take."""
    scan: Callable[[str, str], None] | None = None
    """Lets the stand-in at an address deliver the parcel with a tracking number; None if it cannot."""
    notice: Callable[[Mapping[str, Any], str, str, datetime], RawWebhook] | None = None
    """Config, tracking number, event id, time → a notice that the parcel was delivered, signed as the courier signs."""
    other_notices: Mapping[str, Any] = field(default_factory=dict)
    """Fields of the config with another secret of notices; none where nobody signs any."""
    no_notices: Mapping[str, Any] | None = None
    """Fields of the config without the secret of notices (None takes a field away); None where no config lacks it."""


@dataclass(frozen=True, kw_only=True)
class ClearingTrial(Trial):
    """A clearing plug-in."""

    currency: str = "EUR"
    payees: Sequence[Mapping[str, str]] = ()
    """Fields of Payee: accounts that the stand-in knows, or IBANs."""
    statement: Callable[[Sequence[StatementLine]], tuple[bytes, str]] | None = None
    """These movements as a statement of the bank: content and media type; None where no statements are read."""
    transfers: Callable[[str, str], int] | None = None
    """How many payouts the stand-in at an address holds for a payout's id; None: the kit counts what passed the proxy."""
    notice: Callable[[Mapping[str, Any], str, str, datetime], RawWebhook] | None = None
    """Config, batch key, event id, time → a notice that the batch changed, signed as the provider signs."""
