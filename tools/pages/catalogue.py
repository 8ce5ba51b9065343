"""The pages' own words: found in templates and code, translated in locale/, compiled for gettext beside the code that reads it."""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

from infra.templates import ROOT
from shared.pages.interface_language import Interface
from shared.pages.texts import CATALOGUES

SOURCES = ("shared/pages/**", "functions/*/pages/**")
KEYWORDS = {"_": None, "worded": None, "gettext": None, "ngettext": (1, 2)}
PLACE = re.compile(r"%\((\w+)\)s")
OPTIONS = {"extensions": "jinja2.ext.i18n", "newstyle_gettext": "true", "trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}

UNDATED = datetime(2026, 1, 1, tzinfo=UTC)
"""What is compiled changes with its texts alone."""

Said = str | tuple[str, ...]


def translation(interface: Interface) -> Path:
    """Where translators work."""
    return ROOT / "locale" / interface / "pages.po"


def said() -> dict[Said, list[tuple[str, int]]]:
    """Every text that the pages say, with where."""
    found: dict[Said, list[tuple[str, int]]] = {}
    for folder in SOURCES:
        for path in sorted((*ROOT.glob(f"{folder}/*.html"), *ROOT.glob(f"{folder}/*.py"))):
            for line, text in _said_in(path):
                found.setdefault(text, []).append((path.relative_to(ROOT).as_posix(), line))
    return found


def _said_in(path: Path) -> Iterator[tuple[int, Said]]:
    with path.open("rb") as file:
        how: Any = babel_extract if path.suffix == ".html" else "python"
        for line, text, *_ in extract(how, file, KEYWORDS, (), OPTIONS):
            yield line, tuple(text) if isinstance(text, list | tuple) else text


def held(interface: Interface) -> Catalog:
    path = translation(interface)
    return read_po(io.BytesIO(path.read_bytes()), locale=interface) if path.exists() else Catalog(locale=interface)


def merged(interface: Interface) -> Catalog:
    """The catalogue with all that is said now: what was translated stays so, what nobody says any more is gone, what is new is empty."""
    before, made = held(interface), Catalog(locale=interface, project="Monsoon", charset="utf-8")
    made.header_comment = "# What the pages say. `python -m tools.pages` adds what is new; a test fails while any of it has no translation."
    for text, places in said().items():
        known = before.get(text[0] if isinstance(text, tuple) else text)
        made.add(text, known.string if known else None, locations=[(path, 0) for path in dict.fromkeys(path for path, _ in places)])
    return made


def written(catalogue: Catalog) -> str:
    """As it lies in locale/: without dates and lines, so that it changes with its texts alone."""
    out = io.BytesIO()
    write_po(out, catalogue, width=130, sort_output=True, omit_header=True, include_lineno=False)
    head = f'{catalogue.header_comment}\nmsgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    return f'{head}"Plural-Forms: {catalogue.plural_forms}\\n"\n\n{out.getvalue().decode()}'


def compiled(interface: Interface) -> bytes:
    """As gettext reads it: of what lies in locale/ now."""
    out, catalogue = io.BytesIO(), held(interface)
    catalogue.creation_date = catalogue.revision_date = UNDATED
    write_mo(out, catalogue)
    return out.getvalue()


def flaws(interface: Interface) -> list[str]:
    """What of the translation is missing, or says other places than its original."""
    found = []
    for message in merged(interface):
        if message.id:
            texts = message.string if isinstance(message.string, Sequence) and not isinstance(message.string, str) else [message.string]
            original = message.id[-1] if isinstance(message.id, list | tuple) else message.id
            if not all(texts):
                found.append(f"{interface}: no translation of {original!r}")
            elif any(set(PLACE.findall(str(text))) - set(PLACE.findall(original)) for text in texts):
                found.append(f"{interface}: the translation of {original!r} names what it does not")
    return found


def files() -> Mapping[Path, bytes]:
    """What `python -m tools.pages` writes of texts."""
    told: dict[Path, bytes] = {}
    for interface in CATALOGUES:
        told[translation(interface)] = written(merged(interface)).encode()
        told[ROOT / "shared/pages" / CATALOGUES[interface]] = compiled(interface)
    return told
