"""A sweep looks at each of many by itself."""

import pytest

from shared.iteration import sweep_each


def test_it_answers_what_each_answered_in_their_order():
    assert sweep_each(iter([3, 1, 2]), lambda n: n * 10, "numbers") == [30, 10, 20]
    assert sweep_each([], lambda n: n, "numbers") == []


def test_one_that_fails_keeps_no_other_waiting_and_all_failures_are_raised_together():
    seen = []
    with pytest.raises(ExceptionGroup, match="2 of 4 numbers") as raised:
        sweep_each([0, 5, 0, 2], lambda n: seen.append(10 // n), "numbers")
    assert seen == [2, 5]
    assert [type(failure) for failure in raised.value.exceptions] == [ZeroDivisionError] * 2


def test_what_ends_the_process_is_not_held_back():
    def stop(n: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep_each([1, 2], stop, "numbers")
