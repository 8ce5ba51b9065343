"""A shipment's documents: encrypted before they leave this process, handed out by links that soon end."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict, Field

from functions.shipping.documents.customs_forms import CustomsForm, customs_forms
from functions.shipping.shipments.shipment import KeptDocument, Shipment
from monsoon_plugin.clock import Clock, rfc3339
from monsoon_plugin.courier import Capability, CarrierConfig, Document, Purchase
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.plugin import Ctx
from shared.api.answers import Bytes
from shared.api.tickets import Tickets
from shared.bounds.fields import Id
from shared.errors import NotFound
from shared.providers.credentials import Credentials
from shared.trade.fx import Rates

DOCUMENT = "document"
"""The kind of a link's ticket."""
LINK = timedelta(minutes=5)
MAX_BYTES = 4 * 1024 * 1024
"""Of one document: an answer of Lambda carries at most 6 MB, and base64 adds a third."""
MAX_DOCUMENTS = 50
ENDINGS = {"application/pdf": "pdf", "application/zpl": "zpl", "image/png": "png"}
"""The media types that are kept, and how their files end."""


class Objects(Protocol):
    """A bucket (shared.aws.objects.S3Objects)."""

    def get(self, key: str) -> bytes | None: ...

    def put(self, key: str, body: bytes) -> None: ...


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
class ShipmentDocuments:
    objects: Objects
    credentials: Credentials
    tickets: Tickets
    clock: Clock
    rates: Callable[[], Rates]

    def keep(self, shipment: Shipment, purchase: Purchase, ctx: Ctx[Any], capability: Capability) -> tuple[KeptDocument, ...]:
        """Keep the courier's documents and the customs forms that it does not make itself.

        Names derive from the shipment and its purchase, so that keeping them again overwrites them.
        Raises PluginError (protocol) for a document that cannot be printed.
        """
        made = [] if capability.customs else self._customs(shipment, ctx)
        kept = []
        for i, (document, replaced) in enumerate([*((document, False) for document in purchase.documents), *made][:MAX_DOCUMENTS]):
            ending = ENDINGS.get(document.media_type)
            if ending is None or not 0 < len(document.content) <= MAX_BYTES:
                raise PluginError(ErrorKind.PROTOCOL, f"a {document.kind} of {len(document.content)} bytes that nobody can print")
            key = f"shipments/{shipment.supplier_id}/{shipment.op_key}/{i:02d}-{document.kind}.{ending}"
            self.objects.put(key, self.credentials.seal(document.content, _context(shipment)))
            kept.append(KeptDocument(kind=document.kind, media_type=document.media_type, key=key, replaced=replaced))
        return tuple(kept)

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
        content = self.credentials.open(sealed, _context(shipment))
        return Bytes(content, document.media_type, f"{shipment.id}-{document.kind}.{ENDINGS[document.media_type]}")

    def _ticket(self, shipment: Shipment, document: KeptDocument) -> str:
        link = LinkContent(supplier_id=shipment.supplier_id, shipment_id=shipment.id, key=document.key)
        return self.tickets.issue(DOCUMENT, link, self.clock(), LINK)

    def _customs(self, shipment: Shipment, ctx: Ctx[Any]) -> list[tuple[Document, bool]]:
        """The forms of a parcel whose sender is known: a courier that fetches parcels asks for that."""
        if not isinstance(ctx.config, CarrierConfig):
            return []
        sender = ctx.config.sender(shipment.supplier_id)
        return list(_draw(customs_forms(shipment, sender, rfc3339(self.clock())[:10], self.rates)))


def _draw(forms: list[CustomsForm]) -> Iterator[tuple[Document, bool]]:
    for form in forms:
        from functions.shipping.documents.customs_pdf import draw_form  # noqa: PLC0415 (fpdf2 is large, and few shipments cross a border)

        content, replaced = draw_form(form)
        yield Document(form.kind, "application/pdf", content), replaced


def _context(shipment: Shipment) -> dict[str, str]:
    """The encryption context: one shipment's document does not open as another's."""
    return {"tenant": shipment.tenant, "shipment": shipment.id, "plugin": shipment.choice.plugin}
