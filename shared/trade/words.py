"""Words of a text, alike in every script: what rules and searches compare.

Latin and its kin are split at what is no letter or digit. Chinese, Japanese and Korean write without spaces, so each of their
characters is a word of its own, and a run of them is found as the same characters in the same order: 丝巾 in 桑蚕丝丝巾.
"""

import re
import unicodedata
from functools import lru_cache

_IDEOGRAPHS = "\u3005\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_IDEOGRAPHS}]|[^\W_{_IDEOGRAPHS}]+")


def words(text: str) -> list[str]:
    """The words of `text` in their order: compatibility forms folded (NFKC), case folded, accents taken off."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(c for c in plain if not unicodedata.combining(c) or _voiced(c))
    return _WORD.findall(unicodedata.normalize("NFC", bare))


def spaced(text: str) -> str:
    """The words of `text` between single spaces, with one at each end, so that ` silk scarf ` is found in it as a whole."""
    found = words(text)
    return f" {' '.join(found)} " if found else " "


@lru_cache(4096)
def phrase(text: str) -> str:
    """`spaced` of a rule's word, remembered: rules are applied far more often than they are written."""
    return spaced(text)


def _voiced(mark: str) -> bool:
    """The marks that tell kana apart (は ば ぱ) are no accents."""
    return mark in "\u3099\u309a"
