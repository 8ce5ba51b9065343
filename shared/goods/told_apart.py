"""What tells a product's variants apart: their skus, and their value of each option. That no two read alike is asked where they come in."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from shared.errors import Flaw
from shared.variants.sale import sale_flaw

if TYPE_CHECKING:
    from shared.trade.product import Variant

MOST_TIERS = 1000
"""Of all variants together, each with those it is sold by: so that what client sites are told of a product fits its message."""
MOST_PICTURES = 250
"""Of a product with its variants."""


def check_variants(variants: "Sequence[Variant]", product: Mapping[str, Any]) -> None:
    """Raises ValueError, which names the variant and what to write. `product`: its fields beside them, as far as they are right."""
    options, price, tiers = product.get("options", ()), product.get("price"), len(product.get("tiers", ()))
    names = {option.name for option in options}
    if not names or not variants or len(names) < len(options):
        raise ValueError("name different options, and at least one variant with a value of each")
    skus, choices = set[str](), set[tuple[tuple[str, str], ...]]()
    for i, variant in enumerate(variants):
        choice = tuple(sorted(variant.options.items()))
        if variant.options.keys() != names:
            raise ValueError(f"variant {i}: give one value of each option, which are {', '.join(sorted(names))}")
        flaw = sale_flaw(price, variant.sale, variant.compare_at) if price and variant.price is None else None
        if flaw:
            raise Flaw(f"variant {i}: {flaw}", f"第 {i} 个款式：{flaw.detail_zh}")
        if price and any(each.currency != price.currency for each in (variant.price or price, *(t.price for t in variant.tiers))):
            told = f"variant {i}: give its prices in the product's currency, {price.currency}"
            raise Flaw(told, f"第 {i} 个款式：价格请使用商品的币种 {price.currency}")
        if variant.sku in skus or choice in choices:
            raise ValueError(f"variant {i}: another has its sku, or the same values of all options")
        skus.add(variant.sku)
        choices.add(choice)
    if len({*product.get("pictures", ()), *(picture for v in variants for picture in v.pictures)}) > MOST_PICTURES:
        raise ValueError(f"the product and its variants have more than {MOST_PICTURES} different pictures: give fewer")
    if sum(len(v.tiers) if v.tiers or v.price else tiers for v in variants) > MOST_TIERS:
        told = f"the variants have more than {MOST_TIERS} tiers in all: give fewer tiers each"
        raise Flaw(told, f"所有款式的阶梯价合计超过 {MOST_TIERS} 档：请减少每个款式的阶梯价")
