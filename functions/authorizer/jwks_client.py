"""Fetches the issuer's keys over HTTP."""

from collections.abc import Callable

import urllib3

MAX_BYTES = 65_536
TIMEOUT = urllib3.Timeout(connect=2, read=3)


def fetcher(url: str) -> Callable[[], bytes]:
    """A function that fetches the document at `url`. Raises urllib3's HTTPError, and ValueError for a wrong or huge answer."""
    pool = urllib3.PoolManager(maxsize=1)

    def fetch() -> bytes:
        answer = pool.request("GET", url, timeout=TIMEOUT, retries=2, redirect=False, preload_content=False)
        try:
            body = answer.read(MAX_BYTES + 1)
        finally:
            answer.release_conn()
        if answer.status != 200 or len(body) > MAX_BYTES:
            raise ValueError(f"the issuer's keys: status {answer.status}, {len(body)} bytes")
        return body

    return fetch
