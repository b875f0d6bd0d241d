"""What deadlines cost in DynamoDB's units: each act of an ordinary case, and a shard with nothing due."""

from collections.abc import Callable
from dataclasses import dataclass

from casework.store.marks import Marks
from casework.store.table import ALARM
from casework.sweeping import Sweeper
from infra.bench.metered import MeteredTable
from infra.bench.open_cases import CITIZEN, MINUTE, Town
from schemas import commands as c


@dataclass(frozen=True)
class Act:
    """What one thing that happens to a case costs. `alarm` is the alarm index's part of `written`."""

    name: str
    title: str
    cancels: bool
    """Whether it stops a clock before its time."""
    read: float
    written: int
    puts: tuple[str, ...]
    alarm: int


def acts() -> list[Act]:
    """An ordinary case from its reminder to its end, each act by itself."""
    table = MeteredTable()
    town = Town(table, shards=16)
    number, officer = town.handled("measured")
    sweeper = Sweeper(town.service)
    found: list[Act] = []

    def act(name: str, title: str, do: Callable[[], object], *, cancels: bool = False) -> None:
        table.take()
        do()
        units = table.take()
        alarm = units.index.get(ALARM.name, 0)
        found.append(Act(name, title, cancels, units.read, units.written, units.puts, alarm))

    def due() -> None:
        head = town.service.store.head(number)
        assert head is not None
        assert head.case.next_due is not None
        town.now = head.case.next_due

    due()
    act("tick", "到一级提醒 a rung is reached", lambda: town.service.tick(number))
    act("stale", "再查无事 a tick with nothing to do", lambda: town.service.tick(number))
    due()
    act("sweep", "巡检一件 a sweep of one due case", lambda: sweeper.sweep(_shard(number)))
    another, reached = town.assigned("contacted")
    act(
        "claim",
        "停止一个时钟，另一个同样近 a clock is cancelled, another comes as early",
        lambda: town.does(another, c.Claim(), reached),
        cancels=True,
    )
    act(
        "contact",
        "停止最近的时钟 the nearest clock is cancelled",
        lambda: town.does(another, c.RecordContact(how="phone", result="reached"), reached),
        cancels=True,
    )
    act(
        "reply",
        "答复，改走评价时钟 the promise's clock gives way to the rating's",
        lambda: town.does(
            number, c.Reply(outcome="resolved", text="已上门告诫，请您留意。"), officer
        ),
        cancels=True,
    )
    rating = c.Rate(contacted=True, resolved="yes", overall=5)
    act(
        "end",
        "办结，时钟全停 the case ends, with all its clocks",
        lambda: town.does(number, rating, CITIZEN),
        cancels=True,
    )
    return found


def idle(shards: int) -> float:
    """Read units of one minute's sweep of so many shards with nothing due. Raises AssertionError if it writes."""
    table = MeteredTable()
    town = Town(table, shards)
    town.handled("open")
    sweeper = Sweeper(town.service)
    town.now += MINUTE
    table.take()
    for shard in range(shards):
        sweeper.sweep(shard)
    units = table.take()
    if units.puts:
        raise AssertionError(f"an idle sweep made {units.puts} writes")
    return units.read


def asking() -> float:
    """Read units of the schedule's look whether the rules have changed: one item a minute, whatever
    the number of shards. Counted when a change has been settled."""
    table = MeteredTable()
    marks = Marks(table)
    now = Town(MeteredTable(), shards=1).now
    marks.note()
    marks.pending(now)
    marks.finished(0, 1, shards=1)
    table.take()
    marks.pending(now + 60 * MINUTE)
    units = table.take()
    if units.puts:
        raise AssertionError(f"a look at settled rules made {units.puts} writes")
    return units.read


def _shard(number: str) -> int:
    return int(number[-7:-1]) % 16
