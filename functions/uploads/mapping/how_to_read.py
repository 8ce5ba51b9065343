"""What a supplier says of how its file is to be read, when it opens a feed or answers what was asked of it."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from functions.uploads.mapping.fields import is_field
from functions.uploads.mapping.mapping import Mapping, Rule
from functions.uploads.mapping.recognise import mapping_for
from monsoon_plugin.value import Value
from shared.goods.texts import LanguageTag

Encoding = Literal[
    "utf-8", "utf-16", "gb18030", "big5", "cp932", "euc_jp", "cp949", "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256",
    "cp1257", "cp1258", "cp874", "iso8859_2", "koi8_r", "cp866", "mac_roman", "cp850", "cp852",
]  # fmt: skip
Said = Annotated[str, Field(min_length=1, max_length=500)]
FieldName = Annotated[str, Field(min_length=1, max_length=60)]


DECIMAL = "the mark before decimals, where the file does not show it: whether 1.000 is one or a thousand"
Decimal = Literal[".", ","]
COMPLETE = "the file says all that you have on sale: what it lacks of its source is archived, once all its rows were looked at"
SOURCE = "what you call the file where you send several, each complete by itself: products are of the one that had them last"


class HowToRead(Value):
    """Nothing of it need be said: what a file is shows in the file."""

    encoding: Encoding | None = Field(default=None, description="what its text is encoded in; found out if absent")
    language: LanguageTag | None = Field(default=None, description="of titles and descriptions whose column names none; `en` if absent")
    mapping: Mapping | None = Field(default=None, description="which column is which field; found by the columns' names if absent")
    constants: dict[FieldName, Said] = Field(
        default={}, max_length=20, description="field → what is said of every product that does not say it", examples=[{"currency": "EUR"}]
    )
    partial: bool = Field(
        default=False, description="the file says price and stock of products that you have, by `sku`; all else of them stays as it is"
    )
    preview: bool = Field(default=False, description="show what the first 100 products would be, and take none")

    decimal: Decimal | None = Field(default=None, description=DECIMAL)
    complete: bool = Field(default=False, description=COMPLETE)
    source: str = Field(default="", max_length=60, description=SOURCE)

    @property
    def owner(self) -> str | None:
        """Which of the supplier's files its products are of from now on; None: as before. What is complete, or has a name, says so."""
        return self.source if not self.partial and (self.complete or self.source) else None

    @property
    def unknown_fields(self) -> list[str]:
        """The fields it names that no product has."""
        rules = self.mapping.rules if self.mapping else []
        return [name for name in (*self.constants, *(rule.field for rule in rules)) if not is_field(name)]

    def mapping_of(self, columns: Sequence[str], kept: Sequence[Mapping]) -> Mapping | None:
        """The mapping by which a file with these columns is read; None if none fits. Raises ValueError if that has too many rules."""
        found = self.mapping or mapping_for(columns, kept, partial=self.partial)
        if found is None:
            return None
        rules = [*found.rules, *(Rule(field=field, constant=said) for field, said in self.constants.items())]
        return Mapping(name=found.name, language=self.language or found.language, rules=rules, grouping=found.grouping)


NOTHING_SAID = HowToRead()
