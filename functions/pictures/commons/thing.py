"""What a picture shows: a thing that several sell, by its codes, and what people call it."""

from dataclasses import dataclass

from shared.goods.part_number import part_number
from shared.trade.folding import fold
from shared.trade.gtin import comparable
from shared.trade.words import words

MOST_WORDS = 10
"""Of a title, by which it is found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    title: str = ""
    brand: str = ""
    gtin: str = ""
    mpn: str = ""

    @property
    def known(self) -> bool:
        """Whether it is one thing whoever says it: by its GTIN, or by brand and part number."""
        return bool(comparable(self.gtin) or (self.brand and part_number(self.mpn)))

    def is_same(self, other: "Thing") -> bool:
        """Whether the other is the same: by GTINs where both have one, else by brand and part number."""
        ours, theirs = comparable(self.gtin), comparable(other.gtin)
        if ours and theirs:
            return ours == theirs
        codes = [(fold(thing.brand), part_number(thing.mpn)) for thing in (self, other)]
        return codes[0] == codes[1] and all(codes[0])

    def places(self) -> list[str]:
        """All by which it is looked for: its GTIN, its brand, its title's first words, once each."""
        gtin = comparable(self.gtin)
        named = [f"gtin#{gtin}"] if gtin else []
        named += [f"brand#{fold(self.brand)}"] if self.brand else []
        return [*named, *(f"word#{word}" for word in self.words()[:MOST_WORDS])]

    def words(self) -> list[str]:
        return list(dict.fromkeys(words(f"{self.title} {self.brand}")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What somebody looks for: all of it is asked for, at least one."""

    gtin: str = ""
    brand: str = ""
    mpn: str = ""
    text: str = ""

    @property
    def key(self) -> str:
        """The narrowest of what is asked, under which entries lie; empty if nothing can be looked for."""
        gtin, longest = comparable(self.gtin), max(words(self.text), key=len, default="")
        if gtin:
            return f"gtin#{gtin}"
        return f"word#{longest}" if longest else f"brand#{fold(self.brand)}" if self.brand else ""

    def finds(self, thing: Thing) -> bool:
        if self.gtin and comparable(self.gtin) != comparable(thing.gtin):
            return False
        if self.brand and fold(self.brand) != fold(thing.brand):
            return False
        if self.mpn and part_number(self.mpn) != part_number(thing.mpn):
            return False
        return set(words(self.text)) <= set(thing.words())
