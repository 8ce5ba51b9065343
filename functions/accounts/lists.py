"""Reading keys and open verifications page by page. A cursor belongs to one reader and one list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from functions.accounts.account_views import KeyPage, KeyView, Page, VerificationPage, VerificationView
from functions.accounts.keys.api_keys import Key
from functions.accounts.verification.verification import Verification
from monsoon_plugin.clock import Clock
from shared.api.tickets import Tickets, at_cursor, cursor_of


class Kept(Protocol):
    """Where keys and verifications lie in order."""

    def keys(self, account_id: str, after: str, limit: int) -> Sequence[Key]: ...

    def open(self, after: str, limit: int) -> Sequence[tuple[str, Verification]]: ...


@dataclass(frozen=True, slots=True)
class Lists:
    """Answers pages. One more than a page holds is read, so that `next` is there exactly if something follows."""

    kept: Kept
    tickets: Tickets
    now: Clock

    def keys(self, account_id: str, page: Page) -> KeyPage:
        """The account's keys by id, revoked ones too until they are forgotten. Raises Malformed for a bad cursor."""
        scope = f"{account_id} keys"
        found = self.kept.keys(account_id, self._after(scope, page), page.limit + 1)
        shown = found[: page.limit]
        following = self._next(scope, shown[-1].id) if len(found) > page.limit else None
        return KeyPage(items=[KeyView.of(key) for key in shown], next=following)

    def open(self, reader: str, page: Page) -> VerificationPage:
        """Verifications that await an operator, the oldest first. Raises Malformed for a bad cursor.

        One that was settled this moment may still be in the index; it is left out, and the page is shorter.
        """
        scope = f"{reader} verifications"
        found = self.kept.open(self._after(scope, page), page.limit + 1)
        shown = found[: page.limit]
        following = self._next(scope, shown[-1][0]) if len(found) > page.limit else None
        return VerificationPage(items=[VerificationView.of(v) for _, v in shown if v.state == "open"], next=following)

    def _after(self, scope: str, page: Page) -> str:
        at = at_cursor(self.tickets, scope, page.cursor, self.now())
        return str(at["after"]) if at else ""

    def _next(self, scope: str, after: str) -> str:
        return cursor_of(self.tickets, scope, {"after": after}, self.now())
