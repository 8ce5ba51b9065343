"""A courier with books of its own: which label it sold for which parcel, which it took back, which parcels it has."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from monsoon_plugin.courier import Capability, Label, LabelRequest, Parcel, Purchase, Rate, RateRequest, TrackEvent, TrackNotice
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.plugin import Config, Ctx, Manifest, RawWebhook
from simulation.providers.outside import Outside
from simulation.providers.silence import Silence


@dataclass
class Sold:
    """A label."""

    op_key: str
    order_id: str
    number: str
    parcel: Parcel
    void: bool = False
    scanned: bool = False


class PostBooks:
    """All labels, by our purchase's key."""

    def __init__(self, random: Random) -> None:
        """`random`: which parcels it will not have is the courier's own affair."""
        self.sold: dict[str, Sold] = {}
        self._random, self.declining = random, random.choice((0.0, 0.0, 0.0, 0.3))
        self.silence, self.keeping = Silence(random), 0.0
        """Of purchases; and how many labels it does not take back."""
        self.kept, self.asked = set[str](), set[str]()
        """Labels that it does not take back, and all of which it was asked to, by our key."""

    def sell(self, request: LabelRequest, op_key: str) -> Sold:
        if op_key not in self.sold and self._random.random() < self.declining:
            raise PluginError(ErrorKind.DECLINED, "this parcel cannot be carried", "not_carried")
        number = f"SIM{len(self.sold) + 1:09}"
        return self.sold.setdefault(op_key, Sold(op_key, request.order_id, number, request.parcel))

    def scan(self, number: str) -> None:
        """A parcel with this number was handed over; other couriers' numbers are none of ours."""
        for sold in self.sold.values():
            if sold.number == number:
                sold.scanned = True

    def settle(self, shipment_id: str) -> bool:
        """Somebody agrees with the courier on what becomes of a parcel's labels that it keeps. Answers whether there are any."""
        kept = [op_key for op_key in self.kept if op_key == shipment_id or op_key.startswith(f"{shipment_id}-")]
        for op_key in kept:
            self.sold[op_key].void = True
        return bool(kept)

    def void(self, op_key: str) -> None:
        if self.keeping and op_key not in self.asked:
            self.asked.add(op_key)
            self.kept |= {op_key} if op_key in self.sold and self._random.random() < self.keeping else set()
        if op_key in self.kept:
            raise PluginError(ErrorKind.DECLINED, "this label is not taken back", "not_returnable")
        sold = self.sold.get(op_key)
        if sold is None:
            raise PluginError(ErrorKind.INVALID, "there is no such label", "unknown")
        if sold.scanned:
            raise PluginError(ErrorKind.CONFLICT, "the parcel is on its way", "scanned")
        sold.void = True


class PostConfig(Config):
    pass


class Post:
    """The plug-in."""

    config_model = PostConfig
    manifest = Manifest(id="sim_post", version="1.0", api=1, kind="courier", allowed_hosts=("post.example",))

    def __init__(self, books: PostBooks, outside: Outside) -> None:
        self._books, self._outside = books, outside

    def capability(self, config: PostConfig | None) -> Capability:
        return Capability(labels=True, tracking="none", max_packages=20, lookup=self._books.silence.tells)

    def check_config(self, ctx: Ctx[PostConfig]) -> None:
        """Any config is good."""

    def rates(self, ctx: Ctx[PostConfig], request: RateRequest) -> Sequence[Rate]:
        return [Rate(id="parcel", service="parcel", price=395, days=(2, 3), currency=request.currency)]

    def buy(self, ctx: Ctx[PostConfig], request: LabelRequest, op_key: str) -> Purchase:
        sold = self._outside.call(f"post buy {op_key}", lambda: self._books.sell(request, op_key), loses=self._books.silence.loses)
        return Purchase(Label(tracking_number=sold.number))

    def fetch(self, ctx: Ctx[PostConfig], op_key: str) -> Purchase | None:
        sold = self._outside.call(f"post fetch {op_key}", lambda: self._books.sold.get(op_key))
        return Purchase(Label(tracking_number=sold.number)) if sold else None

    def void(self, ctx: Ctx[PostConfig], label: Label, op_key: str) -> None:
        self._outside.call(f"post void {op_key}", lambda: self._books.void(op_key))

    def track(self, ctx: Ctx[PostConfig], label: Label) -> Sequence[TrackEvent]:
        return ()

    def webhook(self, ctx: Ctx[PostConfig], raw: RawWebhook) -> TrackNotice | None:
        return None
