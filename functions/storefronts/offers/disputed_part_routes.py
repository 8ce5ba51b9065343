"""The route by which operators learn which part numbers come with several GTINs."""

from functions.storefronts.bootstrap import Services
from functions.storefronts.offers.disputed_part_views import DisputedPartsPage, DisputedPartsQuery, DisputedPartView
from functions.storefronts.offers.disputed_parts import DisputedPart
from shared.api.operation import Routes
from shared.api.paging import Position

ROUTES = Routes()


@ROUTES.get("/v1/disputed-part-numbers", query=DisputedPartsQuery, answers={200: DisputedPartsPage}, allow=["operator"])
def list_disputed_part_numbers(query: DisputedPartsQuery, services: Services) -> DisputedPartsPage:
    """List part numbers of which several suppliers say different GTINs, the newest offer's first, among all that is on sale."""

    def read(at: Position | None) -> tuple[list[DisputedPart], Position | None]:
        found, below = services.reader.disputed_parts(int(at["below"]) if at else None, query.limit)
        return found, {"below": below} if below is not None else None

    disputes, following = services.paging.page("disputed part numbers", query.cursor, read)
    return DisputedPartsPage(items=[DisputedPartView.of(each, query.language or "en") for each in disputes], next=following)
