"""`tea.localhost:4566` is the shop whose slug is `tea`, at the root, as a domain of its own is on AWS (infra/shop_hosts.yaml).

Browsers send every name below localhost to this machine. The emulator knows domains one by one, and no wildcard.
"""

import re
from typing import Any

from ministack import app
from ministack.services import apigateway_v1

HOST = re.compile(r"([a-z0-9-]{3,40})\.localhost(:\d+)?")
API, STAGE = "monsoon-", "local"
TOLD = "x-shop-host"
"""The header by which a shop's pages know that they are at the root, as CloudFront's function sets it."""


def mend() -> None:
    parse, handle = app._parse_execute_api_url, app._handle_execute_api_request

    def parse_shops_too(host: str, path: str) -> tuple[str, str, str] | None:
        return parse(host, path) or of_shop(host, path)

    async def handle_shops_too(host: str, path: str, method: str, headers: dict[str, str], *more: Any, **named: Any) -> Any:
        if of_shop(host, path):
            headers = {**headers, TOLD: host}
        return await handle(host, path, method, headers, *more, **named)

    app._parse_execute_api_url, app._handle_execute_api_request = parse_shops_too, handle_shops_too


def of_shop(host: str, path: str) -> tuple[str, str, str] | None:
    """API, stage and path of a shop's page; None for another host."""
    shop = HOST.fullmatch(host)
    if shop is None:
        return None
    apis = apigateway_v1._rest_apis.all_items()  # whatever account a browser's request is taken to be of
    hub = next((api_id for (_, _, api_id), api in apis if str(api.get("name", "")).startswith(API)), None)
    return (hub, STAGE, f"/shop/{shop[1]}{'/home' if path == '/' else path}") if hub else None
