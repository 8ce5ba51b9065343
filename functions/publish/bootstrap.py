"""What publish needs, made of the environment when first asked for."""

from dataclasses import dataclass
from functools import cache, cached_property

from functions.publish.topic_client import Topic
from shared.settings import settings_of


@dataclass(frozen=True, slots=True)
class Settings:
    topic: str


class Services:
    """Every part is made when first asked for, and can be given instead."""

    def __init__(self, settings: Settings | None = None, *, topic: Topic | None = None) -> None:
        if settings is not None:
            self.settings = settings
        if topic is not None:
            self.topic = topic

    @cached_property
    def settings(self) -> Settings:
        return settings_of(Settings)

    @cached_property
    def topic(self) -> Topic:
        return Topic(self.settings.topic)


@cache
def services() -> Services:
    """The process's own."""
    return Services()
