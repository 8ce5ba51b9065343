"""What the pages need of their service."""

from typing import Protocol

from functions.payments.operation_runner import Plugins
from functions.payments.pages.payment_links import PaymentLinks
from monsoon_plugin.clock import Clock
from shared.api.tickets import Tickets
from shared.ids import Random
from shared.pages.visits.visit import Visits


class PayParts(Protocol):
    @property
    def installations(self) -> Plugins: ...
    @property
    def payment_links(self) -> PaymentLinks: ...
    @property
    def tickets(self) -> Tickets: ...
    @property
    def visits(self) -> Visits: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def random(self) -> Random: ...
