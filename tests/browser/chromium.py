"""Debian's Chromium, driven by Playwright. Nothing is downloaded by tests."""

import os
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Playwright

from functions.orders.pages import receipts

NAMES = ("chromium", "chromium-browser", "google-chrome")
LETTERS = Path(receipts.__path__[0])
FONTS = (
    '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
    '<include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>{folder}</dir></fontconfig>'
)
HOW_TO_GET_IT = (
    "no Chromium is on this machine: `apt-get install --no-install-recommends chromium` on Debian, "
    "or CHROMIUM=/path/to/chrome; .ci/run installs it where it runs as root"
)


def installed() -> str | None:
    """The path of the Chromium of this machine: that of the environment's CHROMIUM, or the first of NAMES on the path."""
    return os.environ.get("CHROMIUM") or next((found for name in NAMES if (found := shutil.which(name))), None)


def launched(playwright: Playwright) -> Browser:
    """It finds `*.localhost` on this machine by itself. Chinese is drawn in the receipts' letters where the machine has none."""
    environment: dict[str, str | float | bool] = {**os.environ, "FONTCONFIG_FILE": _fonts()}
    return playwright.chromium.launch(executable_path=installed(), args=["--disable-dev-shm-usage"], env=environment)


def _fonts() -> str:
    """A list of fonts: the machine's, and the hub's own."""
    listed = Path(tempfile.gettempdir()) / f"monsoon-fonts-{os.getuid()}.conf"
    listed.write_text(FONTS.format(folder=LETTERS), encoding="utf-8")
    return str(listed)
