"""A shipment's documents: encrypted before they leave this process, handed out by links that soon end."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict

from functions.shipping.documents.customs_declarations import Declaration, declarations
from functions.shipping.shipment import Paper, Shipment
from functions.shipping.tracking.shipment_views import DocumentsView, DocumentView
from monsoon_plugin.clock import Clock, rfc3339
from monsoon_plugin.courier import Capability, CarrierConfig, Document, Purchase
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.plugin import Ctx
from shared.api.answers import Bytes
from shared.api.tickets import Tickets
from shared.errors import NotFound
from shared.providers.credentials import Credentials
from shared.trade.fx import Rates

DOCUMENT = "document"
"""The kind of a link's ticket."""
LINK = timedelta(minutes=5)
MAX_BYTES = 4 * 1024 * 1024
"""Of one document: an answer of Lambda carries at most 6 MB, and base64 adds a third."""
MAX_PAPERS = 50
ENDINGS = {"application/pdf": "pdf", "application/zpl": "zpl", "image/png": "png"}
"""The media types that are kept, and how their files end."""


class Objects(Protocol):
    """A bucket (shared.aws.objects.S3Objects)."""

    def get(self, key: str) -> bytes | None: ...

    def put(self, key: str, body: bytes) -> None: ...


class Link(BaseModel):
    """What a link's ticket says: which document of which shipment."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    supplier_id: str
    shipment_id: str
    key: str


@dataclass(frozen=True, slots=True)
class Papers:
    objects: Objects
    credentials: Credentials
    tickets: Tickets
    now: Clock
    rates: Callable[[], Rates]

    def keep(self, shipment: Shipment, purchase: Purchase, ctx: Ctx[Any], capability: Capability) -> tuple[Paper, ...]:
        """Keep the courier's documents and the customs forms that it does not make itself.

        Names derive from the shipment and its purchase, so that keeping them again overwrites them.
        Raises PluginError (protocol) for a document that cannot be printed.
        """
        made = [] if capability.customs else self._customs(shipment, ctx)
        kept = []
        for i, (document, replaced) in enumerate([*((document, False) for document in purchase.documents), *made][:MAX_PAPERS]):
            ending = ENDINGS.get(document.media_type)
            if ending is None or not 0 < len(document.content) <= MAX_BYTES:
                raise PluginError(ErrorKind.PROTOCOL, f"a {document.kind} of {len(document.content)} bytes that nobody can print")
            key = f"shipments/{shipment.supplier_id}/{shipment.op_key}/{i:02d}-{document.kind}.{ending}"
            self.objects.put(key, self.credentials.seal(document.content, _context(shipment)))
            kept.append(Paper(kind=document.kind, media_type=document.media_type, key=key, replaced=replaced))
        return tuple(kept)

    def listed(self, shipment: Shipment) -> DocumentsView:
        """The shipment's documents, each with a link that is good for LINK."""
        return DocumentsView(items=[self._listed(shipment, paper) for paper in shipment.papers])

    def read(self, ticket: str) -> Link:
        """What a link says. Raises TicketRefused."""
        return self.tickets.read(DOCUMENT, ticket, Link, self.now(), "query/ticket")

    def file(self, shipment: Shipment, link: Link) -> Bytes:
        """The document of a link, in the clear. Raises NotFound if the shipment has another label by now."""
        paper = next((paper for paper in shipment.papers if paper.key == link.key), None)
        sealed = None if paper is None else self.objects.get(paper.key)
        if paper is None or sealed is None:
            raise NotFound("this document is no longer kept")
        content = self.credentials.open(sealed, _context(shipment))
        return Bytes(content, paper.media_type, f"{shipment.id}-{paper.kind}.{ENDINGS[paper.media_type]}")

    def _listed(self, shipment: Shipment, paper: Paper) -> DocumentView:
        link = Link(supplier_id=shipment.supplier_id, shipment_id=shipment.id, key=paper.key)
        ticket = self.tickets.issue(DOCUMENT, link, self.now(), LINK)
        return DocumentView(
            kind=paper.kind, media_type=paper.media_type, letters_replaced=paper.replaced, link=f"/v1/documents?ticket={ticket}"
        )

    def _customs(self, shipment: Shipment, ctx: Ctx[Any]) -> list[tuple[Document, bool]]:
        """The forms of a parcel whose sender is known: a courier that fetches parcels asks for that."""
        if not isinstance(ctx.config, CarrierConfig):
            return []
        sender = ctx.config.sender(shipment.supplier_id)
        return list(_drawn(declarations(shipment, sender, rfc3339(self.now())[:10], self.rates)))


def _drawn(forms: list[Declaration]) -> Iterator[tuple[Document, bool]]:
    for form in forms:
        from functions.shipping.documents.customs_forms import drawn  # noqa: PLC0415 (fpdf2 is large, and few shipments cross a border)

        content, replaced = drawn(form)
        yield Document(form.kind, "application/pdf", content), replaced


def _context(shipment: Shipment) -> dict[str, str]:
    """The encryption context: one shipment's document does not open as another's."""
    return {"tenant": f"{shipment.account_id}#{shipment.storefront_id}", "shipment": shipment.id, "plugin": shipment.choice.plugin}
