"""What requests about categories and their answers carry."""

from typing import Self

from pydantic import Field

from functions.catalog.taxonomy.taxonomy import Category
from shared.api.payload import Query, View
from shared.goods.texts import LanguageTag
from shared.trade.product import CategoryId


class TaxonomyQuery(Query):
    parent: CategoryId | None = Field(default=None, description="the categories below this one; those at the top without it")
    language: LanguageTag = Field(default="en", description="falls back to the base language, then to English")
    limit: int = Field(default=100, ge=1, le=100)


class LanguageQuery(Query):
    language: LanguageTag = Field(default="en", description="falls back to the base language, then to English")


class CategoryView(View):
    id: str = Field(examples=["hg-3-67"])
    name: str = Field(examples=["Vases"])
    full_name: str = Field(examples=["Home & Garden > Decor > Vases"])
    children: int = Field(description="how many categories lie directly below it")

    @classmethod
    def of(cls, category: Category) -> Self:
        return cls(id=category.id, name=category.name, full_name=category.full_name, children=category.children)


class CategoriesView(View):
    language: str = Field(description="the language of the names")
    items: list[CategoryView]
