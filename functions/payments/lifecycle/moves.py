"""What a provider moved without our asking, and how often each such move counts. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from monsoon_plugin.payment import AGAIN


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Money that moved at the provider, and not because we asked: refunded or captured in its console, or a capture taken back."""

    ref: str
    """What the provider calls it; it counts once."""
    kind: Literal["refund", "capture", "reversal", "fall", "word"]
    """reversal: a capture that a notice says has failed; fall: less is captured, a look-up says, than one before did; word: that a
    refund failed, or was made again, at one moment: it moves nothing by itself."""
    amount: int
    failed: bool = False
    """A refund that came back, or failed before its success was heard of; a word of a failure; a reversal before which nothing had been
    captured."""
    of: str = ""
    """The op_key that a capture, a refund, or its failure, was told with; of a refund made elsewhere, the dispute that took it
    (reconciliation/settled_by_refund.py)."""
    at: str = ""
    """When a capture or refund was made again, or failed, as the provider says (RFC 3339)."""

    @property
    def again(self) -> bool:
        """Whether the provider made a capture that had failed again."""
        return self.kind == "capture" and self.ref.endswith(AGAIN)


def failures(told: Iterable[Elsewhere]) -> list[Elsewhere]:
    """The failures of captures that count, of all that was told of one op_key: each once, and anew if it was made again in between."""
    told = [*told]
    return _each_once((e for e in told if e.kind == "reversal"), [e.at for e in told if e.again])


def made_again(told: Iterable[Elsewhere]) -> list[Elsewhere]:
    """The same of captures that the provider made again: each once, and anew if it failed in between."""
    told = [*told]
    return _each_once((e for e in told if e.again), [e.at for e in told if e.kind == "reversal"])


def first_and_last(words: Iterable[Elsewhere]) -> list[Elsewhere]:
    """Dated words on one refund, in the order of their times, without those between two others that say the same."""
    told = sorted(words, key=_when)
    inner = {i for i in range(1, len(told) - 1) if told[i - 1].failed is told[i].failed is told[i + 1].failed}
    return [word for i, word in enumerate(told) if i not in inner]


def words_that_count(words: Iterable[Elsewhere]) -> list[Elsewhere]:
    """Of all dated words on one refund, in the order of their times, the same: a failure and a making again by turns, each once."""
    counted: list[Elsewhere] = []
    for word in sorted(words, key=_when):
        if not counted or counted[-1].failed is not word.failed:
            counted.append(word)
    return counted


def _when(word: Elsewhere) -> tuple[str, bool]:
    return word.at, word.failed


def _each_once(moves: Iterable[Elsewhere], others: Sequence[str]) -> list[Elsewhere]:
    """Of each reference the first, and one more for each time that one of `others` lies between it and the one before."""
    counted: dict[str, list[Elsewhere]] = {}
    for move in sorted(moves, key=lambda e: e.at):
        same = counted.setdefault(move.ref, [])
        if not same or any(same[-1].at < at < move.at for at in others):
            same.append(move)
    return [move for same in counted.values() for move in same]
