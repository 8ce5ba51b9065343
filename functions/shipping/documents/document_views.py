"""How a shipment's documents are listed."""

from typing import Self

from pydantic import Field

from functions.shipping.documents.document_links import DocumentLink
from monsoon_plugin.courier import DocumentKind
from shared.api.payload import Query, View


class DocumentView(View):
    kind: DocumentKind
    media_type: str
    letters_replaced: bool = Field(description="some letters of names or addresses are printed as `?`: correct them by hand")
    link: str = Field(description="a path of this hub, good for five minutes, for whoever has it")

    @classmethod
    def of(cls, link: DocumentLink) -> Self:
        kept = link.document
        return cls(kind=kept.kind, media_type=kept.media_type, letters_replaced=kept.replaced, link=f"/v1/documents?ticket={link.ticket}")


class DocumentsView(View):
    items: list[DocumentView]


class DocumentQuery(Query):
    ticket: str = Field(max_length=2048)
