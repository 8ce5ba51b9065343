"""Texts and addresses as a mail's header may have them: on one line, and nothing in them that turns or hides what stands beside."""

import re
import unicodedata

MOST = 200
"""Characters of a subject."""
JOINERS = "\u200c\u200d"
"""They make one letter, or one emoji, of two."""
ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
EMAIL = re.compile(rf"(?!.*=\?)(?=[^@]{{1,64}}@){ATOM}(\.{ATOM})*@[A-Za-z0-9.-]+\.[A-Za-z0-9-]+")
"""What stands before the @ is RFC 5322's dot-atom (3.2.3): no two dots beside one another, none at an end; a quoted one nobody has,
and what begins an encoded word (RFC 2047) no header takes for an address."""


class BadAddress(ValueError):
    """No mail reaches it."""


def on_one_line(text: str) -> str:
    """`text` without line breaks, control characters, and marks of direction (Unicode's categories C and Zl, Zp), at most MOST long."""
    shown = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text if _is_seen(c))
    words = " ".join(shown.split())
    return words if len(words) <= MOST else f"{words[: MOST - 1]}…"


def normalised(email: str) -> str:
    """The same text for addresses that one mailbox reads, as orders compare them."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


def mailbox(email: str) -> str:
    """An address as SES takes it: ASCII before the @, and a domain of other letters as IDNA has it. Raises BadAddress."""
    text = unicodedata.normalize("NFKC", email).strip()
    local, _, domain = text.rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode()
    except UnicodeError as error:
        raise BadAddress("the domain is none") from error
    address = f"{local}@{ascii_domain}"
    if not EMAIL.fullmatch(address):
        raise BadAddress("no mail can be addressed so")
    return address


def _is_seen(character: str) -> bool:
    category = unicodedata.category(character)
    return category not in ("Cf", "Cs", "Co", "Cn") or character in JOINERS
