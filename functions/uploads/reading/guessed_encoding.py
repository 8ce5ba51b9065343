"""Which encoding bytes are in that are no UTF-8, and whether that is sure.

Sure is what can only be read in one way: of all encodings that suppliers' files come in, each reading that some language could have written
gives the same text, or one is far likelier than the others by its letters. All else is told with its readings, for a person to choose.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from charset_normalizer.cd import characters_popularity_compare
from charset_normalizer.constant import FREQUENCIES

ALPHABETS = Path(__file__).with_name("alphabets.json")
EAST_ASIAN = {"gb18030": (0xA1, 0xD7), "big5": (0xA1, 0xC6), "cp932": (0x81, 0x97), "euc_jp": (0xA1, 0xCF), "cp949": (0xA1, 0xC8)}
"""Encoding → the first bytes of its everyday characters: level 1 of GB 2312, Big5 and JIS X 0208, the syllables of KS X 1001."""
TRUSTED = ("cp1252", "cp1250", "cp1254", "cp1251")
"""What is taken without asking. The others of alphabets.json only say that a file may be one of theirs."""
FEW, FEW_EAST = 30, 12
"""With fewer characters beyond ASCII nothing is sure."""
EVERYDAY, STRANGE = 0.97, 0.9
KANA = 0.15
"""Share of a Japanese text that is kana, at the least."""
FITS = 0.95
"""Share of a text's letters beyond ASCII that lie in its language's alphabet."""
AHEAD = 0.2
"""By how much a sure reading's letters are likelier than the next reading's."""


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest encoding, whether it is sure, and all that come into question, the likeliest first."""

    encoding: str
    is_sure: bool
    readings: tuple[str, ...]


def guessed_encoding(sample: bytes) -> Guess | None:
    """What `sample`, lines with bytes beyond ASCII, is encoded in; None if nothing fits."""
    east = sorted(((share, name) for name in EAST_ASIAN if (share := _everyday(sample, name)) > STRANGE), reverse=True)
    west = _western(sample)
    if east and not west:
        (share, name), others = east[0], [other for _, other in east[1:]]
        several = [other for value, other in east[1:] if value > share - (EVERYDAY - STRANGE)]
        sure = share >= EVERYDAY and not several and _beyond_ascii(sample.decode(name, "replace")) >= FEW_EAST
        return Guess(name, sure, (name, *others))
    ranked = sorted(west.items(), key=lambda each: -each[1])
    if not ranked:
        able = tuple(name for name in (*TRUSTED, *EAST_ASIAN) if _reads(sample, name))
        return Guess(able[0], False, able) if able else None
    names = tuple(name for name, _ in ranked) + tuple(name for _, name in east)
    best = ranked[0]
    text = sample.decode(best[0])
    rivals = [(name, value) for name, value in ranked[1:] if sample.decode(name) != text]
    lead = best[1] - rivals[0][1] if rivals else 1.0
    enough = _beyond_ascii(text) >= FEW and lead >= AHEAD
    return Guess(best[0], best[0] in TRUSTED and not east and enough, names)


def _reads(sample: bytes, encoding: str) -> bool:
    try:
        sample.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _beyond_ascii(text: str) -> int:
    return sum(not sign.isascii() for sign in text)


def _everyday(sample: bytes, encoding: str) -> float:
    """The share of everyday characters among those beyond ASCII, as `encoding` reads them; 0 if it cannot."""
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError:
        return 0.0
    low, high = EAST_ASIAN[encoding]
    signs = [sign for sign in text if not sign.isascii()]
    if any("\ue000" <= sign <= "\uf8ff" for sign in signs):
        return 0.0  # for private use: no text has them
    kana = sum("\u3041" <= sign <= "\u30fe" for sign in signs)
    if not signs or not _may_have(encoding, kana / len(signs)):
        return 0.0
    coded = [sign.encode(encoding) for sign in signs]
    return sum(len(code) == 2 and low <= code[0] <= high for code in coded) / len(signs)


def _may_have(encoding: str, kana: float) -> bool:
    """Whether a text with that share of kana comes in the encoding. Japanese of Chinese characters alone reads as Chinese in EUC."""
    return encoding == "euc_jp" or (kana > KANA) == (encoding == "cp932")


def _western(sample: bytes) -> dict[str, float]:
    """How likely each encoding of one byte a letter is, by the best of its languages."""
    found: dict[str, float] = {}
    for encoding, languages in _alphabets().items():
        try:
            text = sample.decode(encoding)
        except UnicodeDecodeError:
            continue
        letters = [sign for sign in text.lower() if sign.isalpha()]
        foreign = [sign for sign in letters if not sign.isascii()]
        if not foreign or _is_mixed(text):
            continue
        likely = [_likelihood(name, letters) for name, alphabet in languages.items() if _share(foreign, alphabet) >= FITS]
        if likely:
            found[encoding] = max(likely)
    return found


def _share(letters: list[str], alphabet: str) -> float:
    return sum(letter in alphabet for letter in letters) / len(letters)


def _likelihood(language: str, letters: list[str]) -> float:
    """How well the letters' order of frequency is that of the language, less for letters beyond ASCII that are rare in it."""
    common = FREQUENCIES.get(language)
    if not common:
        return 0.5
    ordered = [letter for letter, _ in Counter(letters).most_common()]
    return characters_popularity_compare(language, ordered) * _share([each for each in letters if not each.isascii()], "".join(common))


def _is_mixed(text: str) -> bool:
    """Whether capitals stand inside small words, or signs that no text has between letters: letters read by the wrong table."""
    odd = sum(
        (a.islower() and not b.isascii() and b.isupper())
        or (a.isalpha() and b.isalpha() and a.isascii() != b.isascii() and ord(max(a, b)) > FIRST_GREEK)
        for a, b in pairwise(text)
    )
    strange = sum(not sign.isascii() and not sign.isalpha() and sign not in COMMON for sign in text)
    return odd + strange > max(1, _beyond_ascii(text) // 50)


FIRST_GREEK = 0x370
COMMON = frozenset("\u00a0«»“”„‘’‚–—…•°®©™€£§½¼¾²³·×¡¿ªº№′″")
"""Signs that shops write between letters of any language."""


@cache
def _alphabets() -> dict[str, dict[str, str]]:
    """Encoding → language → its letters beyond ASCII."""
    held = json.loads(ALPHABETS.read_text(encoding="utf-8"))
    letters: dict[str, str] = held["letters"]
    return {encoding: {name: letters[name] for name in names} for encoding, names in held["encodings"].items()}


def shown(sample: bytes, encodings: Iterable[str], most: int = 3) -> dict[str, list[str]]:
    """Encoding → the first lines of the sample as it reads them, for a person to choose."""
    lines = [line for line in sample.splitlines() if line.strip()][:most]
    return {encoding: [line.decode(encoding, "replace").strip()[:200] for line in lines] for encoding in encodings}
