"""`python -m tools.upgrade.list_promises` lets each payment that was promised before promises were looked up be looked up when it ends.

Run it once after an upgrade from before 2026-11-29, with the hub running: a payment that changes meanwhile is listed by that change.
It reads the payments' table once, a page at a time, and writes what is not listed yet; run again, it writes nothing.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from functions.payments.lifecycle.payment import Payment, with_first_lookup
from functions.payments.payment_store import PaymentStore
from monsoon_plugin.clock import utc_now
from tools.redrive import which_hub
from tools.restore_drill.stage_tables import Unrestorable, tables_of

PAGE, PAUSE = 500, 0.5
"""Items that one page looks through, and seconds between two: some 100 read units a second at most."""


def unlisted(table: str, pause: Callable[[float], None] = time.sleep) -> Iterator[tuple[str, str]]:
    """The keys of promises that the sweep does not know of."""
    pages = boto3.client("dynamodb").get_paginator("scan").paginate(
        TableName=table, ProjectionExpression="pk, sk", PaginationConfig={"PageSize": PAGE},
        FilterExpression="#state = :authorized AND #online = :yes AND attribute_not_exists(open_pk)",
        ExpressionAttributeNames={"#state": "state", "#online": "online"},
        ExpressionAttributeValues={":authorized": {"S": "authorized"}, ":yes": {"BOOL": True}},
    )  # fmt: skip
    for page in pages:
        yield from ((item["pk"]["S"], item["sk"]["S"]) for item in page["Items"])
        pause(PAUSE)


def list_promises(table: str, pause: Callable[[float], None] = time.sleep) -> int:
    """List each; answers how many were. One that others change at the same moment is listed by their change."""
    store, done = PaymentStore(table), 0
    for tenant, key in unlisted(table, pause):
        order_id, _, attempt = key.rpartition("/")
        done += sum(_list(store, p) for p in store.of_order(tenant, order_id) if p.attempt == int(attempt))
    return done


def _list(store: PaymentStore, payment: Payment) -> bool:
    now = utc_now()
    listed = replace(with_first_lookup(payment, payment, now), version=payment.version + 1)
    return bool(payment.promised and not payment.next_lookup and store.save(listed, None, now))


def main(arguments: Sequence[str] | None = None) -> None:
    """List them, and say how many were. Ends with status 1 if it could not be finished; it can be begun again."""
    parser = argparse.ArgumentParser(prog="python -m tools.upgrade.list_promises", description=__doc__)
    which_hub.ask(parser)
    stage, client = which_hub.enter(parser.parse_args(arguments))
    try:
        listed = list_promises(tables_of(stage, client("dynamodb")).names["payments"])
    except (BotoCoreError, ClientError, PynamoDBException, Unrestorable) as error:
        sys.exit(f"{error}\ncheck --stage and your AWS credentials, and begin again: nothing is done twice")
    print(f"{listed:,} promises are looked up from now on when they end")


if __name__ == "__main__":
    main()
