"""AWS's clients: one botocore session a process makes them all, PynamoDB's too.

A second session would read botocore's data again: 70 CPU-ms on a cold start. boto3 would add its resources and transfers
for another 40, and the functions use neither (docs/decisions/0016).
"""

from functools import cache
from typing import Any

from botocore.config import Config
from botocore.session import Session, get_session


@cache
def session() -> Session:
    """The process's session. Its clients name themselves shortly: botocore's own user agent is a quarter of a call's CPU time."""
    made = get_session()
    made.set_default_client_config(Config(user_agent="monsoon"))
    return made


def client(service: str, config: Config | None = None) -> Any:
    """A client of `service`, such as "sqs", in the region and at the endpoint of the process's environment."""
    return session().create_client(service, config=config)
