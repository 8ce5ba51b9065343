"""Couriers' notices (webhooks): each verified with the installation's own secret, handled once, and merged into its parcel's log.

A notice is marked as handled after its effect: one whose handling was cut off is handled when it comes again, and a scan that is merged
twice is one scan.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from functions.shipping.installed_couriers import LEAST_TIME, deadline
from functions.shipping.shipments.shipment import Shipment
from functions.shipping.tracking.courier_polling import CourierPolling
from monsoon_plugin.courier import TrackEvent
from monsoon_plugin.errors import PluginError
from monsoon_plugin.plugin import RawWebhook
from shared.errors import NotFound, Unavailable
from shared.providers.installation import Installation
from shared.providers.notices import read_notice

LONGEST_CALL = timedelta(seconds=10)
"""How long a courier may take to say where a parcel is."""
REMEMBERED = timedelta(hours=80)
"""How long a notice is remembered; couriers repeat theirs for up to three days."""


class Store(Protocol):
    """What notices read and write."""

    def find_by_tracking_number(self, installation_id: str, tracking_number: str) -> Shipment | None: ...

    def was_handled(self, installation_id: str, event_id: str) -> bool: ...

    def mark_handled(self, installation_id: str, event_id: str, until: datetime) -> None: ...


class CourierNotices:
    def __init__(self, store: Store, polling: CourierPolling) -> None:
        self.store, self.polling = store, polling

    def take(self, installation: Installation | None, raw: RawWebhook) -> None:
        """Take a notice for an installation, enabled or not, once. One of a parcel that is not known is dropped.

        Raises NotFound, NoticeRefused, NoticeNotUnderstood, and Unavailable if the courier must be asked and cannot be: its next try
        then counts.
        """
        if installation is None:
            raise NotFound("there is no such installation")
        calls = self.polling.calls
        courier = calls.couriers.plugin(installation)
        ctx = calls.couriers.context(installation, deadline(calls.clock, courier, LONGEST_CALL, LONGEST_CALL + LEAST_TIME))
        notice = read_notice(lambda: courier.webhook(ctx, raw), "event_id", "tracking_number")
        shipment = notice and self.store.find_by_tracking_number(installation.id, notice.tracking_number)
        if notice and shipment and not self.store.was_handled(installation.id, notice.event_id):
            self.polling.scans.merge(shipment, notice.events or self._ask(shipment))
            self.store.mark_handled(installation.id, notice.event_id, calls.clock() + REMEMBERED)

    def _ask(self, shipment: Shipment) -> Sequence[TrackEvent]:
        """What the courier says of the parcel. Raises Unavailable."""
        ready = self.polling.calls.of_shipment(shipment)
        try:
            return self.polling.ask(ready, shipment)
        except PluginError as error:
            self.polling.calls.couriers.record_outcome(ready.installation, error)
            raise Unavailable("the courier cannot be asked now") from error
