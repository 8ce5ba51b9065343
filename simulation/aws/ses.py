"""SES: it takes mails, and says later what became of each: late, twice, never, in any order. Its own book says what was sent to whom."""

import email
import email.policy
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from functools import cached_property
from random import Random
from typing import Any, Literal

from functions.notices.outbox.message import AGAIN
from functions.notices.outbox.ses_events import TAG
from monsoon_plugin.clock import rfc3339
from simulation.aws.door import Answer, NotSimulated, Raw, found, refusal
from simulation.turns.virtual_clock import VirtualClock

QUEUE = "notices"
Box = Literal["reads", "is gone", "complains", "is full"]
BOXES: tuple[Box, ...] = ("reads", "reads", "reads", "reads", "is gone", "complains", "is full")
DELAYS = (0.5, 0.5, 20.0, 1200.0, 26 * 3600.0)
"""Seconds until it tells of a mail, the first delay drawn for a schedule: no event is later than the one that is drawn."""


@dataclass(frozen=True)
class SentMail:
    """A mail that SES has, and brings."""

    mail_id: str
    to: str
    at: datetime
    raw: bytes

    @cached_property
    def message(self) -> EmailMessage:
        return email.message_from_bytes(self.raw, policy=email.policy.default)

    @property
    def again(self) -> bool:
        """Whether it says of itself that it was perhaps sent before."""
        return str(self.message[AGAIN]) == "yes"

    @cached_property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        return "" if part is None else str(part.get_content())

    @property
    def links(self) -> list[str]:
        return re.findall(r"https://\S+", self.text)


@dataclass(frozen=True)
class Heard:
    """An event of SES's that the hub has heard."""

    mail_id: str
    told: str
    lasting: bool
    """Whether nothing more should go to where it went."""
    at: datetime


class Habits:
    """How SES is in one schedule: what it refuses for now, and how it tells; what the boxes do that mails go to."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self.refusing = random.choice((0.0, 0.0, 0.1, 0.4))
        self.losing = random.choice((0.0, 0.0, 0.3, 1.0))
        self._doubling, self._latest = random.choice((0.0, 0.2)), random.choice(DELAYS)
        self._boxes: dict[str, Box] = {}

    def calm(self) -> None:
        self.refusing = self.losing = 0.0

    def refuses(self) -> str:
        """The code by which the next mail is refused for now; empty: it is taken."""
        if self._random.random() >= self.refusing:
            return ""
        return self._random.choice(("TooManyRequestsException", "SendingPausedException"))

    def box(self, to: str) -> Box:
        return self._boxes.setdefault(to, self._random.choice(BOXES))

    def told(self) -> list[float]:
        """In how many seconds an event is told, each time that it is."""
        if self._random.random() < self.losing:
            return []
        times = 2 if self._random.random() < self._doubling else 1
        return [self._random.choice((0.5, self._latest)) * self._random.random() for _ in range(times)]


class Ses:
    """The stand-in. Without habits it takes everything and tells nothing."""

    def __init__(self, clock: VirtualClock, put: Callable[[str, str, float], None]) -> None:
        """`put`: a message into a queue, to be seen in so many seconds."""
        self._clock, self._put = clock, put
        self.habits: Habits | None = None
        self.sent: list[SentMail] = []
        self.refused: list[str] = []
        """Ids of mails that it did not take."""
        self.heard: list[Heard] = []

    @property
    def asked_once(self) -> bool:
        """Its caller never sends a request again by itself."""
        return True

    def answer(self, operation: str, raw: Raw, request: Any) -> Answer:
        if operation != "SendEmail":
            raise NotSimulated(f"sesv2 {operation}")
        (to,), mail_id = raw["Destination"]["ToAddresses"], raw["EmailTags"][0]["Value"]
        if self.habits and (why := self.habits.refuses()):
            self.refused.append(mail_id)
            return refusal(429 if why.startswith("TooMany") else 400, why, "simulated")
        self.sent.append(SentMail(mail_id, to, self._clock.now, raw["Content"]["Raw"]["Data"]))
        if self.habits:
            self._tell(self.habits, to, mail_id)
        return found(MessageId="-")

    def hear(self, body: str) -> None:
        """The hub has heard a message that is of SES's."""
        document = json.loads(body)
        if "eventType" in document:
            told = document["eventType"]
            lasting = told == "Complaint" or (told == "Bounce" and document["bounce"]["bounceType"] == "Permanent")
            self.heard.append(Heard(document["mail"]["tags"][TAG][0], told, lasting, self._clock.now))

    def _tell(self, habits: Habits, to: str, mail_id: str) -> None:
        box = habits.box(to)
        ends = {"reads": ("Delivery",), "is gone": ("Bounce",), "complains": ("Delivery", "Complaint"), "is full": ("Bounce",)}[box]
        for told in ("Send", *ends):
            for delay in habits.told():
                self._put(QUEUE, json.dumps(self._event(told, mail_id, to, box)), delay)

    def _event(self, told: str, mail_id: str, to: str, box: Box) -> dict[str, Any]:
        """docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html"""
        at = rfc3339(self._clock.now)
        bounce = {"bounceType": "Permanent" if box == "is gone" else "Transient", "bounceSubType": "General", "timestamp": at}
        more: dict[str, Any] = {
            "Bounce": {"bounce": {**bounce, "bouncedRecipients": [{"emailAddress": to}]}},
            "Complaint": {"complaint": {"complainedRecipients": [{"emailAddress": to}], "timestamp": at}},
        }.get(told, {})
        return {"eventType": told, "mail": {"timestamp": at, "destination": [to], "tags": {TAG: [mail_id]}}, **more}
