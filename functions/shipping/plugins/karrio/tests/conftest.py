"""The stand-ins of Karrio's carriers, with all that they hear, and a merchant's calls."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from conformance.courier.courier_under_trial import address_in, parcel_of
from functions.shipping.plugins.karrio.fedex.standin import Fedex as FedexStandin
from functions.shipping.plugins.karrio.mydhl.standin import Mydhl as MydhlStandin
from functions.shipping.plugins.karrio.plugin import Karrio
from functions.shipping.plugins.karrio.ups.standin import Ups as UpsStandin
from monsoon_plugin.courier import RateRequest
from monsoon_plugin.plugin import Ctx
from monsoon_plugin.standin import Asked, Reply, serving


@pytest.fixture
def heard() -> list[Asked]:
    return []


@pytest.fixture
def ups_at(heard: list[Asked]) -> Iterator[str]:
    yield from recorded(UpsStandin(), heard)


@pytest.fixture
def fedex_at(heard: list[Asked]) -> Iterator[str]:
    yield from recorded(FedexStandin(), heard)


@pytest.fixture
def mydhl_at(heard: list[Asked]) -> Iterator[str]:
    yield from recorded(MydhlStandin(), heard)


def recorded(standin: Any, heard: list[Asked]) -> Iterator[str]:
    def answer(asked: Asked) -> Reply:
        heard.append(asked)
        return standin.answer(asked)

    with serving(answer) as address:
        yield address


def ctx(plugin: Karrio, trial: Any, address: str, mode: Any = "test", seconds: int = 5, **changes: Any) -> Ctx[Any]:
    now, config = datetime.now(UTC), plugin.config_model.model_validate({**trial.TRIAL.config, **changes})
    return Ctx(config=config, base_url=address, deadline=now + timedelta(seconds=seconds), now=now, mode=mode, notify_url="", local=True)


def quote(plugin: Karrio, context: Ctx[Any]) -> list[Any]:
    return list(plugin.rates(context, RateRequest((parcel_of(),), address_in("US"), "USD", 0)))
