"""Stands in a test for the process that reads a picture: it is that, with two seconds of CPU time and not its own fifteen."""

import sys

from functions.pictures.reading import picture_process

if __name__ == "__main__":
    picture_process.MOST_CPU = 2
    sys.exit(picture_process.main())
