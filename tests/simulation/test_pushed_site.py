"""A client site with a webhook believes what is signed, keeps the latest news of each product, and fails while it is away."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest

from monsoon_plugin.signatures import Key, headers, new_secret
from simulation.actors.sites.pushed_site import PushedSite

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SECRET, STRANGERS = (new_secret(lambda n, fill=fill: bytes([fill]) * n) for fill in (1, 2))


class Steady(Random):
    def random(self) -> float:
        return 0.5


def site(sleep: Callable[[float], None] = lambda seconds: None) -> PushedSite:
    nobody: Any = None
    return PushedSite(nobody, nobody, Steady(0), sleep=sleep, now=lambda: NOW, url="https://shop.example.com", secrets=[SECRET])


def send(to: PushedSite, sequence: str, name: str, secret: str = SECRET) -> int | None:
    told = {"product_id": "prd_1", "sequence": sequence, "product": {"name": name}}
    body = json.dumps({"type": "product.changed", "data": {"changes": [told]}}).encode()
    return to.take(headers([Key(secret)], f"msg_{sequence}", int(NOW.timestamp()), body), body)


def test_it_keeps_the_latest_news_of_a_product_whichever_comes_first():
    one = site()
    assert [send(one, sequence, name) for sequence, name in (("2", "later"), ("1", "earlier"), ("2", "later"))] == [200] * 3
    assert one.sells == {"prd_1": {"name": "later"}}
    assert one.heard == {"msg_1", "msg_2"}


def test_what_a_stranger_signed_is_not_believed_and_said():
    one = site()
    assert send(one, "1", "forged", STRANGERS) == 401
    assert (one.sells, one.heard, len(one.wrongs)) == ({}, set(), 1)


def test_after_a_rotation_it_believes_either_secret():
    one = site()
    one.secrets.append(STRANGERS)
    assert [send(one, "1", "by the old", SECRET), send(one, "2", "by the new", STRANGERS)] == [200, 200]


@pytest.mark.parametrize(("failing", "answered"), [(0.4, 200), (0.6, 500)])
def test_it_fails_as_often_as_it_is_told_to(failing: float, answered: int):
    one = site()
    one.failing = failing
    assert send(one, "1", "news") == answered
    assert bool(one.heard) is (answered == 200)


def test_it_takes_nothing_while_it_is_away():
    answered: list[int | None] = []
    one = site(lambda seconds: answered.append(send(one, "1", "news")))
    one.be_away(60)
    assert answered != [200]
    assert one.heard == set()
    assert send(one, "1", "news") == 200


def test_once_it_has_gone_it_takes_nothing_more_though_it_was_away_only_for_a_while():
    one = site(lambda seconds: one.go())
    one.be_away(60)
    assert (send(one, "1", "news") == 200, one.heard, one.gone) == (False, set(), True)
