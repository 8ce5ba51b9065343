"""What is wrong with a field of a form, in the reader's language."""

from collections.abc import Callable, Iterable

from shared.errors import FieldError
from shared.pages.forms.typed_form import UNSEEN, WORDS
from shared.pages.interface_language import Interface
from shared.pages.texts import texts


def flaw_words(errors: Iterable[FieldError], interface: Interface) -> dict[str, str]:
    """Field → what to do about it. What nobody translated is said as it was."""
    known = _known(texts(interface).gettext)
    return {error.pointer.removeprefix("/"): known.get(error.detail) or _own(error, interface) for error in errors}


def _own(error: FieldError, interface: Interface) -> str:
    return error.detail_zh or error.detail if interface == "zh" else error.detail


def _known(_: Callable[[str], str]) -> dict[str, str]:
    said = {
        "missing": _("Fill this in."), "string_too_long": _("Make this shorter."), "int_parsing": _("Write a whole number."),
        "greater_than_equal": _("Write a higher number."), "less_than_equal": _("Write a lower number."),
        "literal_error": _("Choose one of the list."), "string_pattern_mismatch": _("Write it in the form that is asked for."),
    }  # fmt: skip
    return {WORDS[kind]: words for kind, words in said.items()} | {UNSEEN: _("It holds a character that nobody sees: type it anew.")}
