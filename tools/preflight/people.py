"""Where people sign in, and who writes to them."""

import json
from collections.abc import Iterator

from tools.preflight.finding import Finding
from tools.preflight.names import state_of
from tools.preflight.plan import Plan
from tools.preflight.quotas import POOLS

PRODUCTION = "ask for production access: aws sesv2 put-account-details --production-access-enabled …, or the SES console"


def pools(plan: Plan) -> Iterator[Finding]:
    """Counts at most 60, one page: nobody comes near the quota by accident. A pool that a deleted stack kept is told."""
    if plan.parameter("OidcIssuer"):
        return
    cognito = plan.client("cognito-idp")
    found = cognito.list_user_pools(MaxResults=60)["UserPools"]
    yield Finding("ok", f"Cognito has {len(found)}{'+' * (len(found) == 60)} user pools of {POOLS:,} here")
    ours = [pool["Id"] for pool in found if pool["Name"] == plan.stack]
    if ours:
        what = f"a user pool is called {plan.stack}: this hub's, or one that a deleted hub left"
        yield Finding("beware", what, "a new stack makes a new, empty pool beside it: its people would sign up anew")
    for pool in ours if state_of(plan) else []:
        configured = cognito.describe_user_pool(UserPoolId=pool)["UserPool"].get("UsernameConfiguration", {})
        yield from _case(plan, configured.get("CaseSensitive", True))


def _case(plan: Plan, by_case: bool) -> Iterator[Finding]:
    """Cognito refuses each deployment that says another thing than the pool was made with."""
    right = "yes" if by_case else "no"
    if plan.parameter("SignInByCase") != right:
        yield Finding("fails", "the user pool was made otherwise, and nobody can change that", f"deploy with SignInByCase={right}")


def mail(plan: Plan) -> Iterator[Finding]:
    if plan.parameter("OidcIssuer"):
        return
    identity = plan.parameter("EmailIdentityArn")
    if not identity:
        yield Finding("beware", "Cognito's own sender sends 50 sign-up codes a day", "verify an SES identity and give its EmailIdentityArn")
        return
    ses, name = plan.client("sesv2"), identity.partition("identity/")[2]
    if not ses.get_email_identity(EmailIdentity=name)["VerifiedForSendingStatus"]:
        yield Finding("fails", f"SES has not verified {name}: no code would arrive", "follow the mail or the DNS records that SES asks for")
    account = ses.get_account()
    if account["ProductionAccessEnabled"]:
        yield Finding("ok", f"SES sends {account['SendQuota']['Max24HourSend']:,.0f} mails a day")
    else:
        yield Finding("fails", "SES is in its sandbox: it writes to verified addresses alone", PRODUCTION)


def issuer(plan: Plan) -> Iterator[Finding]:
    """Holds the parameters to the issuer's own word: OpenID Connect Discovery 1.0, section 4."""
    url = plan.parameter("OidcIssuer")
    if not url:
        return
    told = json.loads(plan.fetch(f"{url.rstrip('/')}/.well-known/openid-configuration"))
    for parameter, claim in (("OidcIssuer", "issuer"), ("OidcKeysUrl", "jwks_uri")):
        if told.get(claim) != plan.parameter(parameter):
            yield Finding("fails", f"{parameter} is not what the issuer says: every token would be refused", f"it says {told.get(claim)}")
        else:
            yield Finding("ok", f"{parameter} is what the issuer says")
    if not plan.parameter("OidcAudience"):
        yield Finding("fails", "OidcAudience is empty", "name whom the access tokens are for: the API's identifier at the issuer")
