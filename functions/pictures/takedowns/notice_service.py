"""Takes notices, answers to them, and decisions: what is hidden follows from the notices that stand."""

from dataclasses import dataclass, replace
from typing import Protocol

from functions.pictures.contents.content import Content
from functions.pictures.places.picture import Picture
from functions.pictures.takedowns.ground import Ground
from functions.pictures.takedowns.notice import Change, Notice, SenderRecord, State, Statement, hiding
from monsoon_plugin.clock import Clock, rfc3339
from shared.api.idempotency import Idempotency
from shared.api.paging import Position
from shared.errors import Conflict, NotFound, TooManyRequests
from shared.ids import derived_id, named
from shared.optimistic_retry import Retry

A_DAY = 86_400


class NothingToCounter(Conflict):
    code, title = "nothing-to-counter", "No notice against this picture waits for an answer"


class AlreadyDecided(Conflict):
    code, title = "already-decided", "This notice was decided otherwise before"


class TooManyNotices(TooManyRequests):
    code, title = "too-many-notices", "An account sends 20 notices a day at most; send the others tomorrow"


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody says against a picture. `name`: of whoever has the right."""

    ground: Ground
    name: str
    text: str


class Pictures(Protocol):
    def note(self, account_id: str, idempotency: Idempotency) -> None: ...

    def get(self, account_id: str, picture_id: str) -> Picture | None: ...


class Contents(Protocol):
    def get(self, content_id: str) -> Content | None: ...

    def is_shown_by(self, content_id: str, account_id: str) -> bool:
        """Whether the account shows it, or did."""
        ...


class Notices(Protocol):
    def of(self, content_id: str) -> list[Notice]: ...

    def record(self, account_id: str) -> SenderRecord: ...

    def save(self, change: Change) -> None:
        """Keep it all, or nothing. Raises Contended."""
        ...

    def open(self, at: Position | None, limit: int) -> tuple[list[Notice], Position | None]:
        """Those that wait for an operator, the oldest first."""
        ...


class NoticeService:
    def __init__(self, pictures: Pictures, contents: Contents, notices: Notices, clock: Clock, retry: Retry) -> None:
        self._pictures, self._contents, self._notices, self._clock, self._retry = pictures, contents, notices, clock, retry

    def send(self, account_id: str, content_id: str, claim: Claim, idempotency: Idempotency) -> Notice:
        """Say that a picture may not be shown: it is hidden at once, but for senders whose notices were rejected before. Raises NotFound,
        TooManyNotices or KeyReused."""
        self._content(content_id)
        self._pictures.note(account_id, idempotency)
        notice_id, said = derived_id("ntc", content_id, idempotency.id("ntc")), self._said(account_id, claim.text)
        return self._retry(lambda: self._sent(content_id, notice_id, claim, said))

    def _sent(self, content_id: str, notice_id: str, claim: Claim, said: Statement) -> Notice:
        content, known = self._content(content_id), self._notices.of(content_id)
        if sent := next((notice for notice in known if notice.id == notice_id), None):
            return sent
        before = self._notices.record(said.by)
        after = before.after_one(said.at[:10])
        if after is None:
            raise TooManyNotices(retry_after=A_DAY)
        state: State = "hidden" if before.trusted else "waiting"
        notice = Notice(id=notice_id, content_id=content_id, ground=claim.ground, name=claim.name, said=said, state=state)
        told = hiding([*known, notice])
        self._notices.save(Change(before=None, notice=notice, content=content, hidden_for=told, record=(before, after)))
        return notice

    def counter(self, account_id: str, picture_id: str, text: str, idempotency: Idempotency) -> Notice:
        """Answer the first notice against a picture of this account's that nobody answered: an operator decides. Raises NotFound,
        NothingToCounter or KeyReused."""
        named(picture_id)
        picture = self._pictures.get(account_id, picture_id)
        if picture is None or picture.shown is None:
            raise NotFound("no such picture of yours")
        content_id = picture.shown.content
        self._pictures.note(account_id, idempotency)
        return self._retry(lambda: self._countered(content_id, self._said(account_id, text)))

    def _countered(self, content_id: str, said: Statement) -> Notice:
        known = sorted(self._notices.of(content_id), key=lambda notice: (notice.said.at, notice.id))
        same = [notice for notice in known if notice.counter and (notice.counter.by, notice.counter.text) == (said.by, said.text)]
        if same:
            return same[-1]
        before = next((notice for notice in known if notice.state == "hidden"), None)
        if before is None:
            raise NothingToCounter
        after = replace(before, state="countered", counter=said)
        self._notices.save(Change(before=before, notice=after, content=self._content(content_id), hidden_for=hiding(known)))
        return after

    def decide(self, operator_id: str, content_id: str, notice_id: str, upheld: bool, reason: str) -> Notice:
        """Decide a notice: the picture is gone, or is back unless another notice stands, and it counts against its sender. Decided so
        again it stays. Raises NotFound or AlreadyDecided."""
        named(notice_id)
        return self._retry(lambda: self._decided(content_id, notice_id, upheld, self._said(operator_id, reason)))

    def _decided(self, content_id: str, notice_id: str, upheld: bool, decision: Statement) -> Notice:
        content, known = self._content(content_id), self._notices.of(content_id)
        before = next((notice for notice in known if notice.id == notice_id), None)
        if before is None:
            raise NotFound("there is no such notice")
        after = replace(before, state="upheld" if upheld else "rejected", decision=decision)
        if before.decision:
            if before.state != after.state:
                raise AlreadyDecided
            return before
        told = hiding([after if notice.id == notice_id else notice for notice in known])
        record = self._notices.record(before.said.by)
        counted = None if upheld else (record, replace(record, rejected=record.rejected + 1))
        self._notices.save(Change(before=before, notice=after, content=content, hidden_for=told, record=counted))
        return after

    def look(self, account_id: str, content_id: str, *, operator: bool) -> list[Notice]:
        """The notices against a picture: all for whoever shows it and for operators, its own for who sent one."""
        self._content(content_id)
        known = self._notices.of(content_id)
        if operator or self._contents.is_shown_by(content_id, account_id):
            return known
        return [notice for notice in known if notice.said.by == account_id]

    def open(self, at: Position | None, limit: int) -> tuple[list[Notice], Position | None]:
        return self._notices.open(at, limit)

    def _said(self, account_id: str, text: str) -> Statement:
        return Statement(by=account_id, at=rfc3339(self._clock()), text=text)

    def _content(self, content_id: str) -> Content:
        named(content_id)
        content = self._contents.get(content_id)
        if content is None:
            raise NotFound("there is no such picture: its address says what to name, img_…")
        return content
