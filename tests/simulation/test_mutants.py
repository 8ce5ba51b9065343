"""Each deliberate bug is caught by the seed that is recorded for it, and by the invariant that the table names."""

import json
import os
import subprocess
import sys

import pytest

from infra.templates import ROOT
from simulation.mutants.__main__ import hunt
from simulation.mutants.catalogue.all import ALL
from simulation.mutants.catalogue.recorded import RECORDED
from simulation.mutants.mutant import Mutant


@pytest.mark.thorough
@pytest.mark.parametrize("mutant", ALL.values(), ids=ALL)
def test_a_deliberate_bug_is_caught_by_its_recorded_seed(mutant: Mutant):
    found = hunt(mutant, RECORDED[mutant.name][0], 1)
    assert (found.seed, found.invariant) == RECORDED[mutant.name]


@pytest.mark.thorough
def test_no_recorded_seed_breaks_anything_without_its_bug():
    path = os.pathsep.join((str(ROOT), str(ROOT / "sdk")))
    command = [sys.executable, "-W", "ignore", "-m", "simulation.mutants.sound"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env={**os.environ, "PYTHONPATH": path})
    assert json.loads(done.stdout.splitlines()[-1]) == {}


def test_every_mutant_changes_a_passage_of_the_code_as_it_is_today():
    for mutant in ALL.values():
        assert mutant.after in mutant.source(), mutant.name


def test_there_are_at_least_forty_and_each_was_found():
    assert len(ALL) >= 40
    assert ALL.keys() == RECORDED.keys()
