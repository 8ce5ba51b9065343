"""Writes functions/uploads/reading/alphabets.json: which letters beyond ASCII each language has, and in which encodings languages come.

The letters are CLDR's exemplar characters, by ICU. `make data` runs it.
"""

import json
from pathlib import Path

import icu  # type: ignore[import-not-found]

from tools.lists.dated import source, write

FILE = Path(__file__).parents[2] / "functions" / "uploads" / "reading" / "alphabets.json"
ENCODINGS = {
    "cp1252": "de fr es it pt nl sv da nb fi is ca", "cp1250": "cs sk pl hu sl hr ro sq", "cp1254": "tr", "cp1251": "ru uk bg be sr mk",
    "cp1253": "el", "cp1257": "lt lv et", "cp1255": "he", "cp1256": "ar fa ur", "cp874": "th", "cp1258": "vi",
    "iso8859_2": "cs sk pl hu sl hr ro", "koi8_r": "ru", "cp866": "ru uk", "mac_roman": "de fr es it pt nl sv da nb",
    "cp850": "de fr es it pt nl sv da nb fi", "cp852": "cs sk pl hu sl hr",
}  # fmt: skip
CEDILLAS = {"ş", "ţ"}
"""What Romanian writes for its commas in cp1250, which has none."""


def letters(language: str) -> str:
    signs = icu.LocaleData(language).getExemplarSet(0, 0)
    return "".join(sorted({sign for text in signs for sign in text if ord(sign) > 127} | (CEDILLAS if language == "ro" else set())))


def main() -> None:
    codes = {code for held in ENCODINGS.values() for code in held.split()}
    names = {code: icu.Locale(code).getDisplayLanguage(icu.Locale("en")) for code in codes} | {"nb": "Norwegian"}
    document = {
        "source": source(f"ICU {icu.ICU_VERSION}"),
        "letters": {names[code]: letters(code) for code in sorted(codes)},
        "encodings": {encoding: [names[code] for code in held.split()] for encoding, held in ENCODINGS.items()},
    }
    write(FILE, json.dumps(document, ensure_ascii=False, indent=0) + "\n")


if __name__ == "__main__":
    main()
