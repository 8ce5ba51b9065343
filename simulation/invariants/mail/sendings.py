"""Mail: one cause is one mail, whoever should be told is told, and nobody is who does not want it, or cannot be."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from functions.notices.causes.kinds import RULES
from functions.notices.outbox.mail import Mail
from monsoon_plugin.clock import rfc3339
from simulation.aws.ses import SentMail
from simulation.invariants.mail.heard import Due, due_to_buyers, due_to_merchants, events, records, sent
from simulation.invariants.seen import Seen

PATIENCE = timedelta(minutes=15)
MEANWHILE = timedelta(minutes=10)
"""A mail may be on its way so long to SES, once it was looked at whether it is to be sent."""
HAS = ("sent", "delivered", "bounced", "complained")
"""States of a mail that SES has."""
ENDED = (*HAS, "dropped", "failed", "lost")
NEVER = ("test", "said-as-paid", "cancelled")
"""Why a mail is dropped before it is ever sent; for other reasons one may be that was perhaps sent once, and is to be sent again."""


def one_mail_a_cause(seen: Seen) -> Iterator[str]:
    """Twice only where nobody had learned of the first, after the quarter of an hour that SES has to tell, and then it says so."""
    if seen.world.ses.habits is None:
        return
    for mail_id, mails in sent(seen).items():
        kinds = {record.kind for record in (records(seen).get(mail_id),) if record}
        if len(mails) > 2 or (len(mails) > 1 and not all(RULES[kind].again for kind in kinds)):
            yield f"mail {mail_id} was sent at {[str(mail.at) for mail in mails]}"
        for first, second in pairwise(mails):
            known = any(h.mail_id == mail_id and first.at < h.at < second.at - MEANWHILE for h in seen.world.ses.heard)
            if second.at - first.at < PATIENCE or known or not second.again:
                yield f"mail {mail_id} was sent again at {second.at}, first at {first.at}: known {known}, marked {second.again}"
        if mails[0].again and mail_id not in seen.world.ses.refused and seen.world.met == 0:
            yield f"mail {mail_id} says that it may have been sent before"


def who_should_be_told_is_told(seen: Seen) -> Iterator[str]:
    """Of each event its mail has left, or its record says for which reason not, and that is so."""
    if seen.world.ses.habits is None:
        return
    known, brought = records(seen), sent(seen)
    for due in (*due_to_buyers(seen), *(due for due in due_to_merchants(seen) if _surely(seen, due))):
        record = known.get(due.mail_id)
        if record is None:
            yield f"nobody was told {due.kind} of {due.event['order_id']}, {due.to}"
        elif why_not := _wrong(seen, due, record, brought.get(due.mail_id, [])):
            yield f"{due.kind} of {due.event['order_id']} to {due.to} is {record.state} {record.why}: {why_not}"
    now = rfc3339(seen.world.clock())
    yield from (f"mail {one.id}, {one.kind}, is {one.state} for ever" for one in known.values() if one.state not in ENDED and one.due < now)


def _surely(seen: Seen, due: Due) -> bool:
    """Whether a merchant had confirmed its address long before, and never wanted anything else."""
    said = seen.observed.mail
    at = next((at for (account, _), at in said.confirmed.items() if account == due.to), None)
    return at is not None and due.to not in said.unsettled and at < due.event["time"]


def _wrong(seen: Seen, due: Due, record: Mail, mails: list[SentMail]) -> str:
    """What is not so of what a mail's record says; empty if all is."""
    if record.state in HAS:
        return "" if mails else "SES never had it"
    if record.state in ("failed", "lost"):
        return "" if mails or due.mail_id in seen.world.ses.refused or seen.world.met else "SES was never asked"
    if mails and record.state == "dropped" and record.why in NEVER:
        return "it was sent"
    return "" if record.state not in ENDED or _dropped_rightly(seen, due, record) else "that is not so"


def _dropped_rightly(seen: Seen, due: Due, record: Mail) -> bool:
    why, order_id = record.why, due.event["order_id"]
    if why.startswith("stopped-"):
        return any(heard.lasting and _to(seen, heard.mail_id) in (due.to, _address(seen, due.to)) for heard in seen.world.ses.heard)
    others = [event for what, event in events(seen) if event.get("order_id") == order_id and what in ("order.paid", "order.accepted")]
    return {
        "erased": any(bought.order_id == order_id and bought.asked for bought in seen.observed.bought),
        "switched-off": due.event["account_id"] in seen.observed.mail.silent,
        "test": any(event.get("test") for event in (*others, due.event)),
        "said-as-paid": any(what == "order.paid" for what, event in events(seen) if event.get("order_id") == order_id),
        "cancelled": any(what == "order.cancelled" for what, event in events(seen) if event.get("order_id") == order_id),
    }.get(why, False)


def _to(seen: Seen, mail_id: str) -> str:
    return next((mail.to for mail in seen.world.ses.sent if mail.mail_id == mail_id), "")


def _address(seen: Seen, account: str) -> str:
    return next((address for who, address in seen.observed.mail.confirmed if who == account), "")


def nobody_is_told_against_their_will(seen: Seen) -> Iterator[str]:
    """Nothing leaves to who is erased, to an address that came back or complained, of a kind that is off, to one that nobody confirmed,
    nor of a test."""
    if seen.world.ses.habits is None:
        return
    known = records(seen)
    for mail in seen.world.ses.sent:
        record, before = known.get(mail.mail_id), mail.at - MEANWHILE
        if record is None:
            yield f"mail {mail.mail_id} has no record"
            continue
        if record.test:
            yield f"{record.kind} of the test {record.about} was sent to {mail.to}"
        if any(heard.lasting and heard.at < before and _to(seen, heard.mail_id) == mail.to for heard in seen.world.ses.heard):
            yield f"{record.kind} was sent at {mail.at} to {mail.to}, where nothing more goes"
        yield from _to_merchant(seen, record, mail) if RULES[record.kind].to == "merchant" else _to_buyer(seen, record, mail)


def _to_merchant(seen: Seen, record: Mail, mail: SentMail) -> Iterator[str]:
    said, before = seen.observed.mail, mail.at - MEANWHILE
    if record.kind != "confirm_address" and (record.account_id, mail.to) not in said.confirmed:
        yield f"{record.kind} was sent to {mail.to}, which {record.account_id} did not confirm"
    for off in said.off:
        if (
            (off.account_id, off.kind) == (record.account_id, record.kind)
            and off.said < before
            and (off.until is None or mail.at < off.until)
        ):
            yield f"{record.kind} was sent to {mail.to} at {mail.at}, off since {off.said}"


def _to_buyer(seen: Seen, record: Mail, mail: SentMail) -> Iterator[str]:
    if mail.to != seen.observed.emails.get(record.about):
        yield f"{record.kind} of {record.about} was sent to {mail.to}"
    silent = seen.observed.mail.silent.get(record.account_id)
    if silent and silent < mail.at - MEANWHILE:
        yield f"{record.kind} of {record.about} was sent by the hub, whose shop writes itself since {silent}"
    for bought in seen.observed.bought:
        if bought.order_id == record.about and bought.erased and bought.erased < mail.at - MEANWHILE:
            yield f"{record.kind} of {record.about} was sent at {mail.at}, its buyer erased at {bought.erased}"


def what_did_not_arrive_is_shown(seen: Seen) -> Iterator[str]:
    """Each merchant reads which of its mails came back, were complained of, or were never taken: each once."""
    if seen.world.ses.habits is None:
        return
    for who in (*seen.setting.suppliers, *(shop.owner for shop in seen.setting.shops)):
        shown = seen.people.must(who, "GET", "/v1/account/notices/undelivered?limit=100")["items"]
        found = sorted((each["kind"], each["state"]) for each in shown)
        mine = [record for record in records(seen).values() if record.account_id == who.account_id]
        wanted = sorted((record.kind, record.state) for record in mine if record.state in ("bounced", "complained", "failed", "lost"))
        if any(one not in found for one in wanted):
            yield f"{who.account_id} is shown {found}, and {wanted} did not arrive"


def listed_once(seen: Seen) -> Iterator[str]:
    """What is told together is told once, however often, and however late, its event comes."""
    if seen.world.ses.habits is None:
        return
    lines: dict[tuple[str, str], list[str]] = {}
    for record in records(seen).values():
        for _, _, key in record.facts.get("listed", ()):
            lines.setdefault((record.account_id, key), []).append(record.id)
    told = [event["time"] for what, event in events(seen) if what in ("product.held", "product.refused")]
    for (account, key), mails in lines.items():
        if len(mails) > 1 and key.count(":") == 2:
            yield f"{account} was told of {key} by {mails}, of {len(told)} verdicts"
