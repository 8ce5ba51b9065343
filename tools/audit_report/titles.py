"""`python -m tools.audit_report` runs the audit's rules over real shops' titles and says what becomes of them, and why.

The lists are the full ones of ../shared/data, which are longer than an operator would load: the figures are an upper bound.
"""

import argparse
import csv
import gzip
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from functions.audit.rules.finding import Finding
from functions.audit.rules.operator_lists import OperatorLists, read_categories, read_goods, read_words
from functions.audit.rules.rulebook import findings_of
from hubclient.reference.documents import document
from monsoon_plugin.money import Amount
from shared.trade.product import Product, Size, Text

DATA = Path(__file__).parents[3] / "shared" / "data"
HARMLESS = Path(__file__).parents[2] / "demo" / "reference" / "harmless.en.txt"
EXAMPLES = 4
MAX_DESCRIPTION = 5000


@dataclass(frozen=True)
class Title:
    """What a shop wrote of a product."""

    title: str
    description: str = ""
    language: str = "en"


@dataclass
class Outcome:
    """What became of one source's titles: how many, and examples of each (severity, code)."""

    titles: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    codes: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))

    def note(self, title: Title, findings: tuple[Finding, ...]) -> None:
        self.titles += 1
        self.verdicts[_verdict(findings)] += 1
        for key, finding in {(finding.severity, finding.code): finding for finding in reversed(findings)}.items():
            self.codes[key] += 1
            self.examples[key].append(f"{title.title[:60]!r}: {finding.evidence[:90]}")


def _verdict(findings: tuple[Finding, ...]) -> str:
    return "approved" if not findings else "refused" if findings[0].severity == "refuse" else "review"


def _rows_of(kind: str, files: Sequence[Path], weight: str = "review") -> list[Any]:
    rows = document(kind, files, weight)
    assert isinstance(rows, list), "exchange rates are no list of rows"
    return rows


def full_lists(data: Path) -> OperatorLists:
    """Every list that there is in English and Chinese: profanity asks for a person, household words are let through."""
    english = [data / "words/ldnoobw/en", data / "words/google-profanity/data/en.txt"]
    chinese = [data / "words/ldnoobw/zh", data / "words/google-profanity/data/zh.txt"]
    weapons = _rows_of("words", sorted((data / "words/sensitive-zh/Vocabulary").glob("*.txt")), "refuse")
    words = {
        "en": read_words(_rows_of("words", english) + _rows_of("words", [HARMLESS])),
        "zh": read_words(_rows_of("words", chinese) + weapons),
    }
    goods, numbers = read_goods(_rows_of("dangerous-goods", [data / "dangerous-goods/un_numbers.csv"]))
    return OperatorLists(read_categories(_rows_of("taxonomy", [data / "taxonomy/en/categories.txt"])), words, goods, numbers)


def sources(data: Path) -> dict[str, list[Title]]:
    """Real titles, each once, by where they come from."""
    return {
        "online-retail": _once(Title(row["Description"].strip()) for row in _rows(data / "online-retail/dev_2010-12_2011-08.csv.gz")),
        "spree": _once(Title(row["name"], row["description"]) for row in _rows(data / "feeds/spree/products.csv")),
        "saleor": _once(_saleor(data / "feeds/saleor/populatedb_data.json")),
        "abt": _once(Title(row["name"], row["description"]) for row in _rows(data / "duplicates/abt-buy/abt.csv", "|")),
        "buy": _once(Title(row["name"], row["description"]) for row in _rows(data / "duplicates/abt-buy/buy.csv", "|")),
        "taxonomy zh-CN": _once(
            Title(name.rpartition(" > ")[2], language="zh") for _, name in _rows_of("taxonomy", [data / "taxonomy/zh-CN/categories.txt"])
        ),
    }


def audited(titles: Iterable[Title], lists: OperatorLists) -> Outcome:
    """What the rules make of `titles`, each as a product that has nothing else wrong with it."""
    outcome = Outcome()
    for title in titles:
        outcome.note(title, findings_of(_product(title), lists))
    return outcome


def _product(title: Title) -> Product:
    text = Text(title=title.title[:200], description=title.description[:MAX_DESCRIPTION])
    return Product(
        sku="-", texts={title.language: text}, category="hg", price=Amount(amount=1000, currency="GBP"), stock=1, weight=100,
        size=Size(length=100, width=100, height=100), hs_code="000000", origin="GB",
    )  # fmt: skip


def _rows(path: Path, delimiter: str = ",") -> Iterator[dict[str, str]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", errors="replace", newline="") as file:
        yield from csv.DictReader(file, delimiter=delimiter)


def _saleor(path: Path) -> Iterator[Title]:
    for entry in json.loads(path.read_text()):
        if entry["model"] == "product.product":
            yield Title(entry["fields"]["name"], entry["fields"]["description_plaintext"])


def _once(titles: Iterable[Title]) -> list[Title]:
    """Each title once, by its words; those without any are no products."""
    return list({title.title: title for title in titles if title.title.strip()}.values())


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.audit_report", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="the folder of real inputs (default: %(default)s)")
    parser.add_argument("--examples", type=int, default=EXAMPLES, help="titles to show of each reason (default: %(default)s)")
    asked = parser.parse_args()
    if not asked.data.is_dir():
        sys.exit(f"{asked.data} is not there: say --data")
    lists = full_lists(asked.data)
    print(f"{'source':16}{'titles':>8}{'approved':>10}{'review':>8}{'refused':>9}")
    for name, titles in sources(asked.data).items():
        outcome = audited(titles, lists)
        counts = outcome.verdicts
        print(f"{name:16}{outcome.titles:8}{counts['approved']:10}{counts['review']:8}{counts['refused']:9}")
        for (severity, code), count in outcome.codes.most_common():
            print(f"    {severity} {code}: {count}")
            for example in outcome.examples[severity, code][: asked.examples]:
                print(f"        {example}")
