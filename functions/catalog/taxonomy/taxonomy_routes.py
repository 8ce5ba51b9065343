"""The tree of categories."""

from functions.catalog.bootstrap import Services
from functions.catalog.taxonomy.taxonomy import taxonomy_in
from functions.catalog.taxonomy.taxonomy_views import CategoriesView, CategoryView, LanguageQuery, TaxonomyQuery
from monsoon_plugin.clock import Clock
from shared.api.answers import Answer, Raw
from shared.api.operation import Routes
from shared.api.payload import View
from shared.api.revalidation import fresh, tag_of, validators
from shared.errors import NotFound, Unavailable
from shared.trade.reference_data import MAX_AGE

ROUTES = Routes()
CACHED = {"Cache-Control": f"public, max-age={MAX_AGE:.0f}"}


@ROUTES.get("/v1/taxonomy", key="browse", query=TaxonomyQuery, answers={200: CategoriesView, 304: None}, problems=[NotFound, Unavailable])
def list_categories(query: TaxonomyQuery, raw: Raw, services: Services) -> Answer:
    """List the categories below a category, or those at the top; no more than two minutes old."""
    taxonomy = taxonomy_in(query.language, services.reference)
    items = [CategoryView.of(category) for category in taxonomy.below(query.parent or "", query.limit)]
    return revalidated(CategoriesView(language=taxonomy.language, items=items), raw, services.clock)


@ROUTES.get(
    "/v1/taxonomy/{category_id}",
    key="browse",
    query=LanguageQuery,
    answers={200: CategoryView, 304: None},
    problems=[NotFound, Unavailable],
)
def get_category(category_id: str, query: LanguageQuery, raw: Raw, services: Services) -> Answer:
    """Show a category; no more than two minutes old."""
    category = taxonomy_in(query.language, services.reference).category(category_id)
    return revalidated(CategoryView.of(category), raw, services.clock)


def revalidated(view: View, raw: Raw, clock: Clock) -> Answer:
    tag = tag_of(view.model_dump_json())
    headers = CACHED | validators(tag, None, clock())
    return Answer(None, 304, headers) if fresh(raw.headers, tag, None) else Answer(view, headers=headers)
