"""The number by which a country knows a business: what it is called, and the form that all have. Whether there is such a number only the
country itself knows."""

from shared.pages.interface_language import Interface
from shared.pages.texts import texts

TAX_NUMBER = r"^([A-Za-z0-9][A-Za-z0-9 ./\-]{2,30}[A-Za-z0-9])?$"
"""Or none."""
OF_VAT = "AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IT LT LU LV MT NL NO PL PT RO SE SI SK"
"""Countries of which it is the number for value added tax."""


def tax_number_name(country: str, interface: Interface) -> str:
    """What `country` (ISO 3166-1 alpha-2) calls it, in the reader's language."""
    _ = texts(interface).gettext
    named = {
        "CN": _("Unified social credit code"), "AU": "ABN", "IN": "GSTIN", "US": "EIN", "CA": _("GST/HST number"), "BR": "CNPJ",
        "SG": "UEN", "NZ": _("GST number"), "JP": _("Corporate number"), "TW": _("Unified business number"),
    }  # fmt: skip
    return named.get(country) or (_("VAT number") if country in OF_VAT.split() else _("Tax number"))
