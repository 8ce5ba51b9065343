"""What makes the parts of payments: settings from the environment, the store, merchants' plug-ins."""

from dataclasses import dataclass
from functools import cache, cached_property

from functions.payments.operation_runner import OperationRunner, Plugins
from functions.payments.payment_service import PaymentService
from functions.payments.payment_store import PaymentStore
from monsoon_plugin.clock import Clock, utc_now
from monsoon_plugin.payment import AnyData, Capability, PaymentPlugin
from shared.api.tickets import Tickets
from shared.aws.secret import secret_of
from shared.entry_points import TimeLeft
from shared.providers.credentials import Credentials
from shared.providers.elsewhere.operator_plugins import Family, Functions
from shared.providers.installation_store import InstallationStore
from shared.providers.installations import Installations
from shared.providers.kms_keys import KmsKeys
from shared.providers.places import Places, ProviderSettings
from shared.settings import settings_of

FAMILY = Family("payment", PaymentPlugin, Capability, confirmation=AnyData)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(ProviderSettings):
    payments_table: str
    credentials_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiSettings(Settings):
    signing_secret: str


class Services:
    """What the service's entry points need. Every part is made when first asked for, and can be given instead."""

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        clock: Clock = utc_now,
        store: PaymentStore | None = None,
        installations: Plugins | None = None,
        tickets: Tickets | None = None,
    ) -> None:
        self.clock = clock
        given = {"settings": settings, "store": store, "installations": installations, "tickets": tickets}
        vars(self).update({name: part for name, part in given.items() if part is not None})

    @cached_property
    def settings(self) -> Settings:
        return settings_of(Settings)

    @cached_property
    def store(self) -> PaymentStore:
        return PaymentStore(self.settings.payments_table)

    @cached_property
    def installations(self) -> Plugins:
        store, places = InstallationStore(self.settings.payments_table), Places.of(self.settings, "payments")
        return Installations(
            registry=Functions(FAMILY, places.functions),
            store=store,
            credentials=Credentials(KmsKeys(self.settings.credentials_key)),
            clock=self.clock,
            places=places,
        )

    @cached_property
    def tickets(self) -> Tickets:
        """The API's alone: the worker and the sweep have no signing secret."""
        settings = self.settings if isinstance(self.settings, ApiSettings) else settings_of(ApiSettings)
        return Tickets(secret_of(settings.signing_secret))

    def operation_runner(self, time_left: TimeLeft) -> OperationRunner:
        """Of one invocation, whose calls end while it may still write."""
        return OperationRunner(self.installations, self.store, self.clock, time_left)

    def payment_service(self, time_left: TimeLeft) -> PaymentService:
        return PaymentService(self.operation_runner(time_left))


@cache
def services() -> Services:
    """The process's own, made of its environment when first asked for: nothing is read or made at import."""
    return Services()
