"""The form that asks where to send an order, in the way of its country. Storefronts shows it; shipping reads it, and shows it again."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import Field

from monsoon_plugin.address import Address
from shared.door.addresses import address_flaws
from shared.errors import FieldError, Invalid
from shared.pages.addresses.address_layout import address_layout
from shared.pages.figures import figures
from shared.pages.forms.basket_field import BasketForm
from shared.pages.forms.typed_form import WORDS
from shared.pages.interface_language import Interface
from shared.pages.texts import worded

FIELDS = ("name", "line1", "line2", "city", "region", "postal_code", "country", "phone", "email")
MOST_LINE = 300
VIRTUAL = "virtual"
"""The field by which the review says that its goods are virtual, so that the form it leads back to asks for no address either."""


def _field(title: str, most: int, complete: str, **more: str) -> Any:
    """`title`: empty where a country has a name of its own for it (address_page.html)."""

    def tell(schema: dict[str, Any]) -> None:
        """It may be left out; that it is empty then is not told, for an empty text is no e-mail, and a default is held to its format."""
        del schema["default"]
        schema.update({"x-autocomplete": complete, **more})

    return Field(default="", title=title, max_length=most, json_schema_extra=tell)


class AddressForm(BasketForm):
    """What it asks. Bounds are those of Address."""

    name: str = _field(worded("Name of who receives it"), 100, "name")
    line1: str = _field(worded("Street and house number"), MOST_LINE, "address-line1")
    line2: str = _field(worded("Flat, building, floor (if any)"), MOST_LINE, "address-line2")
    city: str = _field("", 100, "address-level2")
    region: str = _field("", 100, "address-level1")
    postal_code: str = _field("", 16, "postal-code")
    country: str = Field(pattern="^[A-Z]{2}$", title=worded("Country"), json_schema_extra={"x-autocomplete": "country"})
    phone: str = _field(worded("Telephone, for the courier"), 32, "tel", format="tel")
    email: str = _field(worded("E-mail, for news of the order"), 254, "email", format="email")

    def address(self) -> Address:
        """Raises Invalid, which names each field by `/line1`."""
        if flaws := list(self._flaws()):
            raise Invalid(errors=flaws)
        return Address(
            name=self.name, lines=[line for line in (self.line1, self.line2) if line], city=self._city, region=self.region,
            postal_code=self.postal_code, country=self.country, phone=self.phone, email=self.email,
        )  # fmt: skip

    @property
    def _city(self) -> str:
        """A country that is a city has none in its addresses."""
        return self.city or figures("en").country(self.country)

    def _flaws(self) -> Iterator[FieldError]:
        layout = address_layout(self.country)
        missing = [part for part in layout.parts if part in layout.needed and not getattr(self, part)]
        yield from (FieldError(f"/{part}", WORDS["missing"]) for part in missing)
        told = {"name": self.name or "-", "lines": [self.line1 or "-", *([self.line2] if self.line2 else [])], "city": self._city}
        rest = {name: getattr(self, name) for name in ("region", "postal_code", "country", "phone", "email")}
        yield from (FieldError(field_of(flaw.pointer), flaw.detail) for flaw in address_flaws(told | rest, "/address"))


def field_of(pointer: str) -> str:
    """The form's field for a pointer into an address: `/address/lines/0` is `/line1`."""
    if not pointer.startswith("/address/"):
        return pointer
    name = pointer.removeprefix("/address").replace("/lines/0", "/line1")
    return "/line2" if name.startswith("/lines/") else name


def address_values(values: Mapping[str, str]) -> dict[str, str]:
    """What was typed into its fields, to be shown again or carried on."""
    return {name: values.get(name, "") for name in FIELDS}


def labelled(interface: Interface, codes: list[str]) -> list[tuple[str, str]]:
    """Countries by name in the reader's language, in the order of their names."""
    names = figures(interface)
    return sorted(((code, names.country(code)) for code in codes), key=lambda one: one[1])


def written(address: Address) -> list[str]:
    """The lines of an address in the order of its country, without the country's name."""
    found: list[str] = []
    for part in address_layout(address.country).parts:
        if part == "line1":
            found += address.lines
        elif part == "name":
            found.append(address.name)
        elif part != "line2" and (text := getattr(address, part)):
            joins = bool(found) and found[-1] not in (*address.lines, address.name)
            found[-1:] = [f"{found[-1]} {text}"] if joins else [*found[-1:], text]
    return found
