"""What the kit prints at the end: each check, what became of it, and against which stand-in."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WORDS = {"passed": "passed", "failed": "FAILED", "xfailed": "expected failure", "skipped": "not applicable"}


@dataclass(frozen=True)
class Result:
    """One check's outcome: passed, failed, xfailed or skipped; `reason` for the last two."""

    group: str
    check: str
    outcome: str
    reason: str = ""


def lines(plugin: str, standin: str, results: Sequence[Result]) -> Iterable[str]:
    """The table: a line for each group of checks, each expected failure with its reason, each reason why others do not apply, the sums."""
    yield f"{plugin} against {standin}"
    for group in dict.fromkeys(result.group for result in results):
        counted = Counter(result.outcome for result in results if result.group == group)
        told = ", ".join(f"{counted[outcome]} {word}" for outcome, word in WORDS.items() if counted[outcome])
        yield f"  {group:<12} {told}"
    for result in results:
        if result.outcome == "xfailed":
            yield f"  {WORDS['xfailed']}: {result.check}: {result.reason}"
    skipped = [result for result in results if result.outcome == "skipped"]
    for reason in dict.fromkeys(result.reason for result in skipped):
        checks = [result.check for result in skipped if result.reason == reason]
        more = f" and {len(checks) - 1} more" if len(checks) > 1 else ""
        yield f"  {WORDS['skipped']}, because {reason}: {checks[0]}{more}"
    total = Counter(result.outcome for result in results)
    yield "  " + ", ".join(f"{total[outcome]} {word}" for outcome, word in WORDS.items() if total[outcome])
