"""In what a product's variants differ, as its card says it."""

from dataclasses import dataclass, field

from shared.trade.folding import fold
from shared.trade.product import Product


@dataclass(frozen=True)
class Choice:
    """An option of a product with variants, and its values in the order in which variants first have them."""

    name: str
    values: tuple[str, ...]
    names: dict[str, str] = field(default_factory=dict)
    """By BCP 47 language tag."""

    @classmethod
    def all_of(cls, product: Product) -> "tuple[Choice, ...]":
        """A value that another has, by the one folding, is that one."""

        def values(name: str) -> tuple[str, ...]:
            first: dict[str, str] = {}
            for variant in product.variants:
                first.setdefault(fold(variant.options[name]), variant.options[name])
            return tuple(first.values())

        return tuple(cls(option.name, values(option.name), dict(option.names)) for option in product.options)

    def name_in(self, language: str) -> str:
        return self.names.get(language) or self.names.get(language.split("-")[0]) or self.name
