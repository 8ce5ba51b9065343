"""A mapping: which column of a file is which field of a product. Data, whether it is built in or a supplier's own."""

import re
from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from monsoon_plugin.value import Value
from shared.goods.texts import LanguageTag

Unit = Literal["g", "kg", "mg", "oz", "lb", "mm", "cm", "m", "in", "ft"]
Text = Annotated[str, Field(max_length=200)]
Label = Annotated[str, Field(min_length=1, max_length=40)]
MAX_RULES = 200
QUALIFIER = re.compile(r"\[[a-z_]{1,40}=[^\[\]]{0,60}\]")
NAME = r"^[a-z0-9][a-z0-9._-]*$"


class Rule(Value):
    """One field, from a column or from a constant. Of several rules for one field the first that finds something counts; lists gather."""

    field: str = Field(
        min_length=1, max_length=60, examples=["sku"], description="such as sku, title_en, price, weight_g, option1_value, option:color"
    )
    column: str = Field(
        default="",
        max_length=200,
        examples=["Item number"],
        description="as the file names it; letter case and blanks around it do not matter",
    )
    constant: str = Field(default="", max_length=500, description="said of every row, where no column says it")
    unit: Unit | None = Field(default=None, description="of numbers that name none")
    unit_column: str = Field(default="", max_length=200, description="the column that names the unit")
    split: str = Field(default="", max_length=5, description="what stands between several values in a cell")
    part: int | None = Field(default=None, ge=1, le=10, description="which of the values that `split` parts: 2 of 10x20x30 is the width")
    values: dict[Text, Text] = Field(
        default={},
        max_length=300,
        description="what a cell says → what is meant, such as your name of a category → its id; empty: it says nothing",
    )
    escaped: bool = Field(default=False, description="line breaks are written as \\n, as WooCommerce does")
    html: bool = Field(default=False, description="the cell is HTML, of which the text is taken")


class Grouping(Value):
    """Which rows are one product: those that say the same in `by`, or, where that is empty, in `own`."""

    by: str = Field(min_length=1, max_length=200, description="Handle, item_group_id, Parent, parent_sku")
    own: str = Field(default="", max_length=200, description="the row's own code, which its variants name in `by`")
    alias: str = Field(default="", max_length=200, description="another own code, which variants may name as id:…")
    role: str = Field(default="", max_length=200, description="the column that says whether a row is the product or a variant of it")
    parents: list[Label] = Field(default=[], max_length=10, description="what `role` says of a row that is not sold by itself")
    variants: list[Label] = Field(default=[], max_length=10, description="what `role` says of a row that is a variant")


class Mapping(Value):
    """How a kind of file is read."""

    name: str = Field(min_length=1, max_length=60, pattern=NAME, examples=["winter-supplier"])
    language: LanguageTag = Field(default="en", description="of `title` and `description`, where no column names its language")
    rules: list[Rule] = Field(min_length=1, max_length=MAX_RULES)
    grouping: Grouping | None = None

    @property
    def columns(self) -> list[str]:
        """Every column that it asks for, folded, once each."""
        group = self.grouping
        named = [name for rule in self.rules for name in (rule.column, rule.unit_column)]
        named += [group.by, group.own, group.alias, group.role] if group else []
        return [*dict.fromkeys(folded(name) for name in named if name)]


def folded(column: str) -> str:
    """A column's name without what people vary: letter case, blanks around it, a byte order mark, the prefix of Google's elements, and what
    Amazon's templates name between brackets (`item_name[marketplace_id=…][language_tag=de_DE]#1.value`)."""
    return QUALIFIER.sub("", " ".join(column.replace("\ufeff", "").casefold().split())).removeprefix("g:")


def at(columns: Iterable[str]) -> dict[str, int]:
    """Folded name → where the column stands; the first of several."""
    found: dict[str, int] = {}
    for i, column in enumerate(columns):
        found.setdefault(folded(column), i)
    return found
