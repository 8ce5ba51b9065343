"""The parts of a service with an HTTP API: signed tickets, paged lists, another attempt at what was contended."""

from dataclasses import dataclass
from functools import cached_property

from shared.api.paging import Paging
from shared.api.tickets import Tickets
from shared.aws.secret import secret_of
from shared.bootstrap.parts import Parts
from shared.optimistic_retry import Retry


@dataclass(frozen=True, slots=True)
class SigningSettings:
    signing_secret: str
    """The ARN of the hub's signing secret."""


class ApiParts(Parts):
    @cached_property
    def retry(self) -> Retry:
        return Retry()

    @cached_property
    def tickets(self) -> Tickets:
        return Tickets(secret_of(self.settings(SigningSettings).signing_secret))

    @cached_property
    def paging(self) -> Paging:
        return Paging(self.tickets, self.clock)
