"""What can be said without asking AWS: by the template, and by what botocore knows of regions."""

import re
from collections.abc import Iterator

import botocore.session
from botocore.exceptions import UnknownRegionError

from infra.templates import template
from tools.preflight.finding import Finding
from tools.preflight.plan import Plan

NEEDED = ("apigateway", "codedeploy", "dynamodb", "kms", "lambda", "s3", "secretsmanager", "sns", "sqs")


def stage_name(plan: Plan) -> Iterator[Finding]:
    pattern = template()["Parameters"]["Stage"]["AllowedPattern"]
    if re.fullmatch(pattern, plan.stage):
        yield Finding("ok", f"{plan.stage} can be a stage's name")
    else:
        yield Finding("fails", f"{plan.stage} cannot be a stage's name", "a small letter, then 1 to 15 small letters or digits")


def mail_links(plan: Plan) -> Iterator[Finding]:
    """Mails ask merchants to confirm an address by a link, and lead buyers to their orders."""
    if not (plan.parameter("EmailIdentityArn") and plan.parameter("EmailFrom")):
        return
    base = plan.parameter("LinksUrl") or plan.parameter("PublicUrl")
    if base:
        yield Finding("ok", f"addresses in mails begin with {base}")
    else:
        remedy = "give PublicUrl or LinksUrl: your own domain, or, after a first deployment without mail, the output ApiUrl"
        yield Finding("fails", "mails would have no links: no merchant could confirm an address, no buyer reach an order", remedy)


def region(plan: Plan) -> Iterator[Finding]:
    """Whether the region has what the hub is made of, as far as this botocore knows."""
    known = botocore.session.get_session()
    try:
        partition = known.get_partition_for_region(plan.region)
    except UnknownRegionError:
        yield Finding("fails", f"{plan.region} is no region that botocore knows", "write it as us-east-1, or bring boto3 up to date")
        return
    lacking = [name for name in NEEDED if plan.region not in known.get_available_regions(name, partition)]
    if lacking:
        yield Finding("fails", f"{plan.region} has no {', '.join(lacking)}, as far as botocore knows", "choose another region")
    else:
        yield Finding("ok", f"{plan.region} has the services that the hub is made of")
    if plan.parameter("OidcIssuer"):
        yield Finding("ok", "people sign in at an issuer of yours: no user pool is needed")
    elif plan.region not in known.get_available_regions("cognito-idp", partition):
        remedy = "name an issuer of yours: OidcIssuer, OidcKeysUrl, OidcAudience (docs/operators.md, People of another issuer)"
        yield Finding("fails", f"{plan.region} has no Cognito user pools", remedy)
