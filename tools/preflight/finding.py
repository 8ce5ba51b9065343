"""What a look at the account found, in words that say what to do."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "beware", "fails", "unseen"]
"""`fails`: the deployment would fail, or the hub would not work. `beware`: it works, within a limit that is told. `unseen`: nobody
looked, for want of credentials, a permission or an answer."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `remedy`: what to do about it; empty where nothing is to be done."""

    level: Level
    what: str
    remedy: str = ""
