"""What payments' entry points need: the store, and merchants' plug-ins."""

import secrets
from dataclasses import dataclass
from functools import cache, cached_property

from functions.payments.operation_runner import OperationRunner, Plugins
from functions.payments.pages.page_payments import PagePayments
from functions.payments.pages.page_store import PageStore
from functions.payments.pages.payment_links import PaymentLinks
from functions.payments.payment_service import PaymentService
from functions.payments.payment_store import PaymentStore
from monsoon_plugin.clock import TimeLeft
from monsoon_plugin.payment import AnyData, Capability, PaymentPlugin
from shared.aws.secret import secret_of
from shared.bootstrap.api_parts import SigningSettings
from shared.bootstrap.provider_parts import ProviderParts
from shared.bootstrap.visit_parts import VisitParts
from shared.ids import Random
from shared.providers.elsewhere.operator_plugins import Family

FAMILY = Family("payment", PaymentPlugin, Capability, confirmation=AnyData)


@dataclass(frozen=True, slots=True)
class Settings:
    payments_table: str


class Services(VisitParts, ProviderParts):
    @cached_property
    def store(self) -> PaymentStore:
        return PaymentStore(self.settings(Settings).payments_table)

    @cached_property
    def installations(self) -> Plugins:
        return self.installed(FAMILY, self.settings(Settings).payments_table, "payments")

    @cached_property
    def random(self) -> Random:
        return secrets.token_bytes

    @cached_property
    def page_store(self) -> PageStore:
        return PageStore(self.settings(Settings).payments_table)

    @cached_property
    def payment_links(self) -> PaymentLinks:
        return PaymentLinks(secret_of(self.settings(SigningSettings).signing_secret))

    def page_payments(self, time_left: TimeLeft) -> PagePayments:
        return PagePayments(self.payment_service(time_left), self.page_store, self.payment_links, self.clock)

    def operation_runner(self, time_left: TimeLeft) -> OperationRunner:
        """Of one invocation, whose calls end while it may still write."""
        return OperationRunner(self.installations, self.store, self.clock, time_left, self.retry)

    def payment_service(self, time_left: TimeLeft) -> PaymentService:
        return PaymentService(self.operation_runner(time_left))


services = cache(Services)
"""Answers the process's own."""
