"""What a function was found to be allowed is known for two seconds, and not kept for ever."""

from local.mendings.known_rights import MOST, KnownRights

PUT, GET = ("dynamodb:PutItem", "arn:orders"), ("dynamodb:GetItem", "arn:orders")


def test_what_was_allowed_is_known_for_two_seconds_of_who_asked_and_for_what():
    now = [100.0]
    known = KnownRights(lambda: now[0])
    known.learn("A", PUT)
    now[0] += 1.9
    assert [known.hold("A", [PUT]), known.hold("A", [PUT, GET]), known.hold("B", [PUT])] == [True, False, False]
    now[0] += 0.2
    assert not known.hold("A", [PUT])


def test_what_holds_no_longer_is_let_go_and_what_holds_is_not():
    now = [100.0]
    known = KnownRights(lambda: now[0])
    for number in range(MOST - 1):
        known.learn(f"ended {number}", PUT)
    now[0] += 1.5
    known.learn("A", PUT)
    now[0] += 1.0
    known.learn("B", PUT)
    assert (len(known), known.hold("A", [PUT]), known.hold("B", [PUT])) == (2, True, True)
