"""How much the account may have of what the hub takes."""

from collections.abc import Iterator

from botocore.exceptions import ClientError

from infra.templates import template
from tools.preflight.finding import Finding
from tools.preflight.plan import Plan

UNRESERVED = 100
"""So many executions Lambda keeps for functions without reserved ones (Lambda developer guide, "Configuring reserved concurrency")."""
COMFORTABLE = 100
"""Below, the queues' pollers and the API's functions can throttle one another in an ordinary hour; a new account may have 10."""
POOLS, KEYS = 1000, 100_000
"""A region's quotas unless raised: Cognito's and KMS's pages of quotas."""
TIGHT = 0.8
"""Of Lambda's room for code; a release takes some 16 MB."""
GIGABYTE = 2**30
RAISE = "aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value 1000 --region {}"


def concurrency(plan: Plan) -> Iterator[Finding]:
    limit = plan.client("lambda").get_account_settings()["AccountLimit"]
    total, free, more = limit["ConcurrentExecutions"], limit["UnreservedConcurrentExecutions"], RAISE.format(plan.region)
    if plan.reserved and free - plan.reserved < UNRESERVED:
        what = f"ReserveConcurrency=yes reserves {plan.reserved} of {free} executions, and {UNRESERVED} must stay free"
        yield Finding("fails", what, f"leave it at no, or ask for more: {more}")
    elif total < COMFORTABLE:
        yield Finding("beware", f"Lambda runs {total} functions at once here: a busy hub is throttled", more)
    else:
        yield Finding("ok", f"Lambda runs {total:,} functions at once, {free:,} of them unreserved")


def runtime(plan: Plan) -> Iterator[Finding]:
    """Lambda refuses to list layers of a runtime that the region does not know."""
    usual = template()["Globals"]["Function"]
    name, machine = usual["Runtime"], usual["Architectures"][0]
    try:
        plan.client("lambda").list_layers(CompatibleRuntime=name, CompatibleArchitecture=machine, MaxItems=1)
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("InvalidParameterValueException", "ValidationException"):
            raise
        yield Finding("fails", f"Lambda does not know {name} on {machine} in {plan.region}", "choose another region")
    else:
        yield Finding("ok", f"Lambda knows {name} on {machine}")


def keys(plan: Plan) -> Iterator[Finding]:
    """A look at the first thousand is enough for all but accounts that are near the quota."""
    found = plan.client("kms").list_keys(Limit=1000)
    if found.get("Truncated"):
        yield Finding("beware", f"the account has more than 1,000 KMS keys here; {KEYS:,} may be", "count them if it is near that")
    else:
        yield Finding("ok", f"{len(found['Keys'])} KMS keys of {KEYS:,} here; the hub makes one")


def code_storage(plan: Plan) -> Iterator[Finding]:
    """While a deployment takes over, two versions of each function are there."""
    settings = plan.client("lambda").get_account_settings()
    used, limit = settings["AccountUsage"]["TotalCodeSize"], settings["AccountLimit"]["TotalCodeSize"]
    what = f"{used / GIGABYTE:.1f} GB of {limit / GIGABYTE:.0f} for Lambda's code are taken here"
    if used > limit * TIGHT:
        yield Finding("beware", what, "delete versions and layers that nobody calls, of whatever else is in the account, or ask for more")
    else:
        yield Finding("ok", what)


def access_log(plan: Plan) -> Iterator[Finding]:
    """docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html: one role for all APIs of an account's region. With
    AccessLogs=yes the deployment sets it."""
    asked = plan.parameter("AccessLogs")
    if asked == "no":
        return
    role = plan.client("apigateway").get_account().get("cloudwatchRoleArn", "")
    if asked == "role-is-set" and not role:
        yield Finding("fails", "API Gateway has no role here to write its access log with", "leave AccessLogs at yes, which makes one")
    elif asked == "yes" and role and ":role/monsoon-" not in role:
        what = f"API Gateway writes its logs by {role} here, and the deployment sets another"
        yield Finding("beware", what, "if other APIs need that role, deploy with AccessLogs=role-is-set")
    else:
        yield Finding("ok", "API Gateway may write its access log" if role else "the deployment lets API Gateway write its access log")
