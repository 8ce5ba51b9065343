"""Pictures that suppliers let others use: given, found, looked at, chosen."""

from functions.pictures.bootstrap import Services
from functions.pictures.commons.commons_service import NotLicensed, NotShown, NotYours
from functions.pictures.commons.commons_views import (
    Chosen,
    ChosenPicture,
    CommonsPicture,
    EntryPage,
    EntryView,
    GivenQuery,
    GrantBody,
    GrantPage,
    GrantView,
    LicenceList,
    LicenceView,
    SearchQuery,
    SimilarList,
    SimilarView,
)
from functions.pictures.commons.licence import texts
from shared.api.caller import Caller
from shared.api.idempotency import Idempotency, KeyReused
from shared.api.operation import Routes
from shared.errors import Malformed, NotFound

ROUTES = Routes()
MERCHANTS = ("supplier", "storefront")


@ROUTES.put(
    "/v1/pictures/{picture_id}/licence", body=GrantBody, answers={200: GrantView}, allow=["supplier"], verified=True,
    problems=[NotFound, NotShown, NotYours],
)  # fmt: skip
def put_licence(picture_id: str, body: GrantBody, caller: Caller, services: Services) -> GrantView:
    """Say who else may use a picture that you sent. A narrower licence ends new uses; those that were begun go on."""
    return GrantView.of(*services.commons.grant(caller.tenant, picture_id, body.licence, body.credit, body.shows.thing))


@ROUTES.get("/v1/commons/licences", answers={200: LicenceList}, allow=MERCHANTS)
def list_licences() -> LicenceList:
    """List the licences that a picture can be given under, and where their texts lie."""
    return LicenceList(items=[LicenceView.of(licence) for licence in texts()])


@ROUTES.get("/v1/commons/pictures", query=SearchQuery, answers={200: EntryPage}, allow=MERCHANTS, problems=[Malformed, NotFound])
def search_commons(query: SearchQuery, caller: Caller, services: Services) -> EntryPage:
    """Find pictures that others let you use: by GTIN, brand and part number, words of what they show, or a picture of yours."""
    if query.picture_id:
        alike = services.commons.search_alike(caller.tenant, query.picture_id)
        return EntryPage(items=[EntryView.of(entry, services.media_url, apart) for entry, apart in alike])
    scope = f"{caller.tenant} commons {query.sought}"
    found, following = services.paging.page(scope, query.cursor, lambda at: services.commons.search(query.sought, at, query.limit))
    return EntryPage(items=[EntryView.of(entry, services.media_url) for entry in found], next=following)


@ROUTES.get("/v1/commons/contributions", query=GivenQuery, answers={200: GrantPage}, allow=["supplier"], problems=[Malformed])
def list_contributions(query: GivenQuery, caller: Caller, services: Services) -> GrantPage:
    """List the pictures that you let others use, or did, and how often they do."""
    read = services.paging.page(f"{caller.tenant} given", query.cursor, lambda at: services.commons.granted(caller.tenant, at, query.limit))
    return GrantPage(items=[GrantView.of(*each) for each in read[0]], next=read[1])


@ROUTES.get("/v1/commons/pictures/{content_id}", answers={200: CommonsPicture}, allow=MERCHANTS, problems=[NotFound])
def get_commons_picture(content_id: str, caller: Caller, services: Services) -> CommonsPicture:
    """Show a picture of the commons: who gives it under which licence, and how often it is used."""
    return CommonsPicture.of(*services.commons.look(caller.tenant, content_id), services.media_url)


@ROUTES.get("/v1/commons/pictures/{content_id}/similar", answers={200: SimilarList}, allow=MERCHANTS, problems=[NotFound])
def list_similar_pictures(content_id: str, caller: Caller, services: Services) -> SimilarList:
    """List pictures that look like one, of those that you may see: made anew, cut a little, marked, or in another size."""
    found = services.commons.similar(caller.tenant, content_id)
    return SimilarList(items=[SimilarView.of(content, apart, services.media_url) for content, apart in found])


@ROUTES.post(
    "/v1/commons/pictures/{content_id}/uses", body=Chosen, answers={201: ChosenPicture}, allow=["supplier"], verified=True,
    idempotent=True, problems=[NotFound, NotLicensed, KeyReused],
)  # fmt: skip
def choose_picture(content_id: str, body: Chosen, caller: Caller, idempotency: Idempotency, services: Services) -> ChosenPicture:
    """Take a picture of the commons for a product of yours; it is counted to whoever gives it."""
    return ChosenPicture.of(*services.commons.choose(caller.tenant, content_id, body.sku, body.shows.thing, idempotency))
