"""shopper.py: when a client's copy of a page is still good."""

from datetime import timedelta

from functions.storefronts.listings.listing_page import Place
from functions.storefronts.listings.listing_routes import RENEWAL, tag_of_page
from tests.fakes import NOON


def test_a_copy_with_a_cursor_is_renewed_before_the_cursor_ends_and_another_need_not_be():
    tags = {hours: tag_of_page("sf_1", Place(0, 7), "{}", NOON + timedelta(hours=hours)) for hours in range(24)}
    assert len(set(tags.values())) == 2
    assert all(tags[hours] != tags[hours + 12] for hours in range(12))
    assert timedelta(hours=12) == RENEWAL
    assert tag_of_page("sf_1", None, "{}", NOON) == tag_of_page("sf_1", None, "{}", NOON + timedelta(days=3))
