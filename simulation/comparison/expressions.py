"""Conditions and updates as our stores write them: names and values behind placeholders, as PynamoDB numbers them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from simulation.comparison.values import CONTENT, Value, expected_kind, number, some_set, text

KINDS = ("S", "N", "B", "SS", "NS", "M", "L", "BOOL", "NULL")


@dataclass
class Words:
    """Placeholders of one request."""

    random: Random
    names: dict[str, str] = field(default_factory=dict)
    values: dict[str, Value] = field(default_factory=dict)

    def name(self, path: str) -> str:
        """`path`, each of its parts behind a placeholder; an index stays as it is."""
        return ".".join(self._part(part) for part in path.split("."))

    def _part(self, part: str) -> str:
        plain, bracket, index = part.partition("[")
        placeholder = next((p for p, n in self.names.items() if n == plain), f"#{len(self.names)}")
        self.names[placeholder] = plain
        return placeholder + bracket + index

    def value(self, value: Value) -> str:
        self.values[f":{len(self.values)}"] = value
        return f":{len(self.values) - 1}"

    def given(self) -> dict[str, Any]:
        """The request's members."""
        named = {"ExpressionAttributeNames": self.names} if self.names else {}
        return named | ({"ExpressionAttributeValues": self.values} if self.values else {})


def path(random: Random, extra: tuple[str, ...] = ()) -> str:
    if random.random() < 0.12:
        return random.choice(("size.length", "size.state", "tags[0]", "tags[1]", "tags[7]", "size.none.deep"))
    return random.choice(CONTENT + extra)


def condition(words: Words, extra: tuple[str, ...] = (), depth: int = 0) -> str:
    """A condition; most are what stores say, some any that DynamoDB takes."""
    random = words.random
    if random.random() < 0.45:
        return _usual(words)
    if depth < 2 and random.random() < 0.35:
        one, other = condition(words, extra, depth + 1), condition(words, extra, depth + 1)
        return random.choice((f"({one} AND {other})", f"({one} OR {other})", f"(NOT {one})"))
    return _any(words, path(random, extra))


def _usual(words: Words) -> str:
    """What stores ask."""
    random, name = words.random, words.name
    version = {"N": str(random.randint(0, 5))}
    asked: Sequence[Callable[[], str]] = (
        lambda: f"attribute_not_exists ({name('pk')})",
        lambda: f"attribute_exists ({name('pk')})",
        lambda: f"{name('version')} = {words.value(version)}",
        lambda: f"(attribute_not_exists ({name('version')}) OR {name('version')} < {words.value(version)})",
        lambda: f"{name('quantity')} >= {words.value(version)}",
        lambda: f"{name('state')} IN ({', '.join(words.value({'S': state}) for state in ('open', 'paid', 'a')[: random.randint(1, 3)])})",
        lambda: f"({name('version')} = {words.value(version)} AND attribute_exists ({name('state')}))",
    )
    return random.choice(asked)()


def _any(words: Words, about: str) -> str:
    random, name = words.random, words.name(about)

    def operand() -> str:
        return words.value(expected_kind(random, _root(about)))

    asked: Sequence[Callable[[], str]] = (
        lambda: f"attribute_exists ({name})",
        lambda: f"attribute_not_exists ({name})",
        lambda: f"attribute_type ({name}, {words.value({'S': random.choice(KINDS)})})",
        lambda: f"begins_with ({name}, {words.value(text(random))})",
        lambda: f"contains ({name}, {operand()})",
        lambda: f"size ({name}) {random.choice(('=', '<', '>='))} {words.value({'N': str(random.randint(0, 3))})}",
        lambda: f"{name} BETWEEN {operand()} AND {operand()}",
        lambda: f"{name} {random.choice(('=', '<>', '<'))} {words.name(path(random))}",
        lambda: f"{name} {random.choice(('=', '<>', '<', '<=', '>', '>='))} {operand()}",
        lambda: f"{name} {random.choice(('=', '<>', '<', '<=', '>', '>='))} {operand()}",
    )
    return random.choice(asked)()


def _root(path: str) -> str:
    return path.partition(".")[0].partition("[")[0]


def update(words: Words, keys: Mapping[str, Sequence[str]]) -> str:
    """An update of one to four attributes, index keys (with the values they may get) among them; now and then of one attribute twice, or
    of the item's own key."""
    random = words.random
    about = random.sample((*CONTENT, *keys), random.randint(1, 4))
    if random.random() < 0.03:
        about.append(random.choice((about[0], "sk", "pk")))
    if random.random() < 0.1:
        about.append(random.choice(("size.length", "tags[0]", "tags[9]", "size.none.deep")))
    clauses: dict[str, list[str]] = {}
    for name in about:
        clause, change = _keyed(words, name, keys[name]) if name in keys else _change(words, name)
        clauses.setdefault(clause, []).append(change)
    return " ".join(f"{clause} {', '.join(changes)}" for clause, changes in clauses.items())


def _keyed(words: Words, about: str, values: Sequence[str]) -> tuple[str, str]:
    """An index's key: set, or taken away, so that the item leaves the index."""
    name = words.name(about)
    return ("REMOVE", name) if words.random.random() < 0.35 else ("SET", f"{name} = {words.value({'S': words.random.choice(values)})}")


def _change(words: Words, about: str) -> tuple[str, str]:
    random, name = words.random, words.name(about)
    choice = random.random()
    if choice < 0.1:
        return "REMOVE", name
    if about in ("version", "quantity") and choice < 0.6:
        return _counted(words, name, choice)
    if about == "kinds" and choice < 0.7:
        return random.choice(("ADD", "DELETE")), f"{name} {words.value(some_set(random))}"
    return "SET", f"{name} = {_new(words, about, name, choice)}"


def _new(words: Words, about: str, name: str, choice: float) -> str:
    random = words.random
    if about == "tags" and choice < 0.6:
        return f"list_append ({name}, {words.value({'L': [text(random)]})})"
    if choice < 0.2:
        return f"if_not_exists ({name}, {words.value(expected_kind(random, about))})"
    if choice < 0.25:
        return words.name(path(random))
    return words.value(expected_kind(random, _root(about)))


def _counted(words: Words, name: str, choice: float) -> tuple[str, str]:
    amount = words.value(number(words.random))
    if choice < 0.25:
        return "SET", f"{name} = {name} + {amount}"
    if choice < 0.4:
        return "ADD", f"{name} {amount}"
    return "SET", f"{name} = if_not_exists ({name}, {words.value({'N': '0'})}) - {amount}"
