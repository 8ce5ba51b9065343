"""What publish needs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from functions.publish.figures import figures, lines
from functions.publish.topic_client import Topic
from shared.bootstrap.parts import Parts


@dataclass(frozen=True, slots=True)
class Settings:
    topic: str
    stage: str
    figures: str
    """`yes` where a dashboard shows them."""


class Services(Parts):
    @cached_property
    def topic(self) -> Topic:
        return Topic(self.settings(Settings).topic)

    @cached_property
    def say(self) -> Callable[[str], None]:
        """Takes a line of the function's log."""
        return print

    def count(self, events: Sequence[str]) -> None:
        """Write what the dashboard shows of events that were sent; nothing where there is none."""
        settings = self.settings(Settings)
        if settings.figures == "yes":
            for line in lines(figures(events), settings.stage, self.clock()):
                self.say(line)


services = cache(Services)
"""Answers the process's own."""
