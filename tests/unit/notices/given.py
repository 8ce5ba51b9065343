"""What the tests of notices start from: stores in memory that keep the same conditions as DynamoDB's, a sender that notes, an outbox."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from functions.notices.causes.post import Post
from functions.notices.known.known_order import NO_SHOP, KnownOrder, KnownShop
from functions.notices.merchants.merchants_drafting import MerchantsDrafting
from functions.notices.merchants.notice_links import NoticeLinks
from functions.notices.merchants.notice_settings import NoticeSettings
from functions.notices.outbox.digest import Digest
from functions.notices.outbox.drafting import Drafting
from functions.notices.outbox.mail import Mail
from functions.notices.outbox.outbox import Outbox
from functions.notices.outbox.sending import Draft
from functions.notices.outbox.undelivered import Undelivered
from monsoon_plugin.clock import rfc3339
from shared.ids import derived_id
from shared.optimistic_retry import AT_ONCE
from shared.order_messages import BoughtLine, OrderAccepted, OrderLine, OrderPaid, OrderPlaced, ShippingChoice
from shared.sealing.sealing import Sealing
from tests.fakes import TICKETS, FakeClock, sealing_in_memory

OWNER, SUPPLIER = derived_id("acc", "owner"), derived_id("acc", "supplier")
SHOP, ORDER = derived_id("sf", "shop"), derived_id("ord", "one")
TENANT = f"{OWNER}#{SHOP}"
ADA = "ada@buyers.example"
HEAD: dict[str, Any] = {"order_id": ORDER, "storefront_id": SHOP, "account_id": OWNER, "currency": "GBP"}
CHOICE = ShippingChoice(installation_id="ins_1", plugin="table_rate", rate_id="r", service="Standard", price=395)
LINES = [
    OrderLine(offer_id="off_1", product_id="prd_1", supplier_id=OWNER, title="Blue mug", quantity=2, unit_price=1250, unit_cost=1000),
    OrderLine(offer_id="off_2", product_id="prd_2", supplier_id=SUPPLIER, title="Tea", quantity=1, unit_price=500, unit_cost=300),
]  # fmt: skip
MAIL_FROM = "Monsoon <hello@hub.example>"


class MemoryMails:
    """mails_kept.Mails."""

    def __init__(self) -> None:
        self.held: dict[str, Mail] = {}
        self.stops: dict[str, str] = {}
        self.noted: list[Undelivered] = []
        self.writes = 0

    def add(self, mail: Mail) -> bool:
        self.writes += 1
        return self.held.setdefault(mail.id, mail) is mail

    def get(self, mail_id: str) -> Mail | None:
        return self.held.get(mail_id)

    def replace(self, mail: Mail, noted: Undelivered | None = None) -> bool:
        self.writes += 1
        held = self.held.get(mail.id)
        if held is None or held.version != mail.version - 1:
            return False
        self.held[mail.id] = mail
        self.noted += [noted] if noted else []
        return True

    def due(self, now: datetime) -> Iterator[str]:
        return iter([mail.id for mail in self.held.values() if mail.due and mail.due < rfc3339(now)])

    def stop(self, address: str, why: str) -> None:
        self.stops[address] = why

    def stopped(self, address: str) -> str:
        return self.stops.get(address, "")

    def undelivered(self, account_id: str, after: str, most: int) -> list[Undelivered]:
        found = sorted((one for one in self.noted if one.account_id == account_id), key=lambda one: one.place, reverse=True)
        return [one for one in found if not after or one.place < after][:most]


class MemoryKnown:
    """known_order.Known."""

    def __init__(self) -> None:
        self.orders: dict[str, KnownOrder] = {}
        self.shops: dict[str, KnownShop] = {}
        self.silent: set[str] = set()

    def add_silent(self, order_id: str, now: datetime) -> None:
        self.silent.add(order_id)

    def is_silent(self, order_id: str) -> bool:
        return order_id in self.silent

    def add_order(self, order: KnownOrder, now: datetime) -> None:
        self.orders.setdefault(order.order_id, order)

    def order(self, order_id: str) -> KnownOrder | None:
        return self.orders.get(order_id)

    def keep_shop(self, tenant: str, shop: KnownShop, version: int) -> None:
        self.shops[tenant] = shop

    def shop(self, tenant: str) -> KnownShop:
        return self.shops.get(tenant, NO_SHOP)


class MemorySettings:
    """notice_settings.AllSettings."""

    def __init__(self) -> None:
        self.held: dict[str, NoticeSettings] = {}

    def get(self, account_id: str) -> NoticeSettings:
        return self.held.get(account_id, NoticeSettings(account_id=account_id))

    def each(self, account_ids: Iterable[str]) -> list[NoticeSettings]:
        return [self.get(account_id) for account_id in account_ids]

    def keep(self, settings: NoticeSettings) -> bool:
        if self.get(settings.account_id).version != settings.version - 1:
            return False
        self.held[settings.account_id] = settings
        return True

    def confirmed(self, account_id: str, email: str, **more: Any) -> None:
        self.held[account_id] = NoticeSettings(account_id=account_id, email=email, confirmed=True, version=1, **more)


@dataclass
class FakeSender:
    """Has what it was given, and does what comes next: an answer, or an error to raise."""

    drafts: list[Draft] = field(default_factory=list)
    next: list[bool | Exception] = field(default_factory=list)

    def send(self, draft: Draft) -> bool:
        after = self.next.pop(0) if self.next else True
        if isinstance(after, Exception):
            raise after
        self.drafts.append(draft)
        return after


@dataclass
class World:
    """Notices of a hub that sends mail; `local`: a laptop's."""

    local: bool = False
    sends: bool = True
    links: str = "https://hub.example"
    mails: MemoryMails = field(default_factory=MemoryMails)
    known: MemoryKnown = field(default_factory=MemoryKnown)
    settings: MemorySettings = field(default_factory=MemorySettings)
    sender: FakeSender = field(default_factory=FakeSender)
    clock: FakeClock = field(default_factory=FakeClock)
    sealing: Sealing = field(default_factory=sealing_in_memory)
    counted: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        merchants = MerchantsDrafting(settings=self.settings, links=NoticeLinks(self.links, TICKETS, self.clock))
        self.drafting = Drafting(
            known=self.known, opener=self.sealing, merchants=merchants, stopped=self.mails.stopped,
            link=lambda order: f"{self.links}/follow/{order.order_id}",
        )  # fmt: skip
        self.outbox = Outbox(
            mails=self.mails, draft=self.drafting.draft, sender=self.sender, pseudonym=str, count=self.counted.append, clock=self.clock,
            sends_tests=self.local,
        )  # fmt: skip
        self.post = Post(
            outbox=self.outbox, digest=Digest(self.mails, self.clock, AT_ONCE), known=self.known, settings=self.settings,
            clock=self.clock, sends=self.sends, at_once=self.local,
        )  # fmt: skip

    def placed(self, email: str = ADA, **more: Any) -> OrderPlaced:
        (sealed,) = self.sealing.seal(TENANT, json.dumps({"buyer": {"email": email, "name": "Ada"}}))
        told = {"total": 3395, "language": "en", "pay_by": rfc3339(self.clock.now), "shipping": 395, "sealed_buyer": sealed, "version": 1}
        return OrderPlaced(lines=[BoughtLine(title="Blue mug", quantity=2, unit_price=1250)], **(HEAD | told | more))

    def sweep(self, minutes: float) -> int:
        self.clock.tick(minutes=minutes)
        return self.outbox.sweep(lambda: timedelta(minutes=1))

    def kinds(self) -> list[str]:
        """Of what was sent, in its order."""
        return [self.mails.held[draft.mail_id].kind for draft in self.sender.drafts]

    def states(self) -> dict[str, tuple[str, str]]:
        return {mail.kind: (mail.state, mail.why) for mail in self.mails.held.values()}


def accepted(**more: Any) -> OrderAccepted:
    return OrderAccepted(lines=LINES, shipping=CHOICE, **(HEAD | {"version": 2} | more))


def paid(**more: Any) -> OrderPaid:
    told = {"total": 3395, "payment_id": "pay_1", "payment_plugin": "stripe", "provider_fee": 50, "version": 3}
    return OrderPaid(lines=LINES, shipping=CHOICE, **(HEAD | told | more))
