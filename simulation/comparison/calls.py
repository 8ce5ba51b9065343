"""Random calls to DynamoDB on one table, in a small room of keys so that they meet one another. The same seed makes the same calls."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from simulation.aws.tables import indexes
from simulation.comparison.expressions import Words, condition, path, update
from simulation.comparison.values import CONTENT, FAR, Value, expected_kind, value

SORTS = ("a", "ab", "abc", "b", "B", "b#1", "b#10", "b#2", "é", "货", "offer")
INDEX_SORTS = ("2026-01-01", "2026-01-02", "2026-01-02T03", "2026-02", "2027")
ONE_WRITE = ("put", "put", "put", "update", "update", "delete")


@dataclass(frozen=True)
class Call:
    """An operation of a service with its parameters, as botocore takes them."""

    operation: str
    given: dict[str, Any]
    again: bool = False
    """Whether its ClientRequestToken has been used before."""


@dataclass
class Room:
    """An episode's table and keys, and what it may come back to: the last page's end, the last transaction."""

    random: Random
    table: str
    name: str
    last_key: dict[str, Value] | None = None
    last_query: Call | None = None
    transactions: list[Call] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.indexes = indexes(self.table)
        names = dict.fromkeys(name for index in self.indexes for name in (index.pk, index.sk) if name not in ("pk", "sk"))
        hashes = {index.pk for index in self.indexes}
        self.index_keys = {name: [self._pk(n) for n in range(2)] if name in hashes else INDEX_SORTS for name in names}

    @property
    def partitions(self) -> list[str]:
        return [self._pk(number) for number in range(2)]

    def next(self) -> Call:
        """The call to make now."""
        choice = self.random.random()
        if choice < 0.42:
            return self._single(self.random.choice(ONE_WRITE))
        if choice < 0.52:
            return self._transaction()
        if choice < 0.57:
            return self._batch_write()
        if choice < 0.67:
            return Call("GetItem", {"TableName": self._table(), "Key": self._key(), **self._reading()})
        if choice < 0.74:
            return self._batch_get()
        return self._query()

    def heard(self, call: Call, answer: dict[str, Any]) -> None:
        """Remember where a page ended, so that the next one can be asked for."""
        if call.operation == "Query":
            self.last_key, self.last_query = answer.get("LastEvaluatedKey"), call

    # ---- writes

    def _single(self, kind: str, *, alone: bool = True) -> Call:
        words, random = Words(self.random), self.random
        given: dict[str, Any] = {"TableName": self._table()}
        given |= {"Item": self._item()} if kind == "put" else {"Key": self._key()}
        if kind == "update":
            given["UpdateExpression"] = update(words, self.index_keys)
        if random.random() < 0.55:
            given["ConditionExpression"] = condition(words, ("pk", "sk", *self.index_keys))
            if random.random() < 0.5:
                given["ReturnValuesOnConditionCheckFailure"] = random.choice(("ALL_OLD", "NONE"))
        if alone and random.random() < 0.5:
            allowed = ("NONE", "ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW") if kind == "update" else ("NONE", "ALL_OLD")
            given["ReturnValues"] = random.choice(allowed)
        return Call(f"{kind.capitalize()}Item", given | words.given() | (self._capacity() if alone else {}))

    def _transaction(self) -> Call:
        random = self.random
        if self.transactions and random.random() < 0.2:
            return self._repeated(random.choice(self.transactions))
        actions = [self._action() for _ in range(random.choice((1, 2, 2, 3, 3, 5, 101 if random.random() < 0.1 else 3)))]
        if random.random() > 0.05:
            actions = list({self._target(action): action for action in actions}.values())
        given: dict[str, Any] = {"TransactItems": actions, "ClientRequestToken": random.randbytes(8).hex()} | self._capacity()
        made = Call("TransactWriteItems", given)
        self.transactions.append(made)
        return made

    def _repeated(self, call: Call) -> Call:
        """The same transaction once more, or another one of the same token."""
        if self.random.random() < 0.7:
            return replace(call, again=True)
        return Call(call.operation, {**call.given, "TransactItems": [*call.given["TransactItems"][:1], self._action()]}, again=True)

    def _action(self) -> dict[str, Any]:
        kind = self.random.choice((*ONE_WRITE, "check"))
        if kind != "check":
            return {kind.capitalize(): self._single(kind, alone=False).given}
        words = Words(self.random)
        told = {"TableName": self._table(), "Key": self._key(), "ConditionExpression": condition(words)} | words.given()
        return {"ConditionCheck": told | ({"ReturnValuesOnConditionCheckFailure": "ALL_OLD"} if self.random.random() < 0.4 else {})}

    @staticmethod
    def _target(action: dict[str, Any]) -> str:
        about = next(iter(action.values()))
        return repr([about.get("Key", about.get("Item"))[name] for name in ("pk", "sk")])

    def _batch_write(self) -> Call:
        random = self.random
        wanted = random.choice((1, 2, 3, 5, 26 if random.random() < 0.2 else 4))
        requests = [
            {"PutRequest": {"Item": self._item()}} if random.random() < 0.7 else {"DeleteRequest": {"Key": self._key()}}
            for _ in range(wanted)
        ]
        if random.random() > 0.1:
            requests = list({self._batched(request): request for request in requests}.values())
        return Call("BatchWriteItem", {"RequestItems": {self._table(): requests}} | self._capacity())

    @staticmethod
    def _batched(request: dict[str, Any]) -> str:
        about = next(iter(request.values()))
        return repr([about.get("Key", about.get("Item"))[name] for name in ("pk", "sk")])

    # ---- reads

    def _batch_get(self) -> Call:
        random = self.random
        keys = [self._key() for _ in range(random.choice((1, 2, 4, 8)))]
        if random.random() > 0.1:
            keys = list({repr(key): key for key in keys}.values())
        if random.random() < 0.03:
            keys = [self._key() | {"sk": {"S": f"n{n}"}} for n in range(101)]
        return Call("BatchGetItem", {"RequestItems": {self._table(): {"Keys": keys, **self._reading()}}} | self._capacity())

    def _reading(self) -> dict[str, Any]:
        words, given = Words(self.random), {}
        if self.random.random() < 0.4:
            given["ConsistentRead"] = self.random.random() < 0.7
        if self.random.random() < 0.25:
            told = list(dict.fromkeys(words.name(path(self.random, ("pk", "sk"))) for _ in range(self.random.randint(1, 3))))
            given |= {"ProjectionExpression": ", ".join(told)} | words.given()
        return given

    def _query(self) -> Call:
        random = self.random
        if self.last_key and self.last_query and random.random() < 0.7:
            return Call("Query", {**self.last_query.given, "ExclusiveStartKey": self.last_key})
        words, index = Words(random), random.choice((None, None, *self.indexes))
        pk, sk = (index.pk, index.sk) if index else ("pk", "sk")
        held = {"S": self._pk(random.randrange(2))}
        given: dict[str, Any] = {"TableName": self._table(), "KeyConditionExpression": f"{words.name(pk)} = {words.value(held)}"}
        given["KeyConditionExpression"] += self._sort_condition(words, sk, SORTS if sk == "sk" else INDEX_SORTS)
        if index:
            given["IndexName"] = index.name
        if random.random() < 0.4:
            given["Limit"] = random.choice((1, 1, 2, 3, 100))
        if random.random() < 0.4:
            given["ScanIndexForward"] = random.random() < 0.3
        if random.random() < 0.2:
            given["FilterExpression"] = condition(words)
        return Call("Query", given | self._shown(words, index is not None) | words.given() | self._capacity())

    def _shown(self, words: Words, indexed: bool) -> dict[str, Any]:
        random = self.random
        if random.random() < 0.1:
            return {"Select": "COUNT"}
        given: dict[str, Any] = {"ConsistentRead": True} if random.random() < (0.02 if indexed else 0.4) else {}
        if random.random() < 0.15:
            shown = random.sample(("pk", "sk", *(("version", "state") if not indexed else ())), 2)
            given["ProjectionExpression"] = ", ".join(dict.fromkeys(words.name(name) for name in shown))
        return given

    def _sort_condition(self, words: Words, sk: str, sorts: Sequence[str]) -> str:
        one, other = sorted((self.random.choice(sorts), self.random.choice(sorts)))
        if self.random.random() < 0.03:
            one, other = other, one
        name, choice = words.name(sk), self.random.randrange(8)
        if choice < 2:
            return ""
        if choice < 4:
            return f" AND begins_with ({name}, {words.value({'S': one[: self.random.randint(0 if self.random.random() < 0.1 else 1, 2)]})})"
        if choice < 6:
            return f" AND {name} BETWEEN {words.value({'S': one})} AND {words.value({'S': other + '~'})}"
        return f" AND {name} {self.random.choice(('=', '<', '<=', '>', '>='))} {words.value({'S': one})}"

    # ---- what calls are about

    def _table(self) -> str:
        return "NoSuchTable" if self.random.random() < 0.002 else self.table

    def _pk(self, number: int) -> str:
        return f"{self.name}#{number}"

    def _key(self) -> dict[str, Value]:
        """A key, now and then one that does not fit the table."""
        odd = self.random.random()
        found: dict[str, Value] = {"pk": {"S": self._pk(self.random.randrange(2))}, "sk": {"S": self.random.choice(SORTS)}}
        if odd < 0.01:
            found["sk"] = self.random.choice(({"N": "1"}, {"S": ""}, {"S": "x" * 1025}, {"NULL": True}))
        elif odd < 0.015:
            found["more"] = {"S": "x"}
        return found

    def _item(self) -> dict[str, Value]:
        random, found = self.random, self._key()
        for name in random.sample(CONTENT, random.randint(0, 6)):
            found[name] = expected_kind(random, name)
        for name, values in self.index_keys.items():
            if random.random() < 0.6:
                found[name] = {"S": random.choice(values)} if random.random() < 0.97 else value(random)
        if random.random() < 0.004:
            found["event"] = {"S": "x" * random.choice((FAR, 400 * 1024 - 200, 300_000))}
        return found

    def _capacity(self) -> dict[str, Any]:
        return {"ReturnConsumedCapacity": self.random.choice(("TOTAL", "INDEXES"))} if self.random.random() < 0.2 else {}
