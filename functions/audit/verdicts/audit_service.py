"""The auditors' desk: judges what is submitted, by rules, and lets people decide what rules cannot."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from functions.audit.rules.finding import Finding
from functions.audit.rules.operator_lists import Lists, base_language
from functions.audit.rules.rulebook import findings_of
from functions.audit.verdicts.duplicates import duplicate_of, fingerprint_of
from functions.audit.verdicts.verdict import Decision, Verdict, appealed, decided, judged
from monsoon_plugin.clock import Clock, rfc3339
from shared.api.idempotency import Idempotency
from shared.errors import Conflict, NotFound
from shared.ids import ID_PATTERN
from shared.messages import ProductSubmitted

MAX_TOGETHER = 20
"""Products that are judged and written together: at most 40 items and, at 128 KB a product, 3 of a transaction's 4 MB."""
ListsFor = Callable[[Iterable[str]], Lists]


class Contended(Conflict):
    code, title = "changed-meanwhile", "The verdict was changed by another request at the same moment: read it and try again"


@dataclass(frozen=True, slots=True)
class Claim:
    """Which product was first with a fingerprint."""

    fingerprint: str
    product_id: str
    supplier_id: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """A verdict to be written; `before` is the one it replaces, `claim` its fingerprint if it is the first to have it, and
    `stale` the claim of a product that has changed since."""

    verdict: Verdict
    before: Verdict | None
    claim: Claim | None
    stale: Claim | None = None


Read = tuple[Mapping[str, Verdict], Mapping[str, Claim]]


class Verdicts(Protocol):
    """Where verdicts and claims lie."""

    def read(self, products: Collection[tuple[str, str]], fingerprints: Collection[str] = ()) -> Read:
        """Verdicts by product id, of (supplier id, product id), and claims by fingerprint; consistently, in one call."""
        ...

    def write(self, rulings: Sequence[Ruling]) -> bool:
        """Write all of them with their events, or none; False if anything has changed since it was read."""
        ...

    def replace(self, verdict: Verdict, before: Verdict) -> bool:
        """Write one verdict with its event over `before`; False if that has changed."""
        ...


class AuditDesk:
    """Judges submissions and takes decisions and appeals."""

    def __init__(self, store: Verdicts, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def judge(self, events: Sequence[ProductSubmitted], lists_for: ListsFor) -> None:
        """Give every submission its verdict; of several versions of a product the newest is judged, and none twice.

        At most MAX_TOGETHER events. If another worker comes between, they are judged one at a time. Raises Unavailable if a
        list is missing and Contended if a single product is contended: both are to be tried again.
        """
        newest = {event.product_id: event for event in sorted(events, key=lambda event: event.version)}
        lists = lists_for({base_language(tag) for event in newest.values() for tag in event.product.texts})
        if not self._store.write(self._rulings(list(newest.values()), lists)):
            for event in newest.values():
                if not self._store.write(self._rulings([event], lists)):
                    raise Contended

    def _rulings(self, events: Sequence[ProductSubmitted], lists: Lists) -> list[Ruling]:
        prints = {event.product_id: fingerprint_of(event.product) for event in events}
        verdicts, claims = self._store.read([(e.supplier_id, e.product_id) for e in events], set(prints.values()))
        fresh = [e for e in events if e.product_id not in verdicts or verdicts[e.product_id].version < e.version]
        standing = self._standing(claims.values(), prints)
        rulings, taken = [], dict(standing)
        for event in fresh:
            mark = prints[event.product_id]
            first = taken.setdefault(mark, Claim(mark, event.product_id, event.supplier_id))
            findings = [*findings_of(event.product, lists), *_duplicates(event, first)]
            before = verdicts.get(event.product_id)
            verdict = judged(event, mark, findings, before, rfc3339(self._clock()))
            is_new = first.product_id == event.product_id and mark not in standing
            rulings.append(Ruling(verdict, before, first if is_new else None, claims.get(mark) if is_new else None))
        return rulings

    def _standing(self, claims: Iterable[Claim], own: Mapping[str, str]) -> dict[str, Claim]:
        """The claims whose product still is what it was; read only where a claim is another product's."""
        claims = list(claims)
        others = [c for c in claims if own.get(c.product_id) != c.fingerprint]
        verdicts, _ = self._store.read([(c.supplier_id, c.product_id) for c in others]) if others else ({}, {})
        gone = {c.fingerprint for c in others if c.product_id in own or _mark(verdicts.get(c.product_id)) != c.fingerprint}
        return {c.fingerprint: c for c in claims if c.fingerprint not in gone}

    def verdict(self, supplier_id: str, product_id: str) -> Verdict:
        """The newest verdict on a supplier's product. Raises NotFound."""
        is_id = re.fullmatch(ID_PATTERN, product_id) is not None
        verdicts, _ = self._store.read([(supplier_id, product_id)] if is_id else [])
        if product_id not in verdicts:
            raise NotFound("there is no verdict on this product yet, or it is not yours")
        return verdicts[product_id]

    def decide(self, supplier_id: str, product_id: str, version: int, decision: Decision, by: str) -> Verdict:
        """Take a person's decision. Raises NotFound, OwnProduct, VersionMovedOn, AlreadyDecided, Contended."""
        held = self.verdict(supplier_id, product_id)
        return self._replaced(decided(held, version, decision, by, rfc3339(self._clock())), held)

    def appeal(self, supplier_id: str, product_id: str, reason: str, request: Idempotency) -> Verdict:
        """Send a refusal to a person. Raises NotFound, NotRefused, AppealedBefore, KeyReused, Contended."""
        refused = self.verdict(supplier_id, product_id)
        return self._replaced(appealed(refused, reason, request, rfc3339(self._clock())), refused)

    def _replaced(self, verdict: Verdict, before: Verdict) -> Verdict:
        if verdict is not before and not self._store.replace(verdict, before):
            raise Contended
        return verdict


def _duplicates(event: ProductSubmitted, first: Claim) -> list[Finding]:
    if first.product_id == event.product_id:
        return []
    return [duplicate_of(first.product_id, first.supplier_id, event.supplier_id)]


def _mark(verdict: Verdict | None) -> str | None:
    return None if verdict is None else verdict.fingerprint
