"""A failing schedule, made smaller: acts and kinds of faults are left out as long as it still breaks the same invariant."""

from simulation.result import Result
from simulation.schedule import run

MOST_TRIES = 120


def shrunk(result: Result) -> tuple[Result, frozenset[str]]:
    """The smallest schedule found that breaks what `result` breaks first, and what it does without."""
    wanted, without, tries = result.violations[0].invariant, frozenset[str](), 0
    smaller = True
    while smaller and tries < MOST_TRIES:
        smaller = False
        for part in result.parts:
            if part in without or tries >= MOST_TRIES:
                continue
            tries += 1
            tried = run(result.seed, without | {part})
            if any(violation.invariant == wanted for violation in tried.violations):
                result, without, smaller = tried, without | {part}, True
    return result, without
