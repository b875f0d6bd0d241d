"""Reading a policy document (TOML): every fault is named with its entry, in Chinese and English."""

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, get_args

from casework.clock.checking import checked
from casework.clock.checking import fault as _fault
from casework.clock.ladder import Ladder
from casework.clock.limits import LENGTH, Limit
from casework.clock.policy import (
    KEYED,
    TRIGGERS,
    UNDER_WAY,
    AtDue,
    ClockRule,
    Policy,
    PolicyError,
)
from casework.clock.words import ClockError
from schemas import names
from schemas.events import EVENT_TYPES

WIDEST = timedelta(hours=6)
"""Over so long a time alarms may be spread; nobody should find reminders of the morning at night."""
LINES = ("党务", "政务", "服务")
_CHOICES = {
    "review": ("none", "suspicious", "all"),
    "reply_review": ("none", "sampled", "all"),
}
_DAY_ENDS = ("24:00", "close")
_OF_CLOCKS = {"clocks-changed", "reminded", "overdue", "checked", "rules-changed"}
"""What a tick itself records: a clock that starts anew on these is never late, and never at rest."""
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_WINDOWS = {"objection", "reopening", "withdrawal", "unmasking"}
_TIMES = {"redo", "reopening", "extension", "suspension", "promise"}
_AT_MOST = {"extension", "suspension", "promise", "imposed"}
_TABLES = ("windows", "times", "at_most", "ladders")
_CLOCK = {"limit", "owner", "ladder", "at_due", "within", "while", "per", "beside", *TRIGGERS}
_ENTRIES = {
    "name", "source", "extends", "reply_sample", "merge_from", "day_ends", "spread", "windows", "times",
    "at_most", "closed_lines",
    "confidants", "clocks", "ladders", *_CHOICES,
}  # fmt: skip


def policy_of(document: Mapping[str, Any], *, urgent: bool) -> Policy:
    """Read a policy document; see `Policy.parse`."""
    if unknown := sorted(document.keys() - _ENTRIES):
        raise _fault(", ".join(unknown), "多余，请删除", "is unknown, remove it", unknown[0])
    _check_source(document.get("source"))
    ladders = {
        name: _named(f"ladders.{name}", Ladder.parse, rows)
        for name, rows in _table(document, "ladders").items()
    }
    policy = Policy(
        name=_one(document, "name", str),
        **{name: _choice(document, name, choices) for name, choices in _CHOICES.items()},
        reply_sample=_share(document),
        clocks=_inside(
            {name: _clock(name, row, ladders) for name, row in _table(document, "clocks").items()}
        ),
        ladders=ladders,
        windows=_limits("windows", _exactly(document, "windows", _WINDOWS)),
        times={name: _times(name, n) for name, n in _exactly(document, "times", _TIMES).items()},
        at_most=_limits(
            "at_most", _exactly(document, "at_most", _AT_MOST, optional={"extension_to"})
        ),
        closed_lines=_each_of(document, "closed_lines", LINES),
        confidants=_each_of(document, "confidants", names.ROLES),
        at_close=_choice({"day_ends": "24:00", **document}, "day_ends", _DAY_ENDS) == "close",
        merge_from=_merge_from(document),
        spread=_spread(document),
    )
    return checked(policy, urgent=urgent)


def overlaid(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """A policy document with the entries of another put over its own: whole limits, whole ladders,
    of a clock only what the other says of it."""
    document = {**base, **{k: v for k, v in over.items() if k not in (*_TABLES, "clocks")}}
    for table in _TABLES:
        document[table] = {**_plain(base, table), **_plain(over, table)}
    clocks, changed = _plain(base, "clocks"), _plain(over, "clocks")
    document["clocks"] = {
        **clocks,
        **{name: {**_plain(clocks, name), **_plain(changed, name)} for name in changed},
    }
    document.pop("extends", None)
    return document


def _plain(document: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """A table of a document; none is an empty one. Raises PolicyError for what is no table."""
    value = document.get(key, {})
    if not isinstance(value, Mapping):
        raise _fault(key, "应为一张表", "must be a table")
    return value


def _clock(name: str, row: Mapping[str, Any], ladders: Mapping[str, Ladder]) -> ClockRule:
    where = f"clocks.{name}"
    if not _NAME.fullmatch(name):  # `assist:police` is the `assist` of one unit
        raise _fault(where, "名称应如 first_contact", "must be called like first_contact")
    if not isinstance(row, Mapping):
        raise _fault(where, "应为一张表", "must be a table")
    if unknown := row.keys() - _CLOCK:
        raise _fault(f"{where}.{min(unknown)}", "多余，请删除", "is unknown, remove it")
    limit = row.get("limit")
    limits = limit if limit and isinstance(limit, Mapping) else {"any": limit or None}
    if strange := limits.keys() - {"any", *get_args(names.Kind), *LINES, *get_args(names.Urgency)}:
        raise _fault(
            f"{where}.limit.{min(strange)}",
            "不是诉求类型、线条或紧急程度",
            "is no kind of request, no line and no urgency",
        )
    ladder = str(row.get("ladder"))
    if ladder not in ladders:
        raise _fault(
            f"{where}.ladder", f"没有名为 {ladder!r} 的阶梯", f"no ladder is called {ladder!r}"
        )
    triggers = {key: _events(f"{where}.{key}", row.get(key, [])) for key in TRIGGERS}
    if not triggers["starts_on"] | triggers["restarts_on"]:
        raise _fault(where, "没有启动它的事件", "no event starts it")
    if triggers["pauses_on"] and not triggers["resumes_on"]:
        raise _fault(f"{where}.resumes_on", "没有使它继续的事件", "no event lets it go on")
    return ClockRule(
        name=name,
        limit=_limits(f"{where}.limit", {} if triggers["dated_by"] and not limit else limits),
        owner=_choice(row, "owner", ("citizen", "unit", "hotline"), where),
        ladder=ladders[ladder],
        within=row.get("within"),
        during=_optional(row, "while", UNDER_WAY, where),
        per=_per(row, where),
        beside=_yes(f"{where}.beside", row.get("beside", False)),
        at_due=_at_due(row, where),
        **triggers,
    )


def _at_due(row: Mapping[str, Any], where: str) -> AtDue | None:
    """What happens by itself, where it can: silence ends a case only where the citizen is silent."""
    found: AtDue | None = _optional(row, "at_due", get_args(AtDue), where)
    if found == "close" and row.get("owner") != "citizen":
        zh, en = "close 只用于等待诉求人的时钟", "close is for clocks that wait for the citizen"
        raise _fault(f"{where}.at_due", zh, en)
    if found == "resume" and row.get("while") != "suspended":
        zh, en = "resume 只用于挂账期间的时钟", "resume is for clocks that run while suspended"
        raise _fault(f"{where}.at_due", zh, en)
    if found == "district" and "queued" not in row.get("starts_on", ()):
        zh, en = "district 只用于待派的时钟", "district is for clocks that start when queued"
        raise _fault(f"{where}.at_due", zh, en)
    return found


def _per(row: Mapping[str, Any], where: str) -> str | None:
    """By which field its events name what it runs for: it follows from `while`, and is said aloud."""
    wanted = KEYED.get(str(row.get("while")))
    if row.get("per") != wanted:
        zh, en = (f"应为 {wanted}", f"must be {wanted}") if wanted else ("多余", "is not for it")
        raise _fault(f"{where}.per", zh, en)
    return wanted


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
    for number, each in enumerate(value, 1):
        place = f"{where}.{number}"
        if each not in EVENT_TYPES:
            raise _fault(where, f"没有事件 {each!r}", f"there is no event {each!r}", place)
        if each in _OF_CLOCKS:
            zh, en = f"{each!r} 是时钟自己的事件", f"{each!r} is the clocks' own event"
            raise _fault(where, zh, en, place)
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
        place = f"{where}.{getattr(error, 'entry', '')}".rstrip(".")
        raise PolicyError(f"{where}：{zh}", f"{where}: {en}", place) from error


def _table(document: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = document.get(key)
    if not isinstance(value, Mapping) or not value:
        raise _fault(key, "应为一张非空的表", "must be a table that is not empty")
    return value


def _exactly(
    document: Mapping[str, Any],
    key: str,
    names: Iterable[str],
    optional: frozenset[str] | set[str] = frozenset(),
) -> Mapping[str, Any]:
    table = _table(document, key)
    if table.keys() - optional != set(names):
        expected = ", ".join(sorted(names))
        strange = sorted(table.keys() - optional - set(names))
        place = ".".join([key, *strange[:1]])
        raise _fault(key, f"应恰好含有：{expected}", f"must hold exactly: {expected}", place)
    return table


def _one(document: Mapping[str, Any], key: str, kind: type[str]) -> str:
    value = document.get(key)
    if not isinstance(value, kind) or not value:
        raise _fault(key, "缺少文字", "must be a text")
    return value


def _check_source(value: object) -> None:
    """Where the policy comes from, for people: a text in each language, or nothing."""
    if value is None:
        return
    texts = value if isinstance(value, Mapping) else {}
    said = all(isinstance(text, str) and text.strip() for text in texts.values())
    if texts.keys() != {"zh", "en"} or not said:
        raise _fault("source", '应形如 {zh = "…", en = "…"}', "must be {zh = …, en = …}")


def _choice(row: Mapping[str, Any], key: str, choices: tuple[str, ...], where: str = "") -> Any:
    if row.get(key) not in choices:
        one_of = " | ".join(choices)
        raise _fault(f"{where}.{key}".lstrip("."), f"应为 {one_of}", f"must be {one_of}")
    return row[key]


def _optional(row: Mapping[str, Any], key: str, choices: Iterable[str], where: str) -> Any:
    return None if row.get(key) is None else _choice(row, key, tuple(choices), where)


def _each_of(document: Mapping[str, Any], key: str, choices: Iterable[str]) -> frozenset[Any]:
    value = document.get(key)
    known = tuple(choices)
    if not isinstance(value, list) or not all(each in known for each in value):
        one_of = ", ".join(known)
        raise _fault(key, f"应为列表，其中每项是 {one_of}", f"must be a list of {one_of}")
    return frozenset(value)


def _share(document: Mapping[str, Any]) -> int:
    value = document.get("reply_sample", 0)
    if type(value) is not int or not 0 <= value <= 100:
        raise _fault("reply_sample", "应为 0 到 100 的整数", "must be a whole number from 0 to 100")
    return value


def _merge_from(document: Mapping[str, Any]) -> int | None:
    value = document.get("merge_from", "none")
    if value == "none":
        return None
    if type(value) is not int or not 50 <= value <= 100:
        raise _fault(
            "merge_from",
            "应为 none 或 50 到 100 的整数",
            "must be none, or a whole number from 50 to 100",
        )
    return value


def _spread(document: Mapping[str, Any]) -> timedelta:
    """From no time at all to six hours; half an hour where the policy says nothing."""
    text = document.get("spread", "30M")
    if text == "none":
        return timedelta(0)
    limit: Limit = _named("spread", Limit.parse, text)
    length = limit.amount * LENGTH[limit.unit] if limit.unit in LENGTH else None
    if length is None or length > WIDEST:
        raise _fault("spread", "应为 none 或 1M 至 6H", "must be none, or from 1M to 6H")
    return length


def _times(name: str, value: object) -> int:
    if type(value) is not int or not 0 <= value <= 9:
        raise _fault(f"times.{name}", "应为 0 到 9 的整数", "must be a whole number from 0 to 9")
    return value
