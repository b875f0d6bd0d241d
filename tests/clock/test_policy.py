"""A policy is data that a city may change: read whole, or refused with the entry that is wrong."""

import tomllib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from casework.clock.calendar import Calendar
from casework.clock.limits import Limit
from casework.clock.policy import Policy, PolicyError, preset_text
from schemas import events

CALENDAR = Calendar.seeded()
SHANGHAI = timezone(timedelta(hours=8))
Document = dict[str, Any]


def document() -> Document:
    return tomllib.loads(preset_text())


def at(text: str) -> datetime:
    """An instant by the city's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


# -- the default, as the regulations have it -----------------------------------------------------


def test_the_default_is_read_once_and_is_the_packaged_one() -> None:
    assert Policy.preset() is Policy.preset("12345-general")
    assert Policy.preset() == Policy.parse(document())


@pytest.mark.parametrize(
    ("kind", "limit"),
    [
        ("enquiry", "3WD"),
        ("help", "7WD"),
        ("suggestion", "7WD"),
        ("praise", "7WD"),
        ("complaint", "15WD"),
        ("report", "15WD"),
    ],
)
def test_the_promise_to_the_citizen_depends_on_the_kind(kind: str, limit: str) -> None:
    """四川省12345政务服务便民热线运行管理办法 (2026)."""
    assert Policy.preset().clocks["resolve"].limit_for(kind) == Limit.parse(limit)


@pytest.mark.parametrize(
    ("clock", "limit"),
    [
        ("dispatch", "2H"),
        ("claim", "1WD"),
        ("first_contact", "1WD"),
        ("return", "2WD"),
        ("level", "5WD"),
        ("arbitration", "2WD"),
        ("redo", "3WD"),
        ("follow_up", "2WD"),
        ("objection", "5WD"),
        ("rating", "15D"),
    ],
)
def test_every_other_limit_is_for_all_kinds(clock: str, limit: str) -> None:
    rule = Policy.preset().clocks[clock]
    assert {rule.limit_for(kind) for kind in ("enquiry", "report")} == {Limit.parse(limit)}


def test_only_what_waits_for_the_citizen_closes_by_itself() -> None:
    rules = Policy.preset().clocks.values()
    assert {rule.name for rule in rules if rule.closes} == {"info", "rating"}
    assert {rule.name for rule in rules if rule.owner == "citizen"} == {"info", "rating"}


def test_a_deadline_by_clock_kind_and_start() -> None:
    deadline = Policy.preset().deadline("resolve", "enquiry", at("2026-09-30 10:00"), CALENDAR)
    assert deadline is not None
    assert deadline.at == at("2026-10-11 00:00").astimezone(UTC)


def test_a_clock_without_a_limit_for_a_kind_does_not_run_for_it() -> None:
    some = document()
    del some["clocks"]["resolve"]["limit"]["praise"]
    policy = Policy.parse(some)
    assert policy.deadline("resolve", "praise", at("2026-09-30 10:00"), CALENDAR) is None
    assert policy.deadline("resolve", "help", at("2026-09-30 10:00"), CALENDAR) is not None


def test_kinds_that_are_not_named_fall_under_any() -> None:
    some = document()
    some["clocks"]["resolve"]["limit"] = {"enquiry": "1WD", "any": "5WD"}
    rule = Policy.parse(some).clocks["resolve"]
    assert rule.limit_for("enquiry") == Limit.parse("1WD")
    assert rule.limit_for("complaint") == Limit.parse("5WD")


@pytest.mark.parametrize(
    ("window", "last", "over"),
    [
        ("objection", "2026-10-13 23:59:59", "2026-10-14 00:00"),
        ("reopening", "2026-10-30 23:59:59", "2026-10-31 00:00"),
        ("withdrawal", "2026-10-03 23:59:59", "2026-10-04 00:00"),
    ],
)
def test_a_window_is_open_up_to_the_last_second_of_its_last_day(
    window: str, last: str, over: str
) -> None:
    policy, since = Policy.preset(), at("2026-09-30 10:00")
    assert policy.window_open(window, since, at(last), CALENDAR)
    assert not policy.window_open(window, since, at(over), CALENDAR)


# -- what fits together ---------------------------------------------------------------------------


def test_every_clock_starts_and_stops_on_events_that_there_are() -> None:
    for rule in Policy.preset().clocks.values():
        assert rule.starts_on | rule.restarts_on, rule.name
        assert rule.stops_on, rule.name
        used = rule.starts_on | rule.restarts_on | rule.recounts_on | rule.stops_on
        assert used <= events.EVENT_TYPES, rule.name


def test_a_levels_own_time_is_inside_the_promise_and_nothing_else_is_inside_another() -> None:
    within = {rule.name: rule.within for rule in Policy.preset().clocks.values() if rule.within}
    assert within == {"level": "resolve"}


# -- what is refused, by name ---------------------------------------------------------------------

Spoil = Callable[[Document], object]


@pytest.mark.parametrize(
    ("spoil", "entry"),
    [
        (lambda d: d.update(reveiw="all"), "reveiw"),
        (lambda d: d.pop("name"), "name"),
        (lambda d: d.update(name=""), "name"),
        (lambda d: d.update(review="some"), "review"),
        (lambda d: d.pop("reply_review"), "reply_review"),
        (lambda d: d.update(reply_sample=101), "reply_sample"),
        (lambda d: d.update(reply_sample=True), "reply_sample"),
        (lambda d: d.pop("windows"), "windows"),
        (lambda d: d["windows"].pop("objection"), "windows"),
        (lambda d: d["windows"].update(objection="5X"), "windows.objection"),
        (lambda d: d["windows"].update(objection=5), "windows.objection"),
        (lambda d: d["times"].update(redo=10), "times.redo"),
        (lambda d: d["times"].update(redo=-1), "times.redo"),
        (lambda d: d["times"].update(redo=True), "times.redo"),
        (lambda d: d["times"].update(extension=1), "times"),
        (lambda d: d.update(clocks={}), "clocks"),
        (lambda d: d["clocks"].update(resolve="15WD"), "clocks.resolve"),
        (lambda d: d["clocks"]["resolve"].pop("limit"), "clocks.resolve.limit.any"),
        (lambda d: d["clocks"]["resolve"]["limit"].update(help="7"), "clocks.resolve.limit.help"),
        (lambda d: d["clocks"]["resolve"]["limit"].update(hlep="7WD"), "clocks.resolve.limit.hlep"),
        (lambda d: d["clocks"]["resolve"].update(owner="mayor"), "clocks.resolve.owner"),
        (lambda d: d["clocks"]["resolve"].update(ladder="steep"), "clocks.resolve.ladder"),
        (lambda d: d["clocks"]["resolve"].update(at_due="delete"), "clocks.resolve.at_due"),
        (lambda d: d["clocks"]["level"].update(within="promise"), "clocks.level.within"),
        (lambda d: d["clocks"]["level"].update(within="level"), "clocks.level.within"),
        (lambda d: d["clocks"]["level"].update(within=["resolve"]), "clocks.level.within"),
        (lambda d: d["clocks"]["level"].update(within=5), "clocks.level.within"),
        (lambda d: d["clocks"]["claim"].update(within="level"), "clocks.claim.within"),
        (lambda d: d["clocks"]["resolve"].update(stop_on=[]), "clocks.resolve.stop_on"),
        (lambda d: d["clocks"]["resolve"].update(stops_on="replied"), "clocks.resolve.stops_on"),
        (lambda d: d["clocks"]["resolve"].update(stops_on=["replid"]), "clocks.resolve.stops_on"),
        (lambda d: d["clocks"]["resolve"].update(starts_on=[]), "clocks.resolve"),
        (lambda d: d.update(ladders={}), "ladders"),
        (lambda d: d["ladders"].update(short=[]), "ladders.short"),
        (lambda d: d["ladders"].update(short=[{"at": "due", "do": "shout"}]), "ladders.short"),
    ],
)
def test_a_faulty_entry_is_named_in_both_languages(spoil: Spoil, entry: str) -> None:
    faulty = document()
    spoil(faulty)
    with pytest.raises(PolicyError) as refusal:
        Policy.parse(faulty)
    assert entry in refusal.value.words.zh
    assert entry in refusal.value.words.en
