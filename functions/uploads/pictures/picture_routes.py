"""Pictures, put into the bucket by their supplier."""

from functions.uploads.bootstrap import Services
from functions.uploads.pictures.picture_views import OpenPicture, PictureView
from shared.api.caller import Caller
from shared.api.idempotency import Idempotency, KeyReused
from shared.api.operation import Routes

ROUTES = Routes()


@ROUTES.post(
    "/v1/pictures",
    body=OpenPicture,
    answers={201: PictureView},
    allow=["supplier"],
    verified=True,
    idempotent=True,
    problems=[KeyReused],
)
def open_picture(body: OpenPicture, caller: Caller, idempotency: Idempotency, services: Services) -> PictureView:
    """Get a picture's id and a place to put its bytes."""
    return PictureView.of(*services.pictures.open(caller.tenant, body.picture, idempotency))
