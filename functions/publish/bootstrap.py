"""What publish needs."""

from dataclasses import dataclass
from functools import cache, cached_property

from functions.publish.topic_client import Topic
from shared.bootstrap.parts import Parts


@dataclass(frozen=True, slots=True)
class Settings:
    topic: str


class Services(Parts):
    @cached_property
    def topic(self) -> Topic:
        return Topic(self.settings(Settings).topic)


services = cache(Services)
"""Answers the process's own."""
