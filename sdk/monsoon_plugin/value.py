"""The base of what travels in requests and messages."""

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """A part of a message or a request: unknown fields are refused, types are not coerced."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, str_strip_whitespace=True, defer_build=True)
