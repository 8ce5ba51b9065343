"""What becomes of the products that a complete feed lacks. Pure.

A complete feed says all that its source has on sale: what it lacks is archived once all its rows have been looked at. Where the file may
not be whole, its supplier is asked first.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel, ConfigDict

from functions.uploads.products.submission import Submission

State = Literal["waiting", "asked", "archiving", "archived", "kept"]
Why = Literal["", "rows-unknown", "half-missing", "superseded", "declined", "rows-never-read", "expired"]
MOST_EXAMPLES = 10


class Superseded(Exception):
    """A newer complete feed of the source says what there is."""


class Archiving(BaseModel):
    """How far it is. `waiting` for the feed's rows; `asked` its supplier; `kept`: nothing more is archived."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    state: State = "waiting"
    why: Why = ""
    """Why it is asked about, or was ended."""
    looks: int = 0
    """How often it was looked whether its rows had been: of several that look, the one that is as far goes on."""
    there: int = 0
    """Products of its source that were not archived when its rows had been looked at."""
    missing: int = 0
    """Those of them that its file lacks."""
    unknown: int = 0
    """Its rows of which nobody can say whose product they are."""
    examples: list[str] = []
    """The first skus that it lacks."""
    archived: int = 0
    pages: int = 0
    """Lists of what was archived."""
    after: str = ""
    """The product's id up to which all has been archived."""
    at: str = ""
    """When that was written (RFC 3339)."""

    @property
    def is_open(self) -> bool:
        return self.state in ("waiting", "archiving")


@dataclass(frozen=True, slots=True)
class Present:
    """Whose products a feed's rows are."""

    product_ids: Collection[str]
    unknown: int = 0
    """Rows that cannot be read as far as that."""


@dataclass(slots=True)
class Census:
    """Counts the products of a source."""

    there: int = 0
    missing: int = 0
    examples: list[str] = field(default_factory=list)

    def count(self, submissions: Iterable[Submission], source: str, present: Present, as_of: str) -> None:
        for each in submissions:
            if each.source != source or is_off_sale(each):
                continue
            self.there += 1
            if each.product_id not in present.product_ids and each.as_of <= as_of:
                self.missing += 1
                self.examples += [each.sku] if len(self.examples) < MOST_EXAMPLES else []


def decided(before: Archiving, census: Census, present: Present, at: str) -> Archiving:
    """Whether the missing are archived at once, or asked about: where rows are of nobody knows whose product, so that these may be among
    them, and where the file has fewer than half of what was there."""
    why: Why = "rows-unknown" if present.unknown else "half-missing" if census.missing * 2 > census.there else ""
    state: State = "archived" if not census.missing else "asked" if why else "archiving"
    found = {"there": census.there, "missing": census.missing, "examples": census.examples, "unknown": present.unknown}
    return before.model_copy(update={"state": state, "why": why if state == "asked" else "", "at": at, **found})


def answered(before: Archiving, archive: bool, at: str) -> Archiving:
    """As its supplier says who was asked."""
    update = {"state": "archiving", "why": "", "at": at} if archive else {"state": "kept", "why": "declined", "at": at}
    return before.model_copy(update=update)


def may_be_archived(held: Submission, source: str, present: Present, as_of: str) -> bool:
    """Whether a product as it stands is one that a feed of this moment lacks: nobody sent other content of it later."""
    if held.source != source or held.product_id in present.product_ids or held.latest > as_of:
        return False
    return not is_off_sale(held) or held.as_of == as_of


def is_off_sale(held: Submission) -> bool:
    """Whether its supplier keeps it off sale: a draft, or archived, before or after audit passed that on."""
    return bool(held.listing) or held.status == "delisted"
