"""What a shopper sees of a storefront: whose it is, what may be wished for, and how long it remembers."""

import pytest

from functions.storefronts.configuration.storefront import Configuration, Storefront, StorefrontClosed, StorefrontSuspended
from functions.storefronts.index.product_card import Card
from functions.storefronts.index.product_detail import Detail
from functions.storefronts.listings.listing_page import START, Narrowing
from functions.storefronts.listings.storefront_reader import FACETS_AGE, PAGES_AGE, RULES_AGE, StorefrontReader
from shared.api.caller import SCOPES
from shared.errors import Invalid, NotFound
from shared.trade.fx import Rates
from shared.trade.product import Size
from shared.trade.selection import PriceRule, Selection
from tests.fakes import caller
from tests.unit.storefronts.fakes import FakeIndex, card

RATES = Rates.of({"date": "2026-10-30", "per_euro": {"GBP": "0.8781", "USD": "1.1172"}})
DETAIL = Detail(texts={}, pictures=[], tiers=[], weight=1, size=Size(length=1, width=1, height=1), origin="CN")


class World:
    """One storefront and some cards, in memory, and a clock of seconds."""

    def __init__(self, **changes: object) -> None:
        self.index, self.now, self.reads = FakeIndex([card(n) for n in range(1, 4)]), 0.0, 0
        self.change(**changes)
        self.reader = StorefrontReader(self, Details(self.index), self.index, lambda: RATES, lambda: self.now)

    def change(self, price_rule: PriceRule | None = None, open_: bool = True, suspended: str = "", version: int = 1) -> None:
        told = Configuration("Lantern", ("en",), Selection(), price_rule or PriceRule(), open_)
        self.front = Storefront(
            id="sf_1", account_id="acc_1", version=version, configuration=told, fingerprint="f", suspended=suspended
        )  # fmt: skip

    def get(self, account_id: str, storefront_id: str) -> Storefront | None:
        self.reads += 1
        return self.front if (account_id, storefront_id) == ("acc_1", "sf_1") else None

    def shown(self, **wishes: object) -> list[str]:
        window = self.reader.window(self.reader.storefront("sf_1", caller()), Narrowing(**wishes))  # type: ignore[arg-type]
        return [one.card.product_id for one in self.reader.page(window, START, 24)[0]]


class Details:
    def __init__(self, index: FakeIndex) -> None:
        self._index = index

    def get(self, product_id: str) -> tuple[Card, Detail] | None:
        found = self._index.card(product_id)
        return (found, DETAIL) if found else None


def test_a_storefront_is_its_owners_and_its_own_keys_alone() -> None:
    world = World()
    with pytest.raises(NotFound):
        world.reader.storefront("sf_1", caller("acc_2"))
    with pytest.raises(NotFound):
        world.reader.storefront("sf_1", caller("acc_1", "client_site", storefront_id="sf_2"))


def test_a_closed_storefront_is_seen_by_its_owner_and_a_suspended_one_by_nobody() -> None:
    closed, suspended = World(open_=False).reader, World(suspended="sold copies").reader
    site = caller("acc_1", "client_site", storefront_id="sf_1")
    assert closed.storefront("sf_1", caller())
    with pytest.raises(StorefrontClosed):
        closed.storefront("sf_1", site)
    with pytest.raises(StorefrontSuspended, match="sold copies"):
        suspended.storefront("sf_1", caller())
    for scope in SCOPES:
        with pytest.raises(StorefrontSuspended) as refused:
            suspended.storefront("sf_1", caller("acc_1", "client_site", storefront_id="sf_1", scope=scope))
        assert "sold copies" not in refused.value.detail, scope


def test_what_is_remembered_is_forgotten_after_its_time() -> None:
    world = World()
    assert world.shown() == ["prd_3", "prd_2", "prd_1"]
    world.index.cards.append(card(4))
    assert world.shown() == ["prd_3", "prd_2", "prd_1"]
    world.now += PAGES_AGE
    assert world.shown() == ["prd_4", "prd_3", "prd_2", "prd_1"]
    world.change(suspended="sold copies", version=2)
    assert world.shown()
    assert world.reads == 1
    world.now += RULES_AGE
    with pytest.raises(StorefrontSuspended):
        world.shown()


def test_a_new_rule_is_never_shown_with_the_old_ones_page_or_counts() -> None:
    world = World()
    world.shown()
    world.change(price_rule=PriceRule(currencies=["USD"]), version=2)
    world.now += RULES_AGE
    storefront = world.reader.storefront("sf_1", caller())
    window = world.reader.window(storefront, Narrowing())
    assert world.reader.page(window, START, 1)[0][0].sale.price.currency == "USD"
    assert world.reader.facets(window).total == 3
    world.index.cards.pop()
    assert world.reader.facets(window).total == 3
    world.now += FACETS_AGE
    assert world.reader.facets(world.reader.window(storefront, Narrowing())).total == 2


@pytest.mark.parametrize(
    ("currencies", "wishes", "parameter"),
    [
        (["USD", "EUR"], {"currency": "GBP"}, "query/currency"),
        ([], {"low": 1}, "query/currency"),
        ([], {"high": 1}, "query/currency"),
        (["USD"], {"low": 5, "high": 4}, "query/max_price"),
        ([], {"words": "…"}, "query/q"),
    ],
)
def test_wishes_that_cannot_be_met_are_named(currencies: list[str], wishes: dict[str, object], parameter: str) -> None:
    with pytest.raises(Invalid) as refused:
        World(price_rule=PriceRule(currencies=currencies)).shown(**wishes)
    assert refused.value.errors[0].pointer == parameter


def test_a_product_is_shown_while_it_is_on_sale_and_sold_here() -> None:
    world = World()
    window = world.reader.window(world.front, Narrowing())
    assert world.reader.product(window, "prd_1")[0].sale.price.amount == 1000
    with pytest.raises(NotFound):
        world.reader.product(window, "prd_9")
    world.index.cards.clear()
    with pytest.raises(NotFound):
        world.reader.product(window, "prd_1")


def test_a_product_is_not_sold_in_a_currency_that_its_supplier_does_not_ask_in() -> None:
    world = World()
    with pytest.raises(Invalid, match="sold in GBP"):
        world.reader.product(world.reader.window(world.front, Narrowing(currency="EUR")), "prd_1")
