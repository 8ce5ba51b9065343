"""What audit's entry points need."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property

from functions.audit.likenesses.likeness_service import LikenessService
from functions.audit.likenesses.likeness_store import LikenessStore
from functions.audit.rules.operator_lists import OperatorLists, lists_in
from functions.audit.verdicts.audit_service import AuditService
from functions.audit.verdicts.verdict_store import VerdictStore
from shared.bootstrap.api_parts import ApiParts
from shared.bootstrap.reference_parts import ReferenceParts


@dataclass(frozen=True, slots=True)
class Settings:
    audit_table: str


@dataclass(frozen=True, slots=True)
class AddressSettings:
    media_url: str
    """What stands before each picture's key."""


class Services(ApiParts, ReferenceParts):
    def lists_for(self, languages: Iterable[str]) -> OperatorLists:
        """The operator's lists, as they are now, for texts in these base languages. Raises Unavailable."""
        return lists_in(self.reference, languages)

    @cached_property
    def verdicts(self) -> AuditService:
        return AuditService(VerdictStore(self.settings(Settings).audit_table, self.clock), self.lists_for, self.clock, self.retry)

    @cached_property
    def likenesses(self) -> LikenessService:
        return LikenessService(LikenessStore(self.settings(Settings).audit_table), self.clock, self.retry)

    @cached_property
    def media_url(self) -> str:
        return self.settings(AddressSettings).media_url


services = cache(Services)
"""Answers the process's own."""
