"""Conditions of expressions, made once into functions: the emulator reads each anew, word by word, for every item that it looks at.

What is not made here (BETWEEN, whose bounds are checked at each call, `size`, `contains`, `attribute_type`, whatever is wrong) is the
emulator's own to judge; so is whatever a function made here stumbles over, for the emulator knows how to say it.
"""

import operator
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from typing import Any

from ministack.services import dynamodb

MOST = 5000
Item = dict[str, Any]
Values = dict[str, Any]
Names = dict[str, str]
Token = tuple[str, str]
Judge = Callable[[Item, Values, Names], Any]
COMPARED = {"=": operator.eq, "<>": operator.ne, "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge}
COMPARISONS = ("EQ", "NE", "LT", "GT", "LE", "GE")
END = ("EOF", "")
judged_by_emulator = dynamodb._evaluate_condition
"""Its own, whatever is put in its place."""


def take() -> None:
    """Let this process's emulator judge items by functions that are made once."""

    @lru_cache(MOST)
    def made(expression: str, slot: str) -> Judge | None:
        return judge(expression, slot)

    def evaluate(expression: str, item: Item, values: Values, names: Names, slot: str = "ConditionExpression") -> Any:
        found = made(expression, slot) if expression else None
        if found is not None:
            with suppress(Exception):  # the emulator comes upon it too, and says what is wrong
                return found(item, values, names)
        return judged_by_emulator(expression, item, values, names, slot=slot)

    dynamodb._evaluate_condition = evaluate


def judge(expression: str, slot: str) -> Judge | None:
    """What says of an item whether it is so; None where the emulator shall say it."""
    try:
        tokens = list(dynamodb._tokenize(expression))
    except ValueError:
        return None
    wrong = dynamodb._check_redundant_parens(tokens, slot) or dynamodb._check_reserved_keyword_usage(tokens)
    if wrong or dynamodb._condition_syntax_error(expression, slot):
        return None
    words = Words(tokens)
    try:
        found = words.either()
    except NotMade:
        return None
    return found if words.next == END else None


class NotMade(Exception):
    """An expression that the emulator judges itself."""


class Words:
    """An expression's words, read in the emulator's order: OR, AND, NOT, then one comparison or function."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens, self._at = tokens, 0

    @property
    def next(self) -> Token:
        return self._tokens[self._at] if self._at < len(self._tokens) else END

    def take(self, *kinds: str) -> str:
        """The next word, which is of one of the kinds. Raises NotMade."""
        kind, text = self.next
        if kind not in kinds:
            raise NotMade
        self._at += 1
        return text

    def is_word(self, word: str) -> bool:
        """Whether the next is this keyword, which is taken then."""
        found = self.next[0] == "IDENT" and self.next[1].upper() == word
        self._at += found
        return found

    def either(self) -> Judge:
        left = self.both()
        while self.is_word("OR"):
            left = _either(left, self.both())
        return left

    def both(self) -> Judge:
        left = self.one()
        while self.is_word("AND"):
            left = _both(left, self.one())
        return left

    def one(self) -> Judge:
        if self.is_word("NOT"):
            return _not(self.one())
        if self.next[0] == "LPAREN":
            self.take("LPAREN")
            found = self.either()
            self.take("RPAREN")
            return found
        function = self.next[1].lower()
        if function in FUNCTIONS and self._tokens[self._at + 1 : self._at + 2] == [("LPAREN", "(")]:
            self._at += 1
            return FUNCTIONS[function](self)
        left, how, right = self.operand(), self.take(*COMPARISONS), self.operand()
        return _compared(left, how, right)

    def operand(self) -> Judge:
        if self.next[0] != "VALUE_REF":
            return self.path()
        name = self.take("VALUE_REF")
        return lambda item, values, names: values.get(name)

    def path(self) -> Judge:
        """One attribute of an item's own. Raises NotMade at those that lie deeper."""
        kind, name = self.next
        self.take("IDENT", "NAME_REF")
        if self.next[0] in ("DOT", "LBRACKET", "LPAREN"):
            raise NotMade
        if kind == "IDENT":
            return lambda item, values, names: item.get(name)
        return lambda item, values, names: item.get(names.get(name, name))

    def exists(self, wanted: bool) -> Judge:
        self.take("LPAREN")
        path = self.path()
        self.take("RPAREN")
        return lambda item, values, names: (path(item, values, names) is not None) is wanted

    def begins(self) -> Judge:
        self.take("LPAREN")
        path = self.path()
        self.take("COMMA")
        start = self.operand()
        self.take("RPAREN")
        return _begins(path, start)


FUNCTIONS: dict[str, Callable[[Words], Judge]] = {
    "attribute_exists": lambda words: words.exists(True),
    "attribute_not_exists": lambda words: words.exists(False),
    "begins_with": Words.begins,
}


def _either(left: Judge, right: Judge) -> Judge:
    def judged(item: Item, values: Values, names: Names) -> Any:
        one, other = left(item, values, names), right(item, values, names)
        return one or other

    return judged


def _both(left: Judge, right: Judge) -> Judge:
    """Both are asked always, as by the emulator: an error on the right counts though the left says no."""

    def judged(item: Item, values: Values, names: Names) -> Any:
        one, other = left(item, values, names), right(item, values, names)
        return one and other

    return judged


def _not(judge: Judge) -> Judge:
    return lambda item, values, names: not judge(item, values, names)


def _compared(left: Judge, how: str, right: Judge) -> Judge:
    compare = COMPARED[how]

    def judged(item: Item, values: Values, names: Names) -> Any:
        one, other = left(item, values, names), right(item, values, names)
        if one and other and "S" in one and "S" in other:
            return compare(one["S"], other["S"])
        return dynamodb._compare_ddb(one, how, other)

    return judged


def _begins(path: Judge, start: Judge) -> Judge:
    def judged(item: Item, values: Values, names: Names) -> Any:
        attribute, beginning = path(item, values, names), start(item, values, names)
        if attribute is None or beginning is None:
            return False
        return attribute["S"].startswith(beginning["S"])

    return judged
