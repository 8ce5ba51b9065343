"""`make costs`: writes docs/operators.md's tables of costs from the counts of `make bench`, the templates and a dated price file.

python -m tools.costs            write them
python -m tools.costs --check    fail if the page does not say what they say
"""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from tools.costs.idle import FEW, MANY, a_later_queue, lines
from tools.costs.prices import Prices
from tools.costs.work import ONE_EACH, WORKS, asked, by_entry, cost, counted

PAGE = Path(__file__).parents[2] / "docs" / "operators.md"
BEGIN, END = "<!-- written by make costs -->\n", "<!-- until here -->\n"


def tables() -> str:
    """Both tables and what they rest on."""
    prices, counts = Prices.load(), counted()
    file, day = f"`bench/prices-{prices.read}.json`", counts["measured"].split(",")[0]
    said = f"{prices.region}, on demand, first tier, without free tiers; prices read in {prices.read} ({file}, with its sources)."
    return f"{said}\nUnits and calls counted on {day}.\n\n{_work(prices)}\n{_calls()}\n{_month(prices)}"


def _work(prices: Prices) -> str:
    heads = ("", "Write units", "Read units", "DynamoDB", "API", "Lambda", "SNS, SQS", "Sum")
    costs = [cost(work, prices, counted()) for work in WORKS]
    rows = [
        (c.work.title, f"{c.writes:g} each", f"{c.reads:g}", *map(_four, (c.dynamodb, c.api, c.functions, c.messages)), f"**${c.sum:.3f}**")
        for c in costs
    ]
    return _table(heads, [*rows, ("1,000,000 list pages, nothing read before", "", "", "", "", "", "", f"**${1000 * costs[-1].sum:.2f}**")])


def _calls() -> str:
    """What one of each asks of AWS, and who asks what of a checkout."""
    counts = counted()
    heads = ("One of each", "Requests", "Functions' runs", "DynamoDB's calls", "Events to SNS", "Messages from SQS")
    rows = [
        (one.work.title, *map(str, (one.work.requests, one.runs, one.dynamodb, one.events, one.messages)))
        for one in (asked(work, counts) for work in ONE_EACH)
    ]
    said = [
        (entry, ", ".join(f"{n} {call.partition('.')[2]}" for call, n in tally["calls"].items()) or "nothing")
        for entry, tally in by_entry(counts).items()
    ]
    return _table(heads, rows) + "\n" + _table(("Of a checkout", "Asks AWS for"), said)


def _month(prices: Prices) -> str:
    found = list(lines(prices))
    asleep = [line for line in found if not line.watching]
    rows = [(line.what, _two(line.dollars), _two(line.worst)) for line in asleep]
    rows.append(("**asleep, in all**", f"**{_two(sum(line.dollars for line in asleep))}**", _two(sum(line.worst for line in asleep))))
    rows += [(line.what, _two(line.dollars), _two(line.worst)) for line in found if line.watching]
    heads = (
        "A month in which nothing happens",
        f"Lambda polls with {FEW}, as AWS says it can; with {MANY} where concurrency is bounded",
        f"With {MANY} everywhere",
    )
    return f"{_table(heads, rows)}\nEach later queue adds {_two(a_later_queue(prices))} while it is idle.\n"


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = list(heads)
    return "".join(f"| {' | '.join(row)} |\n" for row in (heads, ["---"] * len(heads), *rows))


def _four(dollars: float) -> str:
    return f"${dollars:.4f}" if dollars >= 0.00005 else ""


def _two(dollars: float) -> str:
    return f"${dollars:.2f}"


def page(text: str) -> str:
    """The page with the tables as they are now. Raises ValueError if it has lost its marks."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{PAGE.name} has no place for the tables: {BEGIN.strip()} … {END.strip()}")
    return before + BEGIN + tables() + END + after


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.costs", description="the operators' page's tables of costs")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the page is out of date")
    text = PAGE.read_text(encoding="utf-8")
    if parser.parse_args().check:
        if page(text) != text:
            print(
                "docs/operators.md's costs are not what counts, templates and prices say: run `make costs`, and read its diff",
                file=sys.stderr,
            )
            return 1
        return 0
    PAGE.write_text(page(text), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
