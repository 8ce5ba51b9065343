"""What shipping's entry points need."""

from dataclasses import dataclass
from functools import cache, cached_property

from functions.shipping.documents.document_links import DocumentLinks
from functions.shipping.documents.shipment_documents import Objects, ShipmentDocuments
from functions.shipping.fulfilment.order_shipments import OrderShipments
from functions.shipping.fulfilment.payment_holds import PaymentHolds
from functions.shipping.fulfilment.recall_holds import RecallHolds
from functions.shipping.fulfilment.recall_walk_store import RecallWalkStore
from functions.shipping.fulfilment.recall_walks import RecallWalks, Walks
from functions.shipping.fulfilment.supplier_declines import SupplierDeclines
from functions.shipping.fulfilment.unit_withdrawals import UnitWithdrawals
from functions.shipping.installed_couriers import Courier, CourierCalls
from functions.shipping.labels.awaited_courier import AwaitedCouriers
from functions.shipping.labels.label_changes import LabelChanges
from functions.shipping.labels.label_purchase import LabelPurchase
from functions.shipping.labels.label_recovery import LabelRecovery
from functions.shipping.labels.label_renewal import LabelRenewal
from functions.shipping.labels.label_return import LabelReturn
from functions.shipping.labels.manual_label import ManualLabels
from functions.shipping.quotes.quote_service import QuoteService
from functions.shipping.quotes.quote_ticket import QuoteTickets
from functions.shipping.shipment_sweep import ShipmentSweep
from functions.shipping.shipments.recipients import Recipients
from functions.shipping.shipments.shipment_queries import ShipmentQueries
from functions.shipping.shipping_store import ShippingStore
from functions.shipping.shortfalls.shortfall import Shortfalls
from functions.shipping.tracking.courier_notices import CourierNotices
from functions.shipping.tracking.courier_polling import CourierPolling
from functions.shipping.tracking.courier_scans import CourierScans
from functions.shipping.tracking.shipment_reports import ShipmentReports
from functions.shipping.virtual.virtual_delivery import VirtualDeliveries
from monsoon_plugin.clock import TimeLeft
from monsoon_plugin.courier import Capability, CarrierConfig, CourierPlugin
from shared.aws.objects import S3Objects
from shared.bootstrap.provider_parts import ProviderParts
from shared.bootstrap.reference_parts import ReferenceParts
from shared.bootstrap.sealing_parts import SealingParts
from shared.bootstrap.visit_parts import VisitParts
from shared.buyers.followed_orders import FollowedOrders
from shared.providers.elsewhere.operator_plugins import Family
from shared.providers.installations import Installations

FAMILY = Family("courier", CourierPlugin, Capability, CarrierConfig)


@dataclass(frozen=True, slots=True)
class Settings:
    """Of every function of this service; Karrio's (karrio_handler.py) has none."""

    shipping_table: str
    documents_bucket: str


@dataclass(frozen=True, slots=True)
class SafetySettings:
    product_safety: str
    """`require` or `ask`."""


class Services(VisitParts, ReferenceParts, ProviderParts, SealingParts):
    """What calls couriers is made for one run of a function, which says how long it may still take."""

    @cached_property
    def store(self) -> ShippingStore:
        return ShippingStore(self.settings(Settings).shipping_table, self.clock, self.retry)

    @cached_property
    def objects(self) -> Objects:
        """Where documents are kept."""
        return S3Objects(self.settings(Settings).documents_bucket)

    @cached_property
    def installations(self) -> Installations[Courier]:
        return self.installed(FAMILY, self.settings(Settings).shipping_table, "couriers")

    @cached_property
    def quotes(self) -> QuoteService:
        return QuoteService(
            self.store, self.installations, tickets=QuoteTickets(self.tickets, self.clock), rates=self.rates,
            demands_safety=self.demands_safety,
        )  # fmt: skip

    @cached_property
    def demands_safety(self) -> bool:
        """Whether the operator lets nothing be sold to the EU whose supplier has not answered for its safety."""
        return self.settings(SafetySettings).product_safety == "require"

    @cached_property
    def shipments(self) -> ShipmentQueries:
        return ShipmentQueries(self.store, self.paging)

    @cached_property
    def followed_orders(self) -> FollowedOrders:
        return FollowedOrders(self.tickets, self.clock)

    @cached_property
    def reports(self) -> ShipmentReports:
        return ShipmentReports(self.store, self.recall_holds, self.clock, self.retry)

    @cached_property
    def recall_holds(self) -> RecallHolds:
        return RecallHolds(self.store, self.retry)

    @cached_property
    def walks(self) -> Walks:
        """Where walks are noted."""
        return RecallWalkStore(self.settings(Settings).shipping_table)

    @cached_property
    def recall_walks(self) -> RecallWalks:
        return RecallWalks(self.store, self.walks, self.recall_holds, self.clock)

    @cached_property
    def shortfalls(self) -> Shortfalls:
        return Shortfalls(self.store)

    @cached_property
    def payment_holds(self) -> PaymentHolds:
        return PaymentHolds(self.store, self.retry)

    @cached_property
    def recipients(self) -> Recipients:
        return Recipients(lambda: self.sealing)

    @cached_property
    def documents(self) -> ShipmentDocuments:
        return ShipmentDocuments(self.objects, self.credentials, self.clock, self.rates, self.recipients)

    @cached_property
    def document_links(self) -> DocumentLinks:
        return DocumentLinks(self.objects, self.credentials, self.tickets, self.clock)

    @cached_property
    def virtual_deliveries(self) -> VirtualDeliveries:
        return VirtualDeliveries(
            store=self.store, holds=self.recall_holds, objects=self.objects, credentials=self.credentials, clock=self.clock,
            retry=self.retry,
        )  # fmt: skip

    @cached_property
    def label_changes(self) -> LabelChanges:
        return LabelChanges(self.store, self.clock, self.retry)

    def courier_calls(self, time_left: TimeLeft) -> CourierCalls:
        return CourierCalls(self.installations, self.clock, time_left)

    def label_return(self, time_left: TimeLeft) -> LabelReturn:
        return LabelReturn(self.courier_calls(time_left), self.label_changes)

    def label_purchase(self, time_left: TimeLeft) -> LabelPurchase:
        calls, returns = self.courier_calls(time_left), self.label_return(time_left)
        return LabelPurchase(self.store, self.documents, self.recipients, calls=calls, changes=self.label_changes, returns=returns)

    def awaited_couriers(self, time_left: TimeLeft) -> AwaitedCouriers:
        calls, purchase = self.courier_calls(time_left), self.label_purchase(time_left)
        return AwaitedCouriers(self.store, purchase, calls=calls, changes=self.label_changes, random=self.random)

    def label_recovery(self, time_left: TimeLeft) -> LabelRecovery:
        calls, returns = self.courier_calls(time_left), self.label_return(time_left)
        return LabelRecovery(self.label_purchase(time_left), returns, calls=calls, changes=self.label_changes)

    def label_renewal(self, time_left: TimeLeft) -> LabelRenewal:
        calls, returns = self.courier_calls(time_left), self.label_return(time_left)
        return LabelRenewal(self.store, self.label_purchase(time_left), returns, calls=calls, changes=self.label_changes)

    def unit_withdrawals(self, time_left: TimeLeft) -> UnitWithdrawals:
        return UnitWithdrawals(self.store, self.label_renewal(time_left), self.clock, self.retry)

    def supplier_declines(self, time_left: TimeLeft) -> SupplierDeclines:
        return SupplierDeclines(self.store, self.unit_withdrawals(time_left), self.label_renewal(time_left))

    def manual_labels(self, time_left: TimeLeft) -> ManualLabels:
        purchase, returns = self.label_purchase(time_left), self.label_return(time_left)
        return ManualLabels(self.store, self.installations, purchase, returns=returns, clock=self.clock)

    def order_shipments(self, time_left: TimeLeft) -> OrderShipments:
        return OrderShipments(
            self.store, self.recall_holds, calls=self.courier_calls(time_left), purchase=self.label_purchase(time_left),
            awaited=self.awaited_couriers(time_left), returns=self.label_return(time_left), random=self.random,
        )  # fmt: skip

    def courier_polling(self, time_left: TimeLeft) -> CourierPolling:
        return CourierPolling(self.store, self.courier_calls(time_left), CourierScans(self.store, self.clock, self.retry))

    def courier_notices(self, time_left: TimeLeft) -> CourierNotices:
        return CourierNotices(self.store, self.courier_polling(time_left))

    def sweep(self, time_left: TimeLeft) -> ShipmentSweep:
        return ShipmentSweep(
            recovery=self.label_recovery(time_left), renewal=self.label_renewal(time_left), awaited=self.awaited_couriers(time_left),
            polling=self.courier_polling(time_left), time_left=time_left,
        )  # fmt: skip


services = cache(Services)
"""Answers the process's own."""
