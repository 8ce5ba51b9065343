"""What couriers that call nobody have in common: there is no label to buy, and the supplier reports where the parcel is."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from monsoon_plugin.courier import Label, Purchase, TrackEvent, TrackNotice
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.plugin import Config, Ctx, RawWebhook

C = TypeVar("C", bound=Config)


class Offline(Generic[C]):
    def check_config(self, ctx: Ctx[C]) -> None:
        """Nobody can be asked: the form is all the check there is."""

    def fetch(self, ctx: Ctx[C], op_key: str) -> Purchase | None:
        return None

    def void(self, ctx: Ctx[C], label: Label, op_key: str) -> None:
        """Nothing was bought of anybody."""

    def track(self, ctx: Ctx[C], label: Label) -> Sequence[TrackEvent]:
        return ()

    def webhook(self, ctx: Ctx[C], raw: RawWebhook) -> TrackNotice | None:
        raise PluginError(ErrorKind.SIGNATURE, "nobody sends notices for this courier")
