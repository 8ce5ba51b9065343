"""Whether something bears a name already that the deployment wants."""

from collections.abc import Iterator, Mapping, Set
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from tools.preflight.finding import Finding
from tools.preflight.plan import Plan

HEALTHY = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE")
REMEDIES = {
    "ROLLBACK_COMPLETE": "its first deployment failed: delete the stack, look whether tables were kept, and deploy again",
    "REVIEW_IN_PROGRESS": "a change set waits that nobody executed: delete the stack, and deploy again",
    "UPDATE_ROLLBACK_FAILED": "aws cloudformation continue-update-rollback, then deploy again",
    "DELETE_FAILED": "read the stack's events: what could not be deleted is named there",
}
"""By the stack's status: docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide, "Stack status codes"."""


def state_of(plan: Plan) -> str:
    """The stack's status; empty if there is none."""
    return str(_described(plan).get("StackStatus", ""))


def _described(plan: Plan) -> Mapping[str, Any]:
    """The stack as CloudFormation tells of it; empty if there is none."""
    try:
        found: Mapping[str, Any] = plan.client("cloudformation").describe_stacks(StackName=plan.stack)["Stacks"][0]
    except ClientError as error:
        if "does not exist" in str(error):
            return {}
        raise
    return found


def stack(plan: Plan) -> Iterator[Finding]:
    described = _described(plan)
    state = str(described.get("StackStatus", ""))
    if not state:
        yield Finding("ok", f"no stack is called {plan.stack}: the deployment makes it")
    elif state in HEALTHY:
        yield Finding("beware", f"{plan.stack} exists ({state}): the deployment changes that hub", "another one wants another STAGE")
        yield from _texts(plan, {one["ParameterKey"] for one in described.get("Parameters", ())})
    else:
        remedy = REMEDIES.get(state, "wait until it is done" if state.endswith("IN_PROGRESS") else "read the stack's events")
        yield Finding("fails", f"{plan.stack} exists and cannot be changed now ({state})", remedy)


def _texts(plan: Plan, known: Set[str]) -> Iterator[Finding]:
    """A release that does not know the parameter passes over packed events (docs/decisions/0046-packed-texts.md), and plans parcels without
    the address that it cannot open (0059-sealing.md)."""
    if "StoredTexts" not in known and plan.parameter("StoredTexts") != "plain":
        what = "the release that runs there reads no packed texts: what is stored while both run would be told to nobody"
        yield Finding("fails", what, "deploy with StoredTexts=plain, and again with StoredTexts=packed once that has taken over")
    if "BuyersTexts" not in known and plan.parameter("BuyersTexts") != "plain":
        what = "the release that runs there cannot open where a sealed order goes: while both run, it would send without an address"
        yield Finding("fails", what, "deploy with BuyersTexts=plain, and again with BuyersTexts=sealed once that has taken over")


def log_group(plan: Plan) -> Iterator[Finding]:
    """A function that runs while its stack is deleted makes its log group anew, and the next stack cannot make it."""
    name = f"/monsoon/{plan.stage}"
    found = plan.client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    left = any(group["logGroupName"] == name for group in found) and not state_of(plan)
    if left:
        yield Finding("fails", f"the log group {name} is left of an earlier hub", f"aws logs delete-log-group --log-group-name {name}")
    else:
        yield Finding("ok", f"nothing stands in the way of the log group {name}")


def domain(plan: Plan) -> Iterator[Finding]:
    """Whether the public address leads to an API already. A domain that is no API Gateway's is nobody's business here."""
    host = urlsplit(plan.parameter("PublicUrl")).hostname
    if not host or ".execute-api." in host:
        return
    gateway = plan.client("apigateway")
    domains = gateway.get_domain_names(limit=500)["items"]
    if all(known["domainName"] != host for known in domains):
        yield Finding("beware", f"{host} is no custom domain of this account and region", "see that it leads to the output ApiUrl")
        return
    mappings = gateway.get_base_path_mappings(domainName=host).get("items", [])
    apis = ", ".join(sorted({mapping["restApiId"] for mapping in mappings})) or "no API yet"
    yield Finding("beware", f"{host} leads to {apis}", "providers' notices go there: see that it is this hub's ApiId")
