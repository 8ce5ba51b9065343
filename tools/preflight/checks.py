"""All looks, in the order in which they are told."""

from collections.abc import Callable, Iterator

from botocore.exceptions import BotoCoreError, ClientError
from urllib3.exceptions import HTTPError

from tools.preflight import names, offline, people, quotas
from tools.preflight.finding import Finding
from tools.preflight.plan import Plan

Look = Callable[[Plan], Iterator[Finding]]
WITHOUT_CREDENTIALS: dict[str, Look] = {
    "the stage's name": offline.stage_name,
    "the region": offline.region,
    "links in mails": offline.mail_links,
}
"""They are told first, and need nobody's leave."""
WITH_CREDENTIALS: dict[str, Look] = {
    "the stack": names.stack,
    "what an earlier hub left": names.log_group,
    "the public address": names.domain,
    "the runtime": quotas.runtime,
    "Lambda's concurrency": quotas.concurrency,
    "Lambda's room for code": quotas.code_storage,
    "KMS keys": quotas.keys,
    "API Gateway's access log": quotas.access_log,
    "user pools": people.pools,
    "sign-up mails": people.mail,
    "the issuer": people.issuer,
}


def findings(plan: Plan) -> Iterator[Finding]:
    """Everything that was found. A look that AWS does not let us have is told as unseen, and stops no other."""
    for look in WITHOUT_CREDENTIALS.values():
        yield from look(plan)
    try:
        account = plan.client("sts").get_caller_identity()["Account"]
    except (BotoCoreError, ClientError) as error:
        yield Finding("unseen", "the account", _why(error))
        yield from (Finding("unseen", subject) for subject in WITH_CREDENTIALS)
        return
    yield Finding("ok", f"the credentials are of account {account}")
    for subject, look in WITH_CREDENTIALS.items():
        try:
            yield from look(plan)
        except (BotoCoreError, ClientError, HTTPError, ValueError) as error:
            yield Finding("unseen", subject, _why(error))


def _why(error: Exception) -> str:
    """In a sentence: what is lacking, not what was called."""
    if isinstance(error, ClientError):
        return f"AWS says {error.response['Error']['Code']}: {error.response['Error'].get('Message', '')}".rstrip(": ")
    return f"{str(error).rstrip('.')}; set AWS_PROFILE or AWS_ACCESS_KEY_ID" if "credentials" in str(error).lower() else str(error)
