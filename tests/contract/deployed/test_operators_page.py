"""docs/operators.md says what the template has."""

import json
import re

import pytest

from infra.templates import template
from tests.conftest import ROOT
from tests.contract.deployed.translation import of
from tools.costs.prices import Prices

PAGE = (ROOT / "docs/operators.md").read_text()
ALARMS = {name: made["Properties"] for name, made in of("AWS::CloudWatch::Alarm").items()}


@pytest.mark.parametrize("name", template()["Parameters"])
def test_every_parameter_is_on_the_operators_page(name: str):
    assert f"`{name}`" in PAGE


@pytest.mark.parametrize("name", [name for name in ALARMS if not name.endswith("Died")])
def test_every_alarm_is_on_the_operators_page(name: str):
    assert f"`{name}`" in PAGE


def test_what_the_alarms_cost_is_what_the_page_says():
    """A price is of a metric, not of an alarm; a query over all tables counts as one while nothing is throttled."""
    watched = [1 if "MetricName" in one or len(one["Metrics"]) == 1 else len(one["Metrics"]) - 1 for one in ALARMS.values()]
    (told,) = re.findall(r"\| `Alarms=yes` \| \$([\d.]+): (\d+) metrics", PAGE)
    assert told == (f"{sum(watched) * 0.1:.2f}", str(sum(watched)))


PRICES = {"dynamodb_million_wru": 1_000_000, "dynamodb_million_rru": 1_000_000, "api_million_requests": 1_000_000,
          "lambda_million_requests": 1_000_000, "lambda_gb_second_arm64": 1000, "sqs_million_requests": 1_000_000}  # fmt: skip
"""A price of the dated file → how many of what the dashboard counts cost it: functions' time is in milliseconds."""


@pytest.mark.parametrize("name", PRICES)
def test_the_dashboard_counts_by_the_dated_prices(name: str):
    body = json.dumps(template("infra/dashboard.yaml")["Resources"]["Dashboard"]["Properties"])
    price = f"{Prices.load().of[name]:.10f}".rstrip("0").removesuffix(".")
    assert f"*{price}/{PRICES[name]}" in body
