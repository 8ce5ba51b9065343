"""Snapshots of the index of cards: the schedule's function keeps the newest three, and takes older ones away."""

import json
import re
import time

import pytest

from local.stack import Stack
from tests.flow import inside
from tests.flow.market import Market

pytestmark = pytest.mark.xdist_group("hub")


def test_the_newest_three_snapshots_stay(stack: Stack, market: Market):
    s3, bucket = stack.client("s3"), inside.output(stack, "IndexBucket")

    def names() -> list[str]:
        found = s3.list_objects_v2(Bucket=bucket, Prefix="index/").get("Contents", [])
        return sorted(one["Key"] for one in found if one["Key"].endswith(".zip"))

    market.publish()
    inside.run(stack, "StorefrontsIndexer")
    *earlier, newest = names()
    for name in earlier:  # of the schedule, which may have run before
        s3.delete_object(Bucket=bucket, Key=name)
    older = [re.sub(r"\d{8}T", f"2026010{day}T", newest) for day in (1, 2)]
    for name in older:
        s3.copy_object(Bucket=bucket, Key=name, CopySource={"Bucket": bucket, "Key": newest})
    s3.put_object(Bucket=bucket, Key=f"{newest.rpartition('/')[0]}/current.json", Body=json.dumps([*older, newest]))
    market.publish()
    time.sleep(1)  # a snapshot's name tells its second
    inside.run(stack, "StorefrontsIndexer")
    assert older[0] not in names()
    assert [older[1], newest] == names()[:2]
    assert len(names()) == 3
