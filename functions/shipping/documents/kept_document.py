"""What a shipment knows of each document that is kept for it."""

from pydantic import BaseModel, ConfigDict

from monsoon_plugin.courier import DocumentKind


class KeptDocument(BaseModel):
    """A document that is kept for the shipment."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    kind: DocumentKind
    media_type: str
    key: str
    """Of the encrypted object."""
    replaced: bool = False
    """Some letters are not in the form's font: each is printed as `?`."""
