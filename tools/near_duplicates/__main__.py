"""What becomes of a folder of photos: read or refused and why, altered copies that are proposed, and pairs that are none.

    python -m tools.near_duplicates ../shared/data/photos

Each is read as the hub reads it, in a process of its own, and takes half a second. Each photo is compared with all others, and with copies
of it that are made here as people make them. A pair of files of one name but for what stands behind `_` (`ukbench00120.jpg`,
`ukbench00120_resize.jpg`) is one picture altered.
"""

import argparse
import io
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

from PIL import Image, ImageOps

from functions.pictures.contents.look import REACH, distance
from functions.pictures.reading.file_header import header_of
from functions.pictures.reading.picture_process_client import PictureProcess
from functions.pictures.reading.refusal import Refusal, Refused
from functions.pictures.reading.rendered import Rendered
from functions.pictures.reading.rendering import look_of
from shared.pictures.shown_picture import JPEG_SIZE
from tools.near_duplicates.altered import ALTERED

KINDS = (".jpg", ".jpeg", ".png", ".webp")


@dataclass
class Found:
    """Of one way to alter: how many bits each copy differs from its original."""

    apart: list[int] = field(default_factory=list)

    def line(self, name: str) -> str:
        hits = sum(bits <= REACH for bits in self.apart)
        return f"| {name} | {len(self.apart)} | {hits} | {hits / len(self.apart):.3f} | {min(self.apart)} to {max(self.apart)} |"


@dataclass
class Outcomes:
    """What became of the photos: how many were read, and which were refused."""

    read: int = 0
    plain: int = 0
    refused: dict[str, Refusal] = field(default_factory=dict)

    def lines(self) -> Iterator[str]:
        yield "| photos | |\n|---|---|"
        yield f"| read and shown | {self.read} |"
        yield f"| of these of one colour, which look like nothing | {self.plain} |"
        yield from (f"| refused: {name} | `{why.code}`: {why.words('en')} |" for name, why in sorted(self.refused.items()))


def looks(folder: Path, outcomes: Outcomes, read: Callable[[bytes], Rendered]) -> Iterator[tuple[Path, str]]:
    """Each photo that is shown, and its look; what becomes of each is noted in `outcomes`."""
    for path in sorted(each for each in folder.rglob("*") if each.suffix.lower() in KINDS):
        try:
            look = read(path.read_bytes()).look
        except Refused as refused:
            outcomes.refused[path.name] = refused.refusal
            continue
        outcomes.read += 1
        outcomes.plain += not look
        if look:
            yield path, look


def look_in(body: bytes) -> str:
    """As whoever reads a file sees it: a large JPEG is decoded half as large, and stands upright."""
    header_of(body)
    with Image.open(io.BytesIO(body)) as image:
        image.draft(image.mode, (JPEG_SIZE, JPEG_SIZE))
        return look_of(ImageOps.exif_transpose(image))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    outcomes = Outcomes()
    known = list(looks(parser.parse_args().folder, outcomes, PictureProcess()))
    print("\n".join(outcomes.lines()), end="\n\n")
    table: dict[str, Found] = defaultdict(Found)
    for path, look in known:
        with Image.open(path) as opened:
            image = ImageOps.exif_transpose(opened)
            for name, alter in ALTERED.items():
                table[name].apart.append(distance(look, look_in(alter(image)) or "0" * 16))
    right = wrong = 0
    for (one, look), (other, another) in combinations(known, 2):
        apart, same = distance(look, another), one.stem.split("_")[0] == other.stem.split("_")[0]
        if same:
            ending = "".join((*one.stem.split("_")[1:], *other.stem.split("_")[1:])) or "same file"
            table[f"beside it: {ending}"].apart.append(apart)
        if apart <= REACH:
            right, wrong = right + same, wrong + (not same)
            if not same:
                print(f"looks alike and is not by name: {one.name} {other.name}, {apart} bits", file=sys.stderr)
    print("| altered | copies | proposed | recall | bits apart |\n|---|---|---|---|---|")
    for name, found in table.items():
        print(found.line(name))
    pairs = len(known) * (len(known) - 1) // 2
    precision = f", precision {right / (right + wrong):.3f}" if right + wrong else ""
    print(f"\n{len(known)} photos, {pairs:,} pairs: {right + wrong} proposed, {right} of one picture{precision}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
