"""Keeps a supplier's mappings: the next file with the same columns is read by the one that fits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from functions.uploads.mapping.fields import is_field
from functions.uploads.mapping.mapping import Mapping
from shared.errors import FieldError, Invalid

MOST = 20
"""Mappings of one supplier."""
MAX_JSON = 30_000
"""Bytes: each chunk of a feed carries its mapping."""


class Mappings(Protocol):
    """Where they lie."""

    def save(self, supplier_id: str, mapping: Mapping) -> None: ...

    def of(self, supplier_id: str) -> Sequence[Mapping]: ...

    def remove(self, supplier_id: str, name: str) -> None: ...


@dataclass(frozen=True, slots=True)
class MappingService:
    mappings: Mappings

    def keep(self, supplier_id: str, mapping: Mapping) -> None:
        """Keep it under its name, in place of what had that name. Raises Invalid."""
        wrong = list(mapping_flaws(mapping))
        others = [each.name for each in self.mappings.of(supplier_id) if each.name != mapping.name]
        if len(others) >= MOST:
            wrong.append(FieldError("/rules", f"you keep {MOST} mappings: delete one first, such as {others[0]}"))
        if wrong:
            raise Invalid(wrong[0].detail, wrong)
        self.mappings.save(supplier_id, mapping)


def mapping_flaws(mapping: Mapping, pointer: str = "") -> list[FieldError]:
    """What is wrong with a mapping, by JSON pointer."""
    found = [
        FieldError(f"{pointer}/rules/{i}/field", f"a product has no field {rule.field[:40]}: see the fields in docs/suppliers.md")
        for i, rule in enumerate(mapping.rules)
        if not is_field(rule.field)
    ]
    found += [
        FieldError(f"{pointer}/rules/{i}", "name the column that says it, or a constant")
        for i, rule in enumerate(mapping.rules)
        if not rule.column and not rule.constant
    ]
    if len(mapping.model_dump_json(exclude_defaults=True).encode()) > MAX_JSON:
        found.append(FieldError(f"{pointer}/rules", f"the mapping is larger than {MAX_JSON} bytes: give fewer values to translate"))
    return found
