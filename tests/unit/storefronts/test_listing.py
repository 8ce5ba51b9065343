"""A listing shows exactly what the rule wants, each product once, picks first, in few reads."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from functions.storefronts.card import Card
from functions.storefronts.listing import READS, START, Place, page, roots, wants
from shared.money import Money
from shared.selection import PriceBand, Selection, within

CATEGORIES = ["ap", "ap-2-2-5", "hg", "hg-1", "hg-11", "hg-11-8", "hg-3", "hg-3-2", "hg-31", "tg-4-7"]


def card(number: int, category: str, *, cost: int = 500, supplier: str = "acc_1", title: str = "Mug") -> Card:
    return Card(f"prd_{number:04}", f"off_{number:04}", supplier, 1, category, Money(cost, "GBP"), {"en": title}, None)


class FakeCards:
    """Cards in a list; counts the reads."""

    def __init__(self, cards: Sequence[Card]) -> None:
        self.cards = sorted(cards, key=lambda card: card.path)
        self.reads = self.read = 0

    def picked(self, product_ids: tuple[str, ...]) -> Sequence[Card]:
        self.reads += 1
        by_id = {card.product_id: card for card in self.cards}
        return [by_id[product_id] for product_id in product_ids if product_id in by_id]

    def between(self, vertical: str, low: str, high: str, limit: int) -> Sequence[Card]:
        self.reads += 1
        found = [card for card in self.cards if card.category.split("-")[0] == vertical and low <= card.path <= high][:limit]
        self.read += len(found)
        return found

    def verticals(self) -> Sequence[str]:
        return list({card.category.split("-")[0] for card in self.cards})


def everything(selection: Selection, category: str | None, limit: int, cards: FakeCards) -> list[Card]:
    shown: list[Card] = []
    place: Place | None = START
    while place is not None:
        cards.reads = cards.read = 0
        found, place = page(selection, category, place, limit, cards)
        assert len(found) <= limit
        assert cards.reads <= READS
        assert cards.read <= READS * limit
        shown += found
    return shown


@st.composite
def shelves(draw: st.DrawFn) -> list[Card]:
    count = draw(st.integers(0, 40))
    return [
        card(n, draw(st.sampled_from(CATEGORIES)), cost=draw(st.integers(1, 9)) * 100, supplier=draw(st.sampled_from(["acc_1", "acc_2"])),
             title=draw(st.sampled_from(["Mug", "Blue mug", "Vase"])))
        for n in range(count)
    ]  # fmt: skip


ids = st.lists(st.integers(0, 45).map(lambda n: f"prd_{n:04}"), max_size=8)
selections = st.builds(
    Selection,
    categories=st.lists(st.sampled_from(CATEGORIES), max_size=4),
    suppliers=st.lists(st.sampled_from(["acc_1", "acc_3"]), max_size=1),
    price_band=st.none() | st.just(PriceBand(currency="GBP", low=200, high=700)),
    excluded_words=st.lists(st.just("BLUE"), max_size=1),
    picks=ids,
    exclusions=ids,
)


@settings(max_examples=150, deadline=None)
@given(shelves(), selections, st.none() | st.sampled_from(CATEGORIES), st.integers(1, 7))
def test_pages_together_show_each_wanted_product_once_and_no_other(
    cards: list[Card], selection: Selection, category: str | None, limit: int
) -> None:
    shown = [c.product_id for c in everything(selection, category, limit, FakeCards(cards))]
    wanted = {c.product_id for c in cards if wants(selection, c) and (category is None or within(c.category, category))}
    assert sorted(shown) == sorted(wanted)
    picked = [pick for pick in dict.fromkeys(selection.picks) if pick in wanted]
    assert shown[: len(picked)] == picked
    rest = {c.product_id: c.path for c in cards}
    assert [rest[p] for p in shown[len(picked) :]] == sorted(rest[p] for p in shown[len(picked) :])


def test_a_subtree_is_what_lies_below_and_not_what_begins_alike() -> None:
    cards = FakeCards([card(n, category) for n, category in enumerate(CATEGORIES)])
    shown = everything(Selection(categories=["hg-3"]), None, 10, cards)
    assert [c.category for c in shown] == ["hg-3", "hg-3-2"]


def test_overlapping_categories_become_disjoint_ranges() -> None:
    assert roots(Selection(categories=["hg-3-2", "hg-3", "hg-31", "hg-3"]), None, FakeCards([])) == ["hg-3", "hg-31"]
    assert roots(Selection(categories=["hg-3", "ap"]), "hg-3-2", FakeCards([])) == ["hg-3-2"]
    assert roots(Selection(categories=["hg-3-2", "ap"]), "hg", FakeCards([])) == ["hg-3-2"]


def test_a_page_of_a_rule_that_wants_little_ends_short_with_a_place_to_go_on() -> None:
    cards = FakeCards([card(n, "hg-3", cost=1 if n == 900 else 500) for n in range(1000)])
    found, place = page(Selection(price_band=PriceBand(currency="GBP", high=1)), None, START, 24, cards)
    assert found == []
    assert place is not None
    assert cards.read == READS * 24


def test_a_product_that_leaves_between_two_pages_moves_no_other() -> None:
    cards = FakeCards([card(n, "hg-3") for n in range(10)])
    first, place = page(Selection(), None, START, 4, cards)
    assert place is not None
    cards.cards.remove(first[-1])
    second, _ = page(Selection(), None, place, 4, cards)
    assert [c.product_id for c in second] == [f"prd_{n:04}" for n in range(4, 8)]
