"""The trial balance of a day: all that was booked, shard by shard."""

from functions.settlement.ledger.account_statement import SHARDS, Lines, Totals, day_of


def trial_balance(
    lines: Lines, day: str, so_far: Totals, *, shard: int, after: str | None, room: int, test: bool = False
) -> tuple[Totals, int, str | None]:
    """Sum up a day's entries from `after` in `shard` on, at most about `room` of them.

    Answers the sums, and where to go on: a shard and a key in it. The shard is SHARDS when the day is done.
    """
    while shard < SHARDS and room > 0:
        page = lines.page(day_of(day, shard, test=test), day, f"{day}~", after=after, limit=room, newest_first=False)
        so_far, room, after = so_far.plus(page.lines), room - len(page.lines), page.last
        if after is None:
            shard += 1
    return so_far, shard, after
