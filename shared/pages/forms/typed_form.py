"""What people type into a form of a page (application/x-www-form-urlencoded, by the URL standard, 5), read into a model, and kept as typed.

A form comes from a page of our own, or it is not read: no other site may send one in its reader's name.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qsl

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from shared.bounds.message_text import REFUSED
from shared.door.checks import flaws
from shared.errors import FieldError, Forbidden, Invalid, Malformed, said
from shared.pages.forms.gathered import gathered, name_of
from shared.pages.forms.json_schema import asked
from shared.pages.visits.own_host import own_host

MAX_FORM = 64 * 1024
"""Bytes: a cart, an address and a note whose every letter takes nine, and three tickets are some 40 KB."""
MOST_FIELDS = 300
MISMATCH = "write it in the form that is asked for"
UNSEEN = "it holds a character that nobody sees: type it anew"
WORDS = {
    "missing": "fill this in", "string_too_short": "fill this in", "string_too_long": "make this shorter",
    "int_parsing": "write a whole number", "int_from_float": "write a whole number", "greater_than_equal": "write a higher number",
    "less_than_equal": "write a lower number", "literal_error": "choose one of the list", "enum": "choose one of the list",
    "int_parsing_size": "write a lower number", "string_pattern_mismatch": MISMATCH, "too_short": "fill this in",
    "too_long": "make this shorter",
}  # fmt: skip
"""What is said of a kind of error of pydantic's; shared/pages/forms/form_words.py says it in the reader's language."""


class CrossSite(Forbidden):
    code, title = "cross-site", "This form came from another site: open the shop's own page, and send it from there"


class Form(BaseModel):
    """What a form carries. What we do not know is passed over: a form may be older than a release. Empty fields are not there."""

    model_config = ConfigDict(extra="ignore", frozen=True, str_strip_whitespace=True, defer_build=True)


F = TypeVar("F", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Typed(Generic[F]):
    """A form as it came: `values` to show it again, `read()` to go on."""

    model: type[F]
    values: Mapping[str, str] = field(repr=False)

    def read(self) -> F:
        """Raises Invalid, which names each field that is wrong by `/name`, as the form names it."""
        held = {name: value for name, value in self.values.items() if value.strip()}
        found = {flaw.pointer: flaw for flaw in (*flaws(held), *_unseen(held))}
        shapes = asked(self.model) if any("." in name for name in self.values) else {}  # a flat form needs none to be read
        try:
            read = self.model.model_validate(gathered(shapes, self.values) if shapes else held)
        except ValidationError as error:
            told = (FieldError(f"/{name_of(shapes, each['loc'], self.values)}", _words(each)) for each in error.errors(include_input=False))
            raise Invalid(errors=list(({one.pointer: one for one in told} | found).values())) from error
        if found:
            raise Invalid(errors=list(found.values()))
        return read


def typed(model: type[F], body: bytes, headers: Mapping[str, str]) -> Typed[F]:
    """Read a form's bytes; `headers` have lower-case names. Of a field that comes twice the last counts, as in a query string.

    Raises CrossSite, and Malformed for what is no form.
    """
    if not is_same_origin(headers):
        raise CrossSite
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise Malformed(f"the body is no form of at most {MOST_FIELDS} fields in UTF-8") from error
    return Typed(model, {name: value.replace("\r\n", "\n") for name, value in pairs})


def is_same_origin(headers: Mapping[str, str]) -> bool:
    """Whether a request that changes something came from a page of our own, by what no page of another's can forge.

    `headers` have lower-case names. Fetch Metadata decides where it is sent; older browsers send `Origin`. A request with neither is
    refused: no browser of the last years sends such a form. At a shop's own host `Host` is the hub's, and another header names the shop's.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    return headers.get("origin", "").partition("://")[2] == (own_host(headers) or headers.get("host", "/"))


def _unseen(values: Mapping[str, str]) -> Iterator[FieldError]:
    """Control characters, for which a JSON body has a rule of its own."""
    for name, value in values.items():
        if any((c < " " and c not in "\t\n\r") or c in REFUSED for c in value):
            yield FieldError(f"/{name}", UNSEEN)


def _words(error: ErrorDetails | Mapping[str, Any]) -> str:
    return WORDS.get(error["type"]) or said(error)
