"""Our parcels in EasyPost's words (docs.easypost.com/docs/shipments, /docs/orders, /docs/customs-infos). Pure."""

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from monsoon_plugin.address import Address
from monsoon_plugin.courier import Content, Format, Package
from monsoon_plugin.money import exponent

GRAMS_PER_OUNCE = Decimal("28.349523125")
MILLIMETRES_PER_INCH = Decimal("25.4")


def address_of(address: Address) -> dict[str, Any]:
    """An Address. EasyPost has two lines for the street: what is more stands in the second."""
    first, *others = address.lines
    return {
        "name": address.name, "street1": first, "street2": ", ".join(others), "city": address.city, "state": address.region,
        "zip": address.postal_code, "country": address.country, "phone": address.phone, "email": address.email,
    }  # fmt: skip


def parcel_of(package: Package) -> dict[str, Any]:
    """A Parcel: inches and ounces with one decimal, rounded up, which is how carriers weigh and measure."""
    sides = (_tenths(side, MILLIMETRES_PER_INCH, ROUND_CEILING) for side in (package.length, package.width, package.height))
    length, width, height = sides
    return {"length": length, "width": width, "height": height, "weight": _tenths(package.weight, GRAMS_PER_OUNCE, ROUND_CEILING)}


def _tenths(amount: int, unit: Decimal, rounding: str) -> str:
    return str(max((Decimal(amount) / unit).quantize(Decimal("0.1"), rounding), Decimal("0.1")))


def customs_of(contents: Sequence[Content], *, signer: str, eel_pfc: str) -> dict[str, Any]:
    """A CustomsInfo of what lies in one package.

    Args: `signer`: who certifies it. `eel_pfc`: the exemption or filing of a US export; other countries read past it.
    """
    return {
        "contents_type": "merchandise", "contents_explanation": "", "restriction_type": "none", "non_delivery_option": "return",
        "customs_certify": True, "customs_signer": signer, "eel_pfc": eel_pfc, "customs_items": [_item(content) for content in contents],
    }  # fmt: skip


def _item(content: Content) -> dict[str, Any]:
    """A CustomsItem: weight and value are those of all its units (docs.easypost.com/docs/customs-items).

    The weight is rounded down, for items together may not weigh more than their parcel.
    """
    return {
        "description": content.title[:255], "quantity": content.quantity, "weight": _tenths(content.weight, GRAMS_PER_OUNCE, ROUND_FLOOR),
        "value": decimal_of(content.value, content.currency), "currency": content.currency,
        "hs_tariff_number": content.hs_code, "origin_country": content.origin,
    }  # fmt: skip


def decimal_of(amount: int, currency: str) -> str:
    """Minor units as decimal text."""
    return str(Decimal(amount).scaleb(-exponent(currency)))


def options_of(label_format: Format, order_id: str, currency: str) -> dict[str, str]:
    """What the label looks like and says (docs.easypost.com/docs/shipments/options)."""
    options = {"label_format": label_format, "invoice_number": order_id, "print_custom_1": order_id, "currency": currency}
    return {name: value for name, value in options.items() if value}
