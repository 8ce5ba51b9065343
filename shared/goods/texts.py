"""What people read of a product beside its title and description."""

from typing import Annotated

from pydantic import Field, StringConstraints

LANGUAGE = r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?$"
LanguageTag = Annotated[str, StringConstraints(pattern=LANGUAGE)]
"""A language tag of BCP 47: language, script and region (`zh`, `zh-Hant`, `en-GB`)."""
Bullet = Annotated[str, StringConstraints(min_length=1, max_length=500)]
"""One line."""
DescriptionHtml = Annotated[str, StringConstraints(max_length=10_000)]
Bullets = Annotated[list[Bullet], Field(max_length=10)]
