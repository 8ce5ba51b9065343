"""What audit's entry points need. Its functions have different variables, so each is read when the part that needs it is made."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property

from functions.audit.rules.operator_lists import OperatorLists, lists_in
from functions.audit.verdicts.audit_service import AuditService
from functions.audit.verdicts.verdict_store import VerdictStore
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
    audit_table: str


@dataclass(frozen=True, slots=True)
class ApiSettings(Settings):
    signing_secret: str


@dataclass(frozen=True, slots=True)
class WorkerSettings(Settings):
    reference_bucket: str


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
    ) -> None:
        self.clock, self.retry = clock, retry or Retry()
        if settings is not None:
            self.settings = settings
        if tickets is not None:
            self.tickets = tickets
        if reference is not None:
            self.reference = reference

    @cached_property
    def settings(self) -> Settings:
        return settings_of(Settings)

    @cached_property
    def tickets(self) -> Tickets:
        return Tickets(secret_of(settings_of(ApiSettings).signing_secret))

    @cached_property
    def reference(self) -> Reference:
        return Reference(S3Objects(settings_of(WorkerSettings).reference_bucket))

    @cached_property
    def paging(self) -> Paging:
        return Paging(self.tickets, self.clock)

    def lists_for(self, languages: Iterable[str]) -> OperatorLists:
        """The operator's lists, as they are now, for texts in these base languages. Raises Unavailable."""
        return lists_in(self.reference, languages)

    @cached_property
    def verdicts(self) -> AuditService:
        return AuditService(VerdictStore(self.settings.audit_table, self.clock), self.lists_for, self.clock, self.retry)


@cache
def services() -> Services:
    """The process's own."""
    return Services()
