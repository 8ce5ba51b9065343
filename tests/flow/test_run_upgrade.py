"""A hub of an earlier version goes on with what it has, though its template is another now."""

from pathlib import Path

import boto3
import pytest

from tests.flow.runner import Place, running

pytestmark = pytest.mark.xdist_group("run stops")


def pools(place: Place) -> list[tuple[str, bool]]:
    """Each user pool's id, and whether it tells people by the case of their addresses."""
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}
    cognito = boto3.client("cognito-idp", endpoint_url=f"http://127.0.0.1:{place.port}", **keys)
    ids = [pool["Id"] for pool in cognito.list_user_pools(MaxResults=60)["UserPools"]]
    return [(i, "UsernameConfiguration" not in cognito.describe_user_pool(UserPoolId=i)["UserPool"]) for i in ids]


def test_a_hub_whose_pool_tells_people_by_the_case_of_their_addresses_goes_on_with_that_pool_and_nobody_need_say_so(tmp_path: Path):
    place = Place.at(tmp_path / "hub")
    with running(place, "--no-demo", "--parameters", "SignInByCase=yes"):
        before = pools(place)
        assert [by_case for _, by_case in before] == [True]
    with running(place, "--no-demo"):
        assert pools(place) == before
