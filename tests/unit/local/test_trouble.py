"""What a running hub cannot do is said once when it begins, and once when it is over."""

from local.conditions.looks import LOOK_SECONDS, Looks
from local.conditions.trouble import Trouble


def test_trouble_is_said_when_it_begins_and_when_it_is_over_and_not_between():
    answers, said = iter(["", "No space left", "No space left", "", ""]), list[str]()
    trouble = Trouble(lambda: next(answers), said.append)
    for _ in range(5):
        trouble.look()
    assert said == [
        "the hub cannot write, and refuses what it could not keep: No space left. Make room: it goes on by itself",
        "the hub can write again",
    ]


def test_what_is_looked_at_now_and_then_is_not_at_each_turn():
    now, seen = [100.0], list[str]()
    looks = Looks([lambda: seen.append("disk"), lambda: seen.append("memory")], lambda: now[0])
    for _ in range(2 * 4):
        looks.look()
        now[0] += LOOK_SECONDS / 4
    assert seen == ["disk", "memory"] * 2
