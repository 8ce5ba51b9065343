"""`make preflight`: what of a deployment would fail, before it is begun. Reads, changes nothing, and asks AWS for nothing that costs.

exit status: 0 nothing would fail · 1 something would · 2 the command is not understood · 3 nothing seen would, but not all was seen
"""

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import boto3
import urllib3
from botocore.config import Config

from infra.templates import template
from local.conditions.parameters import check
from local.conditions.refusals import BadParameter
from tools.preflight.checks import findings
from tools.preflight.finding import Finding, Level
from tools.preflight.plan import Plan

SIGNS: dict[Level, str] = {"ok": "ok    ", "beware": "beware", "fails": "FAILS ", "unseen": "unseen"}
CONFIG = Config(connect_timeout=5, read_timeout=10, retries={"total_max_attempts": 2})
EXAMPLES = """examples:
  make preflight STAGE=prod
  make preflight STAGE=prod ARGS='ReserveConcurrency=yes EmailIdentityArn=arn:aws:ses:…'     the parameters that make deploy gets
  AWS_PROFILE=shop AWS_REGION=eu-west-1 python -m tools.preflight --stage prod
"""


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    session = boto3.Session(region_name=options.region)
    http = urllib3.PoolManager(timeout=10, retries=1)

    def client(service: str) -> Any:
        return session.client(service, config=CONFIG)  # type: ignore[call-overload]

    plan = Plan(
        stage=options.stage, region=options.region, parameters=dict(options.parameters), client=client,
        fetch=lambda url: http.request("GET", url, redirect=False).data,
    )  # fmt: skip
    print(f"{plan.stack} in {plan.region}")
    return told(findings(plan))


def told(found: Iterable[Finding]) -> int:
    """Print what was found, line by line as it comes, with what to do; answer the exit status."""
    levels: list[Level] = []
    for finding in found:
        levels.append(finding.level)
        print(f"  {SIGNS[finding.level]}  {finding.what}")
        if finding.remedy:
            print(f"          → {finding.remedy}")
    fails, unseen = levels.count("fails"), levels.count("unseen")
    print(f"{fails} would fail, {levels.count('beware')} to know, {unseen} not seen")
    return 1 if fails else 3 if unseen else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tools.preflight", description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--stage", default="prod", help="the stage that is to be deployed (prod)")
    region = os.environ.get("AWS_REGION") or boto3.Session().region_name
    parser.add_argument("--region", default=region, required=region is None, help="the region; AWS_REGION or the profile's by default")
    parser.add_argument("parameters", nargs="*", metavar="Name=value", help="template parameters, as make deploy's ARGS", type=_pair)
    options = parser.parse_args(arguments)
    try:
        check(dict(options.parameters), template()["Parameters"])
    except BadParameter as refusal:
        parser.error(str(refusal))
    return options


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text} is no parameter: write Name=value")
    return name, value


if __name__ == "__main__":
    sys.exit(main())
