"""A condition that is made into a function judges as the emulator's own does, word for word, and leaves to it what it does not know."""

from itertools import product
from typing import Any

import pytest
from ministack.services import dynamodb

from local.mendings.dynamodb.conditions import judge, judged_by_emulator

ITEMS: list[dict[str, Any]] = [
    {}, {"a": {"S": "x"}}, {"a": {"S": "xy"}, "b": {"S": "x"}}, {"a": {"N": "2"}, "b": {"N": "2.0"}}, {"a": {"N": "10"}, "b": {"S": "10"}},
    {"a": {"BOOL": True}}, {"a": {"NULL": True}}, {"a": {"L": []}, "b": {"M": {"c": {"S": "x"}}}}, {"a": {"B": "eA=="}, "b": {"SS": ["x"]}},
]  # fmt: skip
VALUES = {":x": {"S": "x"}, ":n": {"N": "2"}, ":t": {"BOOL": True}, ":none": {"NULL": True}, ":b": {"B": "eA=="}}
NAMES = {"#a": "a", "#name": "b"}
MADE = [
    "a = :x", "#a <> :x", "a < :n", "a >= :n", "a = b", "a <> #name", "attribute_exists(a)", "attribute_not_exists(#name)",
    "begins_with(a, :x)", "begins_with(b, :x)", "NOT a = :x", "a = :x AND b = :x", "a = :x OR b = :n", "a = :x OR b = :n AND a > :n",
    "NOT (a = :x OR attribute_exists(b)) AND a <> :none", "a = :missing", "#unknown = :x", "a <= :b", "a = :t", "a<:x", "(a = :x)",
]  # fmt: skip
LEFT = ["a BETWEEN :n AND :x", "size(a) > :n", "contains(a, :x)", "attribute_type(a, :x)", "b.c = :x", "a[0] = :x", "a IN (:x, :n)",
        "a = ", "((a = :x))", "a = :x b", "name = :x", "a", "", "a ? b", "(a = :x"]  # fmt: skip


def judged(expression: str, item: dict[str, Any], by: Any) -> Any:
    """The answer, or the words of the error."""
    try:
        return bool(by(expression, item, VALUES, NAMES))
    except ValueError as error:
        return str(error)


@pytest.mark.parametrize("expression", MADE)
def test_what_is_made_judges_as_the_emulator_does(expression: str):
    made = judge(expression, "ConditionExpression")
    assert made is not None
    for item in ITEMS:
        own = judged(expression, item, judged_by_emulator)
        try:
            assert bool(made(item, VALUES, NAMES)) == own, item
        except KeyError:  # the emulator is asked then
            assert "begins_with" in expression


@pytest.mark.thorough
def test_two_conditions_together_judge_as_the_emulator_does():
    for (one, other), how in product(product(MADE, MADE), ("AND", "OR")):
        expression = f"({one}) {how} {other}"
        made = judge(expression, "FilterExpression")
        if made is not None:
            for item in ITEMS[:5]:
                try:
                    found = bool(made(item, VALUES, NAMES))
                except KeyError:
                    continue
                assert found == judged(expression, item, judged_by_emulator), (expression, item)


def test_who_is_compared_with_is_the_emulators_own_though_another_test_put_ours_in_its_place():
    assert judged_by_emulator.__module__ == dynamodb.__name__


@pytest.mark.parametrize("expression", LEFT)
def test_what_it_does_not_know_is_left_to_the_emulator(expression: str):
    assert judge(expression, "ConditionExpression") is None
