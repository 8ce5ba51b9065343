"""What a shop says of itself and of its terms: plain text that its owner wrote, by topic and language."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self, get_args

from pydantic import Field, StringConstraints, model_validator

from monsoon_plugin.value import Value
from shared.goods.texts import LanguageTag

Topic = Literal["imprint", "terms", "privacy", "returns", "shipping"]
TOPICS: tuple[Topic, ...] = get_args(Topic)
MOST_BYTES = 24 * 1024
"""Of all texts in all languages: with the rest of a storefront they fit its request, also where a program writes each sign as \\u5b57."""
Text = Annotated[str, StringConstraints(min_length=1, max_length=12_000, strip_whitespace=True)]
Written = Annotated[dict[LanguageTag, Text], Field(max_length=20)]


class ShopTexts(Value):
    """Each by BCP 47 language tag; 24 KB together."""

    imprint: Written = Field(default={}, description="who runs the shop: name, address, how they are reached, registers")
    terms: Written = Field(default={}, description="on which terms it sells")
    privacy: Written = Field(default={}, description="what it does with what it knows of people")
    returns: Written = Field(default={}, description="how goods are sent back, within which time, and when money is paid back")
    shipping: Written = Field(default={}, description="how it sends, and how long that takes")

    @model_validator(mode="after")
    def _fit(self) -> Self:
        total = sum(len(text.encode()) for topic in TOPICS for text in self.on(topic).values())
        if total > MOST_BYTES:
            raise ValueError(f"these texts have {total:,} bytes together, and {MOST_BYTES:,} are the most: shorten the longest")
        return self

    def on(self, topic: Topic) -> Mapping[str, str]:
        """By language; empty where its owner has written none."""
        found: Mapping[str, str] = getattr(self, topic)
        return found

    @property
    def written(self) -> list[Topic]:
        """The topics of which there is a text."""
        return [topic for topic in TOPICS if self.on(topic)]

    def text_in(self, topic: Topic, language: str) -> tuple[str, str]:
        """The text on a topic with its language: `language`, else its base, else any there is; empty where there is none."""
        told = self.on(topic)
        tags = (language, language.split("-")[0], *told)
        return next(((tag, told[tag]) for tag in tags if tag in told), ("", ""))
