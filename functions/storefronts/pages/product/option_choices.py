"""A product's options as links: each value leads to the variant that has it and, where there is one, all else that is chosen. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MOST_LINKED = 60
"""Variants of which each value is a link; of more, they are a list to choose from."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One of the things that a product is sold as."""

    offer_id: str
    options: Mapping[str, str]
    in_stock: bool


@dataclass(frozen=True, slots=True)
class Value:
    """`offer_id`: of the variant that it leads to; `fits`: whether that one has all else that is chosen."""

    text: str
    offer_id: str
    chosen: bool
    in_stock: bool
    fits: bool


def choices(variants: Sequence[Variant], chosen: Mapping[str, str]) -> dict[str, list[Value]]:
    """Option → its values, in the order in which variants first have them. `chosen`: the option values that are chosen, of none or all."""
    names = list(variants[0].options) if variants else []
    return {name: [_value(variants, chosen, name, text) for text in _values(variants, name)] for name in names}


def _values(variants: Sequence[Variant], name: str) -> list[str]:
    return list(dict.fromkeys(variant.options[name] for variant in variants))


def _value(variants: Sequence[Variant], chosen: Mapping[str, str], name: str, text: str) -> Value:
    having = [variant for variant in variants if variant.options[name] == text]
    others = {key: value for key, value in chosen.items() if key != name}
    best = max(having, key=lambda v: (sum(v.options.get(k) == value for k, value in others.items()), v.in_stock))
    fits = all(best.options.get(key) == value for key, value in others.items())
    return Value(text, best.offer_id, chosen.get(name) == text, best.in_stock, fits)
