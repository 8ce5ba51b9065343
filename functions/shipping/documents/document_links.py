"""Links that hand a shipment's documents out, and soon end. Only the API has them: who buys labels has no secret to sign with."""

from dataclasses import dataclass, field
from datetime import timedelta

from pydantic import BaseModel, ConfigDict, Field

from functions.shipping.documents.kept_document import KeptDocument
from functions.shipping.documents.shipment_documents import ENDINGS, Objects, document_context
from functions.shipping.shipments.shipment import Shipment
from monsoon_plugin.clock import Clock
from shared.api.answers import Bytes
from shared.api.tickets import Tickets
from shared.bounds.fields import Id
from shared.errors import NotFound
from shared.providers.credentials import Credentials

DOCUMENT = "document"
"""The kind of a link's ticket."""
LINK = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class DocumentLink:
    """A kept document, and the ticket by which it is read."""

    document: KeptDocument
    ticket: str = field(repr=False)


class LinkContent(BaseModel):
    """What a link's ticket says: which document of which shipment."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    supplier_id: Id
    shipment_id: Id
    key: str = Field(max_length=1024)
    """Of an object; S3 takes no longer one."""


@dataclass(frozen=True, slots=True)
class DocumentLinks:
    objects: Objects
    credentials: Credentials
    tickets: Tickets
    clock: Clock

    def links(self, shipment: Shipment) -> list[DocumentLink]:
        """The shipment's documents, each with a ticket that is good for LINK."""
        return [DocumentLink(document, self._ticket(shipment, document)) for document in shipment.documents]

    def read_link(self, ticket: str) -> LinkContent:
        """What a link says. Raises TicketRefused."""
        return self.tickets.read(DOCUMENT, ticket, LinkContent, self.clock(), "query/ticket")

    def file(self, shipment: Shipment, link: LinkContent) -> Bytes:
        """The document of a link, in the clear. Raises NotFound if the shipment has another label by now."""
        document = next((document for document in shipment.documents if document.key == link.key), None)
        sealed = None if document is None else self.objects.get(document.key)
        if document is None or sealed is None:
            raise NotFound("this document is no longer kept")
        content = self.credentials.open(sealed, document_context(shipment))
        return Bytes(content, document.media_type, f"{shipment.id}-{document.kind}.{ENDINGS[document.media_type]}")

    def _ticket(self, shipment: Shipment, document: KeptDocument) -> str:
        link = LinkContent(supplier_id=shipment.supplier_id, shipment_id=shipment.id, key=document.key)
        return self.tickets.issue(DOCUMENT, link, self.clock(), LINK)
