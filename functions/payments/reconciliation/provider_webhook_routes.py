"""Where providers send their notices."""

from functions.payments.bootstrap import Services
from functions.payments.reconciliation.provider_webhooks import receive_notice
from functions.payments.views import Received
from monsoon_plugin.clock import TimeLeft
from monsoon_plugin.plugin import RawWebhook
from shared.api.answers import Bytes, Raw
from shared.api.operation import Routes
from shared.errors import NotFound, Unavailable
from shared.providers.notices import NoticeNotUnderstood, NoticeRefused

ROUTES = Routes()


@ROUTES.post(
    "/v1/hooks/payments/{installation_id}",
    answers={200: Received},
    public=True,
    problems=[NotFound, NoticeRefused, NoticeNotUnderstood, Unavailable],
)
def take_notice(installation_id: str, raw: Raw, services: Services, time_left: TimeLeft) -> Received | Bytes:
    """Take a provider's notice; it is verified with the installation's own secret, and answered in the provider's own words."""
    words = receive_notice(services.operation_runner(time_left), installation_id, RawWebhook(raw.body, raw.headers))
    return Bytes(words.encode(), "text/plain", "received.txt") if words else Received()
