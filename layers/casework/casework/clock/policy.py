"""A policy: which clocks run when, for how long, and what happens on the way. Data, validated.

A clock is declared by the events that start and stop it, so that the life of a case and its
clocks cannot drift apart. Policies are TOML documents (`policies/*.toml`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from casework.clock.calendar import Calendar
from casework.clock.ladder import Ladder
from casework.clock.limits import Deadline, Limit, due
from casework.clock.words import ClockError
from schemas import names
from schemas.events import EVENT_TYPES

POLICIES = Path(__file__).with_name("policies")
DEFAULT = "12345-general"

Owner = Literal["citizen", "unit", "hotline"]
Review = Literal["none", "suspicious", "all"]
ReplyReview = Literal["none", "sampled", "all"]

_TRIGGERS = ("starts_on", "restarts_on", "recounts_on", "stops_on")
_WINDOWS = {"objection", "reopening", "withdrawal"}
_TIMES = {"redo", "reopening"}


class PolicyError(ClockError):
    """A policy that cannot be read; the words name the entry and what it should be."""


@dataclass(frozen=True, slots=True)
class ClockRule:
    """How one clock runs. `limit` by kind of request, `any` for those not named."""

    name: str
    limit: Mapping[str, Limit]
    owner: Owner
    ladder: Ladder
    starts_on: frozenset[str] = frozenset()
    restarts_on: frozenset[str] = frozenset()
    recounts_on: frozenset[str] = frozenset()
    stops_on: frozenset[str] = frozenset()
    within: str | None = None
    """The clock whose due time this one never passes."""
    delegated: bool = False
    """It runs only while the case is with a level below the first."""
    closes: bool = False
    """At its due time the case closes by itself."""

    def limit_for(self, kind: str) -> Limit | None:
        """The limit for a kind of request; None: this clock does not run for it."""
        return self.limit.get(kind) or self.limit.get("any")


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of time and review of a city."""

    name: str
    review: Review
    reply_review: ReplyReview
    reply_sample: int
    clocks: Mapping[str, ClockRule]
    windows: Mapping[str, Limit]
    times: Mapping[str, int]

    @classmethod
    def parse(cls, document: Mapping[str, Any]) -> "Policy":
        """Read a policy document. Raises ClockError (PolicyError) at the first fault, named."""
        unknown = document.keys() - {
            "name", "review", "reply_review", "reply_sample", "windows", "times", "clocks", "ladders",
        }  # fmt: skip
        if unknown:
            raise _fault(", ".join(sorted(unknown)), "多余，请删除", "is unknown, remove it")
        ladders = {
            name: _named(f"ladders.{name}", Ladder.parse, rows)
            for name, rows in _table(document, "ladders").items()
        }
        return cls(
            name=_one(document, "name", str),
            review=_choice(document, "review", ("none", "suspicious", "all")),
            reply_review=_choice(document, "reply_review", ("none", "sampled", "all")),
            reply_sample=_share(document),
            clocks=_inside(
                {
                    name: _clock(name, row, ladders)
                    for name, row in _table(document, "clocks").items()
                }
            ),
            windows=_limits("windows", _exactly(document, "windows", _WINDOWS)),
            times={
                name: _times(name, n) for name, n in _exactly(document, "times", _TIMES).items()
            },
        )

    @classmethod
    def preset(cls, name: str = DEFAULT) -> "Policy":
        """A packaged policy, read once a process."""
        return _preset(name)

    def deadline(
        self, clock: str, kind: str, since: datetime, calendar: Calendar
    ) -> Deadline | None:
        """When a clock that starts at `since` is due; None if it does not run for this kind."""
        limit = self.clocks[clock].limit_for(kind)
        return due(since, limit, calendar) if limit else None

    def window_open(self, name: str, since: datetime, now: datetime, calendar: Calendar) -> bool:
        """Whether something that may be asked within a limit of `since` may still be asked."""
        return not due(since, self.windows[name], calendar).late(now)


@cache
def _preset(name: str) -> Policy:
    import tomllib

    return Policy.parse(tomllib.loads(preset_text(name)))


def preset_text(name: str = DEFAULT) -> str:
    """The text of a packaged policy, as a city may take and change it."""
    return (POLICIES / f"{name}.toml").read_text("utf-8")


def _clock(name: str, row: Mapping[str, Any], ladders: Mapping[str, Ladder]) -> ClockRule:
    where = f"clocks.{name}"
    if not isinstance(row, Mapping):
        raise _fault(where, "应为一张表", "must be a table")
    if unknown := row.keys() - {
        "limit",
        "owner",
        "ladder",
        "at_due",
        "within",
        "delegated",
        *_TRIGGERS,
    }:
        raise _fault(f"{where}.{min(unknown)}", "多余，请删除", "is unknown, remove it")
    limit = row.get("limit")
    limits = limit if isinstance(limit, Mapping) else {"any": limit}
    if strange := limits.keys() - {"any", *get_args(names.Kind)}:
        raise _fault(f"{where}.limit.{min(strange)}", "不是诉求类型", "is no kind of request")
    ladder = str(row.get("ladder"))
    if ladder not in ladders:
        raise _fault(
            f"{where}.ladder", f"没有名为 {ladder!r} 的阶梯", f"no ladder is called {ladder!r}"
        )
    if row.get("at_due") not in (None, "close"):
        raise _fault(f"{where}.at_due", "只能是 close", "can only be close")
    triggers = {key: _events(f"{where}.{key}", row.get(key, [])) for key in _TRIGGERS}
    if not triggers["starts_on"] | triggers["restarts_on"]:
        raise _fault(where, "没有启动它的事件", "no event starts it")
    return ClockRule(
        name=name,
        limit=_limits(f"{where}.limit", limits),
        owner=_choice(row, "owner", ("citizen", "unit", "hotline"), where),
        ladder=ladders[ladder],
        within=row.get("within"),
        delegated=_yes(f"{where}.delegated", row.get("delegated", False)),
        closes=row.get("at_due") == "close",
        **triggers,
    )


def _yes(where: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise _fault(where, "应为 true 或 false", "must be true or false")
    return value


def _inside(clocks: dict[str, ClockRule]) -> dict[str, ClockRule]:
    """The clocks, once each `within` names one that stands within no other."""
    for name, rule in clocks.items():
        known = isinstance(rule.within, str) and rule.within in clocks
        outer = clocks[rule.within] if known and rule.within else None
        if rule.within is not None and (outer is None or outer.within is not None):
            raise _fault(
                f"clocks.{name}.within",
                f"没有可作外限的时钟 {rule.within!r}",
                f"no clock {rule.within!r} to stay within",
            )
    return clocks


def _events(where: str, value: object) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise _fault(where, "应为事件名的列表", "must be a list of event names")
    if strange := set(value) - EVENT_TYPES:
        raise _fault(where, f"没有事件 {min(strange)!r}", f"there is no event {min(strange)!r}")
    return frozenset(value)


def _limits(where: str, values: Mapping[str, Any]) -> dict[str, Limit]:
    return {key: _named(f"{where}.{key}", Limit.parse, value) for key, value in values.items()}


def _named(where: str, read: Any, value: Any) -> Any:
    if value is None:
        raise _fault(where, "缺少", "is missing")
    try:
        return read(value)
    except (ClockError, TypeError) as error:
        zh, en = (
            error.words if isinstance(error, ClockError) else ("类型不对", "has the wrong type")
        )
        raise PolicyError(f"{where}：{zh}", f"{where}: {en}") from error


def _table(document: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = document.get(key)
    if not isinstance(value, Mapping) or not value:
        raise _fault(key, "应为一张非空的表", "must be a table that is not empty")
    return value


def _exactly(document: Mapping[str, Any], key: str, names: Iterable[str]) -> Mapping[str, Any]:
    table = _table(document, key)
    if table.keys() != set(names):
        expected = ", ".join(sorted(names))
        raise _fault(key, f"应恰好含有：{expected}", f"must hold exactly: {expected}")
    return table


def _one(document: Mapping[str, Any], key: str, kind: type[str]) -> str:
    value = document.get(key)
    if not isinstance(value, kind) or not value:
        raise _fault(key, "缺少文字", "must be a text")
    return value


def _choice(row: Mapping[str, Any], key: str, choices: tuple[str, ...], where: str = "") -> Any:
    if row.get(key) not in choices:
        one_of = " | ".join(choices)
        raise _fault(f"{where}.{key}".lstrip("."), f"应为 {one_of}", f"must be {one_of}")
    return row[key]


def _share(document: Mapping[str, Any]) -> int:
    value = document.get("reply_sample", 0)
    if type(value) is not int or not 0 <= value <= 100:
        raise _fault("reply_sample", "应为 0 到 100 的整数", "must be a whole number from 0 to 100")
    return value


def _times(name: str, value: object) -> int:
    if type(value) is not int or not 0 <= value <= 9:
        raise _fault(f"times.{name}", "应为 0 到 9 的整数", "must be a whole number from 0 to 9")
    return value


def _fault(where: str, zh: str, en: str) -> PolicyError:
    return PolicyError(f"政策文件的 {where}：{zh}", f"policy entry {where}: {en}")
