"""Suppliers put files at their region's own address, in every region that S3 has."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from botocore.session import Session

from shared.files.signed_puts import SIGNING


def regions() -> Iterator[str]:
    session = Session()
    for partition in session.get_available_partitions():
        yield from session.get_available_regions("s3", partition)


def signed(region: str, endpoint: str | None = None) -> str:
    session = Session()
    session.set_credentials("AKIDEXAMPLE", "secret")
    s3 = session.create_client("s3", region_name=region, endpoint_url=endpoint, config=SIGNING)
    return str(s3.generate_presigned_url("put_object", {"Bucket": "monsoon-feeds", "Key": "feeds/a.csv"}, 60))


FEW = ("us-east-1", "eu-central-1", "cn-north-1")
"""The first, whose host may go without its name; another; one of another partition. A client for each of the others takes long to make."""
EVERY = [pytest.param(region, marks=() if region in FEW else (pytest.mark.thorough,)) for region in sorted(regions())]


@pytest.mark.parametrize("region", EVERY)
def test_a_presigned_address_names_the_bucket_and_its_region(region: str):
    parts = urlsplit(signed(region))
    assert parts.hostname is not None
    assert parts.hostname.startswith(f"monsoon-feeds.s3.{region}.")
    assert parts.path == "/feeds/a.csv"
    assert f"%2F{region}%2Fs3%2F" in parts.query


def test_on_a_laptop_the_bucket_is_in_the_path():
    assert signed("us-east-1", "http://127.0.0.1:4566").startswith("http://127.0.0.1:4566/monsoon-feeds/feeds/a.csv?")
