"""What a complete feed lacks, and what is done with it."""

from functions.uploads.bootstrap import Services
from functions.uploads.complete.archive_service import NotAsked
from functions.uploads.complete.archive_views import AnswerArchiving, ArchivedPage, ArchivedProduct, ArchivedQuery, ArchivingAnswered
from shared.api.caller import Caller
from shared.api.operation import Routes
from shared.errors import NotFound

ROUTES = Routes()


@ROUTES.put(
    "/v1/feeds/{feed_id}/archiving", body=AnswerArchiving, answers={202: ArchivingAnswered}, allow=["supplier"], verified=True,
    problems=[NotFound, NotAsked],
)  # fmt: skip
def answer_archiving(feed_id: str, body: AnswerArchiving, caller: Caller, services: Services) -> ArchivingAnswered:
    """Say whether what a complete feed lacks is archived, where that is asked because the file may not be whole."""
    services.archives.answer(caller.tenant, feed_id, body.archive)
    return ArchivingAnswered(feed_id=feed_id, archive=body.archive)


@ROUTES.get(
    "/v1/feeds/{feed_id}/archived", query=ArchivedQuery, answers={200: ArchivedPage}, allow=["supplier"], verified=True, problems=[NotFound]
)  # fmt: skip
def list_archived(feed_id: str, query: ArchivedQuery, caller: Caller, services: Services) -> ArchivedPage:
    """List the products that a complete feed archived; the next file that has one brings it back."""
    read = services.archives.archived(caller.tenant, feed_id, query.limit)
    found, following = services.paging.page(f"{caller.tenant} {feed_id} archived", query.cursor, read)
    return ArchivedPage(items=[ArchivedProduct(product_id=product_id, sku=sku) for product_id, sku in found], next=following)
