"""What requests about mappings and their answers carry."""

from pydantic import Field

from functions.uploads.mapping.mapping import MAX_RULES, Grouping, Mapping, Rule
from shared.api.payload import Body, View
from shared.goods.texts import LanguageTag


class KeepMapping(Body):
    """Which column of your file is which field of a product."""

    language: LanguageTag = Field(default="en", description="of titles and descriptions whose column names none")
    rules: list[Rule] = Field(min_length=1, max_length=MAX_RULES)
    grouping: Grouping | None = None


class MappingList(View):
    items: list[Mapping]
    formats: list[Mapping] = Field(description="those that are built in: copy one and change it")
