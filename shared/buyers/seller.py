"""Who sells in a shop, as papers name them: a trader's name and postal address (Directive 2011/83/EU, article 6(1)(b) and (c))."""

from collections.abc import Callable

from pydantic import Field

from monsoon_plugin.value import Value
from shared.goods.safety import Country, Line


class Seller(Value):
    name: str = Field(min_length=1, max_length=200, description="of the company or person who sells", examples=["Harbour Tea Ltd"])
    lines: list[Line] = Field(min_length=1, max_length=4, description="street and house", examples=[["12 Harbour Street"]])
    city: str = Field(min_length=1, max_length=100, examples=["Bristol"])
    region: str = Field(default="", max_length=100)
    postal_code: str = Field(default="", max_length=16, examples=["BS1 4XX"])
    country: Country = Field(description="ISO 3166-1 alpha-2", examples=["GB"])

    def address(self, country_name: Callable[[str], str]) -> list[str]:
        """Line by line, without the name; the country in the reader's words."""
        place = " ".join(part for part in (self.postal_code, self.city) if part)
        return [*self.lines, ", ".join(part for part in (place, self.region) if part), country_name(self.country)]
