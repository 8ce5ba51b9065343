"""Clearing providers' notices (webhooks) over HTTP."""

from functions.settlement.bootstrap import Services
from functions.settlement.payouts.payout_views import Received
from monsoon_plugin.plugin import RawWebhook
from shared.api.answers import Raw
from shared.api.operation import Routes
from shared.errors import NotFound, Unavailable
from shared.providers.notices import NoticeNotUnderstood, NoticeRefused

ROUTES = Routes()


@ROUTES.post(
    "/v1/hooks/clearing/{installation_id}",
    answers={200: Received},
    public=True,
    problems=[NotFound, NoticeRefused, NoticeNotUnderstood, Unavailable],
)
def take_clearing_notice(installation_id: str, raw: Raw, services: Services) -> Received:
    """Take a clearing provider's notice; it is verified with the installation's own secret."""
    services.clearing_notices.take(installation_id, RawWebhook(raw.body, raw.headers))
    return Received()
