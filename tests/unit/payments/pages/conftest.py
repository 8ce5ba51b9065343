"""A shop whose pages take payments: a provider with a page of its own, one with a code, a bank account, and cash."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from functions.payments import handler
from functions.payments.bootstrap import Services, Settings
from functions.payments.pages.payment_links import PaymentLinks
from functions.payments.plugins.bank_transfer.plugin import BankTransfer
from functions.payments.plugins.cash_on_delivery.plugin import CashOnDelivery
from monsoon_plugin.money import Amount
from monsoon_plugin.payment import PaymentView, StartPayment, State
from monsoon_plugin.plugin import Manifest
from shared.api.service import Service
from shared.api.ticket_contents import PAYABLE_FOR, PAYABLE_ORDER, PayableOrder
from shared.api.tickets import Tickets
from shared.bootstrap.api_parts import SigningSettings
from shared.optimistic_retry import AT_ONCE
from shared.pages.visits.visit import ShopLook, Visit
from shared.providers.credentials import Credentials
from shared.providers.installation_store import InstallationStore
from shared.providers.installations import Installations
from shared.providers.places import Places, ProviderSettings
from tests.fakes import FakeClock, Reply, call
from tests.unit.payments.kit import BANK, idempotent
from tests.unit.payments.remote import Remote, Remotes
from tests.unit.providers.fakes import FakeKeys

TENANT = "acc_1#sf_1"
PAY, OWN = "/shop/{slug}/pay", "/shop/{slug}/payment"
HTML = {"accept": "text/html", "sec-fetch-site": "same-origin", "host": "shops.example"}
SECRET = "s" * 64


class Hosted(Remote):
    """A provider at whose page the shopper pays; `action` is what it asks of the shopper meanwhile."""

    def __init__(self, name: str, page: str, action: dict[str, str]) -> None:
        super().__init__()
        self.manifest = Manifest(id=name, version="1", api=1, kind="payment", name={"en": name.title()}, allowed_hosts=(f"{name}.example",))
        self.able = self.able.model_copy(update={"pages": {"card": page}, "captures": "at_once"})
        self.action, self.starts, self.asked = action, State.REQUIRES_ACTION, list[StartPayment]()

    def start(self, ctx: Any, request: StartPayment) -> PaymentView:
        self.asked.append(request)
        return self._acting(super().start(ctx, request))

    def fetch(self, ctx: Any, payment_id: str, provider_ref: str, since: datetime, refunds: Sequence[str] = ()) -> PaymentView | None:
        view = super().fetch(ctx, payment_id, provider_ref, since, refunds)
        return view and self._acting(view)

    def paid(self) -> None:
        """The shopper has paid what was begun last."""
        account = self.accounts[self.asked[-1].payment_id]
        account.state, account.captured = State.CAPTURED, account.amount.amount

    @property
    def charged(self) -> int:
        return sum(account.state in (State.CAPTURED, State.AUTHORIZED) for account in self.accounts.values())

    def _acting(self, view: PaymentView) -> PaymentView:
        return replace(view, next_action=self.action) if view.state is State.REQUIRES_ACTION else view


@dataclass
class Form:
    """A form of a page."""

    fields: dict[str, str]
    words: str


@dataclass
class Shopper:
    """A browser without script at one shop."""

    app: Service
    services: Services
    clock: FakeClock
    language: str = "en"
    slug: str = "tea"
    last: Reply = field(default_factory=lambda: Reply(0, "", {}))

    @property
    def visit(self) -> Visit:
        look = ShopLook(slug=self.slug, name="Harbour Tea", accent="#0f6b5c")
        return Visit(account_id="acc_1", storefront_id="sf_1", shop=look, language=self.language, currency="EUR")

    def ticket(self, order_id: str = "ord_1", amount: int = 1250, account_id: str = "acc_1", **more: Any) -> str:
        due = Amount(amount=amount, currency="EUR")
        order = PayableOrder(account_id=account_id, storefront_id="sf_1", order_id=order_id, amount=due, **more)
        return self.services.tickets.issue(PAYABLE_ORDER, order, self.clock(), PAYABLE_FOR)

    def arrive(self, ticket: str = "", **fields: str) -> Reply:
        """From the order's page."""
        return self.post(
            {"visit": self.services.visits.ticket(self.visit), "ticket": ticket or self.ticket(), "order": "followed", **fields}
        )

    def post(self, fields: dict[str, str], ip: str = "127.0.0.1", **headers: str) -> Reply:
        headers = {**HTML, "content-type": "application/x-www-form-urlencoded", **headers}
        return self._kept(call(self.app, "POST", PAY, path={"slug": self.slug}, raw=urlencode(fields), headers=headers, ip=ip))

    def choose(self, name: str) -> Reply:
        """Send the form of the last page whose button names it, and follow where it leads."""
        return self.follow(self.post(self.form(name).fields))

    def form(self, name: str) -> Form:
        return next(form for form in forms(self.last.body) if name in form.words)

    def follow(self, reply: Reply) -> Reply:
        return self.look(reply.headers["Location"]) if reply.status == 303 else reply

    @property
    def token(self) -> str:
        """Of the payment that was begun last."""
        (payment,) = [p for p in self.services.store.of_order(TENANT, "ord_1") if p.live]
        return self.services.payment_links.token(payment.id)

    def look(self, address: str, **more: str) -> Reply:
        query = {name: value for name, (value,) in parse_qs(urlsplit(address).query).items()} | more
        return self._kept(call(self.app, "GET", OWN, path={"slug": self.slug}, query=query, headers=HTML))

    def again(self) -> Reply:
        """A while later."""
        self.clock.tick(seconds=10)
        return self.look(re.search(r'href="(payment\?t=[^"&]+)"', self.last.body)[1])  # type: ignore[index]

    def came_back(self, asked: StartPayment) -> Reply:
        """As the provider leads back."""
        self.clock.tick(minutes=1)
        return self.look(str(asked.return_url), PayerID="x")

    def _kept(self, reply: Reply) -> Reply:
        self.last = reply
        return reply


def forms(page: str) -> list[Form]:
    found = re.findall(r"<form method=\"post\" action=\"pay\">(.*?)</form>", page, re.DOTALL)
    return [Form(_fields(one), unescape(re.sub("<[^>]+>", "", one))) for one in found]


def _fields(form: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form)}


@pytest.fixture
def hosted() -> Hosted:
    return Hosted("hosted", "redirect", {"type": "redirect", "url": "https://pay.hosted.example/s/1"})


@pytest.fixture
def coded() -> Hosted:
    return Hosted("coded", "qr", {"type": "qr", "data": "weixin://wxpay/bizpayurl?pr=abc"})


@pytest.fixture
def shopper(make_table: Callable[[str], str], hosted: Hosted, coded: Hosted) -> Shopper:
    table, clock = make_table("payments"), FakeClock()
    registry = Remotes(hosted=hosted, coded=coded, bank_transfer=BankTransfer(), cash_on_delivery=CashOnDelivery())
    installations: Any = Installations(registry, InstallationStore(table), Credentials(FakeKeys()), clock, Places())
    places = ProviderSettings(stage="local", public_url="", provider_bases="", plugin_functions="", credentials_key="")
    services = Services(
        Settings(table), places, SigningSettings("unused"), clock=clock, installations=installations, retry=AT_ONCE,
        tickets=Tickets(lambda: SECRET), payment_links=PaymentLinks(lambda: SECRET),
    )  # fmt: skip
    for rank, (plugin, config) in enumerate(
        [("hosted", {}), ("coded", {}), ("bank_transfer", BANK), ("cash_on_delivery", {"currencies": ["EUR"], "max_amount": 5000})]
    ):
        installations.install(TENANT, plugin, config, mode="live", rank=rank, idempotency=idempotent(plugin))
    return Shopper(Service("payments", lambda: services, handler.ROUTES), services, clock)
