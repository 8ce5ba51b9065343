"""What requests about notices and their answers carry."""

from typing import Literal, Self

from pydantic import Field

from functions.pictures.takedowns.ground import Ground, words_of
from functions.pictures.takedowns.notice import Notice, State, Statement
from shared.api.payload import Body, Query, View
from shared.pictures.shown_picture import ContentId


class NoticeBody(Body):
    ground: Ground
    name: str = Field(min_length=2, max_length=200, description="of whoever has the right: you, or whom you act for")
    statement: str = Field(
        min_length=20, max_length=2000, description="what the right is, and how it is broken; those who show it read it",
        examples=["I took this photograph in 2024 and licensed it to nobody."],
    )  # fmt: skip
    good_faith: Literal[True] = Field(description="that all of it is true as far as you know; false notices count against your account")


class CounterBody(Body):
    statement: str = Field(
        min_length=20, max_length=2000, description="why you may show the picture; who sent the notice reads it",
        examples=["I took it myself, in my own shop, on 3 May 2025."],
    )  # fmt: skip


class DecisionBody(Body):
    upheld: bool = Field(description="true: the picture is gone for good; false: it is back, and the notice counts against its sender")
    reason: str = Field(min_length=1, max_length=2000, description="both sides read it")


class OpenQuery(Query):
    limit: int = Field(default=24, ge=1, le=50)
    cursor: str | None = Field(default=None, max_length=1000)


class StatementView(View):
    at: str
    text: str

    @classmethod
    def of(cls, statement: Statement) -> Self:
        return cls(at=statement.at, text=statement.text)


class NoticeView(View):
    """A notice, as both sides see it."""

    notice_id: str
    content_id: ContentId
    ground: Ground
    ground_text: str
    ground_text_zh: str
    name: str
    statement: StatementView
    state: State = Field(
        description="waiting: for an operator, nothing is hidden; hidden: it is hidden; countered: it is hidden, and an operator decides; "
        "upheld: it is gone for good; rejected: it is back, unless another notice stands"
    )
    counter: StatementView | None
    decision: StatementView | None

    @classmethod
    def of(cls, notice: Notice) -> Self:
        return cls(
            notice_id=notice.id, content_id=notice.content_id, ground=notice.ground, ground_text=words_of(notice.ground, "en"),
            ground_text_zh=words_of(notice.ground, "zh"), name=notice.name, statement=StatementView.of(notice.said), state=notice.state,
            counter=StatementView.of(notice.counter) if notice.counter else None,
            decision=StatementView.of(notice.decision) if notice.decision else None,
        )  # fmt: skip


class NoticeList(View):
    items: list[NoticeView]


class NoticePage(View):
    items: list[NoticeView]
    next: str | None = None
