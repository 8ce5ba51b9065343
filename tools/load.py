"""`python -m tools.load` loads an operator's lists into a hub: taxonomy, attributes, words, dangerous goods, exchange rates.

A list is checked as a whole before anything is written; the hub goes over to it within a minute, and keeps the one it had if
the file is flawed. Loading the same file again changes nothing.

Exchange rates (fx) are the European Central Bank's, zipped or not: the day's own eurofxref.zip, or eurofxref-hist.zip, of which the
newest day counts unless --day names another. Load them every working day; rates of more than a week ago are loaded and said to be old.
"""

import argparse
import re
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from hubclient.reference.documents import Unreadable, document, load_document, name_of, version_of
from hubclient.reference.fx import Day, age
from hubclient.reference.words import WEIGHTS
from local.deploy import Deployment, NoHub
from shared.aws.objects import S3Objects
from shared.goods.texts import LANGUAGE

STALE = 7
"""Days after which exchange rates are told to be old: the ECB's longest pause, over Easter, is four."""
EXAMPLES = """examples:
  python -m tools.load taxonomy categories.txt --language en --stage prod
  python -m tools.load google-categories shopify_to_google.txt taxonomy-with-ids.en-US.txt --stage prod
  python -m tools.load words words.txt more-words.txt --language zh --weight review --bucket my-reference-bucket
  .venv/bin/python -m tools.load words demo/reference/words.en.txt --language en --laptop       (what `make run` started)
  python -m tools.load fx eurofxref-hist.zip --stage prod             (each working day after 16:00 in Frankfurt)
  python -m tools.load fx eurofxref-hist.zip --day 2026-10-30 --stage prod
"""


def bucket_of(stage: str) -> str:
    """The reference bucket of the hub that is deployed as monsoon-<stage>. Raises Unreadable."""
    cloudformation = boto3.client("cloudformation")
    for page in cloudformation.get_paginator("describe_stacks").paginate():
        for stack in page["Stacks"]:
            if stack["StackName"].startswith(f"monsoon-{stage}-Tables"):
                return str(next(o["OutputValue"] for o in stack["Outputs"] if o["OutputKey"] == "ReferenceBucket"))
    raise Unreadable(f"there is no stack monsoon-{stage}: say --bucket, or deploy it first")


def summary(rows: list[Any] | Day) -> str:
    """What is in a document, for people; rates that are STALE are said to be so."""
    if isinstance(rows, list):
        return f"{len(rows)} entries"
    days = age(rows, datetime.now(UTC).date())
    return f"{len(rows['per_euro'])} rates of {rows['date']}" + (
        f", which is {days} days ago: is there a newer file?" if days > STALE else ""
    )


def objects_of(asked: argparse.Namespace) -> tuple[str, S3Objects]:
    """The reference bucket that was asked for, and what writes there. Raises Unreadable."""
    if asked.laptop is None:
        bucket = asked.bucket or bucket_of(asked.stage)
        return bucket, S3Objects(bucket)
    hub = Deployment(f"http://127.0.0.1:{asked.laptop}")
    try:
        bucket = hub.outputs()["ReferenceBucket"]
    except NoHub as error:
        raise Unreadable(f"{error}: start it with `make run`, or name its port with --laptop") from error
    return bucket, S3Objects(bucket, hub.client("s3"))


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m tools.load", description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument(
        "kind",
        choices=["taxonomy", "google-categories", "attributes", "words", "dangerous-goods", "fx"],
        help="which list; docs/reference-data.md shows each format",
    )
    made.add_argument(
        "files",
        nargs="+",
        type=Path,
        metavar="FILE",
        help="UTF-8; one taxonomy, or several files that make one list: attributes before their values",
    )
    made.add_argument("--language", default="en", help="of taxonomy, attributes and words, as a BCP 47 tag (default: en)")
    made.add_argument("--weight", choices=WEIGHTS, default="review", help="of words whose line names none (default: review)")
    made.add_argument("--day", default="", help="of fx, YYYY-MM-DD (default: the newest in the file)")
    where = made.add_mutually_exclusive_group(required=True)
    where.add_argument("--bucket", help="the hub's reference bucket (the stack's output ReferenceBucket)")
    where.add_argument("--stage", help="find the bucket of the hub deployed under this stage")
    where.add_argument("--laptop", nargs="?", type=int, const=4566, metavar="PORT", help="the hub that `make run` started (default: 4566)")
    where.add_argument("--check", action="store_true", help="only read the files and say what is in them")
    return made


def main(arguments: Sequence[str] | None = None) -> None:
    """Load, and say what was loaded; a flawed file ends with status 1 and nothing written."""
    made = parser()
    asked = made.parse_args(arguments)
    if re.fullmatch(LANGUAGE, asked.language) is None:
        made.error(f"--language {asked.language} is not a BCP 47 tag such as en or zh-CN")
    name = name_of(asked.kind, asked.language)
    try:
        print(f"{name}: reading {', '.join(str(file) for file in asked.files)}", file=sys.stderr)
        rows = document(asked.kind, asked.files, asked.weight, asked.day)
        print(f"{name}: {summary(rows)}, version {version_of(rows)}", file=sys.stderr)
        if asked.check:
            return
        bucket, objects = objects_of(asked)
        load_document(objects, asked.kind, asked.language, rows)
        print(f"{name}: loaded into {bucket}; the hub uses it within a minute", file=sys.stderr)
    except (BotoCoreError, ClientError) as error:
        sys.exit(f"{name}: {error}\nnothing was loaded: check --bucket and your AWS credentials")
    except Unreadable as error:
        sys.exit(f"{error}\nnothing was loaded")


if __name__ == "__main__":
    main()
