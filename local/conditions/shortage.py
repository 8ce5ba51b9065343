"""Too little memory is said before the system ends something: when the hub is started, and while it runs."""

from collections.abc import Callable
from dataclasses import dataclass

from local.conditions.memory import Left

AT_REST_MB, AT_WORK_MB = 400, 800
"""What the hub takes with the demo, and with eight clients (decision 38, measured again)."""
SHORT_MB, ENOUGH_MB = 200, 350
"""Less than the first is short, until there is as much as the second."""
REMEDY = "close something, or run it with WORKERS=1"


def before_start(left: Left) -> str:
    """What is to be said before the hub starts; empty if there is enough."""
    if left.mb >= AT_WORK_MB:
        return ""
    takes = f"the hub takes about {AT_REST_MB} MB at rest and {AT_WORK_MB} MB at work"
    return f"memory is short: {left.mb:,} MB are left of {left.of}, and {takes}. The system may end it: {REMEDY}"


@dataclass
class Shortage:
    """`left`: what is left now. `spare`: end what is idle; how many processes that were."""

    left: Callable[[], Left]
    spare: Callable[[], int]
    say: Callable[[str], None]
    _short: bool = False

    def look(self) -> None:
        """Say when memory begins to be short, having ended what is idle, and when it is short no more."""
        left = self.left()
        if left.mb < SHORT_MB:
            ended = self.spare()
            if not self._short:
                self._short = True
                told = f"memory is short: {left.mb:,} MB are left of {left.of}; where none is, the system ends something, the hub perhaps"
                self.say(f"{told}. {ended} idle processes of functions were ended. What was answered is kept; {REMEDY}")
        elif self._short and left.mb >= ENOUGH_MB:
            self._short = False
            self.say(f"there is memory again: {left.mb:,} MB")
