"""docs/operators.md says what the template has."""

import json
import re

import pytest

from infra.templates import template
from tests.conftest import ROOT
from tests.contract.deployed.translation import of

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


PRICES = {"million write units": "0.625", "million read units": "0.125", "REST API": "3.50", "GB-second": "0.0000133334"}


def test_the_dashboards_prices_are_the_pages():
    body = json.dumps(template("infra/dashboard.yaml")["Resources"]["Dashboard"]["Properties"])
    for unit, price in {
        "million write units": "0.625",
        "million read units": "0.125",
        "REST API": "3.50",
        "GB-second": "0.0000133334",
    }.items():
        assert unit in PAGE
        assert f"${price}" in PAGE
        assert f"*{price.removesuffix('0')}/" in body
