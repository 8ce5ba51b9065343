"""Each deliberate bug is caught by the seed that is recorded for it, and by the invariant that the table names."""

import pytest

from simulation.mutants.__main__ import hunt
from simulation.mutants.catalogue.all import MUTANTS
from simulation.mutants.catalogue.recorded import RECORDED
from simulation.mutants.mutant import Mutant


@pytest.mark.thorough
@pytest.mark.parametrize("mutant", MUTANTS.values(), ids=MUTANTS)
def test_a_deliberate_bug_is_caught_by_its_recorded_seed(mutant: Mutant):
    found = hunt(mutant, RECORDED[mutant.name][0], 1)
    assert (found.seed, found.invariant) == RECORDED[mutant.name]


def test_every_mutant_changes_a_passage_of_the_code_as_it_is_today():
    for mutant in MUTANTS.values():
        assert mutant.after in mutant.source(), mutant.name


def test_there_are_at_least_thirty_and_each_was_found():
    assert len(MUTANTS) >= 30
    assert MUTANTS.keys() == RECORDED.keys()
