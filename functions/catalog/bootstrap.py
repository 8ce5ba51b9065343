"""What the catalog's entry points need."""

from dataclasses import dataclass
from functools import cache, cached_property

from functions.catalog.job_queue_client import JobQueue, SendJob
from functions.catalog.offers.offer_service import OfferService
from functions.catalog.offers.offer_store import OfferStore
from functions.catalog.offers.sale_sweep import SaleSweep
from functions.catalog.pictures.heard_picture_store import HeardPictureStore
from functions.catalog.pictures.picture_rollout import PictureRollout
from functions.catalog.pictures.picture_service import PictureService
from functions.catalog.sanctions.sanction_rollout import SanctionRollout
from functions.catalog.sanctions.supplier_standing_store import StandingStore
from functions.catalog.sanctions.suspension_service import SuspensionService
from shared.bootstrap.api_parts import ApiParts
from shared.bootstrap.reference_parts import ReferenceParts


@dataclass(frozen=True, slots=True)
class Settings:
    catalog_table: str


@dataclass(frozen=True, slots=True)
class JobSettings:
    sanctions_queue_url: str


class Services(ApiParts, ReferenceParts):
    @cached_property
    def send_job(self) -> SendJob:
        return JobQueue(self.settings(JobSettings).sanctions_queue_url).send

    @cached_property
    def standing_store(self) -> StandingStore:
        return StandingStore(self.settings(Settings).catalog_table)

    @cached_property
    def offer_store(self) -> OfferStore:
        return OfferStore(self.settings(Settings).catalog_table)

    @cached_property
    def suspensions(self) -> SuspensionService:
        return SuspensionService(self.standing_store, self.clock, self.retry)

    @cached_property
    def offers(self) -> OfferService:
        return OfferService(self.offer_store, self.standing_store, self.pictures, self.clock, self.retry)

    @cached_property
    def picture_store(self) -> HeardPictureStore:
        return HeardPictureStore(self.settings(Settings).catalog_table)

    @cached_property
    def pictures(self) -> PictureService:
        return PictureService(self.picture_store)

    @cached_property
    def picture_news(self) -> PictureRollout:
        return PictureRollout(self.picture_store, self.offer_store, self.offers, self.send_job)

    @cached_property
    def sales(self) -> SaleSweep:
        return SaleSweep(self.offer_store, self.offers, self.clock)

    @cached_property
    def sanctions(self) -> SanctionRollout:
        return SanctionRollout(self.standing_store, self.offer_store, self.offers, self.send_job)


services = cache(Services)
"""Answers the process's own."""
