"""The dashboard's figures: orders and money as the bus tells of them, and nothing of test mode."""

import json
import re
from typing import Any

import pytest

from functions.publish.bootstrap import Services, Settings
from functions.publish.figures import COUNTED, MONEY, NAMESPACE, figures, lines
from infra.templates import template
from shared.subscribers import MESSAGES
from tests.fakes import NOON


def event(kind: str, **data: Any) -> str:
    return json.dumps({"type": f"monsoon.order.{kind}.v1", "data": {"currency": "EUR"} | data})


def test_orders_are_counted_and_money_is_summed_by_currency():
    told = [event("placed", total=5), event("paid", total=900), event("paid", total=200, currency="JPY"), event("refunded", amount=40)]
    assert figures(told) == {
        ("OrdersPlaced", ""): 1, ("OrdersPaid", ""): 2, ("OrdersRefunded", ""): 1, ("Paid", "EUR"): 900, ("Paid", "JPY"): 200,
        ("Refunded", "EUR"): 40,
    }  # fmt: skip


def test_an_order_that_is_paid_anew_brings_what_it_regains():
    assert figures([event("paid", total=900, regained=100), event("payment_lost", amount=100)])["Paid", "EUR"] == 100


def test_nothing_of_test_mode_is_counted():
    assert not figures([event("paid", total=900, test=True), json.dumps({"type": "monsoon.offer.published.v1", "data": {}})])


def test_an_event_that_lacks_what_is_shown_of_it_stops_nothing():
    assert figures([json.dumps({"type": "monsoon.order.paid.v1", "data": {"total": 9}})]) == {("OrdersPaid", ""): 1}


def test_a_line_is_what_cloudwatch_reads():
    """It names its dimensions and metrics, and holds the value of each under that name."""
    written = [json.loads(line) for line in lines(figures([event("paid", total=900)]), "prod", NOON)]
    assert [line["_aws"]["CloudWatchMetrics"][0]["Dimensions"] for line in written] == [[["Stage"]], [["Stage", "Currency"]]]
    for line in written:
        (directive,) = line["_aws"]["CloudWatchMetrics"]
        assert directive["Namespace"] == NAMESPACE
        assert line["_aws"]["Timestamp"] == int(NOON.timestamp() * 1000)
        assert {line[name] for (name,) in (m.values() for m in directive["Metrics"])} in ({1}, {900})
        assert all(line[name] for name in directive["Dimensions"][0])


@pytest.mark.parametrize(("asked", "written"), [("yes", 2), ("no", 0)])
def test_nothing_is_written_where_no_dashboard_shows_it(asked: str, written: int):
    """A metric of one's own costs $0.30 a month."""
    said: list[str] = []
    Services(Settings("topic", "prod", asked), say=said.append, clock=lambda: NOON).count([event("paid", total=900)])
    assert len(said) == written


@pytest.mark.parametrize("kind", sorted(COUNTED | MONEY))
def test_the_fields_that_are_summed_are_the_events_own(kind: str):
    fields = MESSAGES[kind].model_fields
    assert fields["currency"].is_required()
    assert set(MONEY.get(kind, ("", ()))[1]) <= set(fields)


def test_the_dashboard_shows_every_figure_and_no_other():
    body = template("infra/dashboard.yaml")["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    widgets = {widget["properties"]["title"]: widget["properties"]["metrics"] for widget in json.loads(body)["widgets"]}
    counted = {metric[1] for metrics in widgets.values() for metric in metrics if metric[0] == NAMESPACE}
    summed = {metric[0]["expression"].split('MetricName="')[1].split('"')[0] for metric in widgets["Money, in minor units"]}
    assert counted == set(COUNTED.values())
    assert summed == {name for name, _ in MONEY.values()}


LONGEST = {"Stage": "p" * 16, "Region": "ap-southeast-2"}
SEARCH = 1024
"""Letters: docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html"""


def named(variable: str) -> str:
    """As long as CloudFormation makes the name of a nested stack's resource."""
    return LONGEST.get(variable, f"monsoon-{'p' * 16}-Tables-{'X' * 13}-{variable}-{'X' * 13}")


def test_a_search_of_the_dashboard_is_no_longer_than_cloudwatch_takes_whatever_the_stages_name():
    body = template("infra/dashboard.yaml")["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    filled = json.loads(re.sub(r"\$\{(\w+)\}", lambda found: named(found[1]), body))
    metrics = [metric[0] for widget in filled["widgets"] for metric in widget["properties"]["metrics"] if isinstance(metric[0], dict)]
    searches = [metric["expression"] for metric in metrics if "SEARCH" in metric["expression"]]
    assert len(searches) == 3 + 2 * 4, "what tables took is asked by halves"
    assert max(map(len, searches)) <= SEARCH
