"""What people read of a product beside its title and description."""

from typing import Annotated

from pydantic import Field, StringConstraints

Bullet = Annotated[str, StringConstraints(min_length=1, max_length=500)]
"""One line."""
DescriptionHtml = Annotated[str, StringConstraints(max_length=10_000)]
Bullets = Annotated[list[Bullet], Field(max_length=10)]
