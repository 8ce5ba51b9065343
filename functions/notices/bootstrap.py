"""What notices' entry points need."""

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from urllib.parse import urlencode

from functions.notices.causes.post import Post
from functions.notices.known.known_order import Known, KnownOrder
from functions.notices.known.known_store import KnownStore
from functions.notices.merchants.merchants_drafting import MerchantsDrafting
from functions.notices.merchants.notice_links import NoticeLinks
from functions.notices.merchants.notice_settings import AllSettings
from functions.notices.merchants.settings_service import SettingsService
from functions.notices.merchants.settings_store import SettingsStore
from functions.notices.outbox.digest import Digest
from functions.notices.outbox.drafting import Drafting
from functions.notices.outbox.header_text import normalised
from functions.notices.outbox.mail_store import MailStore
from functions.notices.outbox.mails_kept import Mails
from functions.notices.outbox.outbox import Outbox
from functions.notices.outbox.sending import Sender
from functions.notices.outbox.ses_client import SesSender
from shared.api.tickets import Secret
from shared.aws.secret import secret_of
from shared.bootstrap.api_parts import ApiParts, SigningSettings
from shared.bootstrap.sealing_parts import SealingParts
from shared.buyers.followed_orders import FollowedOrders
from shared.ids import derived_id
from shared.pages.visits.own_host import origin

ADDRESS = "adr"
FOLLOW_PATH = "/v1/followed-order"


@dataclass(frozen=True, slots=True)
class Settings:
    notices_table: str
    stage: str
    mail_from: str
    """Empty: the hub sends no mail."""
    links_url: str
    """What stands before addresses in mails; empty where the hub does not know its own."""


@dataclass(frozen=True, slots=True)
class SendingSettings:
    mail_set: str
    """The configuration set of SES: what becomes of mails is told by it."""
    mail_identity: str
    """The ARN of the identity that mails are sent as."""


class Services(ApiParts, SealingParts):
    @property
    def own(self) -> Settings:
        return self.settings(Settings)

    @property
    def local(self) -> bool:
        """Whether it is a laptop's hub, where no mail leaves."""
        return self.own.stage == "local"

    @property
    def sends(self) -> bool:
        """Whether the hub sends mail."""
        return bool(self.own.mail_from)

    @cached_property
    def secret(self) -> Secret:
        return secret_of(self.settings(SigningSettings).signing_secret)

    @cached_property
    def say(self) -> Callable[[str], None]:
        """Takes a line of the function's log."""
        return print

    @cached_property
    def known(self) -> Known:
        return KnownStore(self.own.notices_table)

    @cached_property
    def mails(self) -> Mails:
        return MailStore(self.own.notices_table)

    @cached_property
    def all_settings(self) -> AllSettings:
        return SettingsStore(self.own.notices_table)

    @cached_property
    def links(self) -> NoticeLinks:
        return NoticeLinks(self.own.links_url.rstrip("/"), self.tickets, self.clock)

    @cached_property
    def sender(self) -> Sender:
        told = self.settings(SendingSettings)
        return SesSender(self.own.mail_from, told.mail_set, told.mail_identity)

    @cached_property
    def drafting(self) -> Drafting:
        merchants = MerchantsDrafting(settings=self.all_settings, links=self.links)
        return Drafting(
            known=self.known, opener=self.sealing, merchants=merchants, link=self.order_link,
            stopped=lambda address: self.mails.stopped(self.pseudonym(address)),
        )  # fmt: skip

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(
            mails=self.mails, draft=self.drafting.draft, sender=self.sender, pseudonym=self.pseudonym, count=self.count, clock=self.clock,
            sends_tests=self.local,
        )  # fmt: skip

    @cached_property
    def post(self) -> Post:
        return Post(
            outbox=self.outbox, digest=Digest(self.mails, self.clock, self.retry), known=self.known, settings=self.all_settings,
            clock=self.clock, sends=self.sends, at_once=self.local,
        )  # fmt: skip

    @cached_property
    def merchants(self) -> SettingsService:
        return SettingsService(self.all_settings, self.mails, self.clock, self.retry)

    def pseudonym(self, address: str) -> str:
        """What stands for an address where nothing is sent any more: the same for all merchants, for SES counts the hub's mails. By the
        signing secret: a hub may write to a merchant before anything was ever sealed."""
        return derived_id(ADDRESS, hmac.new(self.secret().encode(), normalised(address).encode(), hashlib.sha256).hexdigest())

    def order_link(self, order: KnownOrder) -> str:
        """Where its buyer follows it, for as long as such links are good: on the shop's own page, if it has pages. Empty where the hub does
        not know its own address."""
        if not self.own.links_url:
            return ""
        shop, orders, base = self.known.shop(order.tenant), FollowedOrders(self.tickets, self.clock), self.own.links_url.rstrip("/")
        if not shop.slug:
            return f"{base}{FOLLOW_PATH}?ticket={orders.ticket(order)}"
        visit = order.visit(shop)
        home = origin(shop.host) if shop.host else f"{base}/shop/{shop.slug}"
        return f"{home}/order?{urlencode({'ticket': orders.ticket(order, visit), 'language': visit.language})}"

    def count(self, figure: str) -> None:
        """A figure for operators: a log line that CloudWatch reads (embedded metric format, as publish writes its own)."""
        directive = {"Namespace": "Monsoon", "Dimensions": [["Stage"]], "Metrics": [{"Name": figure}]}
        stamp = {"Timestamp": int(self.clock().timestamp() * 1000), "CloudWatchMetrics": [directive]}
        self.say(json.dumps({"_aws": stamp, "Stage": self.own.stage, figure: 1}))


services = cache(Services)
"""Answers the process's own."""
