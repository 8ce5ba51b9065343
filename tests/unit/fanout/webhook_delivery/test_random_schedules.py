"""Sites that keep the greatest sequence of each product end level with the hub, whatever happens on the way (see model.py)."""

from tests.examples import examples
from tests.unit.fanout.webhook_delivery.model import converges


def test_sites_converge_over_random_schedules_of_changes_rules_rates_outages_and_dying_workers():
    for seed in range(examples(250)):
        for held, wanted in converges(seed):
            assert held == wanted, seed
