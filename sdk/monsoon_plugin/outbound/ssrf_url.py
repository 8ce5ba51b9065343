"""Which URLs of strangers the hub calls: https to a DNS name that anybody may ask for. Pure.

One strict pattern over ASCII reads the URL, and nothing reads it again, so that no two readers can differ about its host.
What address that name may resolve to says ssrf_address.py, asked before each connection (network.py).
A name outside ASCII is given in its ASCII form (`xn--…`, RFC 5891): what its owner registered, without a mapping of ours.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

MAX_LENGTH = 2000
LOOPBACK = frozenset({"127.0.0.1", "localhost"})
"""The laptop stage's own machine."""
# Registry "Special-Use Domain Names" (iana.org/assignments/special-use-domain-names), ICANN resolution 2024.07.29.06 (internal),
# and what home and company networks answer for in spite of it.
NOT_PUBLIC = ("localhost", "local", "internal", "arpa", "onion", "alt", "invalid", "lan", "home", "corp", "intranet", "private")
_URL = re.compile(r"([a-z][a-z0-9+.-]*)://([^/?#]*)([^#]*)(#.*)?", re.IGNORECASE)
_NOT_WRITTEN = re.compile(r"[^\x21-\x7e]|[\"<>\\^`{|}]")
"""What RFC 3986 has no place for in a URL: blanks, control characters, everything beyond ASCII, and these."""
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_TOP = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]{1,59}")
_NUMERIC = re.compile(r"(\d+|0x[0-9a-f]*)(\.(\d+|0x[0-9a-f]*))*\.?")


class Rule(StrEnum):
    """Why a URL is refused, as its owner reads it."""

    LENGTH = f"give a URL of at most {MAX_LENGTH} characters"
    CHARACTERS = "write the URL in ASCII without blanks; a name in another script in its `xn--` form"
    SYNTAX = "give a whole URL: https://host/path"
    SCHEME = "give an https URL"
    USER_INFO = "no user name or password may stand in the URL"
    FRAGMENT = "no fragment (#…) may stand in the URL"
    PORT = "use port 443, or one from 1024 to 65535"
    ADDRESS = "give a DNS name, not an IP address"
    NAME = "give a full DNS name of letters, digits and hyphens, such as hooks.example.com"
    NOT_PUBLIC = "give a name that the public DNS knows"


class Refused(ValueError):
    """A URL that the hub does not call; its text tells the owner what to give instead."""

    def __init__(self, rule: Rule) -> None:
        super().__init__(rule.value)
        self.rule = rule


@dataclass(frozen=True, slots=True)
class Target:
    """A URL that passed."""

    scheme: str
    host: str
    """In small letters, without a trailing dot."""
    port: int
    path: str
    """With the query; begins with `/`."""

    @property
    def loopback(self) -> bool:
        return self.host in LOOPBACK


def checked(url: str, *, local: bool) -> Target:
    """Read `url`. `local`: the laptop stage, where http(s) to this machine is allowed too. Raises Refused."""
    if len(url) > MAX_LENGTH:
        raise Refused(Rule.LENGTH)
    if _NOT_WRITTEN.search(url):
        raise Refused(Rule.CHARACTERS)
    found = _URL.fullmatch(url)
    if found is None:
        raise Refused(Rule.SYNTAX)
    scheme, authority, path, fragment = found[1].lower(), found[2], found[3], found[4]
    if fragment:
        raise Refused(Rule.FRAGMENT)
    if "@" in authority:
        raise Refused(Rule.USER_INFO)
    host, port = _host_and_port(authority.lower(), scheme)
    loopback = local and host in LOOPBACK
    if scheme != "https" and not (loopback and scheme == "http"):
        raise Refused(Rule.SCHEME)
    if not loopback:
        _check_name(host)
    return Target(scheme, host, port, path if path.startswith("/") else f"/{path}")


def _host_and_port(authority: str, scheme: str) -> tuple[str, int]:
    if authority.startswith("["):
        raise Refused(Rule.ADDRESS)
    host, colon, digits = authority.partition(":")
    if not colon:
        return host, 80 if scheme == "http" else 443
    port = int(digits) if re.fullmatch(r"\d{1,5}", digits) else 0
    if not (port == 443 or 1024 <= port <= 65535):
        raise Refused(Rule.PORT)
    return host, port


def _check_name(host: str) -> None:
    """A last label without a digit is what keeps out every writing of an IPv4 address: 127.1, 0x7f.1, 2130706433."""
    if _NUMERIC.fullmatch(host):
        raise Refused(Rule.ADDRESS)
    labels = host.split(".")
    if labels[-1] in NOT_PUBLIC:
        raise Refused(Rule.NOT_PUBLIC)
    if len(host) > 253 or len(labels) < 2 or not _TOP.fullmatch(labels[-1]) or not all(map(_LABEL.fullmatch, labels)):
        raise Refused(Rule.NAME)
