"""The taxonomy's list of attributes."""

from functions.catalog.bootstrap import Services
from functions.catalog.taxonomy.attribute_list import AttributeList, ListedAttribute, attributes_in
from functions.catalog.taxonomy.attribute_views import AttributePage, AttributesQuery, AttributeSummary, ListedAttributeView
from functions.catalog.taxonomy.taxonomy_routes import revalidated
from functions.catalog.taxonomy.taxonomy_views import LanguageQuery
from shared.api.answers import Answer, Raw
from shared.api.operation import Routes
from shared.api.paging import Position, Read
from shared.errors import NotFound

ROUTES = Routes()


@ROUTES.get("/v1/attributes", key="browse", query=AttributesQuery, answers={200: AttributePage, 304: None})
def list_attributes(query: AttributesQuery, raw: Raw, services: Services) -> Answer:
    """List the attributes that the taxonomy names; no more than two minutes old."""
    known = attributes_in(query.language, services.reference)
    found, following = services.paging.page(f"attributes {known.language}", query.cursor, pages_of(known, query.limit))
    return revalidated(
        AttributePage(language=known.language, items=[AttributeSummary.of(each) for each in found], next=following), raw, services.clock
    )


@ROUTES.get(
    "/v1/attributes/{attribute_id}",
    key="browse",
    query=LanguageQuery,
    answers={200: ListedAttributeView, 304: None},
    problems=[NotFound],
)
def get_attribute(attribute_id: str, query: LanguageQuery, raw: Raw, services: Services) -> Answer:
    """Show an attribute with the values that the taxonomy has of it; no more than two minutes old."""
    known = attributes_in(query.language, services.reference)
    return revalidated(ListedAttributeView.of(known.attribute(attribute_id), known.language), raw, services.clock)


def pages_of(known: AttributeList, limit: int) -> Read[ListedAttribute]:
    def page(at: Position | None) -> tuple[list[ListedAttribute], Position | None]:
        found, following = known.page(int(at["after"]) if at else 0, limit)
        return found, None if following is None else {"after": following}

    return page
