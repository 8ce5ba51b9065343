"""A plug-in of whichever family as the kit calls it: with the trial's config, at one address, each call with a context of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Generic, Self, TypeVar

from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.plugin import Ctx
from monsoon_plugin.testing import Trial

T = TypeVar("T", bound=Trial)
CALL = timedelta(seconds=2)
"""How long any call may take."""
SPARE = 1.5
"""Seconds that a call may need beyond its deadline on a busy machine."""


@dataclass(frozen=True)
class UnderTrial(Generic[T]):
    plugin: Any
    trial: T
    address: str
    changes: Mapping[str, Any]
    """Fields of the config, instead of the trial's; None takes a field away."""
    notices: ClassVar[str]
    """The path of the family's notices, as shared.providers.places has it."""

    @property
    def config(self) -> Any:
        given = {**self.trial.config, **self.changes}
        return self.plugin.config_model.model_validate({name: value for name, value in given.items() if value is not None})

    def ctx(self) -> Ctx[Any]:
        now = datetime.now(UTC)
        return Ctx(
            config=self.config,
            base_url=self.address,
            deadline=now + CALL,
            now=now,
            mode="test",
            notify_url=f"https://hub.example/v1/hooks/{self.notices}/ins_kit",
            local=True,
        )

    def at(self, address: str) -> Self:
        return replace(self, address=address)

    def with_config(self, **changes: Any) -> Self:
        return replace(self, changes={**self.changes, **changes})


def refusal(call: Any, *arguments: Any) -> PluginError | None:
    """How the plug-in refused or failed; None if it did not."""
    try:
        call(*arguments)
    except PluginError as error:
        return error
    return None


def kind_of(call: Any, *arguments: Any) -> ErrorKind | None:
    """Of what kind its refusal or failure was."""
    error = refusal(call, *arguments)
    return None if error is None else error.kind
