"""A process that reads one picture: the file on its standard input, an answer on its standard output, and it ends.

It bounds itself before it looks at a byte, so that whatever a decoder is made to do ends this run alone. The answer is a line of JSON,
and after it the files, one behind another, as the line's `files` says.
"""

import json
import resource
import sys
from dataclasses import asdict

MOST_MEMORY = 640 * 1024 * 1024
"""Bytes of address space. Python and Pillow take 130 MB of it, a picture of 25 million pixels with its copy 300 MB."""
MOST_CPU = 15
"""Seconds. A photograph takes a third of one."""


def main() -> int:
    bound()
    from functions.pictures.reading.refusal import Refused  # noqa: PLC0415 (bounded first)
    from functions.pictures.reading.rendering import render  # noqa: PLC0415

    try:
        rendered = render(sys.stdin.buffer.read())
    except Refused as refused:
        sys.stdout.write(json.dumps({"refusal": asdict(refused.refusal)}) + "\n")
        return 0
    files = rendered.files
    told = {name: getattr(rendered, name) for name in ("width", "height", "colour", "blur", "rights", "look")}
    sys.stdout.write(json.dumps(told | {"files": {name: len(body) for name, body in files.items()}}) + "\n")
    sys.stdout.flush()
    for body in files.values():
        sys.stdout.buffer.write(body)
    return 0


def bound() -> None:
    """Memory, CPU time, and no file, no process, no core of its own."""
    for limit, most in (
        (resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CPU, MOST_CPU), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0),
    ):  # fmt: skip
        resource.setrlimit(limit, (most, most))


if __name__ == "__main__":
    sys.exit(main())
