"""Client sites' endpoints: each event reaches them, or is said not to have."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from functions.fanout.consumers import TOLD_TO_ENDPOINTS
from functions.fanout.webhook_delivery.delivery_log_store import EVENT
from functions.fanout.webhook_delivery.signed_delivery import message_id
from functions.fanout.webhooks.subscription_states import MOMENT
from monsoon_plugin.clock import from_rfc3339
from shared.messages import SubscriptionDisabled
from shared.order_messages import (
    OrderCancelled,
    OrderPaid,
    OrderPromiseRetained,
    OrderReduced,
    OrderRefunded,
    OrderRefundFailed,
    OrderUnitsKept,
    OrderUnitsWithdrawn,
)
from simulation.actors.sites.pushed_site import PushedSite
from simulation.invariants.seen import Seen

KNOWN = timedelta(seconds=20)
"""Until then the hub may not know of a new subscription everywhere."""


def endpoints_hear_everything(seen: Seen) -> Iterator[str]:
    """An endpoint is told, once at least, and signed, of each event of its storefront, however long it was away. One that is given up is
    shown so, with the reason and the delivery that failed, and once it is enabled it hears what it missed."""
    types = {message.type for message in TOLD_TO_ENDPOINTS}
    for site in _subscribed(seen, gone=False):
        state = site.state()
        if state["state"] != "active":
            yield f"{site.url} is {state['state']} in the end: {state}"
        yield from (f"{site.url} {wrong}" for wrong in site.wrongs)
        for event in seen.world.messages.told("fanout"):
            own = event["data"].get("storefront_id") == site.shop.storefront_id and event["type"] in types
            if own and _is_owed(site, event["time"]) and message_id(site.subscription_id, event["id"]) not in site.heard:
                yield f"{site.url} never heard of {event['id']}"


def what_is_lost_is_said(seen: Seen) -> Iterator[str]:
    """Of an endpoint that is gone for good its owner reads since when it may have missed anything: what came before it has heard. One that
    is given up says why, and the owner's other endpoints are told."""
    for site in _subscribed(seen, gone=True):
        state = site.state()
        since = state.get("since", "~")
        for event_id, at in _kept(seen, site).items():
            if at < since and _is_owed(site, at) and message_id(site.subscription_id, event_id) not in site.heard:
                yield f"{site.url} never heard of {event_id} of {at}, and is shown as {state}"
        if state["state"] == "disabled" and not (state.get("reason") and _is_told(seen, site)):
            yield f"{site.url} was given up, of which nobody was told: {state}"


ENDS = frozenset(
    message.type for message in (OrderCancelled, OrderPaid, OrderReduced, OrderRefunded, OrderRefundFailed, OrderUnitsKept)
)  # fmt: skip
"""What tells of an order what came of asking for its units."""


def what_was_begun_is_told_to_its_end(seen: Seen) -> Iterator[str]:
    """Of units that are asked back endpoints hear in the order's own words that it is cancelled, owes less, pays back, or goes on as it
    was; of a cancelled order, that its provider keeps what was promised."""
    told: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for event in seen.world.messages.told("fanout"):
        told.setdefault(event["data"].get("order_id", ""), []).append((event["type"], event["data"]))
    for order in seen.orders.values():
        mine = told.get(order.id, [])
        ends = max((data["version"] for kind, data in mine if kind in ENDS), default=0)
        begun = {data["withdrawal_id"]: data["version"] for kind, data in mine if kind == OrderUnitsWithdrawn.type}
        for withdrawal in (w for w in order.withdrawals if w.id in begun and (w.kept or w.released)):
            if ends <= begun[withdrawal.id]:
                came = f"{withdrawal.released} came, {withdrawal.kept} had left"
                yield f"order {order.id}: endpoints heard of {withdrawal.id}, and not how it ended: {came}"
        retained = {data["payment_id"] for kind, data in mine if kind == OrderPromiseRetained.type}
        for payment in (payment for payment in order.payments if payment.uncancelled and payment.id not in retained):
            yield f"order {order.id}: endpoints did not hear that {payment.id} keeps what it promised"


def _subscribed(seen: Seen, *, gone: bool) -> list[PushedSite]:
    told = [site for site in seen.observed.sites if isinstance(site, PushedSite)]
    return [site for site in told if site.since is not None and site.gone is gone]


def _is_owed(site: PushedSite, at: str) -> bool:
    return site.since is not None and from_rfc3339(at) > site.since + KNOWN


def _kept(seen: Seen, site: PushedSite) -> dict[str, str]:
    """The id of each event that the site's storefront had kept for its endpoints, and when it was kept last: one whose message was refused
    is kept again, and who catches up hears it by any."""
    tenant = f"{site.shop.owner.account_id}#{site.shop.storefront_id}"
    found: dict[str, str] = {}
    for raw in seen.world.place.dynamodb.items("FanoutTable"):
        if raw["pk"]["S"] == tenant and raw["sk"]["S"].startswith(EVENT):
            at = raw["sk"]["S"].removeprefix(EVENT)[:MOMENT]
            found[raw["id"]["S"]] = max(at, found.get(raw["id"]["S"], ""))
    return found


def _is_told(seen: Seen, site: PushedSite) -> bool:
    told: list[dict[str, Any]] = seen.world.messages.told("fanout")
    ids = (event["data"]["subscription_id"] for event in told if event["type"] == SubscriptionDisabled.type)
    return site.subscription_id in ids
