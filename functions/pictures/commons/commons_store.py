"""The commons in pictures' table: grants and uses with the content, entries under all that they are found by."""

import json
from dataclasses import asdict
from typing import Any

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from functions.pictures.commons.entry import Entry, Use, Uses
from functions.pictures.commons.licence import Grant
from functions.pictures.commons.thing import Sought, Thing
from functions.pictures.contents.content_store import CONTENT, USE
from functions.pictures.picture_items import ContentItem, ContributedItem, EntryItem, GivenItem, LicenceItem, PictureItem, UseItem
from functions.pictures.places.picture import Picture
from functions.pictures.places.picture_store import item_of
from monsoon_plugin.clock import Clock
from shared.api.paging import Position
from shared.aws.dynamo import bind, connection, reasons
from shared.bounds.kept import kept
from shared.optimistic_retry import Contended
from shared.pictures.shown_picture import ShownPicture

LICENCE, MARK = "licence#", "0"
WRITTEN = (ContentItem, ContributedItem, LicenceItem, EntryItem, GivenItem, UseItem, PictureItem)
MOST_READ = 200
"""Entries of one page of a search that are looked at: what is asked beside its key is held to each."""
MOST_COUNTED = 500
"""Uses that are counted one by one when a picture's page is shown."""
LOST = {None, "ConditionalCheckFailed", "TransactionConflict"}


class CommonsStore:
    """commons_service.Commons."""

    def __init__(self, table: str, clock: Clock) -> None:
        bind(table, *WRITTEN)
        self._clock = clock

    def grants(self, content_id: str) -> list[Grant]:
        return [_grant(item) for item in LicenceItem.query(content_id, LicenceItem.sk.startswith(LICENCE), consistent_read=True)]

    def save(self, shown: ShownPicture, before: Grant | None, grant: Grant) -> None:
        """One transaction of at most 26 items, for a search finds exactly what is granted. Raises Contended."""
        content_id = shown.content
        old, new = _keys(before), _keys(grant)
        unchanged = LicenceItem.pk.does_not_exist()
        if before:
            unchanged = (LicenceItem.licence == before.licence) & (LicenceItem.uses == before.uses)
            unchanged &= LicenceItem.sold == before.sold if before.sold else LicenceItem.sold.does_not_exist() | (LicenceItem.sold == 0)
        try:
            with TransactWrite(connection=connection()) as transaction:
                transaction.save(_licence(content_id, grant), condition=unchanged)
                transaction.save(GivenItem(f"{grant.account_id}#given", content_id))
                for key in sorted(old - new):
                    transaction.delete(EntryItem(key, _place(content_id, grant)))
                for key in sorted(new):
                    transaction.save(_entry(key, shown, grant))
        except TransactWriteError as error:
            if not set(reasons(error)) <= LOST:
                raise
            raise Contended from error

    def search(self, sought: Sought, at: Position | None, limit: int) -> tuple[list[Entry], Position | None]:
        """A page: as many as are found among MOST_READ entries, each content once."""
        pk = f"commons#{sought.key}"
        start = {"pk": {"S": pk}, "sk": {"S": str(at["after"])}} if at else None
        read = EntryItem.query(pk, limit=MOST_READ, last_evaluated_key=start)
        found, looked, last = dict[str, Entry](), 0, ""
        item: Any
        for item in read:
            looked, last = looked + 1, item.sk
            shows = thing_in(item.shows)
            content = kept(ShownPicture, item.shown)
            if sought.finds(shows) and content.content not in found:
                found[content.content] = Entry(shown=content, licence=item.licence, credit=item.credit or "", shows=shows)
            if len(found) == limit:
                break
        return list(found.values()), {"after": last} if looked == MOST_READ or len(found) == limit else None

    def use(self, content_id: str, use: Use, picture: Picture | None) -> bool:
        item = UseItem(content_id, f"{USE}{use.account_id}#{use.sku}", picture_id=use.picture_id, granted_by=use.granted_by)
        item.licence, item.at = use.licence, use.at
        granted = LicenceItem(content_id, LICENCE + use.granted_by)
        ContributedItem(contributed(use.account_id), MARK, version=0).save()  # before the use: of whom it marks, products are looked at
        try:
            with TransactWrite(connection=connection()) as transaction:
                transaction.save(item, condition=UseItem.pk.does_not_exist())
                transaction.condition_check(ContentItem, content_id, CONTENT, condition=ContentItem.hidden_for.does_not_exist())
                transaction.update(granted, [LicenceItem.uses.add(1)], condition=LicenceItem.licence == use.licence)
                if picture:
                    transaction.save(item_of(picture, self._clock()), condition=PictureItem.pk.does_not_exist())
        except TransactWriteError as error:
            if not set(reasons(error)) <= LOST:
                raise
            _, used, *_ = reasons(error)  # a transaction's order is: what it checks, deletes, puts, updates
            if used == "ConditionalCheckFailed":
                return False
            raise Contended from error
        return True

    def uses(self, content_id: str) -> Uses:
        keys = [item.sk.removeprefix(USE) for item in UseItem.query(content_id, UseItem.sk.startswith(USE), limit=MOST_COUNTED)]
        return Uses(len(keys), len({key.partition("#")[0] for key in keys}), len(keys) == MOST_COUNTED)

    def granted(self, account_id: str, at: Position | None, limit: int) -> tuple[list[tuple[str, Grant]], Position | None]:
        pk = f"{account_id}#given"
        start = {"pk": {"S": pk}, "sk": {"S": str(at["after"])}} if at else None
        given = [item.sk for item in GivenItem.query(pk, limit=limit, last_evaluated_key=start)]
        keys = [(content_id, LICENCE + account_id) for content_id in given]
        found = {item.pk: _grant(item) for item in LicenceItem.batch_get(keys)} if keys else {}
        return [(each, found[each]) for each in given if each in found], {"after": given[-1]} if len(given) == limit else None


def _keys(grant: Grant | None) -> set[str]:
    """Under which entries of a grant lie: none of one that gives nothing."""
    return {f"commons#{key}" for key in grant.shows.places()} if grant and grant.shared else set()


def contributed(account_id: str) -> str:
    """Where it is kept that an account took a picture from the commons, and which of its products show whose."""
    return f"{account_id}#contributed"


def _place(content_id: str, grant: Grant) -> str:
    return f"{content_id}#{grant.account_id}"


def _entry(key: str, shown: ShownPicture, grant: Grant) -> EntryItem:
    item = EntryItem(key, _place(shown.content, grant), shown=shown.model_dump_json(), licence=grant.licence, shows=_shows(grant.shows))
    item.credit = grant.credit or None
    return item


def _licence(content_id: str, grant: Grant) -> LicenceItem:
    item = LicenceItem(
        content_id, LICENCE + grant.account_id, picture_id=grant.picture_id, licence=grant.licence, credit=grant.credit or None,
        shows=_shows(grant.shows), granted_at=grant.granted_at, uses=grant.uses, sold=grant.sold or None,
    )  # fmt: skip
    item.sold_for = grant.sold_for
    return item


def _grant(item: Any) -> Grant:
    return Grant(
        account_id=item.sk.removeprefix(LICENCE), picture_id=item.picture_id, licence=item.licence, credit=item.credit or "",
        shows=thing_in(item.shows), granted_at=item.granted_at, uses=item.uses, sold=item.sold or 0, sold_for=item.sold_for,
    )  # fmt: skip


def _shows(thing: Thing) -> str:
    return json.dumps({name: value for name, value in asdict(thing).items() if value}, ensure_ascii=False)


def thing_in(text: str) -> Thing:
    return Thing(**json.loads(text))
