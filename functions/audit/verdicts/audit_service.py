"""Audits what is submitted, by rules, and lets people decide what rules cannot."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from functions.audit.rules.finding import Finding
from functions.audit.rules.operator_lists import OperatorLists, base_language
from functions.audit.rules.rulebook import findings_of
from functions.audit.verdicts.duplicates import DUPLICATE, duplicate_of, fingerprint_of, former_fingerprint_of
from functions.audit.verdicts.ruling import FirstHolder, Kept, Ruling
from functions.audit.verdicts.verdict import (
    ChangedMeanwhile,
    Decision,
    Verdict,
    verdict_after_appeal,
    verdict_by_person,
    verdict_by_rules,
    verdict_of_delisting,
)
from monsoon_plugin.clock import Clock, rfc3339
from shared.api.idempotency import Idempotency
from shared.api.paging import Position, Read
from shared.errors import NotFound
from shared.goods.trade_item import is_identified
from shared.ids import ID_PATTERN
from shared.messages import ProductSubmitted
from shared.optimistic_retry import Contended, Retry

MAX_TOGETHER = 20
"""Products that are audited and written together: at most 40 items and, at 128 KB a product, 3 of a transaction's 4 MB."""
ListsFor = Callable[[Iterable[str]], OperatorLists]
"""The operator's lists for texts in these languages."""


class Verdicts(Protocol):
    """Where verdicts lie, and who was first with what."""

    def read(self, products: Collection[tuple[str, str]], fingerprints: Collection[str] = ()) -> Kept:
        """Verdicts of (supplier id, product id), and first holders of fingerprints; consistently, in one call."""
        ...

    def write(self, rulings: Sequence[Ruling]) -> bool:
        """Write all of them with their events, or none; False if anything has changed since it was read."""
        ...

    def replace(self, verdict: Verdict, before: Verdict) -> bool:
        """Write one verdict with its event over `before`; False if that has changed."""
        ...

    def waiting(self, after: str, limit: int) -> tuple[list[Verdict], str | None]:
        """At most `limit` verdicts that await a person, oldest first, after the place `after`; and the place to go on from, if any."""
        ...


class AuditService:
    """Audits submissions and takes decisions and appeals."""

    def __init__(self, store: Verdicts, lists_for: ListsFor, clock: Clock, retry: Retry) -> None:
        self._store, self._lists_for, self._clock, self._retry = store, lists_for, clock, retry

    def apply_rules(self, events: Sequence[ProductSubmitted]) -> None:
        """Give every submission its verdict; of several versions of a product the newest is audited, and none twice.

        At most MAX_TOGETHER events. If another worker comes between, they are audited one at a time. Raises Unavailable if a
        list is missing and ChangedMeanwhile if a single product is contended: both are to be tried again.
        """
        newest = {event.product_id: event for event in sorted(events, key=lambda event: event.version)}
        lists = self._lists_for({base_language(tag) for event in newest.values() for tag in event.product.texts})
        try:
            self._rule(list(newest.values()), lists)
        except Contended:
            for event in newest.values():
                self._rule_alone(event, lists)

    def _rule_alone(self, event: ProductSubmitted, lists: OperatorLists) -> None:
        self._retry(lambda: self._rule([event], lists), ChangedMeanwhile)

    def _rule(self, events: Sequence[ProductSubmitted], lists: OperatorLists) -> None:
        if not self._store.write(self.rulings(events, lists)):
            raise Contended

    def rulings(self, events: Sequence[ProductSubmitted], lists: OperatorLists) -> list[Ruling]:
        """What the rules say of `events` beside what is kept; nothing of versions that have their verdict."""
        listed = [event for event in events if event.product.status == "active"]
        prints = {event.product_id: fingerprint_of(event.product) for event in listed}
        formers = {event.product_id: former_fingerprint_of(event.product) for event in listed}
        verdicts, holders = self._store.read([(e.supplier_id, e.product_id) for e in events], {*prints.values(), *formers.values()})
        fresh = [e for e in events if e.product_id not in verdicts or verdicts[e.product_id].version < e.version]
        standing = self._standing(holders.values(), prints)
        rulings, taken = [], dict(standing)
        for event in fresh:
            before = verdicts.get(event.product_id)
            if event.product_id not in prints:
                rulings.append(Ruling(verdict_of_delisting(event, before, rfc3339(self._clock())), before, None))
                continue
            fingerprint, former = prints[event.product_id], formers[event.product_id]
            own = FirstHolder(fingerprint, event.product_id, event.supplier_id, event.product.sku)
            first = taken.setdefault(fingerprint, standing.get(former, own))
            findings = [*findings_of(event.product, lists), *_duplicates(event, first)]
            verdict = verdict_by_rules(event, fingerprint, findings, _renewed(before, former, fingerprint), rfc3339(self._clock()))
            is_new = first.product_id == event.product_id and fingerprint not in standing
            rulings.append(Ruling(verdict, before, first if is_new else None, holders.get(fingerprint) if is_new else None))
        return rulings

    def _standing(self, holders: Iterable[FirstHolder], own: Mapping[str, str]) -> dict[str, FirstHolder]:
        """The first holders whose product still is what it was; read only where one is another product."""
        holders = list(holders)
        others = [h for h in holders if own.get(h.product_id) != h.fingerprint]
        verdicts, _ = self._store.read([(h.supplier_id, h.product_id) for h in others]) if others else ({}, {})
        gone = {h.fingerprint for h in others if h.product_id in own or not _holds(verdicts.get(h.product_id), h)}
        skus = {product_id: verdict.product.sku for product_id, verdict in verdicts.items()}
        return {h.fingerprint: replace(h, sku=skus.get(h.product_id, "")) for h in holders if h.fingerprint not in gone}

    def verdict(self, supplier_id: str, product_id: str) -> Verdict:
        """The newest verdict on a supplier's product. Raises NotFound."""
        is_id = re.fullmatch(ID_PATTERN, product_id) is not None
        verdicts, _ = self._store.read([(supplier_id, product_id)] if is_id else [])
        if product_id not in verdicts:
            raise NotFound("there is no verdict on this product yet, or it is not yours")
        return verdicts[product_id]

    def named_by(self, verdict: Verdict) -> Verdict | None:
        """The product of which the rules found this one to be a double; None where they did not, or it is one no more."""
        if all(finding.code != DUPLICATE for finding in verdict.findings):
            return None
        _, holders = self._store.read((), {verdict.fingerprint, former_fingerprint_of(verdict.product)})
        others = [(each.supplier_id, each.product_id) for each in holders.values() if each.product_id != verdict.product_id]
        verdicts, _ = self._store.read(others) if others else ({}, {})
        return next(iter(verdicts.values()), None)

    def pages_waiting(self, limit: int) -> Read[Verdict]:
        """What awaits a person, oldest first; a page may be shorter than `limit` and have a next."""

        def page(at: Position | None) -> tuple[list[Verdict], Position | None]:
            found, place = self._store.waiting(str(at["after"]) if at else "", limit)
            return found, {"after": place} if place else None

        return page

    def decide(self, supplier_id: str, product_id: str, decision: Decision) -> Verdict:
        """Take a person's decision; sent again, it is answered alike. Raises NotFound, OwnProduct, VersionMovedOn, AlreadyDecided,
        ChangedMeanwhile.
        """
        return self._change(supplier_id, product_id, lambda held: verdict_by_person(held, decision, rfc3339(self._clock())))

    def appeal(self, supplier_id: str, product_id: str, reason: str, request: Idempotency) -> Verdict:
        """Send a refusal to a person. Raises NotFound, NotRefused, AppealedBefore, KeyReused, ChangedMeanwhile."""
        return self._change(supplier_id, product_id, lambda held: verdict_after_appeal(held, reason, request, rfc3339(self._clock())))

    def _change(self, supplier_id: str, product_id: str, step: Callable[[Verdict], Verdict]) -> Verdict:
        """The verdict one step on. Who lost a race looks again: it may be the own write that was repeated, or the same request."""

        def attempt() -> Verdict:
            held = self.verdict(supplier_id, product_id)
            after = step(held)
            if after is not held and not self._store.replace(after, held):
                raise Contended
            return after

        return self._retry(attempt, ChangedMeanwhile)


def _duplicates(event: ProductSubmitted, first: FirstHolder) -> list[Finding]:
    """What another supplier sells by the same codes, in the same words, is one more offer of it, and no double."""
    is_offer = first.supplier_id != event.supplier_id and is_identified(event.product)
    if first.product_id == event.product_id or is_offer:
        return []
    return [duplicate_of(first, event.supplier_id)]


def _renewed(before: Verdict | None, former: str, fingerprint: str) -> Verdict | None:
    """`before` with today's fingerprint, if it has the former one of the same content."""
    return replace(before, fingerprint=fingerprint) if before and before.fingerprint == former else before


def _holds(verdict: Verdict | None, holder: FirstHolder) -> bool:
    return verdict is not None and verdict.fingerprint == holder.fingerprint and verdict.holds_content
