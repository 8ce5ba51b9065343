"""Each deliberate bug is caught by the seed that is recorded for it, and by the invariant that the table names."""

import pytest

from simulation.mutants.__main__ import hunt
from simulation.mutants.catalogue import MUTANTS
from simulation.mutants.mutant import Mutant


@pytest.mark.thorough
@pytest.mark.parametrize("mutant", MUTANTS.values(), ids=MUTANTS)
def test_a_deliberate_bug_is_caught_by_its_recorded_seed(mutant: Mutant):
    found = hunt(mutant, mutant.seed, 1)
    assert (found.seed, found.invariant) == (mutant.seed, mutant.invariant)


def test_every_mutant_changes_one_passage_of_the_code_as_it_is_today():
    for mutant in MUTANTS.values():
        assert mutant.source() != (mutant.before, mutant.after), mutant.name


def test_there_are_at_least_thirty():
    assert len(MUTANTS) >= 30
