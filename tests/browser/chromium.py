"""Debian's Chromium, driven by Playwright. Nothing is downloaded by tests."""

import os
import shutil

from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
HOW_TO_GET_IT = (
    "no Chromium is on this machine: `apt-get install --no-install-recommends chromium` on Debian, "
    "or CHROMIUM=/path/to/chrome; .ci/run installs it where it runs as root"
)


def installed() -> str | None:
    """The path of the Chromium of this machine: that of the environment's CHROMIUM, or the first of NAMES on the path."""
    return os.environ.get("CHROMIUM") or next((found for name in NAMES if (found := shutil.which(name))), None)


def launched(playwright: Playwright) -> Browser:
    """It finds `*.localhost` on this machine by itself."""
    return playwright.chromium.launch(executable_path=installed(), args=["--disable-dev-shm-usage"])
