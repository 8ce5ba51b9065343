"""Who answers for a product's safety in the European Union, and what is to be known of it: Regulation (EU) 2023/988, article 19."""

from collections.abc import Sequence
from typing import Annotated, Protocol

from pydantic import Field, StringConstraints

from monsoon_plugin.value import Value
from shared.goods.texts import LanguageTag

Line = Annotated[str, StringConstraints(min_length=1, max_length=100)]
SafetyText = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
MEMBERS = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905 (read as one line)
)
"""The Union's 27 member states by ISO 3166-1 (publications.europa.eu, Interinstitutional style guide, annex A5; Greece is GR there)."""


class EconomicOperator(Value):
    """A manufacturer, or who is responsible in the Union: with a postal and an electronic address."""

    name: str = Field(min_length=1, max_length=200, description="its name, registered trade name or trade mark")
    lines: list[Line] = Field(min_length=1, max_length=4, description="street and house")
    city: str = Field(min_length=1, max_length=100)
    region: str = Field(default="", max_length=100)
    postal_code: str = Field(default="", max_length=16)
    country: Country = Field(description="ISO 3166-1 alpha-2")
    electronic_address: str = Field(
        min_length=3, max_length=300, description="an e-mail address, or that of a page to write to", examples=["safety@maker.example"]
    )


class Safety(Value):
    """What article 19 asks of an offer to people in the Union, beside the picture and what identifies the product."""

    manufacturer: EconomicOperator
    responsible: EconomicOperator | None = Field(
        default=None, description="who is responsible in the Union, where the manufacturer is not established there"
    )
    warnings: dict[LanguageTag, SafetyText] = Field(
        default={}, max_length=20, description="warnings and safety information, by BCP 47 language tag"
    )


def unanswered(safety: Safety | None) -> str | None:
    """What is still to be said before the product may be sold to people in the Union; None if nothing is."""
    if safety is None:
        return "say who made it, with a postal and an electronic address (safety.manufacturer)"
    if safety.manufacturer.country not in MEMBERS and safety.responsible is None:
        return "its manufacturer is not in the EU: say who is responsible there (safety.responsible)"
    if safety.responsible is not None and safety.responsible.country not in MEMBERS:
        return "who is responsible for it must be in the EU (safety.responsible)"
    return None


class Sent(Protocol):
    """A product, as far as it is asked here."""

    @property
    def safety(self) -> Safety | None: ...

    @property
    def ships_to(self) -> Sequence[str]:
        """Countries; empty: everywhere."""
        ...


def asked_in_union(product: Sent) -> str | None:
    """What is still to be said of a product that may be sent to the Union; None if nothing is, or it is not sent there."""
    goes_there = not product.ships_to or not MEMBERS.isdisjoint(product.ships_to)
    return unanswered(product.safety) if goes_there else None
