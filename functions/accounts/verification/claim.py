"""Who an account says that it is, before anybody has checked it."""

from typing import Literal

from pydantic import Field

from monsoon_plugin.value import Value


class Document(Value):
    """A paper that proves a claim, by its number."""

    kind: Literal["registration_certificate", "tax_certificate", "passport", "identity_card"]
    number: str = Field(min_length=1, max_length=64, examples=["HRB 86891"])


class Claim(Value):
    """A merchant's statement of its legal identity."""

    legal_name: str = Field(min_length=1, max_length=200, examples=["Lantern & Loom GmbH"])
    country: str = Field(pattern=r"^[A-Z]{2}$", description="where it is registered, ISO 3166-1 alpha-2", examples=["DE"])
    registration_number: str = Field(min_length=1, max_length=64, description="of the company, or of the person's tax record")
    documents: list[Document] = Field(default=[], max_length=10, description="what proves it; the verifier may ask for more")
