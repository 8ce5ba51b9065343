"""Goods that nobody sends as a parcel: licence keys, downloads, vouchers (what Shopify calls `requires_shipping: false`).

What an order holds of one supplier is one part, which leaves as a whole; of a supplier of both kinds, its virtual goods are a part of
their own, so that a key waits for no parcel, and a parcel for no key.
"""

_MARK = "~virtual"


def part_of(supplier_id: str, *, virtual: bool) -> str:
    """The part of an order that leaves as one: a supplier's parcel, or what it delivers without one."""
    return supplier_id + _MARK if virtual else supplier_id


def supplier_of(part: str) -> str:
    """Whose part it is."""
    return part.removesuffix(_MARK)


def is_virtual(part: str) -> bool:
    """Whether it is delivered without a parcel."""
    return part.endswith(_MARK)
