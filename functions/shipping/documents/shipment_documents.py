"""A shipment's documents, encrypted before they leave this process. Links hand them out (document_links.py)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from functions.shipping.documents.customs_forms import CustomsForm, customs_forms
from functions.shipping.documents.kept_document import KeptDocument
from functions.shipping.shipments.recipients import Recipients
from functions.shipping.shipments.shipment import Shipment
from monsoon_plugin.clock import Clock, rfc3339
from monsoon_plugin.courier import Capability, CarrierConfig, Document, Purchase
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.plugin import Ctx
from shared.providers.credentials import Credentials
from shared.trade.fx import Rates

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
class ShipmentDocuments:
    objects: Objects
    credentials: Credentials
    clock: Clock
    rates: Callable[[], Rates]
    recipients: Recipients

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
            self.objects.put(key, self.credentials.seal(document.content, document_context(shipment)))
            kept.append(KeptDocument(kind=document.kind, media_type=document.media_type, key=key, replaced=replaced))
        return tuple(kept)

    def _customs(self, shipment: Shipment, ctx: Ctx[Any]) -> list[tuple[Document, bool]]:
        """The forms of a parcel whose sender is known: a courier that fetches parcels asks for that."""
        if not isinstance(ctx.config, CarrierConfig):
            return []
        sender = ctx.config.sender(shipment.supplier_id)
        (shown,) = self.recipients.shown([shipment])
        return list(_draw(customs_forms(shown, sender, rfc3339(self.clock())[:10], self.rates)))


def _draw(forms: list[CustomsForm]) -> Iterator[tuple[Document, bool]]:
    for form in forms:
        from functions.shipping.documents.customs_pdf import draw_form  # noqa: PLC0415 (fpdf2 is large, and few shipments cross a border)

        content, replaced = draw_form(form)
        yield Document(form.kind, "application/pdf", content), replaced


def document_context(shipment: Shipment) -> dict[str, str]:
    """The encryption context: one shipment's document does not open as another's."""
    return {"tenant": shipment.tenant, "shipment": shipment.id, "plugin": shipment.choice.plugin}
