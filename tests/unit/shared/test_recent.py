"""The short memory."""

from shared.bounds.recent import Recent


def test_it_remembers_for_its_age_and_no_more_than_its_number() -> None:
    now, reads = [0.0], []
    recent = Recent(3, 2, lambda: now[0])

    def ask(key: str) -> str:
        def read() -> str:
            reads.append(key)
            return key.upper()

        return recent.get(key, read)

    assert [ask("a"), ask("a"), ask("b")] == ["A", "A", "B"]
    assert reads == ["a", "b"]
    now[0] = 2.9
    ask("a")
    assert reads == ["a", "b"]
    now[0] = 3.0
    ask("a")
    assert reads == ["a", "b", "a"]
    ask("c")
    ask("b")
    assert reads == ["a", "b", "a", "c", "b"]


def test_nothing_found_is_remembered_too() -> None:
    reads = []
    recent = Recent(3, 2, lambda: 0.0)
    for _ in range(2):
        assert recent.get("a", lambda: reads.append(1)) is None
    assert reads == [1]
