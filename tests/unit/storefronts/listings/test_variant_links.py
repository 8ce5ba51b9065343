"""What a person says of a single variant goes before its codes: on cards, on pages, in lists."""

from functions.storefronts.index.product_card import Card
from functions.storefronts.listings.listing_page import variant_offers_of
from shared.goods.trade_item import own_trade_item
from shared.messages import OfferPublished
from tests.unit.storefronts.listings.test_offer_choice import window
from tests.unit.storefronts.listings.test_variant_items import AT, family, index_of, shown, single
from tests.unit.storefronts.service import StorefrontsService, published


def offer_ids(message: OfferPublished) -> list[str]:
    return [each.offer_id for each in message.offers()]


def said(message: OfferPublished, **words: object) -> OfferPublished:
    return message.model_copy(update=words)


def test_a_variant_without_codes_that_is_linked_is_one_thing_with_the_other():
    ours = family(1, None, None)
    other = published(2, cost=900).model_copy(update={"supplier_id": "acc_2", "named": True})
    linked = said(ours, variant_items=["", own_trade_item("prd_2")])
    assert shown(ours, other) == shown(linked, other) == ["prd_1", "prd_2"], "it is listed for the variant that is not linked"
    index = index_of(linked, other)
    ((offer_id, offers),) = variant_offers_of(window(), index.cards[0], index).items()
    assert (offer_id, [each.card.product_id for each in offers]) == (offer_ids(ours)[1], ["prd_2", "prd_1"])


def test_a_variant_with_which_others_are_linked_keeps_its_codes():
    ours, theirs = family(1, 1, 2), family(2, 3, 4, cost=900)
    red = offer_ids(ours)[0]
    linked = said(theirs, variant_items=[own_trade_item(red)])
    index = index_of(said(ours, variants_named=[0]), linked, single(3, 1, 800))
    (offers,) = variant_offers_of(window(), index.cards[0], index).values()
    assert [each.card.product_id for each in offers] == ["prd_3", "prd_2", "prd_1"]


def test_a_variant_that_is_parted_is_nobodys_thing_though_it_has_the_others_code():
    ours = family(1, 1, 2)
    parted = said(ours, variant_items=[own_trade_item(offer_ids(ours)[0])])
    index = index_of(parted, single(2, 1, 900))
    assert variant_offers_of(window(), index.cards[0], index) == {}
    assert shown(parted, single(2, 1, 900), single(3, 2, 900)) == ["prd_1", "prd_2", "prd_3"]


def test_a_linked_variant_of_a_product_that_stands_alone_is_linked_alone():
    alone = said(family(1, 1, 2), trade_item=own_trade_item("prd_1"))
    linked = said(alone, variant_items=["itm_other"])
    (card,) = index_of(linked).cards
    assert (card.items, card.more_variants) == (("itm_other",), True)


def test_a_card_of_the_release_before_has_no_words_of_variants():
    card = Card.of(family(1, 1, 2), AT)
    assert "variant_links" not in card.to_json()
    assert Card.from_json(card.to_json()) == card


def test_over_http_each_variant_says_which_thing_it_is_with_and_without_company(service: StorefrontsService):
    ours = family(1, 1, 2, None)
    service.tell(said(ours, variant_items=["", own_trade_item("prd_3")]), single(2, 1, 1100))
    storefront = service.opened().body["id"]
    whole = service.product(storefront).body
    other = service.product(storefront, "prd_2").body
    things = [each.get("trade_item") for each in whole["variants"]]
    assert things == [other["trade_item"], own_trade_item("prd_3"), None]
    assert service.product(storefront, query={"offer": offer_ids(ours)[1]}).body["trade_item"] == own_trade_item("prd_3")
