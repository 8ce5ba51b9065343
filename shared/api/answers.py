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
class Raw:
    """A request's exact bytes and headers (lower-case names), for signatures over them."""

    body: bytes
    headers: Mapping[str, str]
