"""The routes by which a shipment's documents are listed and printed."""

from functions.shipping.bootstrap import Services
from functions.shipping.documents.document_views import DocumentQuery, DocumentsView, DocumentView
from functions.shipping.shipments.shipment import Shipment
from shared.api.answers import Bytes
from shared.api.caller import Caller
from shared.api.operation import Routes
from shared.api.tickets import TicketRefused
from shared.errors import NotFound

ROUTES = Routes()


@ROUTES.get("/v1/shipments/{shipment_id}/documents", answers={200: DocumentsView}, allow=["supplier"], problems=[NotFound])
def list_documents(shipment_id: str, caller: Caller, services: Services) -> DocumentsView:
    """List what to print for one of the caller's shipments: labels and customs papers, by links that soon end."""
    return _listed(services, services.shipments.get(caller.tenant, shipment_id))


@ROUTES.get(
    "/v1/storefronts/{storefront_id}/orders/{order_id}/shipments/{shipment_id}/documents", answers={200: DocumentsView},
    allow=["storefront"], problems=[NotFound],
)  # fmt: skip
def list_order_documents(storefront_id: str, order_id: str, shipment_id: str, caller: Caller, services: Services) -> DocumentsView:
    """List what to print for a shipment of one of the storefront's orders."""
    return _listed(services, services.shipments.of_storefront(caller.at_storefront(storefront_id), order_id, shipment_id))


@ROUTES.get("/v1/documents", query=DocumentQuery, answers={200: Bytes}, public=True, problems=[NotFound, TicketRefused])
def get_document(query: DocumentQuery, services: Services) -> Bytes:
    """Read a document by its link, as PDF, ZPL or PNG."""
    link = services.document_links.read_link(query.ticket)
    return services.document_links.file(services.shipments.get(link.supplier_id, link.shipment_id), link)


def _listed(services: Services, shipment: Shipment) -> DocumentsView:
    return DocumentsView(items=[DocumentView.of(link) for link in services.document_links.links(shipment)])
