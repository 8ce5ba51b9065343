"""Writes shared/trade/folding.json, by which letters two words are one, and a table of cases that it is tried on.

    make data

Nothing in it is from memory: which letters read alike say Unicode's properties and CLDR's collation for searching
(`und-u-co-search`: equal at the first level, https://unicode.org/reports/tr35/tr35-collation.html) and CLDR's transforms Latin-ASCII and
Katakana-Hiragana, as ICU has them; which Chinese characters do, OpenCC. What is kept apart beside that is said where it is decided.
"""

import json
import unicodedata
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from pathlib import Path

import icu  # type: ignore[import-not-found]
import opencc  # type: ignore[import-not-found]

from tools.lists.dated import package, source, write

ROOT = Path(__file__).parent.parent.parent
TABLE = ROOT / "shared" / "trade" / "folding.json"
CASES = ROOT / "tests" / "unit" / "shared" / "trade" / "folding_cases.tsv"
P, CATEGORY = icu.UProperty, icu.UCharCategory
MARKS = (CATEGORY.NON_SPACING_MARK, CATEGORY.ENCLOSING_MARK, CATEGORY.COMBINING_SPACING_MARK)
LETTERS = (CATEGORY.LOWERCASE_LETTER, CATEGORY.MODIFIER_LETTER, CATEGORY.OTHER_LETTER, CATEGORY.DECIMAL_DIGIT_NUMBER)
VOICED = "\u3099\u309a"
"""Tell は from ば and ぱ, which are other words: kept, though CLDR calls them accents."""
NO_LETTERS = ("Other", "Nukta", "Cantillation_Mark")
"""Indic_Syllabic_Category of marks that may go; tones, finals and the like of syllabic scripts stay."""
WITHOUT_SPACES = ("SA", "ID", "CJ", "H2", "H3", "JL", "JV", "JT")
"""Line_Break of scripts whose words have no spaces between them, and of Hangul, whose particles cling to words."""
JOINING = ("ML", "MB", "SQ")
"""Word_Break of what stands inside a word: O'Neill, col·lecció."""
NAMES = ("pl", "vi", "fr", "tr", "de", "cs", "is", "hr", "ru", "el", "ar", "he", "hi", "th", "ja", "zh_Hant")
COUNTRIES = ("LV", "EE", "GB", "IE", "GR", "JP", "VN", "IS", "SE", "TR", "ZA", "CZ")


def _collator(strength: int) -> icu.Collator:
    made = icu.Collator.createInstance(icu.Locale("und-u-co-search"))
    made.setStrength(strength)
    return made


SEARCH, ORDER = _collator(icu.Collator.PRIMARY), _collator(icu.Collator.TERTIARY)
LATIN, KANA = (icu.Transliterator.createInstance(name) for name in ("Latin-ASCII", "Katakana-Hiragana"))
NFD, NFKC_CASEFOLD = icu.Normalizer2.getNFDInstance(), icu.Normalizer2.getNFKCCasefoldInstance()
SIMPLIFIED = opencc.OpenCC("t2s")


def _property(sign: str, of: int) -> str:
    return str(icu.Char.getPropertyValueName(of, icu.Char.getIntPropertyValue(ord(sign), of)))


def is_dropped(sign: str) -> bool:
    """Invisible characters, and accents: marks that CLDR's search passes over, but for those of syllabic scripts."""
    if icu.Char.hasBinaryProperty(ord(sign), P.DEFAULT_IGNORABLE_CODE_POINT) or icu.Char.charType(ord(sign)) == CATEGORY.FORMAT_CHAR:
        return True
    if icu.Char.charType(ord(sign)) not in MARKS or sign in VOICED:
        return False
    return SEARCH.getSortKey("x" + sign) == SEARCH.getSortKey("x") and _property(sign, P.INDIC_SYLLABIC_CATEGORY) in NO_LETTERS


def _alike(letters: Iterable[str]) -> dict[str, str]:
    """Letters of one script that CLDR's search takes for one → the first of them in order; digits → ASCII's."""
    groups = defaultdict(list)
    for sign in [*"0123456789", *letters]:
        is_digit = icu.Char.charType(ord(sign)) == CATEGORY.DECIMAL_DIGIT_NUMBER
        groups["digit" if is_digit else _property(sign, P.SCRIPT), SEARCH.getSortKey(sign)].append(sign)
    return {sign: min(group, key=ORDER.getSortKey) for group in groups.values() for sign in group}


def _base(sign: str, alike: dict[str, str]) -> str:
    """What a letter reads like."""
    match _property(sign, P.SCRIPT):
        case "Hani":
            return str(SIMPLIFIED.convert(SIMPLIFIED.convert(sign)))
        case "Kana" | "Hira":
            found = str(KANA.transliterate(sign))
            return found if len(found) == 1 else sign
        case "Hang" | "Bopo":
            return sign
        case "Latn":
            return str(LATIN.transliterate("".join(part for part in NFD.normalize(sign) if not is_dropped(part)))).lower()
    return alike[sign]


def bases(signs: Iterable[str]) -> dict[str, str]:
    """Each letter that reads like another, or like two → that."""
    letters = [sign for sign in signs if icu.Char.charType(ord(sign)) in LETTERS and NFKC_CASEFOLD.normalize(sign) == sign]
    alike = _alike(letters)
    found = {sign: unicodedata.normalize("NFC", _base(sign, alike)) for sign in letters}
    return {sign: base for sign, base in found.items() if base != sign}


def _is_letter(sign: str) -> bool:
    return bool(icu.Char.isalpha(sign)) and icu.Char.charType(ord(sign)) not in MARKS


def _is_everyday(sign: str) -> bool:
    """Of Unicode's first plane, and of Chinese characters the first block: the table lies in functions, and the rest is rare."""
    return "\x7f" < sign < "\U00010000" and not "\u3400" <= sign < "\u4e00"


def ranges(signs: Iterable[str], harmless: Container[str] = ()) -> str:
    """Code points in hexadecimal, `300-36f 483-487`; of `harmless` ones as many as make for fewer ranges."""
    found: list[list[int]] = []
    for point in sorted(map(ord, signs)):
        if found and all(chr(between) in harmless for between in range(found[-1][1] + 1, point)):
            found[-1][1] = point
        else:
            found.append([point, point])
    return " ".join(f"{low:x}-{high:x}" if low < high else f"{low:x}" for low, high in found)


def _source() -> str:
    return source(f"ICU {icu.ICU_VERSION}", f"Unicode {icu.UNICODE_VERSION}", package("opencc", "OpenCC"))


def table() -> dict[str, object]:
    """All of folding.json."""
    known = [chr(point) for point in range(0x20, 0x110000) if icu.Char.isdefined(point) and not 0xD800 <= point < 0xE000]
    marks = [sign for sign in known if icu.Char.charType(ord(sign)) in MARKS and not is_dropped(sign)]
    unspaced = [s for s in known if icu.Char.charType(ord(s)) in LETTERS and _property(s, P.LINE_BREAK) in WITHOUT_SPACES]
    joined = [s for s in known if _property(s, P.WORD_BREAK) in JOINING or icu.Char.hasBinaryProperty(ord(s), P.HYPHEN)]
    # Letters beside marks do no harm where a pattern takes either; nor do marks and what there is not beside letters that stand alone.
    spaced = {chr(p) for p in range(0x80, 0x110000)} - set(known) | {s for s in known if _is_letter(s)} - set(unspaced)
    gaps = {chr(p) for p in range(0x80, 0x110000)} - set(known)
    letters = bases(filter(_is_everyday, known))
    single = dict(sorted(((sign, base) for sign, base in letters.items() if len(base) == 1), key=lambda pair: pair[::-1]))
    return {
        "source": _source(), "licence": "Unicode-3.0 (ICU, CLDR), Apache-2.0 (OpenCC)",
        "dropped": ranges(filter(is_dropped, known)), "marks": ranges(marks, spaced), "unspaced": ranges(unspaced, gaps),
        "joiners": "".join(s for s in joined if NFKC_CASEFOLD.normalize(s) == s),
        "letters": ["".join(single), "".join(single.values())],
        "longer": {sign: base for sign, base in letters.items() if len(base) > 1},
    }  # fmt: skip


def cases() -> Iterator[tuple[str, str, str]]:
    """CLDR's names of countries in many languages, each with another way to write it, and who says so."""
    for language in NAMES:
        locale = icu.Locale(language)
        for country in COUNTRIES:
            name = str(icu.Locale("", country).getDisplayCountry(locale))
            yield name, str(icu.UnicodeString(name).toUpper(locale)), f"{language}, capitals of its locale"
            yield name, str(LATIN.transliterate(name)), f"{language}, Latin-ASCII"
            # Hiragana, too, is written with the long mark, which the transform spells out.
            yield name, "ー".join(str(KANA.transliterate(part)) for part in name.split("ー")), f"{language}, Katakana-Hiragana"
            if language == "zh_Hant":
                yield name, str(SIMPLIFIED.convert(name)), "zh_Hant, OpenCC t2s"


def main() -> None:
    write(TABLE, json.dumps(table(), ensure_ascii=False, indent=0) + "\n")
    different = list(dict.fromkeys(case for case in cases() if case[0] != case[1]))
    lines = [f"# {_source()}", *("\t".join(case) for case in different)]
    write(CASES, "\n".join(lines) + "\n")
    print(f"{TABLE.relative_to(ROOT)}: {TABLE.stat().st_size} bytes; {CASES.relative_to(ROOT)}: {len(different)} cases")


if __name__ == "__main__":
    main()
