"""One process with the whole hub in it: its AWS, its messages, its providers, its clock. A schedule begins from the setting's snapshot."""

import os
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from shared.aws.clients import session
from simulation.apps import Apps
from simulation.aws.door import Door
from simulation.aws.dynamodb import DynamoDb, Record
from simulation.aws.environment import environment
from simulation.aws.keys import Kms, Secrets
from simulation.aws.messages import Messages, Queue, Sns, Sqs
from simulation.aws.objects import S3
from simulation.aws.ses import QUEUE, Habits, Ses
from simulation.aws.streams import Reader, Shard, Streams
from simulation.chance import Chance
from simulation.faults import NONE, Fault, Faults, ProviderFault
from simulation.paid_back import PaidBack
from simulation.providers.bank import Bank, BankBooks
from simulation.providers.card import Card
from simulation.providers.card_books import CardBooks
from simulation.providers.endpoints import Endpoints
from simulation.providers.outside import Outside
from simulation.providers.post import Post, PostBooks
from simulation.turns.history import History
from simulation.turns.scheduler import ProcessDied, Scheduler
from simulation.turns.virtual_clock import VirtualClock

PUBLISHED = frozenset(
    {"UploadsTable", "AuditTable", "CatalogTable", "StorefrontsTable", "FanoutTable", "OrdersTable", "PaymentsTable", "ShippingTable",
     "SettlementTable", "PicturesTable"}
)  # fmt: skip
MOST_WORKERS = (1, 2, 4)
"""Workers of one queue at a time, drawn for a schedule."""
SLOWNESS = (15, 100, 800)
"""Milliseconds that a call takes at most, drawn for a schedule: the slower, the more others do meanwhile."""
LATE = (20.0, 1800.0, 12 * 3600.0, 30 * 3600.0)
"""Seconds after which a provider gets what was long given up."""
UNSEEN = ("Get", "Query", "BatchGet", "PublishBatch", "Decrypt", "GenerateDataKey")
"""Calls that a reader of a history can do without, unless they fail."""
SWEEPS: tuple[tuple[str, str], ...] = (
    ("catalog", "sweep"), ("orders", "sweep"), ("payments", "sweep"), ("shipping", "sweep"), ("settlement", "sweep"),
)  # fmt: skip
OWN_QUEUES = {
    "FetchesQueueUrl": ("pictures", "fetcher"), "ArrivalsQueueUrl": ("pictures", "reader"), "SanctionsQueueUrl": ("catalog", "sanctions"),
    "FeedsQueueUrl": ("uploads", "feeds"), "RowsQueueUrl": ("uploads", "rows"),
    "DeliveriesQueueUrl": ("fanout", "deliver"), "CatchupsQueueUrl": ("fanout", "catchup"),
}  # fmt: skip


class Place:
    """What lives as long as the process: stand-ins, tables, imported handlers. One a process."""

    def __init__(self) -> None:
        """Sets the process's environment, which the services read when they are imported: by what comes after."""
        os.environ |= environment()
        self.door, self.chance = Door(), Chance()
        self.door.open()
        self.dynamodb, self.s3, self.apps = DynamoDb(), S3(), Apps()
        self.door.services = {"dynamodb": self.dynamodb, "s3": self.s3, "kms": Kms(self.chance), "secretsmanager": Secrets()}
        made = session()
        made.create_client = _Clients(made.create_client, self.door)  # type: ignore[method-assign]


class _Clients:
    """Makes each client once: it keeps nothing, and costs 10 CPU-ms."""

    def __init__(self, make: Callable[..., Any], door: Door) -> None:
        self._make, self._door = make, door
        self._made: dict[str, Any] = {}

    def __call__(self, *given: Any, config: Any = None, **more: Any) -> Any:
        alike = f"{given} {more} {config and config._user_provided_options}"
        if alike not in self._made:
            self._made[alike] = self._door.shorten(self._make(*given, config=config, **more))
        return self._made[alike]


class World:
    """One schedule's world. All its choices come from `random`."""

    def __init__(self, place: Place, random: Random, start: datetime) -> None:
        from simulation.hub import Hub  # noqa: PLC0415 (the services read the environment that a Place sets)

        self.place, self.random = place, random
        self.clock = VirtualClock(start.astimezone(UTC))
        self.history = History(self.clock)
        self.scheduler = Scheduler(random, self.clock, self.history)
        self.faults = Faults(random, NONE)
        self.met = 0
        """Faults so far."""
        self.writes = Counter[str]()
        """By table."""
        self.messages = Messages(self.clock, lambda: self.faults)
        self.messages.arrived = self._arrived
        self.workers: dict[str, int] = {}
        self.most_workers, self.slowness = random.choice(MOST_WORKERS), random.choice(SLOWNESS)
        self.dying: set[object] = set()
        """Actors whose process died: what their `finally` blocks still ask of AWS reaches nobody."""
        own = Random(random.getrandbits(64))
        self.card, self.post, self.bank = CardBooks(own), PostBooks(own), BankBooks(own)
        outside = Outside()
        outside.meet, outside.die, outside.later = self._meet_provider, self._die, self._arrive_late
        self.endpoints = Endpoints()
        self.endpoints.meet, self.endpoints.die = self._meet_provider, self._die
        place.door.meet, place.door.die = self._meet, self._die
        self._stand_in(place)
        self.hub: Hub = Hub(
            self.clock, self.scheduler.sleep, random, note=self.history.add, ended=self._ended, plugins=self._plugins(outside),
            post_all=self.endpoints.post_all, apps=place.apps,
        )  # fmt: skip
        self.streams = Streams(self._woken)
        self.streams.follow(Reader("publish", PUBLISHED, _has_event, lambda records: self._give("publish", "handler", records)))
        self.streams.follow(
            Reader("stock", frozenset({"OrdersTable"}), _of_stock, lambda records: self._give("orders", "stock", records))
        )  # fmt: skip
        self.sweeps = SWEEPS
        self.paid_back = PaidBack(self.clock)
        place.dynamodb.changed, place.dynamodb.seconds = self._written, self.clock.seconds
        place.dynamodb.lag = lambda of_index: None
        place.dynamodb.told_of_the_past = lambda: self.history.add("  … answered as it was a moment ago")

    def _stand_in(self, place: Place) -> None:
        """For what carries messages and mail."""
        self.ses = Ses(self.clock, self.messages.put)
        place.door.services |= {"sns": Sns(self.messages), "sqs": Sqs(self.messages), "sesv2": self.ses}

    def _plugins(self, outside: Outside) -> dict[str, dict[str, Any]]:
        """The simulated providers, by the services that host them."""
        cards = {name: Card(name, captures, self.card, outside) for name, captures in (("sim_card", "at_once"), ("sim_later", "by_hand"))}
        return {"payments": cards, "shipping": {"sim_post": Post(self.post, outside)}, "settlement": {"sim_bank": Bank(self.bank, outside)}}

    def spawn(self, name: str, act: Callable[[], None], after: float = 0.0) -> None:
        self.scheduler.spawn(name, act, timedelta(seconds=after))

    def calm(self) -> None:
        """Let all faults be over, but those that the bank has still in store, and nobody decline anything more."""
        self.faults.calm()
        self.place.dynamodb.lag = lambda of_index: None
        self.post.declining = 0.0
        if self.ses.habits:
            self.ses.habits.calm()

    def offers(self, plugin: tuple[str, str]) -> bool:
        """Whether a host (the service) offers a simulated plug-in now."""
        host, plugin_id = plugin
        return plugin_id in self.hub.offered[host]

    def offer(self, plugin: tuple[str, str], *, offered: bool = True) -> None:
        """Let a host (the service) offer a simulated plug-in, or not any more."""
        host, plugin_id = plugin
        known = self.hub.offered[host]
        if offered == (plugin_id in known):
            return
        self.history.add(f"{plugin_id} is {'offered again' if offered else 'offered no more'}")
        if offered:
            known[plugin_id] = ""
        else:
            del known[plugin_id]

    def tell_endpoints(self) -> None:
        """Let changes be told to client sites' endpoints; where there are none it would come to nothing, and take a tenth as long."""
        self.sweeps = (*self.sweeps, ("fanout", "sweep"))
        self.streams.follow(
            Reader("changes", frozenset({"FanoutTable"}), _of_change, lambda records: self._give("fanout", "planner", records))
        )

    def have_mail_brought(self, habits: Habits) -> None:
        """Let SES tell what becomes of mails, and let what waits be sent; without that it takes all, and nobody hears more of it."""
        self.ses.habits = habits
        self.sweeps = (*self.sweeps, ("notices", "sweep"))

    def sweep(self, *some: tuple[str, str]) -> None:
        """Let every service's schedule run once, or some alone, each in an actor of its own."""
        for service, entry in some or self.sweeps:
            self.spawn(f"{service} {entry}", lambda service=service, entry=entry: self._swept(service, entry))  # type: ignore[misc]

    def _swept(self, service: str, entry: str) -> None:
        try:
            self.hub.run(service, entry, {})
        except ProcessDied:
            raise
        except Exception as error:  # the schedule comes again in a minute; a fault may well end one run
            self.history.add(f"{service} {entry} failed: {error!r}")
            if not self.met:
                raise

    def _meet(self, call: str) -> Fault | None:
        """Every call that leaves a process: others act first, some time passes, and something may go wrong."""
        if self.scheduler.acting in self.dying:
            raise ProcessDied
        self.scheduler.turn()
        self.clock.advance(timedelta(milliseconds=1 + int(self.random.random() * self.slowness)))
        fault = self.faults.at_call()
        if fault:
            self.met += 1
        self.history.add(f"{call}{f' ! {fault}' if fault else ''}", shown=bool(fault) or not (call.startswith(UNSEEN) or "agenda#" in call))
        return fault

    def _meet_provider(self, call: str) -> ProviderFault | None:
        """As every call that leaves a process; a provider has troubles of its own beside."""
        fault = self._meet(call) or self.faults.at_provider() or (self.bank.trouble() if call.startswith("bank submit") else None)
        if fault:
            self.met += 1
            self.history.add(f"  … {fault}")
        return fault

    def _arrive_late(self, what: str, act: Callable[[], None]) -> None:
        def arrive() -> None:
            self.history.add(f"{what} arrives late")
            act()

        self.spawn(what, arrive, self.random.choice(LATE))

    def _die(self) -> None:
        self.dying.add(self.scheduler.acting)
        raise ProcessDied

    def _ended(self) -> None:
        """The process that the acting one's call ran in has come to its end, one way or the other."""
        self.dying.discard(self.scheduler.acting)

    def _give(self, service: str, entry: str, records: list[Record]) -> None:
        try:
            self.hub.run(service, entry, {"Records": records})
        except ProcessDied as died:
            raise RuntimeError("the reader's process died") from died

    def _written(self, table: str, records: list[Record]) -> None:
        self.writes[table] += 1
        self.paid_back.hear(table, records)
        self.streams.changed(table, records)

    def _woken(self, shard: Shard, reader: Reader) -> None:
        self.spawn(shard.name, lambda: reader.read_all(shard, self.random, self.scheduler.sleep), self.random.random())

    def _arrived(self, queue: Queue, seconds: float) -> None:
        self.spawn(f"{queue.name} worker", lambda: self._work(queue), seconds)

    def _work(self, queue: Queue) -> None:
        """Take what can be seen of a queue, once; another worker comes for what is left."""
        if self.workers.get(queue.name, 0) >= self.most_workers:
            self.spawn(f"{queue.name} worker", lambda: self._work(queue), 0.5)
            return
        seen = [message for message in queue.messages if message.seen_from <= self.clock.now]
        if not seen:
            return
        self.random.shuffle(seen)
        batch = seen[: self.random.randint(1, 10)]
        for message in batch:
            queue.messages.remove(message)
            message.received += 1
        self.workers[queue.name] = self.workers.get(queue.name, 0) + 1
        service, entry = OWN_QUEUES.get(queue.name, (queue.name, "worker"))
        try:
            failed = self.hub.batch(service, entry, batch)
        except (ProcessDied, Exception) as error:
            self.history.add(f"{queue.name} worker failed: {error!r}")
            failed = batch
        finally:
            self.workers[queue.name] -= 1
        for message in failed:
            self.messages.failed(queue, message)
        if queue.name == QUEUE and self.ses.habits:
            for message in (message for message in batch if message not in failed):
                self.ses.hear(message.body)


def _has_event(record: Record) -> bool:
    return "event" in record["dynamodb"].get("NewImage", {})


def _of_change(record: Record) -> bool:
    """As the template's filter has it."""
    return bool(record["dynamodb"]["Keys"]["sk"]["S"] == "change")


def _of_stock(record: Record) -> bool:
    """As the template's filter has it: an offer's stock that reaches 0, or is owed, or leaves that."""
    images = [record["dynamodb"].get(name, {}) for name in ("OldImage", "NewImage")]
    numbers = [image.get(name, {}).get("N", "") for image in images for name in ("quantity", "declared")]
    return record["dynamodb"]["Keys"]["sk"]["S"] == "offer" and any(number == "0" or number.startswith("-") for number in numbers)
