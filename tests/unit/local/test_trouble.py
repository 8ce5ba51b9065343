"""What a running hub cannot do is said once when it begins, and once when it is over."""

from local.conditions.trouble import Trouble


def test_trouble_is_said_when_it_begins_and_when_it_is_over_and_not_between():
    answers, said = iter(["", "No space left", "No space left", "", ""]), list[str]()
    trouble = Trouble(lambda: next(answers), said.append)
    for _ in range(5):
        trouble.look()
        trouble._due = 0.0
    assert said == [
        "the hub cannot write, and refuses what it could not keep: No space left. Make room: it goes on by itself",
        "the hub can write again",
    ]


def test_it_is_not_asked_at_each_look():
    asked: list[None] = []
    trouble = Trouble(lambda: str(asked.append(None) or ""), lambda _: None)
    for _ in range(5):
        trouble.look()
    assert len(asked) == 1
