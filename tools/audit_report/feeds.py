"""`python -m tools.audit_report.feeds FILE... --say currency=EUR` reads product files as a hub would, audits what they hold, and lists
every fault, review and refusal with its reason. Nothing is sent anywhere.

The lists are those of tools.audit_report, with LDNOOBW's words and the harmless ones in the language of the texts; where there are none,
none is looked for (a hub would ask a person about each). What no column says is said by --say, as by a feed's `constants`.
"""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from functions.audit.rules.finding import Finding
from functions.audit.rules.operator_lists import OperatorLists, base_language, read_words
from functions.audit.rules.rulebook import findings_of
from functions.audit.verdicts.duplicates import duplicate_of, fingerprint_of
from functions.audit.verdicts.ruling import FirstHolder
from functions.uploads.feeds.feed import Fault, FeedHeld, FeedRefused, Row
from functions.uploads.feeds.feed_splitter import kept_lines
from functions.uploads.feeds.product_rows import rows_of
from functions.uploads.feeds.spool import Spool
from functions.uploads.mapping.how_to_read import HowToRead
from functions.uploads.mapping.mapping import Mapping
from functions.uploads.mapping.product_reader import ProductReader, as_faults
from functions.uploads.products.safe_html import with_safe_html
from functions.uploads.products.submission import flaws
from functions.uploads.reading.opened import opened
from functions.uploads.reading.sniffer import Sniffer
from functions.uploads.values.categories import Categories
from hubclient.reference.documents import document
from shared.trade.product import Product
from tools.audit_report.titles import DATA, HARMLESS, full_lists

NOW = "2026-12-01T12:00:00.000Z"
SENDER = "acc_report"


@dataclass
class Report:
    """What becomes of one file's products."""

    mapping: str = ""
    products: int = 0
    faulty: list[tuple[str, list[Fault]]] = field(default_factory=list)
    audited: list[tuple[Product, list[Finding]]] = field(default_factory=list)

    def verdicts(self) -> Counter[str]:
        return Counter("approved" if not found else "refused" if found[0].severity == "refuse" else "review" for _, found in self.audited)


@contextmanager
def rows_in(path: Path, how: HowToRead) -> Iterator[tuple[Mapping, list[str], Iterable[Row], str]]:
    """A file's mapping, columns, rows and decimal mark. A file that a supplier would be asked about is read as is proposed to it.

    Raises FeedRefused.
    """
    sniffer = Sniffer(how.encoding)
    sniffer.see(path.read_bytes())
    with opened(path, sniffer.container, sniffer.encoding()) as lines, tempfile.TemporaryFile() as kept:
        spool = Spool(kept)
        try:
            mapping, columns = kept_lines(lines, spool, how)
        except FeedHeld as held:
            proposal = held.question.get("mapping")
            if proposal is None or how.mapping:
                raise
            again = how.model_copy(update={"mapping": Mapping.model_validate(proposal)})
            with rows_in(path, again) as found:
                yield found
            return
        yield mapping, columns, rows_of(spool, mapping), how.decimal or spool.marks.mark


def report_of(path: Path, how: HowToRead, categories: Categories, lists: OperatorLists) -> Report:
    """Every product of a file, audited as one supplier's. Raises FeedRefused."""
    report, first = Report(), dict[str, str]()
    with rows_in(path, how) as (mapping, columns, rows, mark):
        report.mapping = mapping.name
        reader = ProductReader(mapping, columns, categories, mark, NOW)
        for row in rows:
            report.products += 1
            reading = reader.read(row)
            product = reading.product and with_safe_html(reading.product)
            faults = as_faults([*flaws(product, categories)]) if product else reading.faults
            if product is None or faults:
                report.faulty.append((reading.sku or f"row {row.number}", faults))
                continue
            if product.status == "active":
                found, print_ = list(findings_of(product, lists)), fingerprint_of(product)
                if (other := first.setdefault(print_, product.sku)) != product.sku:
                    found.append(duplicate_of(FirstHolder(print_, other, SENDER), SENDER))
                report.audited.append((product, found))
    return report


def with_words(lists: OperatorLists, data: Path, language: str) -> OperatorLists:
    """The lists with the words of one language more, and its harmless ones."""
    files = [path for path in (data / "words/ldnoobw" / language, HARMLESS.with_name(f"harmless.{language}.txt")) if path.exists()]
    rows = document("words", files, "review") if files else []
    return replace(lists, words={language: read_words(rows), **lists.words})  # type: ignore[arg-type]


def _lines(report: Report, path: Path, only_reasons: bool) -> Iterator[str]:
    counts = report.verdicts()
    yield (
        f"{path.name}: {report.mapping}, {report.products} products, {len(report.faulty)} faulty, {len(report.audited)} on sale: "
        f"{counts['approved']} approved, {counts['review']} review, {counts['refused']} refused"
    )
    for sku, faults in report.faulty:
        yield from (f"    {sku}: {fault.column}: {fault.code}: {fault.detail[:200]}" for fault in faults)
    for product, findings in report.audited:
        title = next(iter(product.texts.values())).title[:60]
        reasons: Sequence[Finding] = findings[:1] if only_reasons else findings
        yield from (f"    {each.severity} {each.code} {each.field} {title!r}: {each.evidence[:160]}" for each in reasons)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.audit_report.feeds", description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--say", action="append", default=[], metavar="FIELD=VALUE", help="what no column says, such as currency=EUR")
    parser.add_argument("--language", default="en", help="of texts whose column names none (default: %(default)s)")
    parser.add_argument("--encoding", help="what the files are encoded in, where that is asked")
    parser.add_argument("--decimal", choices=[".", ","], help="the mark before decimals, where that is asked")
    parser.add_argument("--data", type=Path, default=DATA, help="the folder of real inputs (default: %(default)s)")
    parser.add_argument("--first", action="store_true", help="of each product the first reason alone")
    asked = parser.parse_args()
    said = dict(each.split("=", 1) for each in asked.say)
    how = HowToRead(encoding=asked.encoding, language=asked.language, constants=said, decimal=asked.decimal)
    names = document("taxonomy", [asked.data / "taxonomy/en/categories.txt"])
    lists = with_words(full_lists(asked.data), asked.data, base_language(asked.language))
    for path in asked.files:
        try:
            print(*_lines(report_of(path, how, Categories(names), lists), path, asked.first), sep="\n")
        except FeedRefused as refused:
            print(f"{path.name}: {refused.code}: {refused.detail}", file=sys.stderr)


if __name__ == "__main__":
    main()
