"""The sweep of webhooks: nothing that fails keeps the other subscriptions waiting."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from functions.fanout.webhook_delivery.retry_sweep import SPARE, RetrySweep
from tests.unit.fanout.webhook_delivery.model import Hub


@pytest.fixture
def hub() -> Hub:
    """Three subscriptions that are due to be tried again."""
    made = Hub(random.Random(1), sites=3, rough=False)
    for subscription in made.subscriptions:
        held = made.store.find(subscription.tenant, subscription.id)
        assert held
        assert made.store.replace(held.stopped(made.clock.now).resumed(made.clock.now))
    made.clock.tick(hours=13)
    return made


class Sent(list[Any]):
    """Jobs that were sent; the first of them, `failing`, are not taken."""

    failing = 0

    def send(self, jobs: Sequence[Any], delay: Any = None) -> None:
        if self.failing:
            self.failing -= 1
            raise ConnectionError
        self.extend(jobs)


def test_rates_that_cannot_be_had_keep_no_subscription_waiting(hub: Hub) -> None:
    def no_rates(day: str) -> Any:
        raise LookupError("no rates")

    sent = Sent()
    with pytest.raises(ExceptionGroup, match="1 of 4"):
        replace(hub.sweep, rates=no_rates, catchups=sent).run()
    assert len(sent) == 3


def test_a_subscription_that_cannot_be_sent_keeps_no_other_waiting_and_is_tried_again_after_its_lease(hub: Hub) -> None:
    sent = Sent()
    sent.failing = 1
    sweep: RetrySweep = replace(hub.sweep, catchups=sent)
    with pytest.raises(ExceptionGroup, match="1 of 4"):
        sweep.run()
    assert len(sent) == 2
    hub.clock.tick(hours=13)
    assert sweep.run() == 3


def test_what_there_is_no_time_for_stays_due(hub: Hub) -> None:
    left = iter([SPARE, SPARE, SPARE - timedelta(seconds=1)])
    assert replace(hub.sweep, catchups=Sent()).run(lambda: next(left)) == 1
    assert replace(hub.sweep, catchups=Sent()).run() == 2
