"""make compare-stand-in: the simulation's AWS beside the emulator's, by the same random calls.

python -m simulation.comparison --calls 5000        fresh calls each time
python -m simulation.comparison --seed 7 --calls 600 those of seed 7 again
python -m simulation.comparison --seed 7 --room 3 --calls 1    those of its room 3 alone, whose keys begin with `7-3`
"""

import argparse
import logging
import secrets
import sys
from contextlib import nullcontext
from random import Random

from simulation.aws.dynamodb import DynamoDb
from simulation.aws.tables import PLAYED
from simulation.comparison import changes, places, small
from simulation.comparison.known import EMULATOR, MOTO
from simulation.comparison.rooms import Difference, Found, Other, make_tables, play

SHOWN = 5
"""Differences that are printed whole."""


def main() -> int:
    parser = argparse.ArgumentParser(description="Compare the simulation's stand-ins of AWS with the emulator, by random calls.")
    parser.add_argument("--seed", type=int, help="the calls to make; fresh ones unless said")
    parser.add_argument("--room", type=int, default=0, help="the first of the seed's rooms that is played")
    parser.add_argument("--calls", type=int, default=5000)
    parser.add_argument("--without-moto", action="store_true", help="ask the emulator alone: moto takes ten times as long")
    parser.add_argument("--beside", action="append", default=[], help="the address of another DynamoDB to ask")
    asked = parser.parse_args()
    logging.disable()  # the emulator's module warns of each call that is wrong on purpose
    seed = secrets.randbelow(10**9) if asked.seed is None else asked.seed
    with places.emulator() as url, nullcontext() if asked.without_moto else places.moto():
        others = [Other(EMULATOR, places.client("dynamodb", url), same=True)]
        if not asked.without_moto:
            others.append(Other(MOTO, places.client("dynamodb"), same=False))
        others += [Other(address, places.client("dynamodb", address), same=False) for address in asked.beside]
        return _compared(seed, asked, url, others)


def _compared(seed: int, options: argparse.Namespace, url: str, others: list[Other]) -> int:
    stand_in, heard = DynamoDb(), changes.Heard()
    stand_in.changed, stand_in.strict = heard.changed, False
    for other in others:
        make_tables(other.client)
    found = play(places.standing_in("dynamodb", stand_in), others, seed, options.calls, options.room)
    theirs = changes.read(places.client("dynamodbstreams", url), PLAYED)
    _told(found, seed)
    unlike = changes.different(heard.changes, theirs)
    print(f"  the emulator's streams: {sum(map(len, theirs.values()))} records of {len(theirs)} keys, {len(unlike)} keys differ")
    for key in unlike[:SHOWN]:
        print(f"    {key}: {heard.changes.get(key)} | {theirs.get(key)}"[:2000])
    return 1 if found.differences or unlike or not theirs or not _small_agree(seed, url) else 0


def _small_agree(seed: int, url: str) -> bool:
    """Whether the small stand-ins say what the emulator says; prints what they do not."""
    ours, theirs = small.in_process(lambda: Random(seed)), small.emulated(url, lambda: Random(seed))
    agree = True
    for service, told in ours.items():
        unlike = [(one, other) for one, other in zip(told, theirs[service], strict=True) if one != other]
        print(f"  {service}: {len(told)} answers compared, {len(unlike)} differences")
        for one, other in unlike[:SHOWN]:
            print(f"    {one} | {other}"[:2000])
        agree = agree and not unlike
    return agree


def _told(found: Found, seed: int) -> None:
    refused = ", ".join(f"{count} {code}" for code, count in found.errors.most_common())
    print(f"{found.calls} calls of seed {seed}, refused: {refused}")
    for place, count in found.compared.items():
        unlike = [difference for difference in found.differences if difference.place == place]
        print(f"  {place}: {count} answers compared, {len(unlike)} differences")
        for difference in unlike[:SHOWN]:
            _show(difference)
    for how, times in found.known.most_common():
        print(f"    known, {times} times: {how.wrong} {how.told} ({how.page})")


def _show(difference: Difference) -> None:
    print(f"    {difference.call.operation} {difference.call.given}"[:2000])
    print(f"      the stand-in: {difference.ours}"[:1000])
    print(f"      {difference.place}: {difference.theirs}"[:1000])


if __name__ == "__main__":
    sys.exit(main())
