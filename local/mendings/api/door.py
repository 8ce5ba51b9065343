"""Nobody is answered by the hub's API before what they do is kept: while it is deployed, it asks them to come back."""

import json
from collections.abc import Callable
from typing import Any

from ministack import app

SOON_SECONDS = 2
STARTING = {
    "type": "about:blank",
    "title": "Service Unavailable",
    "status": 503,
    "detail": "The hub is starting. Send the request again in a few seconds.",
}
"""RFC 9457."""


def mend(is_open: Callable[[], bool]) -> None:
    handle = app._handle_execute_api_request

    async def handle_when_open(*request: Any, **more: Any) -> Any:
        host, path, *_ = request
        if not is_open() and app._parse_execute_api_url(host, path):
            headers = {"Content-Type": "application/problem+json", "Retry-After": str(SOON_SECONDS)}
            return 503, headers, json.dumps(STARTING).encode()
        return await handle(*request, **more)

    app._handle_execute_api_request = handle_when_open
