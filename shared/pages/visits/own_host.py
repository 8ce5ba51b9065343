"""A shop at a host of its own, where its pages lie at the root: who stands before the hub there says so in a header.

It is CloudFront's function on AWS (infra/shop_hosts.yaml), the emulator on a laptop. Who sends the header himself gets other links on his
own page, and nobody else that page: what caches keep of it they keep by the header (`Vary`). No page of another site's can send it with a
form.
"""

import re
from collections.abc import Mapping

from shared.api.answers import is_local

HEADER = "X-Shop-Host"
HOST = re.compile(r"(?=.{1,253}$)[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?")


def own_host(headers: Mapping[str, str]) -> str:
    """The host, with its port; empty where a shop is asked for below the hub's address. `headers` have lower-case names."""
    told = headers.get(HEADER.lower(), "").lower()
    return told if HOST.fullmatch(told) else ""


def origin(host: str) -> str:
    """What stands before each path there: https, but on this machine."""
    return f"{'http' if is_local(host) else 'https'}://{host}"
