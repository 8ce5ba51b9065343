"""A picture as it is served: its sizes, and what is told of it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """`files`: its name in the media bucket, after the content's, → bytes. `width` and `height`: of what was sent, upright.

    `look`: 64 bits that pictures which look alike have nearly in common, in hexadecimal; empty of one colour alone.
    """

    width: int
    height: int
    colour: str
    blur: str
    rights: dict[str, str]
    look: str = ""
    files: dict[str, bytes] = field(repr=False)
