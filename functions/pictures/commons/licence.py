"""For what whoever sent a picture lets others use it: a closed list, what each allows, and what a withdrawn one leaves."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

from functions.pictures.commons.thing import Thing

TEXTS = Path(__file__).with_name("licences.json")
Licence = Literal["own-use", "sellers", "attribution", "public-domain"]
WIDEST: tuple[Licence, ...] = ("public-domain", "attribution", "sellers")
"""Those that let others use it, the widest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What an account that sent a content lets others do with it. `credit`: whom it is by, as others name them. `shows`: the thing that it
    is of. `uses`: how often others chose it by this grant; `sold`: units of their products that were sold with it, and
    `sold_for` what was paid for them, currency → minor units. `granted_at`: RFC 3339."""

    account_id: str
    picture_id: str
    licence: Licence
    credit: str
    shows: Thing
    granted_at: str
    uses: int = 0
    sold: int = 0
    sold_for: Mapping[str, int] = field(default_factory=dict)

    @property
    def shared(self) -> bool:
        """Whether anybody else may use it."""
        return self.licence != "own-use"

    def allows(self, thing: Thing) -> bool:
        """Whether somebody else may show it with this thing."""
        return self.licence in ("attribution", "public-domain") or (self.licence == "sellers" and self.shows.is_same(thing))


def granting(grants: Iterable[Grant], thing: Thing) -> Grant | None:
    """The grant by which somebody may show it with this thing: the widest, and of these the first; None if there is none."""
    return widest(grant for grant in grants if grant.allows(thing))


def widest(grants: Iterable[Grant]) -> Grant | None:
    """Of those by which others may use it the one that lets most, and of these the first."""
    shared = [grant for grant in grants if grant.shared]
    return min(shared, key=lambda grant: (WIDEST.index(grant.licence), grant.granted_at, grant.account_id), default=None)


@dataclass(frozen=True, slots=True)
class LicenceText:
    url: str
    en: str
    zh: str


@cache
def texts() -> dict[Licence, LicenceText]:
    """Licence → where its text lies, and what it says in short."""
    found = json.loads(TEXTS.read_text(encoding="utf-8"))
    return {name: LicenceText(**told) for name, told in found.items()}
