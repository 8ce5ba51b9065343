"""The words that every plug-in family shares: manifest, context, errors. A plug-in translates; the core decides."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, Literal, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, Field

C = TypeVar("C", bound="Config")
Kind = Literal["payment", "courier", "clearing"]
TOLERANCE = timedelta(minutes=5)
"""By which the signed time of a notice may differ from ours."""
Mode = Literal["test", "live"]


class Config(BaseModel):
    """What a merchant types into the plug-in's form. Mark secrets with SecretStr: they are encrypted and never shown again."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Fee(BaseModel):
    """What a provider publishes that it charges; a merchant's own contract may differ, and the installation may say so."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    country: str = Field(description="of the merchant, ISO 3166-1 alpha-2; `*`: everywhere")
    basis_points: int = Field(ge=0, le=10_000, description="hundredths of a percent of the amount")
    fixed: int = Field(default=0, ge=0, description="minor units of `currency`, for each payment")
    currency: str = ""
    of: str = Field(default="", description="what is charged for, such as `domestic cards`")
    source: str = Field(description="the page that says so")
    as_of: str = Field(description="the day it was read, YYYY-MM-DD")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a plug-in says of itself."""

    id: str
    version: str
    api: Literal[1]
    kind: Kind
    name: Mapping[str, str] = field(default_factory=dict)
    """By language tag, for people."""
    allowed_hosts: tuple[str, ...] = ()
    """The hosts that it may call. None: it calls nobody, so no outcome of it can be unknown."""
    timeout: timedelta = timedelta(seconds=20)
    """No call of it may take longer."""
    fees: tuple[Fee, ...] = ()
    acknowledgement: str = ""
    """The plain text that the provider wants in answer to a notice; empty: any 200 will do."""

    def base_url(self, bases: Mapping[str, str]) -> str:
        """Where the provider answers: at the place that `bases` has for this plug-in, else at the first of `allowed_hosts`."""
        return bases.get(self.id) or (f"https://{self.allowed_hosts[0]}" if self.allowed_hosts else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ctx(Generic[C]):
    """What the core lends a plug-in for one call. There is no database in it."""

    config: C = field(repr=False)
    base_url: str
    """Where the provider answers: its own address, or a stand-in's on the laptop; empty if it calls nobody."""
    deadline: datetime
    now: datetime
    mode: Mode = "test"
    notify_url: str = ""
    """Where the provider sends this installation's notices; empty where the hub has no public address."""
    local: bool = False
    """The laptop stage: a provider may lie on this machine, over plain http."""

    @property
    def seconds(self) -> float:
        """How long the call may take from `now`; at least half a second."""
        return max((self.deadline - self.now).total_seconds(), 0.5)

    def recent(self, timestamp: int) -> bool:
        """Whether the time that a notice is signed with, in epoch seconds, is within five minutes of ours."""
        return abs(self.now.timestamp() - timestamp) <= TOLERANCE.total_seconds()


@dataclass(frozen=True, slots=True)
class RawWebhook:
    """A provider's notice exactly as it arrived; header names in lower case."""

    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)


class Plugin(Protocol[C]):
    """What every plug-in is, whatever its family: stateless, made without arguments."""

    @property
    def manifest(self) -> Manifest: ...

    @property
    def config_model(self) -> type[C]:
        """The merchant's form."""

    def capability(self, config: C | None) -> BaseModel:
        """What it can do with `config`; with None, the most that any config allows."""

    def check_config(self, ctx: "Ctx[C]") -> None:
        """Ask the provider whether the config works. Raises PluginError."""


def form_of(model: type[Config]) -> dict[str, Any]:
    """The merchant's form as JSON Schema; secrets are marked `writeOnly` (JSON Schema 2020-12, 9.4)."""
    return model.model_json_schema()
