"""Pictures that look like others' pictures: auditors look at both and say what they see."""

from functions.audit.bootstrap import Services
from functions.audit.likenesses.likeness import AnotherPicture, OwnPicture, RuledBefore
from functions.audit.likenesses.likeness_views import LikenessPage, LikenessQuery, LikenessView, WordBody
from monsoon_plugin.clock import rfc3339
from shared.api.caller import Caller
from shared.api.operation import Routes
from shared.errors import Malformed, NotFound

ROUTES = Routes()


@ROUTES.get("/v1/picture-likenesses", query=LikenessQuery, answers={200: LikenessPage}, allow=["auditor", "operator"], problems=[Malformed])
def list_likenesses(query: LikenessQuery, services: Services) -> LikenessPage:
    """List pictures that look like others' pictures and that nobody has looked at, oldest first. Nothing follows from it by itself."""
    read = services.likenesses.pages_open(query.limit)
    found, following = services.paging.page("likenesses", query.cursor, read)
    return LikenessPage(items=[LikenessView.of(each, services.media_url) for each in found], next=following)


@ROUTES.put(
    "/v1/picture-likenesses/{picture_id}", body=WordBody, answers={200: LikenessView}, allow=["auditor"],
    problems=[NotFound, OwnPicture, AnotherPicture, RuledBefore],
)  # fmt: skip
def put_likeness(picture_id: str, body: WordBody, caller: Caller, services: Services) -> LikenessView:
    """Say whether pictures that look alike are one, or show one thing: evidence for whoever decides on a product that shows one."""
    word = body.word(caller.account_id, rfc3339(services.clock()))
    return LikenessView.of(services.likenesses.say(body.supplier_id, picture_id, body.version, word), services.media_url)
