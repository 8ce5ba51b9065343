"""What `make preflight` says of accounts in all the states that a deployment fails in."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.unit.tools.preflight.account import IDENTITY, nobody, plan
from tools.preflight import names, offline, people, quotas
from tools.preflight.__main__ import main, told
from tools.preflight.checks import WITH_CREDENTIALS, findings
from tools.preflight.finding import Finding
from tools.preflight.plan import Plan

Look = Callable[[Plan], Iterator[Finding]]
ISSUER = {"OidcIssuer": "https://id.example", "OidcKeysUrl": "https://id.example/keys", "OidcAudience": "https://api.hub.example"}
IDENTITY_ARN = "arn:aws:ses:eu-west-1:123456789012:identity/hub.example"


def concurrency(total: int, free: int) -> dict[str, Any]:
    limit = {"ConcurrentExecutions": total, "UnreservedConcurrentExecutions": free, "TotalCodeSize": 75 * quotas.GIGABYTE}
    return {"lambda.get_account_settings": {"AccountLimit": limit, "AccountUsage": {"TotalCodeSize": quotas.GIGABYTE}}}


def code(used: int) -> dict[str, Any]:
    """An account with so many GB of code."""
    told = concurrency(1000, 1000)
    told["lambda.get_account_settings"]["AccountUsage"] = {"TotalCodeSize": used * quotas.GIGABYTE}
    return told


def log_role(name: str = "") -> dict[str, Any]:
    return {"apigateway.get_account": {"cloudwatchRoleArn": f"arn:aws:iam::123456789012:role/{name}"} if name else {}}


def stack(status: str, **parameters: str) -> dict[str, Any]:
    made = {"StackName": "monsoon-prod", "CreationTime": datetime.now(UTC), "StackStatus": status,
            "Parameters": [{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()]}  # fmt: skip
    return {"cloudformation.describe_stacks": {"Stacks": [made]}}


def ses(verified: bool, production: bool) -> dict[str, Any]:
    quota = {"Max24HourSend": 50_000.0, "MaxSendRate": 14.0, "SentLast24Hours": 0.0}
    account = {"ProductionAccessEnabled": production, "SendQuota": quota}
    return {"sesv2.get_email_identity": {"VerifiedForSendingStatus": verified}, "sesv2.get_account": account}


NO_STACK: dict[str, Any] = {"cloudformation.describe_stacks": ("ValidationError", "Stack with id monsoon-prod does not exist")}
POOL: dict[str, Any] = {
    "cognito-idp.list_user_pools": {"UserPools": [{"Id": "p1", "Name": "monsoon-prod"}]},
    "cognito-idp.describe_user_pool": {"UserPool": {}},
}
ANY_CASE: dict[str, Any] = {"cognito-idp.describe_user_pool": {"UserPool": {"UsernameConfiguration": {"CaseSensitive": False}}}}
LEFT: dict[str, Any] = {"logs.describe_log_groups": {"logGroups": [{"logGroupName": "/monsoon/prod"}]}}
CLEAN: dict[str, Any] = {"logs.describe_log_groups": {"logGroups": [{"logGroupName": "/monsoon/production"}]}}
SAID: dict[str, tuple[Look, Plan, list[tuple[str, str]]]] = {
    "a stage's name": (offline.stage_name, plan(stage="Prod-1"), [("fails", "Prod-1 cannot")]),
    "a region that is none": (offline.region, plan(region="nowhere"), [("fails", "nowhere is no region")]),
    "China": (offline.region, plan(region="cn-north-1"), [("ok", "cn-north-1 has"), ("fails", "no Cognito user pools")]),
    "China, another issuer": (offline.region, plan(region="cn-north-1", **ISSUER), [("ok", "cn-north-1 has"), ("ok", "no user pool")]),
    "a new stack": (names.stack, plan(NO_STACK), [("ok", "no stack is called")]),
    "a stack that stands": (
        names.stack, plan(stack("UPDATE_COMPLETE", StoredTexts="packed", BuyersTexts="sealed")), [("beware", "changes that hub")]),
    "a release that reads no packed texts": (
        names.stack, plan(stack("UPDATE_COMPLETE", BuyersTexts="sealed")),
        [("beware", "changes that hub"), ("fails", "reads no packed texts")]),
    "a release that opens no sealed address": (
        names.stack, plan(stack("UPDATE_COMPLETE", StoredTexts="packed")),
        [("beware", "changes that hub"), ("fails", "sealed order goes")]),
    "such a release, with texts left plain": (
        names.stack, plan(stack("UPDATE_COMPLETE"), StoredTexts="plain", BuyersTexts="plain"), [("beware", "changes that hub")]),
    "a deployment cut off": (names.stack, plan(stack("UPDATE_IN_PROGRESS")), [("fails", "cannot be changed now")]),
    "a first deployment rolled back": (names.stack, plan(stack("ROLLBACK_COMPLETE")), [("fails", "cannot be changed now")]),
    "a log group left over": (names.log_group, plan(NO_STACK | LEFT), [("fails", "/monsoon/prod is left")]),
    "a log group in use": (names.log_group, plan(stack("UPDATE_COMPLETE") | LEFT), [("ok", "nothing stands")]),
    "another's log group": (names.log_group, plan(NO_STACK | CLEAN), [("ok", "nothing stands")]),
    "no domain": (names.domain, plan(), []),
    "a domain elsewhere": (
        names.domain, plan({"apigateway.get_domain_names": {"items": []}}, PublicUrl="https://hub.example"),
        [("beware", "no custom domain")]),
    "a domain in use": (
        names.domain,
        plan({"apigateway.get_domain_names": {"items": [{"domainName": "hub.example"}]},
              "apigateway.get_base_path_mappings": {"items": [{"restApiId": "a1b2c3"}]}}, PublicUrl="https://hub.example/"),
        [("beware", "leads to a1b2c3")]),
    "a new account": (quotas.concurrency, plan(concurrency(10, 10)), [("beware", "10 functions at once")]),
    "a new account, reserved": (quotas.concurrency, plan(concurrency(10, 10), ReserveConcurrency="yes"), [("fails", "reserves 2 of 10")]),
    "just not enough": (quotas.concurrency, plan(concurrency(101, 101), ReserveConcurrency="yes"), [("fails", "reserves 2 of 101")]),
    "just enough": (quotas.concurrency, plan(concurrency(102, 102), ReserveConcurrency="yes"), [("ok", "102 functions")]),
    "an old region": (
        quotas.runtime, plan({"lambda.list_layers": ("InvalidParameterValueException", "enum")}), [("fails", "does not know python3")]),
    "a usual region": (quotas.runtime, plan({"lambda.list_layers": {"Layers": []}}), [("ok", "Lambda knows python3")]),
    "room for code": (quotas.code_storage, plan(code(60)), [("ok", "60.0 GB of 75")]),
    "little room for code": (quotas.code_storage, plan(code(61)), [("beware", "61.0 GB of 75")]),
    "no role for logs": (quotas.access_log, plan(log_role()), [("ok", "the deployment lets")]),
    "a hub's role for logs": (quotas.access_log, plan(log_role("monsoon-test-ApiLogs-1-Role-2")), [("ok", "may write")]),
    "another's role for logs": (quotas.access_log, plan(log_role("shop")), [("beware", "sets another")]),
    "another's role, left": (quotas.access_log, plan(log_role("shop"), AccessLogs="role-is-set"), [("ok", "may write")]),
    "a role that is said to be": (quotas.access_log, plan(log_role(), AccessLogs="role-is-set"), [("fails", "no role here")]),
    "no access log": (quotas.access_log, plan(AccessLogs="no"), []),
    "keys": (quotas.keys, plan({"kms.list_keys": {"Keys": [{"KeyId": "1"}], "Truncated": False}}), [("ok", "1 KMS keys")]),
    "many keys": (quotas.keys, plan({"kms.list_keys": {"Keys": [], "Truncated": True}}), [("beware", "more than 1,000")]),
    "a pool of before": (
        people.pools, plan(NO_STACK | POOL), [("ok", "1 user"), ("beware", "is called")]),
    "a pool that tells names by their case": (
        people.pools, plan(stack("UPDATE_COMPLETE") | POOL), [("ok", "1 user"), ("beware", "is called"), ("fails", "made otherwise")]),
    "such a pool, told": (
        people.pools, plan(stack("UPDATE_COMPLETE") | POOL, SignInByCase="yes"), [("ok", "1 user"), ("beware", "is called")]),
    "a pool that does not, told to": (
        people.pools, plan(stack("UPDATE_COMPLETE") | POOL | ANY_CASE, SignInByCase="yes"),
        [("ok", "1 user"), ("beware", "is called"), ("fails", "made otherwise")]),
    "no sender": (people.mail, plan(), [("beware", "50 sign-up codes a day")]),
    "a sandbox": (people.mail, plan(ses(True, False), EmailIdentityArn=IDENTITY_ARN), [("fails", "sandbox")]),
    "an unverified sender": (
        people.mail, plan(ses(False, True), EmailIdentityArn=IDENTITY_ARN), [("fails", "hub.example"), ("ok", "50,000")]),
    "a good sender": (people.mail, plan(ses(True, True), EmailIdentityArn=IDENTITY_ARN), [("ok", "50,000 mails a day")]),
    "an issuer, no mail": (people.mail, plan(**ISSUER), []),
    "no mail, no links": (offline.mail_links, plan(), []),
    "mails without links": (offline.mail_links, plan(EmailIdentityArn=IDENTITY_ARN, EmailFrom="a@hub.example"), [("fails", "no links")]),
    "mails with links": (
        offline.mail_links, plan(EmailIdentityArn=IDENTITY_ARN, EmailFrom="a@hub.example", PublicUrl="https://hub.example"),
        [("ok", "begin with https://hub.example")]),
}  # fmt: skip


@pytest.mark.parametrize(("look", "meant", "said"), SAID.values(), ids=SAID)
def test_what_is_said_of(look: Look, meant: Plan, said: list[tuple[str, str]]):
    found = list(look(meant))
    assert [finding.level for finding in found] == [level for level, _ in said]
    assert all(words in finding.what for finding, (_, words) in zip(found, said, strict=True)), found
    assert all(finding.remedy for finding in found if finding.level in ("fails", "beware")), "it says what to do"


def test_an_issuer_is_held_to_its_own_word():
    discovered = {"issuer": "https://id.example/", "jwks_uri": "https://id.example/keys"}
    meant = replace(plan(**ISSUER), fetch=lambda url: json.dumps(discovered | {"url": url}).encode())
    assert [(found.level, found.what.split()[0]) for found in people.issuer(meant)] == [
        ("fails", "OidcIssuer"),
        ("ok", "OidcKeysUrl"),
    ]


def test_without_credentials_it_says_what_it_could_not_check_and_checks_the_rest():
    found = list(findings(replace(plan(stage="Prod"), client=nobody)))
    assert [finding.what for finding in found if finding.level == "unseen"] == ["the account", *WITH_CREDENTIALS]
    assert "set AWS_PROFILE" in next(finding.remedy for finding in found if finding.level == "unseen")
    assert "fails" in {finding.level for finding in found}


def test_a_permission_that_lacks_stops_no_other_look():
    denied = ("AccessDeniedException", "not authorized")
    found = list(findings(plan(IDENTITY | NO_STACK | CLEAN | {"kms.list_keys": denied} | concurrency(1000, 900))))
    assert Finding("unseen", "KMS keys", "AWS says AccessDeniedException: not authorized") in found
    assert Finding("ok", "Lambda runs 1,000 functions at once, 900 of them unreserved") in found


@pytest.mark.parametrize(
    ("levels", "status"), [(["ok", "beware"], 0), (["ok", "fails", "unseen"], 1), (["unseen", "ok"], 3), ([], 0)]
)  # fmt: skip
def test_the_exit_status_says_how_it_stands(levels: list[Any], status: int, capsys: pytest.CaptureFixture[str]):
    assert told(Finding(level, "it", "mend it") for level in levels) == status
    assert capsys.readouterr().out.count("→ mend it") == len(levels)


@pytest.mark.parametrize("arguments", [["Nonsense=1"], ["PayoutHoldDays=900"], ["ReserveConcurrency"], ["OidcIssuer=http://plain.example"]])
def test_a_parameter_that_the_template_would_refuse_is_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        main(["--region", "eu-west-1", *arguments])
    assert ended.value.code == 2
    assert arguments[0].partition("=")[0] in capsys.readouterr().err
