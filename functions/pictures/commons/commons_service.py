"""The commons: pictures that whoever sent them lets others use, found by what they show, chosen in one call, counted."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol

from functions.pictures.commons.entry import Entry, Use, Uses
from functions.pictures.commons.licence import Grant, Licence, granting, widest
from functions.pictures.commons.thing import Sought, Thing
from functions.pictures.contents.content import Content
from functions.pictures.places.picture import Picture, chosen, commons_picture_id
from monsoon_plugin.clock import Clock, rfc3339
from shared.api.idempotency import Idempotency
from shared.api.paging import Position
from shared.errors import Conflict, Forbidden, Invalid, NotFound
from shared.ids import named
from shared.optimistic_retry import Retry
from shared.pictures.shown_picture import ShownPicture

MOST_ALIKE = 20


class NotShown(Conflict):
    code, title = "not-shown", "Only a picture that is shown can be given to others"


class NotYours(Forbidden):
    code, title = "not-yours", "You chose this picture from the commons: whoever sent it says who may use it"


class NotLicensed(Forbidden):
    code, title = "not-licensed", "Nobody who sent this picture lets you use it for this product"


class Pictures(Protocol):
    def note(self, account_id: str, idempotency: Idempotency) -> None: ...

    def get(self, account_id: str, picture_id: str) -> Picture | None: ...


class Contents(Protocol):
    def get(self, content_id: str) -> Content | None: ...

    def is_sent_by(self, content_id: str, picture: Picture) -> bool: ...

    def senders(self, content_id: str, account_id: str) -> Iterable[tuple[str, str]]: ...

    def alike(self, content: Content) -> dict[str, int]: ...


class Commons(Protocol):
    def grants(self, content_id: str) -> list[Grant]: ...

    def save(self, shown: ShownPicture, before: Grant | None, grant: Grant) -> None:
        """Keep a grant, and under all that it is found by; what it was found by before no more. Raises Contended."""
        ...

    def search(self, sought: Sought, at: Position | None, limit: int) -> tuple[list[Entry], Position | None]: ...

    def use(self, content_id: str, use: Use, picture: Picture | None) -> bool:
        """Keep that it is used, its count with it, and the picture, unless that is there; False if it was kept before. Raises Contended."""
        ...

    def uses(self, content_id: str) -> Uses: ...

    def granted(self, account_id: str, at: Position | None, limit: int) -> tuple[list[tuple[str, Grant]], Position | None]:
        """What an account lets others use, or did: content id → grant."""
        ...


class CommonsService:
    def __init__(self, pictures: Pictures, contents: Contents, commons: Commons, clock: Clock, retry: Retry) -> None:
        self._pictures, self._contents, self._commons, self._clock, self._retry = pictures, contents, commons, clock, retry

    def grant(self, account_id: str, picture_id: str, licence: Licence, credit: str, shows: Thing) -> tuple[str, Grant]:
        """Say who may use a picture that this account sent; said again it stays. Answers its content, and the grant as it is. A narrower
        one than before ends new uses of the wider; those that were begun go on. Raises NotFound, NotShown, NotYours or Invalid."""
        named(picture_id)
        picture = self._pictures.get(account_id, picture_id)
        if picture is None:
            raise NotFound("no such picture of yours")
        if picture.shown is None or picture.state != "shown":
            raise NotShown
        content_id, shown = picture.shown.content, picture.shown
        if not self._contents.is_sent_by(content_id, picture):
            raise NotYours
        _check(licence, credit, shows)
        return content_id, self._retry(lambda: self._granted(shown, picture, licence, credit, shows))

    def _granted(self, shown: ShownPicture, picture: Picture, licence: Licence, credit: str, shows: Thing) -> Grant:
        before = next((grant for grant in self._commons.grants(shown.content) if grant.account_id == picture.account_id), None)
        grant = Grant(
            account_id=picture.account_id, picture_id=picture.id, licence=licence, credit=credit, shows=shows,
            granted_at=before.granted_at if before else rfc3339(self._clock()), uses=before.uses if before else 0,
            sold=before.sold if before else 0, sold_for=before.sold_for if before else {},
        )  # fmt: skip
        if before is None or replace(before, picture_id=picture.id) != grant:
            self._commons.save(shown, before, grant)
        return grant

    def look(self, account_id: str, content_id: str) -> tuple[Content, list[Grant], Uses]:
        """A picture of the commons: by whom it may be used how, and how often it is. Raises NotFound for one that is hidden, or that nobody
        gives."""
        content = self._content(content_id)
        grants = [grant for grant in self._commons.grants(content_id) if grant.shared or grant.account_id == account_id]
        if not grants:
            raise NotFound("nobody gives this picture to others")
        return content, grants, self._commons.uses(content_id)

    def similar(self, account_id: str, content_id: str) -> list[tuple[Content, int]]:
        """Those that look like a picture, of those that this account may see, the nearest first, and in how many of 64 bits they differ: a
        hint. Raises NotFound."""
        content = self._content(content_id)
        if not self._is_seen(account_id, content_id):
            raise NotFound("nobody gives this picture to others")
        nearest = sorted(self._contents.alike(content).items(), key=lambda each: (each[1], each[0]))[:MOST_ALIKE]
        seen = [(self._contents.get(each), apart) for each, apart in nearest if self._is_seen(account_id, each)]
        return [(found, apart) for found, apart in seen if found and not found.hidden_for]

    def _is_seen(self, account_id: str, content_id: str) -> bool:
        if any(grant.shared for grant in self._commons.grants(content_id)):
            return True
        return any(sender == account_id for sender, _ in self._contents.senders(content_id, account_id))

    def search(self, sought: Sought, at: Position | None, limit: int) -> tuple[list[Entry], Position | None]:
        """Raises Invalid if nothing is asked that can be looked for."""
        if not sought.key:
            raise Invalid.field("query/q", "say what you look for: a gtin, a brand, words of its title, or a picture of yours")
        return self._commons.search(sought, at, limit)

    def search_alike(self, account_id: str, picture_id: str) -> list[tuple[Entry, int]]:
        """What others give that looks like a picture of this account's, or is the same, by the grant that lets most; the nearest first,
        MOST_ALIKE at most. Raises NotFound."""
        named(picture_id)
        picture = self._pictures.get(account_id, picture_id)
        if picture is None or picture.shown is None:
            raise NotFound("no such picture of yours, or it was not read yet: GET /v1/pictures/{picture_id} says what became of it")
        own = picture.shown.content
        content = self._contents.get(own)
        apart = {own: 0, **self._contents.alike(content)} if content else {}
        nearest = sorted(apart, key=lambda each: (apart[each], each != own, each))[:MOST_ALIKE]
        return [(entry, apart[each]) for each in nearest if (entry := self._given_by_others(account_id, each))]

    def _given_by_others(self, account_id: str, content_id: str) -> Entry | None:
        grant = widest(grant for grant in self._commons.grants(content_id) if grant.account_id != account_id)
        content = self._contents.get(content_id) if grant else None
        if grant is None or content is None or content.hidden_for:
            return None
        return Entry(shown=content.shown, licence=grant.licence, credit=grant.credit, shows=grant.shows)

    def choose(self, account_id: str, content_id: str, sku: str, thing: Thing, idempotency: Idempotency) -> tuple[Picture, Grant]:
        """Take a picture of the commons for a product of one's own: a picture of this account's, shown at once. Raises NotFound,
        NotLicensed or KeyReused."""
        self._content(content_id)
        self._pictures.note(account_id, idempotency)
        return self._retry(lambda: self._chosen(account_id, content_id, sku, thing))

    def _chosen(self, account_id: str, content_id: str, sku: str, thing: Thing) -> tuple[Picture, Grant]:
        shown = self._content(content_id).shown
        grant = granting((grant for grant in self._commons.grants(content_id) if grant.account_id != account_id), thing)
        if grant is None:
            raise NotLicensed("ask for a picture of the very product, by its GTIN or by brand and part number, or take your own")
        before = self._pictures.get(account_id, commons_picture_id(account_id, content_id))
        picture = before or chosen(account_id, shown)
        use = Use(
            account_id=account_id, sku=sku, picture_id=picture.id, granted_by=grant.account_id, licence=grant.licence,
            at=rfc3339(self._clock()),
        )  # fmt: skip
        self._commons.use(content_id, use, None if before else picture)
        return picture, grant

    def granted(self, account_id: str, at: Position | None, limit: int) -> tuple[list[tuple[str, Grant]], Position | None]:
        return self._commons.granted(account_id, at, limit)

    def _content(self, content_id: str) -> Content:
        named(content_id)
        content = self._contents.get(content_id)
        if content is None or content.hidden_for:
            raise NotFound("there is no such picture")
        return content


def _check(licence: Licence, credit: str, shows: Thing) -> None:
    """Raises Invalid for what a licence needs and lacks."""
    if licence == "own-use":
        return
    if not shows.title:
        raise Invalid.field("/shows/title", "say what the picture shows: others find it by that")
    if licence == "sellers" and not shows.known:
        raise Invalid.field("/shows/gtin", "give the product's GTIN, or its brand and mpn: only who sells that product may use it")
    if licence == "attribution" and not credit:
        raise Invalid.field("/credit", "say whom the picture is by, as others shall name them")
