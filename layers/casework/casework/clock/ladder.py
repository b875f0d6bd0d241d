"""Ladders of reminders and supervision (催办, 督办): what happens when, and who is told.

A ladder is data, for instance of a policy:

    - {at: 50%, do: remind, who: [officer]}
    - {at: due, do: level 1, card: yellow, who: [head, supervision_office]}
    - {at: due + 3WD, do: level 2, card: red, who: [supervision_office, leader]}

A share is measured in the limit's own time: of working days and hours in working time, of anything
else in natural time. An offset in days moves the due day and keeps its time of day.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from itertools import islice
from typing import Literal, NamedTuple, get_args

from casework.clock.calendar import Calendar, aware
from casework.clock.limits import LENGTH, Deadline, Limit, Unit
from casework.clock.words import CalendarError, ClockError, LadderError

ROLES = ("citizen", "officer", "head", "duty_desk", "supervision_office", "leader")
DOINGS = ("remind", "level 1", "level 2", "level 3")  # the index is the level of supervision
Card = Literal["yellow", "red"]
CARDS: tuple[Card, ...] = get_args(Card)

_AT = re.compile(r"(?P<share>[1-9][0-9]?)%|due(?:\s*(?P<sign>[+-])\s*(?P<offset>\w+))?")


@dataclass(frozen=True, slots=True)
class Point:
    """Where a rung stands: at a share (percent) of the limit, or at an offset from the due time.

    `sign` is -1 before due, 0 at due, +1 after.
    """

    share: int | None = None
    sign: int = 0
    offset: Limit | None = None

    @classmethod
    def parse(cls, text: str) -> "Point":
        """Read "50%", "due", "due + 3WD" or "due - 1WD". Raises ClockError."""
        match = _AT.fullmatch(text.strip())
        if match is None:
            raise LadderError(
                f"时点 {text!r} 无法识别，请写成 50%（1% 至 99%）、due、due + 3WD 或 due - 1WD",
                f"{text!r} is no point in time; write 50% (1% to 99%), due, due + 3WD or due - 1WD",
            )
        if match["share"]:
            return cls(share=int(match["share"]))
        if match["offset"]:
            sign = 1 if match["sign"] == "+" else -1
            return cls(sign=sign, offset=Limit.parse(match["offset"]))
        return cls()

    @property
    def before_due(self) -> bool:
        """Whether it comes before the due time, whatever the limit."""
        return self.share is not None or (self.offset is not None and self.sign < 0)

    def never_after(self, other: "Point") -> bool:
        """Whether this point is no later than `other` whatever the limit and the calendar."""
        if self.share is not None and other.share is not None:
            return self.share <= other.share
        unit, steps = self._working
        other_unit, other_steps = other._working
        if unit is not None and unit is other_unit:
            return steps <= other_steps
        latest, earliest = self._bounds[1], other._bounds[0]
        return latest is not None and earliest is not None and latest <= earliest

    @property
    def _working(self) -> tuple[Unit | None, int]:
        """The unit and the signed number of an offset in working time."""
        offset = self.offset
        return (offset.unit, self.sign * offset.amount) if offset and offset.working else (None, 0)

    @property
    def _bounds(self) -> tuple[timedelta | None, timedelta | None]:
        """The earliest and the latest it can be, measured from due; None where there is no bound.

        A working day takes a day or more, a working hour an hour or more; nobody knows how much.
        """
        if self.share is not None:
            return None, timedelta(0)
        if self.offset is None:
            return timedelta(0), timedelta(0)
        length = LENGTH.get(self.offset.unit, timedelta(days=1))
        distance = self.sign * self.offset.amount * length
        if not self.offset.working:
            return distance, distance
        return (distance, None) if self.sign > 0 else (None, distance)

    def time(self, deadline: Deadline, calendar: Calendar) -> datetime:
        """Its instant, in UTC, for a deadline computed with the same calendar."""
        if self.share is not None:
            return _share(self.share, deadline, calendar)
        if self.offset is None:
            return deadline.at
        amount = self.sign * self.offset.amount
        match self.offset.unit:
            case Unit.WORKING_DAYS:
                days = (calendar.add(deadline.on, amount) - deadline.on).days
                return calendar.shift(deadline.at, days)
            case Unit.WORKING_HOURS:
                move = deadline.office.after if amount > 0 else deadline.office.before
                return move(deadline.at, abs(amount) * LENGTH[self.offset.unit], calendar)
            case Unit.DAYS:
                return calendar.shift(deadline.at, amount)
            case unit:
                return deadline.at + amount * LENGTH[unit]


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung: `at` as in `Point.parse`, `do` one of DOINGS, `who` is told (of ROLES).

    With an empty `who` the rung is recorded and nobody is told.
    `card` is yellow or red; `manual` a step that a person takes (summons); `notice` the name
    of the paper that goes out. Raises LadderError, LimitError.
    """

    at: str
    do: str
    who: tuple[str, ...] = ()
    card: Card | None = None
    manual: str | None = None
    notice: str | None = None
    point: Point = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _one_of("do", self.do, DOINGS)
        if self.card is not None:
            _one_of("card", self.card, CARDS)
        for role in self.who:
            _one_of("who", role, ROLES)
        for name in ("manual", "notice"):
            value = getattr(self, name)
            if value is not None and not (isinstance(value, str) and value.strip()):
                raise LadderError(f"{name} 应为文字或省去", f"{name} must be a text or left out")
        object.__setattr__(self, "point", Point.parse(self.at))

    @classmethod
    def parse(cls, row: object) -> "Rung":
        """Read one row of a policy's ladder."""
        if not isinstance(row, Mapping):
            raise LadderError(
                "应形如 {at: due, do: remind}", "it must look like {at: due, do: remind}"
            )
        known = {each.name for each in fields(cls) if each.init}
        if unknown := ", ".join(sorted(str(key) for key in row.keys() - known)):
            raise LadderError(
                f"多余的字段 {unknown}，请删除", f"remove the unknown fields: {unknown}"
            )
        if missing := ", ".join(key for key in ("at", "do") if not isinstance(row.get(key), str)):
            raise LadderError(f"缺少文字字段 {missing}", f"add the missing text fields: {missing}")
        who = row.get("who", ())
        if isinstance(who, str) or not isinstance(who, Collection):
            raise LadderError("who 应为列表，如 [officer]", "who must be a list such as [officer]")
        return cls(**{**row, "who": tuple(who)})

    @property
    def level(self) -> int:
        """The level of supervision it raises the case to; 0 for a reminder."""
        return DOINGS.index(self.do)


class DueRungs(NamedTuple):
    """The rungs to climb now, and when to look again (None: the ladder is climbed)."""

    rungs: tuple[int, ...]
    next: datetime | None


@dataclass(frozen=True, slots=True)
class Ladder:
    """Rungs in the order in which they come. Raises LadderError when they are out of order.

    Rungs that only some limits or calendars bring out of order (80% and due - 1WD of a 3WD limit)
    are allowed: a rung then waits for the one before it, and none comes before the start.
    """

    rungs: tuple[Rung, ...]

    def __post_init__(self) -> None:
        if not self.rungs:
            raise LadderError("阶梯至少要有一级", "a ladder needs at least one rung")
        level = 0
        for number, rung in enumerate(self.rungs, 1):
            before = self.rungs[number - 2] if number > 1 else None
            if before and rung.point.never_after(before.point):
                raise LadderError(
                    f"第 {number} 级（{rung.at}）不晚于第 {number - 1} 级（{before.at}），"
                    "请按时间先后排列",
                    f"rung {number} ({rung.at}) is no later than rung {number - 1} ({before.at});"
                    " put them in order of time",
                    entry=str(number),
                )
            if 0 < rung.level <= level:
                raise LadderError(
                    f"第 {number} 级（{rung.do}）没有高于前面的 level {level}，请逐级提高",
                    f"rung {number} ({rung.do}) is not above level {level} before it;"
                    " let the levels rise",
                    entry=str(number),
                )
            level = max(level, rung.level)

    @classmethod
    def parse(cls, rows: object) -> "Ladder":
        """Read a policy's ladder, a list of rows. Raises LadderError naming the rung."""
        if not isinstance(rows, list | tuple):
            raise LadderError("阶梯应为列表", "a ladder must be a list of rungs")
        rungs = []
        for number, row in enumerate(rows, 1):
            try:
                rungs.append(Rung.parse(row))
            except ClockError as error:
                words = error.words
                raise LadderError(
                    f"第 {number} 级：{words.zh}", f"rung {number}: {words.en}", entry=str(number)
                ) from error
        return cls(tuple(rungs))

    def climbed(self, fired: int, level: int, *, late: bool = False) -> int:
        """How many rungs count as climbed when `fired` were, up to this level of supervision.

        They may have been those of another ladder: no level is passed over, and none comes twice.
        `late`: whatever does not come after the due time has been.
        """
        climbed = 0
        for i, rung in enumerate(self.rungs, 1):
            if rung.level > level:
                break
            if i <= fired or rung.level or (late and rung.point.sign <= 0):
                climbed = i
        return climbed

    def reminders(self, fired: int) -> int:
        """How many of the first `fired` rungs come before the due time; they stand below the others."""
        return sum(rung.point.before_due for rung in self.rungs[:fired])

    def time(self, i: int, deadline: Deadline, calendar: Calendar) -> datetime:
        """When rung `i` (from 0) comes, in UTC. Raises IndexError, CalendarError."""
        i = range(len(self.rungs))[i]
        return next(islice(self._times(deadline, calendar), i, None))

    def due_rungs(
        self, deadline: Deadline, fired: Collection[int], now: datetime, calendar: Calendar
    ) -> DueRungs:
        """The rungs that have come by `now` (half-open: at their time they have) and are not fired.

        `next` is always later than `now`. Times beyond it are not computed, so that a calendar
        that ends there does not matter yet.
        """
        aware(now)
        rungs: list[int] = []
        try:
            for i, time in enumerate(self._times(deadline, calendar)):
                if i in fired:
                    continue
                if time > now:
                    return DueRungs(tuple(rungs), time)
                rungs.append(i)
        except CalendarError:
            # Further rungs lie beyond the known years: they come when those are entered, and must
            # not keep back the ones that have come.
            pass
        return DueRungs(tuple(rungs), None)

    def _times(self, deadline: Deadline, calendar: Calendar) -> Iterator[datetime]:
        latest = deadline.start
        for rung in self.rungs:
            latest = max(latest, rung.point.time(deadline, calendar))
            yield latest


def _share(percent: int, deadline: Deadline, calendar: Calendar) -> datetime:
    """Percent of a limit: whole working days, then a part of the next one up to its end."""
    limit = deadline.limit
    if limit.unit is Unit.WORKING_HOURS:
        length = LENGTH[limit.unit] * limit.amount * percent / 100
        return deadline.office.after(deadline.start, length, calendar)
    if limit.unit is not Unit.WORKING_DAYS:
        return deadline.start + (deadline.at - deadline.start) * percent / 100
    whole, part = divmod(deadline.limit.amount * percent, 100)
    day = calendar.add(calendar.local(deadline.start), whole + (part > 0))
    ends = calendar.at(day, deadline.office.day_ends)
    if not part:
        return ends
    begins = calendar.midnight(day)
    return begins + (ends - begins) * part / 100


def _one_of(name: str, value: object, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        choices = ", ".join(allowed)
        raise LadderError(
            f"{name} 中的 {value!r} 无法识别，可用：{choices}",
            f"{value!r} in {name} is not known; use one of: {choices}",
        )
