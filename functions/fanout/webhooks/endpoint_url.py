"""Where a webhook may be sent: the guard against SSRF (server-side request forgery), as a subscription's owner meets it.

The address is looked at when the owner names it; what its name resolves to is looked at again by each delivery
(`monsoon_plugin.outbound`), since names change.
"""

from monsoon_plugin.outbound.ssrf_url import Refused, checked
from shared.errors import Invalid


def require_public_url(url: str, *, local: bool) -> None:
    """Raises Invalid unless `url` is https at a public host; `local`: the laptop stage, where it may lie on this machine."""
    try:
        checked(url, local=local)
    except Refused as refused:
        raise Invalid.field("/url", str(refused)) from refused
