"""Which answers a browser may show a page of another origin: what shoppers see, to a key that is made to be public, and nothing else.

The Fetch Standard's CORS protocol: a browser asks first (a preflight, OPTIONS, without a credential), then sends the GET, and hands its
answer over only if that allows it too. No cookie and no session is ever involved, so any origin may be let in.
"""

from collections.abc import Mapping

from shared.api.caller import Caller
from shared.api.operation import Operation

ANY_ORIGIN = {"Access-Control-Allow-Origin": "*"}
PREFLIGHT: Mapping[str, str] = ANY_ORIGIN | {
    "Access-Control-Allow-Methods": "GET",
    "Access-Control-Allow-Headers": "Authorization, If-Modified-Since, If-None-Match",
    "Access-Control-Max-Age": "7200",
}
"""What a preflight is answered with. Two hours are the longest that Chromium keeps it."""
SHOWN: Mapping[str, str] = ANY_ORIGIN | {"Access-Control-Expose-Headers": "ETag, Last-Modified"}


def is_for_browsers(operation: Operation) -> bool:
    """Whether a key with the scope `browse` may read by it, and so a browser's preflight is answered."""
    return operation.method == "GET" and operation.key == "browse"


def cors_headers(operation: Operation, caller: Caller | None) -> Mapping[str, str]:
    """What lets a browser show the answer to `caller`: there for a browse key alone. Whoever holds more has nothing to seek in a page."""
    return SHOWN if is_for_browsers(operation) and caller is not None and caller.scope == "browse" else {}
