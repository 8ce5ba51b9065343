"""The parts of a service that reads the operator's data: taxonomy, lists, the day's exchange rates."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from shared.aws.objects import S3Objects
from shared.bootstrap.parts import Parts
from shared.trade.fx import Rates
from shared.trade.reference_data import Objects, Reference, day_rates


@dataclass(frozen=True, slots=True)
class ReferenceSettings:
    reference_bucket: str


class ReferenceParts(Parts):
    @cached_property
    def seconds(self) -> Callable[[], float]:
        """Any clock that only rises."""
        return time.monotonic

    @cached_property
    def reference_objects(self) -> Objects:
        """Where the operator's documents lie."""
        return S3Objects(self.settings(ReferenceSettings).reference_bucket)

    @cached_property
    def reference(self) -> Reference:
        return Reference(self.reference_objects, self.seconds)

    @cached_property
    def rates(self) -> Callable[[], Rates]:
        """Answers the day's exchange rates, at most a minute after they were loaded; NO_RATES if none are."""
        return lambda: day_rates(self.reference)

    def categories(self) -> frozenset[str]:
        """The ids of all categories. Raises Unavailable if the operator has loaded none."""
        found: frozenset[str] = self.reference.document("taxonomy/en", lambda rows: frozenset(row[0] for row in rows))
        return found
