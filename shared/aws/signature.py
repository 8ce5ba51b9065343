"""AWS's signature, version 4, of a POST to `/`: the one request that AWS's JSON and query protocols make.

docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html. botocore's own signs any request, at five times the
CPU time; a contract test holds this to it.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Protocol

ALGORITHM = "AWS4-HMAC-SHA256"


class Credentials(Protocol):
    """Frozen ones, as botocore has them."""

    @property
    def access_key(self) -> str: ...
    @property
    def secret_key(self) -> str: ...
    @property
    def token(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs requests to one service of one region. `service`: its signing name."""

    service: str
    region: str
    host: str

    def signed(self, headers: Mapping[str, str], body: bytes, by: Credentials, now: datetime) -> dict[str, str]:
        """`headers` and those that sign them, by the names that botocore gives them. `now`: UTC."""
        stamp = now.strftime("%Y%m%dT%H%M%SZ")
        told = {**headers, "X-Amz-Date": stamp} | ({"X-Amz-Security-Token": by.token} if by.token else {})
        lines = dict(sorted([("host", self.host), *((name.lower(), value) for name, value in told.items())]))
        names = ";".join(lines)
        canonical = "".join([f"{name}:{value}\n" for name, value in lines.items()])
        request = f"POST\n/\n\n{canonical}\n{names}\n{sha256(body).hexdigest()}"
        day, scope = stamp[:8], f"{stamp[:8]}/{self.region}/{self.service}/aws4_request"
        text = f"{ALGORITHM}\n{stamp}\n{scope}\n{sha256(request.encode()).hexdigest()}"
        signature = hmac.digest(_key(by.secret_key, day, self.region, self.service), text.encode(), "sha256").hex()
        told["Authorization"] = f"{ALGORITHM} Credential={by.access_key}/{scope}, SignedHeaders={names}, Signature={signature}"
        return told


@lru_cache(8)
def _key(secret: str, day: str, region: str, service: str) -> bytes:
    """The day's key."""
    key = f"AWS4{secret}".encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key
