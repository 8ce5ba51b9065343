"""A form as SNS's protocol wants it: what urllib's `urlencode` writes, which looks at each character of ten events by itself."""

import re
from collections.abc import Mapping

USUAL = [(sign.encode(), f"%{ord(sign):02X}".encode()) for sign in '%+"{}:,[]/#&=']
"""Signs of JSON and of addresses, which are a fifth of an event; the percent sign first, for the others bring it."""
UNUSUAL = re.compile(rb"[^A-Za-z0-9_.~+%-]")


def urlencoded(fields: Mapping[str, object]) -> bytes:
    """application/x-www-form-urlencoded, in the fields' order."""
    return b"&".join(_quoted(name) + b"=" + _quoted(str(value)) for name, value in fields.items())


def _quoted(text: str) -> bytes:
    quoted = text.encode()
    for sign, code in USUAL:
        quoted = quoted.replace(sign, code)
    return UNUSUAL.sub(lambda found: b"%%%02X" % found[0][0], quoted.replace(b" ", b"+"))
