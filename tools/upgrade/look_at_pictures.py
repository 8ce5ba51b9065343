"""`python -m tools.upgrade.look_at_pictures` notes what pictures look like that were read before that was noted.

Run it once after an upgrade from before 2026-12, with the hub running: until then what looks like them is not found. It goes through
pictures' table once, at some 100 read units a second, and reads each such original as the hub does, in a process that bounds itself: half a
second each. Run again, it does what is left to do, and nothing twice.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from functions.pictures.contents.content import original_key
from functions.pictures.contents.content_store import CONTENT, ContentStore
from functions.pictures.reading.picture_process_client import PictureProcess
from functions.pictures.reading.refusal import Refused
from tools.progress import Say, say, telling
from tools.redrive import which_hub
from tools.restore_drill.stage_tables import Unrestorable, tables_of

PAGE, PAUSE = 500, 0.5
"""Items that one page looks through, and seconds between two."""
SAY_EACH = 100
"""Pictures; a minute's work."""
Originals = Callable[[str], bytes | None]
Look = Callable[[bytes], str]


@dataclass
class Looked:
    """What was done: pictures that are found from now on, those of one colour alone, which look like nothing, and those that are gone."""

    noted: int = 0
    plain: int = 0
    gone: int = 0

    def __str__(self) -> str:
        return f"{self.noted:,} are found by what they look like from now on; {self.plain:,} look like nothing, {self.gone:,} are gone"


def unlooked(table: str, pause: Callable[[float], None] = time.sleep) -> Iterator[str]:
    """The contents of which nobody noted what they look like."""
    pages = boto3.client("dynamodb").get_paginator("scan").paginate(
        TableName=table, ProjectionExpression="pk", PaginationConfig={"PageSize": PAGE},
        FilterExpression="sk = :content AND attribute_not_exists(look)", ExpressionAttributeValues={":content": {"S": CONTENT}},
    )  # fmt: skip
    for page in pages:
        yield from (item["pk"]["S"] for item in page["Items"])
        pause(PAUSE)


def look_at(table: str, original: Originals, look: Look, pause: Callable[[float], None] = time.sleep, say: Say = say) -> Looked:
    """`original`: a content's bytes as they were sent; None of one that was taken down for good. `say` hears how far it is."""
    store, done = ContentStore(table), Looked()
    for content_id in telling(unlooked(table, pause), SAY_EACH, lambda: f"so far {done}", say):
        body = original(content_id)
        found = look(body) if body else ""
        if found:
            store.note_look(content_id, found)
        done.noted, done.plain, done.gone = done.noted + bool(found), done.plain + bool(body and not found), done.gone + (not body)
    return done


def look_of(body: bytes) -> str:
    """As the hub sees it; empty of what is none to it any more."""
    try:
        return PictureProcess()(body).look
    except Refused:
        return ""


def originals_of(stage: str, s3: Any) -> Originals:
    """What lies in the stage's private bucket of pictures. Raises Unrestorable unless there is one."""
    names = [each["Name"] for each in s3.list_buckets()["Buckets"]]
    found = [name for name in names if name.startswith(f"monsoon-{stage}-") and "-picturebucket-" in name]
    if len(found) != 1:
        raise Unrestorable(f"not one bucket of pictures at stage {stage}: {', '.join(found) or 'none'}")

    def original(content_id: str) -> bytes | None:
        try:
            return bytes(s3.get_object(Bucket=found[0], Key=original_key(content_id))["Body"].read())
        except s3.exceptions.NoSuchKey:
            return None

    return original


def main(arguments: Sequence[str] | None = None) -> None:
    """Look, and say how many were. Ends with status 1 if it could not be finished; it can be begun again."""
    parser = argparse.ArgumentParser(prog="python -m tools.upgrade.look_at_pictures", description=__doc__)
    which_hub.ask(parser)
    stage, client = which_hub.enter(parser.parse_args(arguments))
    try:
        table = tables_of(stage, client("dynamodb")).names["pictures"]
        done = look_at(table, originals_of(stage, client("s3")), look_of)
    except (BotoCoreError, ClientError, PynamoDBException, Unrestorable) as error:
        sys.exit(f"{error}\ncheck --stage and your AWS credentials, and begin again: nothing is done twice")
    print(done)


if __name__ == "__main__":
    main()
