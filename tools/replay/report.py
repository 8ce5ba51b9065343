"""The table that a replay ends with. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tools.replay.books import Stock

Row = tuple[str, str]
WIDTH = 100


@dataclass(kw_only=True)
class Report:
    """All that the table tells. Counters are by reason; money in minor units by currency, as pairs."""

    rows: int
    dirt: Counter[str]
    feed: Mapping[str, Any]
    products: Counter[str]
    invoices: int
    cancellations: int
    orders: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    lines: int = 0
    unsold: Counter[str] = field(default_factory=Counter)
    refunds: int = 0
    unmatched: Counter[str] = field(default_factory=Counter)
    money: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    trial: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    stock: Stock = field(default_factory=lambda: Stock(0, 0, 0, 0, 0))
    dead: Mapping[str, int] = field(default_factory=dict)

    @property
    def adds_up(self) -> bool:
        """Whether the journal and the stock of every offer come to 0, and no message died."""
        return not (any(debit - credit for debit, credit in self.trial.values()) or self.stock.difference or self.stock.wrong or self.dead)

    def table(self) -> str:
        """The table as text."""
        rows = [*self._input(), *self._trade(), *self._books()]
        return "\n".join(f"{name:<{WIDTH - len(value)}}{value}" if value else f"\n{name}" for name, value in rows)

    def _input(self) -> Iterator[Row]:
        yield "The file", ""
        yield "rows read", _number(self.rows)
        yield from _by_reason(self.dirt)
        yield "invoices replayed", _number(self.invoices)
        yield "  of them cancellations", _number(self.cancellations)
        yield "The feed", ""
        yield "rows sent", _number(self.feed["read"])
        yield "  new or changed", _number(self.feed["read"] - self.feed["unchanged"] - sum(self.feed["failed"].values()))
        yield "  unchanged", _number(self.feed["unchanged"])
        yield from _by_reason(Counter({f"not taken: {code}": n for code, n in self.feed["failed"].items()}))
        yield "products uploaded", _number(self.products.total())
        yield from _by_reason(self.products)

    def _trade(self) -> Iterator[Row]:
        yield "The orders", ""
        yield "order lines asked for", _number(self.lines)
        yield from _by_reason(Counter({f"left out: {reason}": n for reason, n in self.unsold.items()}))
        yield "orders placed", _number(self.orders.total())
        yield from _by_reason(self.orders)
        yield "orders refused", _number(self.refused.total())
        yield from _by_reason(self.refused)
        yield "refunds", _number(self.refunds)
        yield from _by_reason(Counter({f"line not refunded: {reason}": n for reason, n in self.unmatched.items()}))

    def _books(self) -> Iterator[Row]:
        yield "The books", ""
        for currency, (paid_in, paid_out) in self.money.items():
            yield f"money in, {currency}", _decimal(paid_in)
            yield f"money out, {currency}", _decimal(paid_out)
        for queue, messages in self.dead.items():
            yield f"messages that died, {queue}", _number(messages)
        for currency, (debit, credit) in self.trial.items():
            yield f"Σ debits, {currency}", _decimal(debit)
            yield f"Σ credits, {currency}", _decimal(credit)
            yield f"Σ debits − Σ credits, {currency}", _decimal(debit - credit)
        for name in ("start", "sold", "returned", "now"):
            yield f"units of stock: {name}", _number(getattr(self.stock, name))
        yield "stock at start − sold + returned − stock now", _number(self.stock.difference)
        if self.stock.wrong:
            yield "offers whose own stock does not add up", _number(self.stock.wrong)


def _by_reason(counts: Counter[str]) -> Iterator[Row]:
    for reason, n in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        yield f"  {reason}", _number(n)


def _number(n: int) -> str:
    return f"{n:,}"


def _decimal(minor: int) -> str:
    """Two decimals: the replay trades in pounds."""
    return f"{'-' if minor < 0 else ''}{abs(minor) // 100:,}.{abs(minor) % 100:02}"
