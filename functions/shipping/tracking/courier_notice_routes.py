"""The route by which couriers tell where parcels are."""

from functions.shipping.bootstrap import Services
from functions.shipping.shipments.shipment_views import Received
from monsoon_plugin.clock import TimeLeft
from monsoon_plugin.plugin import RawWebhook
from shared.api.answers import Raw
from shared.api.operation import Routes
from shared.errors import NotFound, Unavailable
from shared.providers.notices import NoticeNotUnderstood, NoticeRefused

MAX_ID = 64
ROUTES = Routes()


@ROUTES.post(
    "/v1/hooks/couriers/{installation_id}",
    answers={200: Received},
    public=True,
    problems=[NotFound, NoticeRefused, NoticeNotUnderstood, Unavailable],
)
def take_notice(installation_id: str, raw: Raw, services: Services, time_left: TimeLeft) -> Received:
    """Take a courier's notice; it is verified with the installation's own secret."""
    found = services.installations.store.find_by_id(installation_id) if len(installation_id) <= MAX_ID else None
    services.courier_notices(time_left).take(found, RawWebhook(raw.body, raw.headers))
    return Received()
