"""The part of a service whose pages belong to shoppers' visits."""

from functools import cached_property

from shared.bootstrap.api_parts import ApiParts
from shared.pages.visits.visit import Visits


class VisitParts(ApiParts):
    @cached_property
    def visits(self) -> Visits:
        return Visits(self.tickets, self.clock)
