"""Products, lists and a store in memory for audit's tests."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from functions.audit.rules.operator_lists import OperatorLists, read_goods, read_words
from functions.audit.verdicts.audit_service import AuditService, Verdicts
from functions.audit.verdicts.ruling import FirstHolder, Kept, Ruling
from functions.audit.verdicts.verdict import Verdict
from monsoon_plugin.clock import Clock
from shared.api.idempotency import Idempotency
from shared.ids import derived_id
from shared.messages import ProductSubmitted
from shared.optimistic_retry import AT_ONCE
from shared.trade.product import Product

WORDS_EN = [
    ("pistol", "review"),
    ("water pistol", "allow"),
    ("ass", "review"),
    ("balls", "review"),
    ("brass knuckles", "refuse"),
    ("s&m", "review"),
]
WORDS_ZH = [("军用", "review"), ("日", "review"), ("手枪", "review"), ("玩具手枪", "allow"), ("冰毒", "refuse"), ("c4炸药", "refuse")]
GOODS = [
    ("matches", "1331", "4.1"),
    ("paint", "1263", "3"),
    ("flash powder", "0094", "1"),
    ("fireworks", "0336", "1"),
    ("烟花爆竹", "0336", "1"),
]
LISTS = OperatorLists(frozenset({"hg", "hg-3-67"}), {"en": read_words(WORDS_EN), "zh": read_words(WORDS_ZH)}, *read_goods(GOODS))


def product(title: str = "Walnut bowl", description: str = "", **changes: Any) -> Product:
    body = {
        "sku": "SKU-1", "texts": {"en": {"title": title, "description": description}}, "category": "hg",
        "price": {"amount": 1000, "currency": "GBP"}, "stock": 3, "weight": 400, "size": {"length": 20, "width": 20, "height": 8},
        "hs_code": "441990", "origin": "CN",
    }  # fmt: skip
    return Product.model_validate(body | changes)


def submitted(what: Product | None = None, supplier: str = "acc_1", version: int = 1) -> ProductSubmitted:
    what = what or product()
    product_id = derived_id("prd", supplier, what.sku)
    return ProductSubmitted(
        version=version, product_id=product_id, supplier_id=supplier, product=what, submitted_at="2026-11-01T12:00:00.000Z"
    )


def request(key: str = "k", fingerprint: str = "f") -> Idempotency:
    return Idempotency(key, "acc_1 POST /appeal", fingerprint)


@dataclass
class FakeVerdicts:
    """Verdicts in memory; `rivals` are run, one each, before the next writes, as another worker would."""

    verdicts: dict[str, Verdict] = field(default_factory=dict)
    holders: dict[str, FirstHolder] = field(default_factory=dict)
    rivals: list[Any] = field(default_factory=list)
    writes: int = 0

    def read(self, products: Collection[tuple[str, str]], fingerprints: Collection[str] = ()) -> Kept:
        held = {i: self.verdicts[i] for s, i in products if i in self.verdicts and self.verdicts[i].supplier_id == s}
        return held, {print_: self.holders[print_] for print_ in fingerprints if print_ in self.holders}

    def write(self, rulings: Sequence[Ruling]) -> bool:
        if rulings and self.rivals:
            self.rivals.pop(0)()
        if any(self.verdicts.get(r.verdict.product_id) != r.before for r in rulings):
            return False
        if any(r.first and self.holders.get(r.first.fingerprint) != r.replaced for r in rulings):
            return False
        for ruling in rulings:
            self.verdicts[ruling.verdict.product_id] = ruling.verdict
            self.writes += 1
            if ruling.first:
                self.holders[ruling.first.fingerprint] = ruling.first
                self.writes += 1
        return True

    def replace(self, verdict: Verdict, before: Verdict) -> bool:
        if self.rivals:
            self.rivals.pop(0)()
        if self.verdicts.get(verdict.product_id) != before:
            return False
        self.verdicts[verdict.product_id] = verdict
        return True

    def waiting(self, after: str, limit: int) -> tuple[list[Verdict], str | None]:
        return [], None


def audit_service(store: Verdicts, clock: Clock) -> AuditService:
    return AuditService(store, lambda languages: LISTS, clock, AT_ONCE)
