"""What the environment makes: the parts that tests elsewhere give."""

from datetime import timedelta

import boto3

from functions.orders.bootstrap import ApiSettings, Services
from shared.aws.objects import S3Objects
from shared.bootstrap.reference_parts import ReferenceSettings
from shared.trade.fx import NO_RATES, REFERENCE
from shared.trade.reference_data import MAX_AGE, load
from tests.conftest import aws

BUCKET = "reference-of-orders"


def test_rates_come_from_the_operators_bucket_and_new_ones_are_known_within_a_minute() -> None:
    aws("s3").create_bucket(Bucket=BUCKET)
    now = [100.0]
    services = Services(ApiSettings(unpaid_minutes=60, buyers_texts="sealed"), ReferenceSettings(BUCKET), seconds=lambda: now[0])
    assert (services.rates(), services.unpaid) == (NO_RATES, timedelta(hours=1))
    for day in ("2026-10-29", "2026-10-30"):
        load(S3Objects(BUCKET), REFERENCE, day, {"date": day, "per_euro": {"JPY": "170"}})
        assert services.rates().day == "2026-10-29"
    now[0] += MAX_AGE
    assert services.rates().day == "2026-10-30"
    bucket = boto3.resource("s3").Bucket(BUCKET)
    bucket.objects.delete()
    bucket.delete()
