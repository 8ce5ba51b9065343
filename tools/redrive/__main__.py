"""`python -m tools.redrive` says what lies in a hub's dead-letter queues; with --again it does it once more.

Mend the cause first: what fails again stays where it is. Events are sent to their consumers or published anew, a stream's function gets
its records again (within 24 hours), and runs of schedules are told with their error and forgotten, for the next run does what is due.
"""

import argparse
import sys
from collections.abc import Sequence

from botocore.exceptions import BotoCoreError, ClientError

from tools.redrive import which_hub
from tools.redrive.dead_letters import DeadLetters, Failed

EXAMPLES = """examples:
  python -m tools.redrive --stage prod                            (says how many lie where)
  python -m tools.redrive --stage prod --again --only OrdersDead
  .venv/bin/python -m tools.redrive --laptop                      (the hub that `make run` started)
"""


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m tools.redrive", description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    which_hub.ask(made)
    made.add_argument("--again", action="store_true", help="do it again; without it nothing is changed")
    made.add_argument("--only", default="", metavar="PART", help="of queues whose name holds this")
    return made


def main(arguments: Sequence[str] | None = None) -> None:
    """Say, and do. Ends with status 1 if something stays."""
    asked = parser().parse_args(arguments)
    stage, client = which_hub.chosen(asked)
    try:
        letters = DeadLetters(stage, client)
        held = {url: count for url, count in letters.queues().items() if count and asked.only in url}
        if not held:
            print("nothing lies in the dead-letter queues")
        stay = sum(_one(letters, url, count, again=asked.again) for url, count in held.items())
    except (BotoCoreError, ClientError, Failed) as error:
        sys.exit(f"{error}\ncheck --stage and your AWS credentials")
    if stay:
        sys.exit(f"{stay} could not be done again and lie where they were")


def _one(letters: DeadLetters, url: str, count: int, *, again: bool) -> int:
    """Answers how many stay though they were to be done again."""
    print(f"{url.rpartition('/')[2]}: {count}")
    if not again:
        return 0
    done, stay = letters.again(url, print)
    print(f"  {done} done again, {stay} stay")
    return stay


if __name__ == "__main__":
    main()
