"""A courier that calls out, in memory: asked twice it sells twice, whatever the key; it fails as it is told to."""

from collections.abc import Callable, Sequence
from typing import Any

from monsoon_plugin.courier import (
    Capability,
    CarrierConfig,
    Document,
    Label,
    LabelRequest,
    Purchase,
    Rate,
    RateRequest,
    TrackEvent,
    TrackNotice,
)
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.plugin import Manifest, RawWebhook
from tests.unit.shipping.events import LONDON

SHENZHEN = LONDON.model_copy(update={"name": "Factory", "city": "Shenzhen", "country": "CN", "phone": "+86 755 8300 0000"})
CONFIG: dict[str, Any] = {"origin": SHENZHEN.model_dump()}
PDF = Document("label", "application/pdf", b"%PDF-1.4 the label")


class FakeCourier:
    """The plug-in (monsoon_plugin.courier.CourierPlugin)."""

    manifest = Manifest(id="remote", version="1", api=1, kind="courier", allowed_hosts=("courier.example",))
    config_model = CarrierConfig

    def __init__(self) -> None:
        self.able = Capability(labels=True, tracking="poll", max_packages=5)
        self.sold: dict[str, Purchase] = {}
        self.requests: list[LabelRequest] = []
        self.voided: list[str] = []
        self.bought = 0
        """Labels that are paid for."""
        self.before: Callable[[str], None] = lambda call: None
        """Called as each call arrives; what it raises, the courier has not done."""
        self.after: Callable[[str], None] = lambda call: None
        """Called when it is done; what it raises, the answer is lost by."""
        self.way: list[TrackEvent] = []
        self.prices: list[Rate] = []
        self.silent = False
        """Whether it runs elsewhere and does not answer, not even what it can do."""

    def capability(self, config: Any) -> Capability:
        if self.silent:
            raise PluginError(ErrorKind.UNAVAILABLE, "it does not answer")
        return self.able

    def check_config(self, ctx: Any) -> None: ...

    def rates(self, ctx: Any, request: RateRequest) -> Sequence[Rate]:
        self.before("rates")
        return self.prices

    def buy(self, ctx: Any, request: LabelRequest, op_key: str) -> Purchase:
        self.before("buy")
        self.requests.append(request)
        self.bought += 1
        self.sold[op_key] = Purchase(Label(tracking_number=f"T{self.bought}", provider_ref=op_key), (PDF,))
        self.after("buy")
        return self.sold[op_key]

    def fetch(self, ctx: Any, op_key: str) -> Purchase | None:
        self.before("fetch")
        return self.sold.get(op_key)

    def void(self, ctx: Any, label: Label, op_key: str) -> None:
        self.before("void")
        if op_key not in self.voided:
            self.voided.append(op_key)
        self.after("void")

    def track(self, ctx: Any, label: Label) -> Sequence[TrackEvent]:
        self.before("track")
        return self.way

    def webhook(self, ctx: Any, raw: RawWebhook) -> TrackNotice | None:
        number, _, event_id = raw.body.decode().partition(" ")
        if raw.headers.get("signature") != "good":
            raise PluginError(ErrorKind.SIGNATURE, "forged")
        return TrackNotice(event_id, number, tuple(self.way)) if number else None


def failing(kind: ErrorKind, *calls: str, times: int = 1) -> Callable[[str], None]:
    """For `before` or `after`: these calls fail so often."""
    left = [times]

    def fail(call: str) -> None:
        if call in calls and left[0] > 0:
            left[0] -= 1
            raise PluginError(kind, f"the courier says: {kind}")

    return fail
