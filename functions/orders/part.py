"""What the parts of an order that are kept have in common."""

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A part of an order as it is kept."""

    model_config = ConfigDict(frozen=True, defer_build=True, hide_input_in_errors=True)
