"""Pictures, put into the bucket by their supplier, and what became of them."""

from functions.pictures.bootstrap import Services
from functions.pictures.fetching.address import require_public_address
from functions.pictures.places.picture_views import OpenPicture, PicturePlace, PictureState
from shared.api.caller import Caller
from shared.api.idempotency import Idempotency, KeyReused
from shared.api.operation import Routes
from shared.errors import NotFound

ROUTES = Routes()
MERCHANTS = ("supplier", "storefront")
"""Of products, and of what a shop shows of itself: its logo, its large picture."""


@ROUTES.post(
    "/v1/pictures",
    body=OpenPicture,
    answers={201: PicturePlace},
    allow=MERCHANTS,
    verified=True,
    idempotent=True,
    problems=[KeyReused],
)
def open_picture(body: OpenPicture, caller: Caller, idempotency: Idempotency, services: Services) -> PicturePlace:
    """Get a picture's id and a place to put its bytes; or, with `url`, have it fetched from there."""
    address = body.address
    if address is None:
        return PicturePlace.of(*services.pictures.open(caller.tenant, body.announced, idempotency))
    require_public_address(address, local=services.local)
    return PicturePlace(picture_id=services.fetch_requests.open(caller.tenant, address, idempotency))


@ROUTES.get("/v1/pictures/{picture_id}", answers={200: PictureState}, allow=MERCHANTS, verified=True, problems=[NotFound])
def get_picture(picture_id: str, caller: Caller, services: Services) -> PictureState:
    """Show what became of a picture of yours: whether it arrived, where it is served, or why it cannot be shown."""
    return PictureState.of(*services.pictures.look(caller.tenant, picture_id), services.media_url)
