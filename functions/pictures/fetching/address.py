"""An address that a picture is fetched from: as it is asked for, and whether it may be. Pure."""

import re
from urllib.parse import urlsplit

from monsoon_plugin.outbound.ssrf_url import LOOPBACK, Refused, checked
from shared.errors import Invalid
from shared.pictures.by_address import written


def require_public_address(address: str, *, local: bool) -> None:
    """Raises Invalid for what nobody's browser would find a picture at; what its name resolves to is looked at as it is fetched. `local`:
    the laptop stage, where it may lie on this machine."""
    try:
        checked(requested(address, local=local), local=local)
    except Refused as refused:
        raise Invalid.field("/url", str(refused)) from refused


def requested(address: str, *, local: bool) -> str:
    """As it is asked for: by https, as browsers ask for a page's pictures (W3C Mixed Content, 3.2)."""
    found = written(address)
    loopback = local and host_of(found) in LOOPBACK
    return found if loopback else re.sub(r"^http:", "https:", found, flags=re.IGNORECASE)


def host_of(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
