"""Characters that nobody sees, in texts that people read: they hide words, turn the line around, and make two names of one.

Where a script needs one it stays: the joiners of Persian, Indic scripts and emoji (RFC 5892, appendix A.1 and A.2; Unicode TR 51), the
marks of direction (LRM, RLM), the flags' tags.
"""

import re
import unicodedata

CONTROL = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
EMBEDDING = "\u202a-\u202e\u2066-\u2069"
"""They turn what follows, as far as the end of the text and beyond it on a page."""
INVISIBLE = "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2028\u2029\u2060-\u2064\u206a-\u206f\u3164\ufeff\uffa0\U000e0000-\U000e007f"
NON_JOINER, JOINER = "\u200c", "\u200d"
SUSPECT = re.compile(f"[{CONTROL}{EMBEDDING}{INVISIBLE}{NON_JOINER}{JOINER}]")
FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f")
VIRAMA = 9
"""Canonical combining class of the sign that takes a consonant's vowel away."""


def unseen(text: str) -> str | None:
    """The first character of `text` that nobody sees and no script needs there, as its code; None if there is none."""
    if text.isascii() and text.isprintable():
        return None
    held = FLAG.sub("\U0001f3f4", text)
    for found in SUSPECT.finditer(held):
        sign = found[0]
        if sign not in (NON_JOINER, JOINER) or not _is_needed(held, found.start(), sign):
            return f"U+{ord(sign):04X}"
    return None


def _is_needed(text: str, at: int, sign: str) -> bool:
    """Whether a joiner stands where a script writes one."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if not before:
        return False
    if VIRAMA in (unicodedata.combining(before), unicodedata.combining(after) if after else 0):
        return True
    if _is_arabic(_letter_before(text, at)):
        return sign == JOINER or _is_arabic(after)
    return sign == JOINER and _is_pictured(before) and bool(after) and _is_pictured(after)


def _letter_before(text: str, at: int) -> str:
    """The last character before `at` that is no mark."""
    return next((c for c in reversed(text[:at]) if not unicodedata.combining(c)), "")


def _is_arabic(sign: str) -> bool:
    """A letter of a script that joins: Arabic, Syriac and their kin."""
    return bool(sign) and unicodedata.bidirectional(sign) == "AL"


def _is_pictured(sign: str) -> bool:
    """A picture, a skin's tone, or the sign that asks for a picture."""
    return unicodedata.category(sign) in ("So", "Sk") or sign == "\ufe0f"
