"""The commons as people play with it: the same bytes from two suppliers, one of whom gives them; takers, notices, answers, decisions."""

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from shared.api.caller import Caller
from shared.pictures.shown_picture import content_id
from simulation.actors.people import People
from simulation.actors.setting import OPERATOR

SAME, ALIKE = b"picture of a bowl, from above", b"picture of a bowl, made anew"
"""What begins alike looks alike."""
PATIENCE, PAUSE = 40, 120.0
"""How often somebody asks again for what is not there yet, and seconds between."""


@dataclass(frozen=True)
class SentPicture:
    who: Caller
    picture_id: str
    body: bytes


@dataclass
class Gallery:
    """`put(key, body)` puts a file into the bucket, `tell(notice)` says so to the hub, sooner or later, and once or twice."""

    people: People
    random: Random
    """Its own: schedules without it are played as if there were none."""
    put: Callable[[str, bytes], None]
    tell: Callable[[str], None]
    sleep: Callable[[float], None]
    sent: list[SentPicture] = field(default_factory=list)
    taken: set[tuple[str, str, str]] = field(default_factory=set)
    """Content, account and sku of what the hub said was taken."""
    disputed: set[str] = field(default_factory=set)
    """Contents against which somebody asked that they be hidden."""
    decided: dict[str, bool] = field(default_factory=dict)
    """Notice → what the hub said yes to."""
    thanked: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Order → a product in it, and the content that this was known to show when it was placed."""

    def send(self, who: Caller, body: bytes) -> str:
        """Put a picture; answers its id, empty if the hub would not have it."""
        told = {"content_type": "image/jpeg", "bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
        opened = self.people.ask(who, "POST", "/v1/pictures", told)
        if opened.status != 201:
            return ""
        picture_id = str(opened.body["picture_id"])
        key = f"sent/{who.account_id}/{picture_id}"
        self.put(key, body)
        self.tell(json.dumps({"Records": [{"s3": {"object": {"key": key}}}]}))
        self.sent.append(SentPicture(who, picture_id, body))
        return picture_id

    def give(self, who: Caller, picture_id: str, licence: str) -> bool:
        """Say who may use it, as soon as it is read."""
        body = {"licence": licence, "credit": who.account_id, "shows": {"title": "Walnut bowl"}}
        return self._insisted(lambda: self.people.ask(who, "PUT", f"/v1/pictures/{picture_id}/licence", body).status == 200)

    def take(self, who: Caller, content: str, sku: str) -> str:
        """Take it for a product; answers the picture's id, empty if nobody would give it."""
        found: list[str] = []

        def asked() -> bool:
            reply = self.people.ask(who, "POST", f"/v1/commons/pictures/{content}/uses", {"sku": sku})
            if reply.status == 201:
                self.taken.add((content, who.account_id, sku))
                found.append(reply.body["picture_id"])
            return bool(found)

        self._insisted(asked)
        return found[0] if found else ""

    def object(self, who: Caller, content: str) -> str:
        """Say that it may not be shown; answers the notice's id."""
        self.disputed.add(content)
        body = {"ground": "copyright", "name": "Ada Lens", "statement": "I took this photograph in 2024.", "good_faith": True}
        reply = self.people.ask(who, "POST", f"/v1/commons/pictures/{content}/notices", body)
        return str(reply.body["notice_id"]) if reply.status == 201 else ""

    def answer(self, who: Caller, picture_id: str) -> None:
        self.people.ask(who, "POST", f"/v1/pictures/{picture_id}/counter-notices", {"statement": "I took it myself, in my shop."})

    def decide(self, content: str, notice_id: str, *, upheld: bool) -> None:
        path = f"/v1/commons/pictures/{content}/notices/{notice_id}/decision"
        if self.people.ask(OPERATOR, "PUT", path, {"upheld": upheld, "reason": "looked at"}).status == 200:
            self.decided[notice_id] = upheld

    def _insisted(self, asked: Callable[[], bool]) -> bool:
        for _ in range(PATIENCE):
            if asked():
                return True
            self.sleep(PAUSE)
        return False


def content_of(body: bytes) -> str:
    return content_id(hashlib.sha256(body).hexdigest())


def bucket() -> str:
    """Where pictures are put."""
    return os.environ["PICTURE_BUCKET"]
