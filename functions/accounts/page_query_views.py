"""Which part of a list is asked for."""

from pydantic import Field

from shared.api.payload import Query


class PageQuery(Query):
    limit: int = Field(default=24, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=2000)
