"""What requests about attributes and their answers carry."""

from typing import Self

from pydantic import Field

from functions.catalog.taxonomy.attribute_list import ListedAttribute
from functions.catalog.taxonomy.taxonomy_views import LanguageQuery
from shared.api.payload import View


class AttributesQuery(LanguageQuery):
    limit: int = Field(default=24, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=1000)


class AttributeSummary(View):
    id: str = Field(examples=["17"])
    name: str = Field(examples=["Material"])
    values: int = Field(description="how many values the list has of it")

    @classmethod
    def of(cls, attribute: ListedAttribute) -> Self:
        return cls(id=attribute.id, name=attribute.name, values=len(attribute.values))


class AttributePage(View):
    language: str = Field(description="the language of the names")
    items: list[AttributeSummary]
    next: str | None = None


class ListedValueView(View):
    id: str = Field(description="the same in every language")
    name: str


class ListedAttributeView(View):
    id: str
    name: str
    language: str = Field(description="the language of the names")
    values: list[ListedValueView]

    @classmethod
    def of(cls, attribute: ListedAttribute, language: str) -> Self:
        values = [ListedValueView(id=value.id, name=value.name) for value in attribute.values]
        return cls(id=attribute.id, name=attribute.name, language=language, values=values)
