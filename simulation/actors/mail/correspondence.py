"""What merchants and buyers said of mail to them: the truth that SES's book is held to."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class Off:
    """A kind of notices that a merchant does not want, from when the hub had said yes to that until it was asked for them again."""

    account_id: str
    kind: str
    said: datetime
    until: datetime | None = None


@dataclass
class Correspondence:
    confirmed: dict[tuple[str, str], datetime] = field(default_factory=dict)
    """Account and address → when it was confirmed, as the hub had said."""
    unsettled: set[str] = field(default_factory=set)
    """Accounts that wanted another thing at any time."""
    off: list[Off] = field(default_factory=list)
    silent: dict[str, datetime] = field(default_factory=dict)
    """Account → when it had said that its own site writes to its buyers."""
