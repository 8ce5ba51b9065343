"""A regular expression as HTML's `pattern` takes it (JavaScript's, with the flag `v`: HTML Standard, 4.10.5.3.6), where both mean the same.

What is not surely the same is left to the server: a form that a browser refuses, and we would take, is worse than one more round.
"""

import re

CLASS = re.compile(r"\[(\^?)((?:[A-Za-z0-9 _.,:;@%+*?/!-]|\\[.\-/+*?])+)\]")
"""Of letters, digits and marks that need no thought. `v` wants some of them escaped, and knows no pair of the same mark."""
PLAIN = re.compile(r"[A-Za-z0-9 _:;,@%-]|\\[.\-/+*?|()]|\(\?:|\((?!\?)|[)|*+?]|\{[0-9]{1,3}(?:,[0-9]{0,3})?\}")
MOST = 300
BLANKS = r"\s*(?:{})\s*"
"""The server strips what it is sent."""


def html_pattern(regex: str) -> str:
    """Empty where HTML cannot say it. `regex`: of pydantic, anchored at both ends."""
    if not (regex.startswith("^") and regex.endswith("$")) or len(regex) > MOST or regex.endswith("\\$"):
        return ""
    told, rest = [], regex[1:-1]
    while rest:
        if found := CLASS.match(rest):
            told.append(f"[{found[1]}{_in_class(found[2])}]")
        elif found := PLAIN.match(rest):
            told.append(_escaped(found[0]))
        else:
            return ""
        rest = rest[found.end() :]
    return BLANKS.format("".join(told))


def _in_class(text: str) -> str:
    """`/` and a `-` that is no range are escaped; so are marks that `v` doubles."""
    marked = re.sub(r"(?<!\\)([/.,:;@%+*?!])", r"\\\1", text)
    return re.sub(r"(?<![\\A-Za-z0-9])-|(?<!\\)-(?![A-Za-z0-9])", r"\\-", marked)


def _escaped(mark: str) -> str:
    return rf"\{mark}" if mark == "/" else mark
