"""A feed: a file of products that a supplier puts into the bucket, how far it has been read, and what became of its rows."""

import re
from collections import Counter
from collections.abc import Iterable
from collections.abc import Mapping as Mapping_
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from functions.uploads.complete.archiving import Archiving
from functions.uploads.mapping.how_to_read import NOTHING_SAID, HowToRead
from functions.uploads.mapping.mapping import Mapping
from functions.uploads.pictures.row_picture import RowPicture

State = Literal["awaiting", "reading", "held", "read", "refused"]
RowStatus = Literal["submitted", "unchanged", "superseded", "failed", "approved", "refused", "held", "delisted", "valid"]
SENT_AGAIN = "you sent this product again later, and that upload counts: read the product to see where it stands"
MAX_BYTES = 50_000_000
MAX_ROWS = 100_000
KEY = re.compile(r"^feeds/([^/]+)/([^/]+)\.csv$")
"""Whatever the file is: what it is packed in is found in its bytes."""


class FeedRefused(Exception):
    """The file cannot be read at all; none of its rows has been taken. `code` never changes, the text says what to do."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code, self.detail = code, detail


class FeedHeld(Exception):
    """The file is kept, and something is asked of its supplier first. `question` is what, as JSON would hold it."""

    def __init__(self, code: str, detail: str, question: Mapping_[str, Any]) -> None:
        super().__init__(detail)
        self.code, self.detail, self.question = code, detail, question


class Fault(BaseModel):
    """One thing wrong with a row: its column (empty: the whole row), a code, and how to mend it."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    column: str
    code: str
    detail: str
    detail_zh: str = Field(default="", description="the same in Chinese")
    row: int | None = Field(default=None, description="which of a product's rows; absent where that is the row of the result")


class Row(BaseModel):
    """A product's rows of the file. `number` is what a spreadsheet shows: the header is row 1. What has a fault is not read further."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    number: int
    cells: list[str]
    fault: Fault | None = None
    more: list[tuple[int, list[str]]] = []
    """The product's further rows, each with its number."""
    of: str = ""
    """The product's sku, where its rows name variants alone."""


class Chunk(BaseModel):
    """Rows that travel, are decided and are written together. Its number and content are the same however often the file is read."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    account_id: str
    feed_id: str
    as_of: str
    number: int
    columns: list[str]
    rows: list[Row]
    partial: bool = False
    """Whether its rows change price and stock alone."""
    preview: bool = False
    """Whether it is only shown what its rows would be."""
    decimal: str = ""
    """The mark before decimals, as the file's numbers show it or its supplier says; "" where nobody knows."""
    source: str | None = None
    """Which of the supplier's files its products are of from now on, "" for those without a name; None: as before."""
    complete: bool = False
    """Whether it is noted whose products its rows may be that cannot be read."""
    mapping: Mapping | None = None
    """How the columns are read; None: each is the field of its name (chunks of before there were mappings)."""


class RowResult(BaseModel):
    """What became of a row."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    row: int
    sku: str = ""
    status: RowStatus = Field(
        description="submitted: audit has not decided yet; superseded: you sent this product again, and the later upload counts"
    )
    product_id: str | None = None
    version: int | None = None
    code: str | None = None
    detail: str | None = Field(default=None, description="what a superseded row means to you")
    errors: list[Fault] = []
    stock: Literal["counted", "superseded"] | None = Field(
        default=None,
        description="whether the row's stock replaced what was left; superseded: a count of a later moment was there; absent for what "
        "failed, and for a new product, whose stock counts when it is on sale",
    )

    product: dict[str, Any] | None = Field(default=None, description="in a preview: what the row would be, its texts shortened")
    filled: dict[str, str] | None = Field(
        default=None, description="what the row left out and your defaults filled: field → the category whose default it is"
    )
    pictures: list[RowPicture] | None = Field(default=None, description="what became of each picture that the row names by its address")
    asked: list[str] | None = Field(
        default=None, examples=[["/safety"]],
        description="where in the product something is still to be said: GET /v1/products/{product_id} says what",
    )  # fmt: skip

    def with_verdict(self, verdict: str | None) -> "RowResult":
        """The result as it stands; `verdict`, if there is one, is "approved", "refused code", "held code", "delisted" or
        "superseded".
        """
        status, _, code = (verdict or self.status).partition(" ")
        detail = SENT_AGAIN if status == "superseded" else None
        return self.model_copy(update={"status": status, "code": code or None, "detail": detail})


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed as it stands. `rows` and `chunks` are known when it has been read; `as_of` is when its file arrived (RFC 3339)."""

    id: str
    account_id: str
    name: str
    bytes: int
    created_at: str
    state: State = "awaiting"
    as_of: str = ""
    encoding: str = ""
    rows: int = 0
    chunks: int = 0
    code: str = ""
    detail: str = ""
    fingerprint: str = field(default="", repr=False)
    how: HowToRead = NOTHING_SAID
    """What its supplier said of how to read it."""
    question: str = ""
    """JSON of what is asked of its supplier, where it is held."""
    unknown: tuple[str, ...] = ()
    """Columns that were not read."""
    summed: bool = True
    """Whether its rows are added up as they are written."""
    pinned: tuple[Mapping, ...] | None = None
    """The kept mapping by which rows of it were sent, none if by none; None: it is not known yet."""
    archiving: Archiving | None = None
    """How far the archiving of what it lacks is, if it is complete."""

    @property
    def key(self) -> str:
        """Where its file lies in the bucket."""
        return f"feeds/{self.account_id}/{self.id}.csv"

    def with_archiving(self, archiving: Archiving) -> "Feed":
        return replace(self, archiving=archiving)


@dataclass(frozen=True, slots=True)
class Tally:
    """One chunk's sum: how many of its rows had each outcome and each first error, and what became of them later, by row number."""

    outcomes: dict[str, int]
    failures: dict[str, int]
    verdicts: dict[str, Any]


def tally_of(results: Iterable[RowResult]) -> Tally:
    """The sum of freshly written rows."""
    found = list(results)
    return Tally(Counter(r.status for r in found), Counter(r.errors[0].code for r in found if r.errors), {})


def outcome_in(result: RowResult) -> str:
    """A freshly written row's outcome: its status, and the code of its first error after a space."""
    return f"{result.status} {result.errors[0].code}" if result.errors else result.status


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of a feed's rows so far. `submitted` await audit; `waiting` have not been looked at yet."""

    outcomes: Counter[str]
    refused: Counter[str]
    failed: Counter[str]
    waiting: int

    @property
    def is_open(self) -> bool:
        """Whether a row waits for us or for audit."""
        return bool(self.waiting or self.outcomes["submitted"])


def summary_of(feed: Feed, tallies: Iterable[Tally]) -> Summary:
    """Add up a feed's chunks."""
    outcomes, refused, failed = Counter[str](), Counter[str](), Counter[str]()
    seen = 0
    for tally in tallies:
        seen += sum(tally.outcomes.values())
        outcomes.update(tally.outcomes)
        failed.update(tally.failures)
        for verdict in tally.verdicts.values():
            status, _, code = str(verdict).partition(" ")
            outcomes.update({status: 1, "submitted": -1})
            if status == "refused":
                refused[code] += 1
    return Summary(outcomes, refused, failed, max(feed.rows - seen, 0))


def summary_by_sums(feed: Feed, sums: Mapping_[str, int]) -> Summary:
    """What became of a feed's rows so far."""
    summary = Summary(Counter(), Counter(), Counter(), max(feed.rows - sum(sums.values()), 0))
    for name, count in sums.items():
        status, _, code = name.partition(" ")
        summary.outcomes[status] += count
        if code and count:
            (summary.failed if status == "failed" else summary.refused)[code] += count
    return summary
