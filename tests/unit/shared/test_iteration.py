"""A sweep looks at each of many by itself."""

import pytest

from shared.iteration import each_read, sweep_each


def test_it_answers_what_each_answered_in_their_order():
    assert sweep_each(iter([3, 1, 2]), lambda n: n * 10, "numbers") == [30, 10, 20]
    assert sweep_each([], lambda n: n, "numbers") == []


def test_one_that_fails_keeps_no_other_waiting_and_all_failures_are_raised_together():
    seen = []
    with pytest.raises(ExceptionGroup, match="2 of 4 numbers") as raised:
        sweep_each([0, 5, 0, 2], lambda n: seen.append(10 // n), "numbers")
    assert seen == [2, 5]
    assert [type(failure) for failure in raised.value.exceptions] == [ZeroDivisionError] * 2


def test_one_that_fails_is_put_off_with_its_failure_and_raised_all_the_same():
    off = []
    with pytest.raises(ExceptionGroup, match="2 of 3 numbers") as raised:
        sweep_each([0, 5, -1], lambda n: 10 // n if n >= 0 else 1 // 0, "numbers", lambda n, failure: off.append((n, type(failure))))
    assert off == [(0, ZeroDivisionError), (-1, ZeroDivisionError)]
    assert len(raised.value.exceptions) == 2


def test_one_that_cannot_be_put_off_keeps_no_other_waiting():
    def put_off(n: int, failure: Exception) -> None:
        raise LookupError(n)

    with pytest.raises(ExceptionGroup, match="1 of 2 numbers") as raised:
        sweep_each([0, 5], lambda n: 10 // n, "numbers", put_off)
    assert [type(failure) for failure in raised.value.exceptions] == [ZeroDivisionError, LookupError]


def test_what_ends_the_process_is_not_held_back():
    def stop(n: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep_each([1, 2], stop, "numbers")


def test_one_that_cannot_be_read_is_logged_and_passed_over_and_the_sweep_goes_on(caplog: pytest.LogCaptureFixture):
    seen = []
    due = each_read([4, 0, 2, 5], lambda n: None if n == 2 else 20 // n, "numbers")
    with pytest.raises(ExceptionGroup) as raised:
        sweep_each(due, seen.append, "numbers")
    assert seen == [5, 4]
    assert raised.group_contains(ZeroDivisionError, depth=2)
    assert "one of the numbers cannot be read: 0" in caplog.text


def test_what_cannot_be_read_keeps_the_failures_of_the_others_from_nobody():
    with pytest.raises(ExceptionGroup, match="2 of 4") as raised:
        sweep_each(each_read([1, 0, 2, 3], lambda n: 6 // n, "numbers"), lambda n: 1 // (n - 6), "numbers")
    assert len(raised.value.exceptions) == 2
