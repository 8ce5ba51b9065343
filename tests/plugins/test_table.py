"""What the kit prints at the end."""

from conformance.table import Result, lines


def test_what_does_not_apply_is_said_with_its_reason_and_its_checks():
    results = [
        Result("money", "test_cents", "passed"),
        Result("contract", "test_what_is_not_offered[cancel]", "skipped", "it offers cancel"),
        Result("money", "test_by_hand", "skipped", "it captures at once"),
        Result("money", "test_part", "skipped", "it captures at once"),
    ]
    assert list(lines("payment plug-in acme", "its emulator", results))[3:] == [
        "  not applicable, because it offers cancel: test_what_is_not_offered[cancel]",
        "  not applicable, because it captures at once: test_by_hand and 1 more",
        "  1 passed, 3 not applicable",
    ]
