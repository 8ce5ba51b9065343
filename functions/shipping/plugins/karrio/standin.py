"""What the stand-ins of the four carriers behind Karrio have in common: tokens, labels that are bought, parcels that are scanned.

Each answers in the shapes of its carrier's published documentation, cited in its module. What none can show: real prices, addresses that
only the carrier knows to be wrong, and how long a token really lives.
"""

import json
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from typing import Any, ClassVar
from urllib.parse import parse_qs

from PIL import Image

from monsoon_plugin.standin import Asked, Reply, as_json

NOWHERE = "1 Nowhere Lane"
"""The street that no carrier knows."""
SECRET = "standin-secret-0001-never-shown"
TOKEN = "standin-token"
SENDER: Mapping[str, Any] = {
    "name": "Jack Sparrow", "lines": ["388 Townsend St", "Apt 20"], "city": "San Francisco", "region": "CA", "postal_code": "94107",
    "country": "US", "phone": "+14155550100",
}  # fmt: skip


@dataclass
class Standin:
    """One carrier."""

    TOKENS: ClassVar[str]
    """The path at which a token is got."""
    bought: dict[str, str] = field(default_factory=dict)
    """Tracking number → labeled, voided or delivered."""
    references: list[str] = field(default_factory=list)
    """Of each label, what it was bought for."""

    def answer(self, asked: Asked) -> Reply:
        if scanned := re.fullmatch(r"/scans/(\w+)", asked.path):
            self.bought[scanned[1]] = "delivered"
            return as_json({})
        if counted := re.fullmatch(r"/labels/(\w+)", asked.path):
            return as_json({"labels": self.references.count(counted[1])})
        if asked.path == self.TOKENS:
            return self.token(asked)
        if not self.admitted(asked):
            return self.refused(401, "UNAUTHORIZED", "Invalid token")
        return self.do(asked, asked.path.partition("?")[0])

    def token(self, asked: Asked) -> Reply:
        """OAuth 2.0 client credentials (RFC 6749, 4.4), as all three carriers that give tokens have it."""
        form = parse_qs(asked.body.decode())
        basic = b64encode(f"standin:{SECRET}".encode()).decode()
        if form.get("client_secret") != [SECRET] and asked.headers.get("authorization") != f"Basic {basic}":
            return self.refused(401, "10401", "ClientId is Invalid")
        issued = str(int(datetime.now(UTC).timestamp() * 1000))
        return as_json({"access_token": TOKEN, "token_type": "Bearer", "expires_in": 14399, "issued_at": issued})

    def admitted(self, asked: Asked) -> bool:
        return asked.headers.get("authorization") == f"Bearer {TOKEN}"

    def do(self, asked: Asked, path: str) -> Reply:
        raise KeyError(path)

    def refused(self, status: int, code: str, message: str) -> Reply:
        raise KeyError(code)

    def sold(self, number: str, reference: str = "") -> str:
        self.bought[number] = "labeled"
        self.references.append(reference)
        return number

    def voided(self, number: str) -> bool:
        """Whether the label is given back now; one that was scanned, and one given back before, is not."""
        if self.bought.get(number) != "labeled":
            return False
        self.bought[number] = "voided"
        return True


def scanned(*, delivered: bool) -> datetime:
    """When a parcel was told of: its label, or its delivery. Always yesterday at the same hours, before one in the morning and in the
    afternoon: libraries misread those, and a trial must show it whenever it runs."""
    return datetime.now(UTC).replace(hour=18 if delivered else 0, minute=30, second=0, microsecond=0) - timedelta(days=1)


def text(document: Any) -> str:
    return json.dumps(document)


@cache
def image() -> str:
    """A label as a picture of 4 × 6 inches, base 64."""
    file = BytesIO()
    Image.new("1", (400, 600), 1).save(file, "GIF")
    return b64encode(file.getvalue()).decode()
