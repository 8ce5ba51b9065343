"""What a plug-in says, held to what can be kept: whole amounts within bounds, texts that fit and that UTF-8 can write. Pure."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from monsoon_plugin.clock import from_rfc3339, rfc3339
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import MAX_AMOUNT, Money
from monsoon_plugin.payment import CaptureView, DisputeView, PaymentView, RefundView

Part = TypeVar("Part", RefundView, CaptureView)
LONGEST_REFERENCE, LONGEST_REASON, LONGEST_TIME = 128, 64, 40
MOST_ACTION = 16 * 1024
"""Bytes of what a shopper must do next: a page's address, or a form to post."""
MOST_ROUNDS = 9
"""Of one dispute, as a provider counts them; ours are counted on from there (disputes.py)."""
MOST = 100
"""Refunds, and disputes, of one view; a payment keeps fewer."""


def sound_view(view: PaymentView) -> PaymentView:
    """`view` with its texts cut to what is kept. Raises PluginError (protocol) for amounts and references that cannot be."""
    if any(type(amount) is not int or not 0 <= amount <= MAX_AMOUNT for amount in _amounts(view)):
        raise PluginError(ErrorKind.PROTOCOL, "the provider told of an amount that cannot be")
    if max(len(view.refunds), len(view.disputes), len(view.captures)) > MOST:
        raise PluginError(ErrorKind.PROTOCOL, f"the provider told of more than {MOST} refunds, captures or disputes")
    return replace(
        view,
        provider_ref=_reference(view.provider_ref),
        authorized_until=_moment(view.authorized_until),
        next_action=_action(view.next_action),
        refunds=tuple(map(_sound_part, view.refunds)),
        captures=tuple(map(_sound_part, view.captures)),
        disputes=tuple(map(_sound_dispute, view.disputes)),
        failed={_reference(key): printable(reason, LONGEST_REASON) for key, reason in view.failed.items()},
    )


def sound_refund(refund: RefundView) -> RefundView:
    """The same of one refund."""
    _sound_money(refund.amount)
    return _sound_part(refund)


def printable(text: str, longest: int) -> str:
    """At most so many characters of a text of the provider's, halves of characters replaced."""
    return str(text)[:longest].encode(errors="replace").decode()


def _sound_part(part: Part) -> Part:
    return replace(
        part,
        op_key=_reference(part.op_key),
        provider_ref=_reference(part.provider_ref),
        reason=printable(part.reason, LONGEST_REASON),
        at=_time(part.at),
    )


def _sound_dispute(dispute: DisputeView) -> DisputeView:
    if type(dispute.round) is not int or not 0 <= dispute.round <= MOST_ROUNDS:
        raise PluginError(ErrorKind.PROTOCOL, "the provider told of a dispute's round that cannot be")
    return replace(
        dispute,
        provider_ref=_reference(dispute.provider_ref),
        reason=printable(dispute.reason, LONGEST_REASON),
        respond_by=printable(dispute.respond_by, LONGEST_TIME),
        updated=_time(dispute.updated),
        earlier=(),
    )


def _time(text: str) -> str:
    """A time in our own form, so that two can be compared; empty if it is none."""
    try:
        return rfc3339(from_rfc3339(text)) if isinstance(text, str) and len(text) <= LONGEST_TIME else ""
    except ValueError:
        return ""


def _amounts(view: PaymentView) -> Iterator[Any]:
    yield from (view.authorized, view.captured, view.refunded, view.fee)
    parts = [part.amount for told in (view.refunds, view.captures, view.disputes) for part in told]
    for money in (view.amount, *parts):
        yield _sound_money(money).amount


def _sound_money(money: Money) -> Money:
    if type(money.amount) is not int or not 0 <= money.amount <= MAX_AMOUNT or not isinstance(money.currency, str):
        raise PluginError(ErrorKind.PROTOCOL, "the provider told of an amount that cannot be")
    return money


def _action(action: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """What the shopper must do, if it can be kept; money that has come counts without it."""
    return action if action is None or len(json.dumps(action).encode()) <= MOST_ACTION else None


def _moment(text: str) -> str:
    """A time as we write it; empty for one that cannot be read: money counts without it."""
    try:
        return rfc3339(from_rfc3339(text)) if text else ""
    except (TypeError, ValueError):
        return ""


def _reference(text: str) -> str:
    if not isinstance(text, str) or len(text) > LONGEST_REFERENCE or printable(text, LONGEST_REFERENCE) != text:
        raise PluginError(ErrorKind.PROTOCOL, "the provider named something by what is no reference")
    return text
