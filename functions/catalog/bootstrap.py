"""What the catalog's entry points need. Its functions have different variables, so each is read when the part that needs it is made."""

from dataclasses import dataclass
from functools import cache, cached_property

from functions.catalog.offers.offer_service import OfferService
from functions.catalog.offers.offer_store import OfferStore
from functions.catalog.sanctions.sanction_queue_client import SanctionQueue
from functions.catalog.sanctions.sanction_rollout import SanctionRollout, Send
from functions.catalog.sanctions.supplier_standing_store import StandingStore
from functions.catalog.sanctions.suspension_service import SuspensionService
from monsoon_plugin.clock import Clock, utc_now
from shared.api.paging import Paging
from shared.api.tickets import Tickets
from shared.aws.objects import S3Objects
from shared.aws.secret import secret_of
from shared.optimistic_retry import Retry
from shared.settings import settings_of
from shared.trade.reference_data import Reference


@dataclass(frozen=True, slots=True)
class Settings:
    catalog_table: str


@dataclass(frozen=True, slots=True)
class ApiSettings(Settings):
    signing_secret: str
    reference_bucket: str


@dataclass(frozen=True, slots=True)
class SanctionSettings(Settings):
    sanctions_queue_url: str


class Services:
    """Every part is made when first asked for, and can be given instead."""

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        clock: Clock = utc_now,
        retry: Retry | None = None,
        tickets: Tickets | None = None,
        reference: Reference | None = None,
        send_sanction: Send | None = None,
    ) -> None:
        self.clock, self.retry = clock, retry or Retry()
        if settings is not None:
            self.settings = settings
        if tickets is not None:
            self.tickets = tickets
        if reference is not None:
            self.reference = reference
        if send_sanction is not None:
            self.send_sanction = send_sanction

    @cached_property
    def settings(self) -> Settings:
        return settings_of(Settings)

    @cached_property
    def tickets(self) -> Tickets:
        return Tickets(secret_of(settings_of(ApiSettings).signing_secret))

    @cached_property
    def reference(self) -> Reference:
        return Reference(S3Objects(settings_of(ApiSettings).reference_bucket))

    @cached_property
    def send_sanction(self) -> Send:
        return SanctionQueue(settings_of(SanctionSettings).sanctions_queue_url).send

    @cached_property
    def paging(self) -> Paging:
        return Paging(self.tickets, self.clock)

    @cached_property
    def standing_store(self) -> StandingStore:
        return StandingStore(self.settings.catalog_table)

    @cached_property
    def offer_store(self) -> OfferStore:
        return OfferStore(self.settings.catalog_table)

    @cached_property
    def suspensions(self) -> SuspensionService:
        return SuspensionService(self.standing_store, self.clock, self.retry)

    @cached_property
    def offers(self) -> OfferService:
        return OfferService(self.offer_store, self.standing_store, self.clock, self.retry)

    @cached_property
    def sanctions(self) -> SanctionRollout:
        return SanctionRollout(self.standing_store, self.offer_store, self.offers, self.send_sanction)


@cache
def services() -> Services:
    """The process's own."""
    return Services()
