"""A sealed text, as orders, shipments and events carry it."""

from pydantic import BaseModel, ConfigDict, Field

from shared.bounds.fields import Id

LONGEST = 24_000
"""Characters of a sealed text in base 64: what a buyer may say at most, in letters of four bytes."""


class SealedText(BaseModel):
    """What somebody says who they are by: nobody reads it without its key, and nobody ever again once that is erased."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    key: Id = Field(description="of the key that opens it, in the table of keys")
    part: int = Field(default=0, ge=0, le=9, description="which of the texts that one key seals")
    text: str = Field(max_length=LONGEST, repr=False, description="base64: AES-256-GCM of a packed text (shared/aws/packing.py)")
