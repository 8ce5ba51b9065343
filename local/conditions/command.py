"""The command that a person pastes to start a hub where another cannot start."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Self

from infra.templates import ROOT
from local.conditions.ports import busy

DEFAULT = ROOT / ".local"


@dataclass(frozen=True)
class Command:
    """`make run` as it was asked for."""

    port: int
    stripe_port: int
    folder: Path
    parameters: Mapping[str, str]
    wheels: Sequence[str]

    def __str__(self) -> str:
        given = {"PORT": str(self.port), "STRIPE_PORT": str(self.stripe_port)}
        given |= {"PARAMETERS": " ".join(f"{name}={value}" for name, value in self.parameters.items())} if self.parameters else {}
        given |= {"PLUGINS": " ".join(self.wheels)} if self.wheels else {}
        given |= {"ARGS": f"--folder {shlex.quote(str(self.folder))}"} if self.folder != DEFAULT else {}
        return f"make run {' '.join(f'{name}={shlex.quote(value)}' for name, value in given.items())}"

    def at_another_port(self) -> Self:
        return replace(self, port=free_after(self.port, self.stripe_port))

    def at_another_stripe_port(self) -> Self:
        return replace(self, stripe_port=free_after(self.stripe_port, self.port))

    def beside(self) -> Self:
        """With a new folder beside the one that is taken, and free ports: a hub of its own."""
        folders = (self.folder.with_name(f"{self.folder.name}-{number}") for number in count(2))
        other = self.at_another_port()
        return replace(other.at_another_stripe_port(), folder=next(folder for folder in folders if not folder.exists()))


def free_after(port: int, but: int) -> int:
    """The next port that nobody listens on and that is not `but`; after the last it goes on from 1024."""
    return next(found for step in count() if (found := 1024 + (port + 1 - 1024 + step) % (65536 - 1024)) != but and not busy(found))
