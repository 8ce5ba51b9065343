"""The mails that the hub on this machine has sent: files, one a mail, of which no program but this one hears."""

import email
import email.policy
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

MOST = 500
"""Mails that are kept, the last ones."""
NAME = re.compile(r"\d{19}-[0-9a-f]{8}")
"""Of a mail's file without its ending: nanoseconds, so that names sort as mails came."""


@dataclass(frozen=True)
class KeptMail:
    """`to`: whom SES was told to bring it to."""

    name: str
    to: Sequence[str]
    message: EmailMessage

    @property
    def came_at(self) -> datetime:
        return datetime.fromtimestamp(int(self.name.partition("-")[0]) / 1e9, UTC)

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    def body(self, kind: str) -> str:
        """Its text as `plain` or `html`; empty if it has none."""
        part = self.message.get_body((kind,))
        return "" if part is None else str(part.get_content())


@dataclass(frozen=True)
class Mailbox:
    """The mails in a folder."""

    folder: Path

    def keep(self, raw: bytes, to: Sequence[str], mark: str) -> None:
        """`mark`: eight hexadecimal digits that tell mails of one moment apart."""
        self.folder.mkdir(parents=True, exist_ok=True)
        head = f"X-Envelope-To: {', '.join(to)}\r\n".encode("ascii", "replace")
        (self.folder / f"{time.time_ns():019d}-{mark}.eml").write_bytes(head + raw)
        for name in self.names()[MOST:]:
            (self.folder / f"{name}.eml").unlink(missing_ok=True)

    def names(self) -> list[str]:
        """The newest first."""
        return sorted((path.stem for path in self.folder.glob("*.eml") if NAME.fullmatch(path.stem)), reverse=True)

    def mail(self, name: str) -> KeptMail | None:
        path = self.folder / f"{name}.eml"
        if not NAME.fullmatch(name) or not path.is_file():
            return None
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        return KeptMail(name, str(message["X-Envelope-To"] or "").split(", "), message)
