"""What a view is given and gives beside pydantic's models. Knows no Chalice, so that a domain may answer a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel


@dataclass(frozen=True, slots=True)
class Answer:
    """A view with the status and headers it leaves with; a plain view leaves with the first status its route declares."""

    view: BaseModel | None
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bytes:
    """A file, answered as it is."""

    content: bytes = field(repr=False)
    media_type: str
    name: str
    """What a browser saves it as; ASCII without quotes."""


@dataclass(frozen=True, slots=True)
class Page:
    """A text that a browser shows: a page, a sitemap. Its headers say what it is."""

    text: str = field(repr=False)
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Raw:
    """A request's exact bytes and headers (lower-case names), for signatures over them and for what a browser says of itself."""

    body: bytes
    headers: Mapping[str, str]
    path: str = ""
    """As it was asked, with what stands before the route's own: a stage."""
    source_ip: str = ""
    """Who asked, as the gateway saw it; at a shop's own host that is CloudFront."""

    @property
    def address(self) -> str:
        """Where a browser asked, without the query: https unless the request came by http to a machine's own name."""
        scheme = self.headers.get("x-forwarded-proto") or ("http" if is_local(self.headers.get("host", "")) else "https")
        return f"{scheme}://{self.headers.get('host', '')}{self.path}"


def is_local(host: str) -> bool:
    """Whether a Host header names this machine."""
    name = host.rpartition(":")[0] or host
    return name in ("127.0.0.1", "localhost", "[::1]") or name.endswith(".localhost")
