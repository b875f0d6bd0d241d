"""A policy is data that a city may change: read whole, or refused with the entry that is wrong."""

import tomllib
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any, get_args

import pytest

from casework.clock.calendar import Calendar
from casework.clock.limits import Limit
from casework.clock.policy import TRIGGERS, Policy, PolicyError, preset_text
from schemas import events, names

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
    assert {rule.name for rule in rules if rule.at_due == "close"} == {"info", "rating"}
    assert {rule.name for rule in rules if rule.owner == "citizen"} == {"info", "rating"}


def test_what_else_happens_by_itself_decides_nothing_for_who_was_asked() -> None:
    """A pause ends, a promise breaks, the district takes what lies (BJ 12), the citizen of what is
    overdue is called (BJ 23): no ask is approved."""
    by_itself = {rule.name: rule.at_due for rule in Policy.preset().clocks.values() if rule.at_due}
    assert by_itself == {
        "info": "close",
        "rating": "close",
        "review_date": "resume",
        "promise": "break",
        "resolve": "call_back",
        "triage": "district",
    }


def test_a_clock_without_a_limit_for_a_kind_has_none() -> None:
    some = document()
    some["clocks"]["first_contact"]["limit"] = {"help": "1WD"}
    rule = Policy.parse(some).clocks["first_contact"]
    assert rule.limit_for("praise") is None
    assert rule.limit_for("help") == Limit.parse("1WD")


def test_the_promise_to_the_citizen_has_a_limit_for_whatever_is_asked() -> None:
    some = document()
    for limit in (
        {"any": "7WD"},
        {"praise": "7WD", "any": "5WD"},
        dict.fromkeys(get_args(names.Urgency), "7D"),
        {"life_and_safety": "2H", "utilities": "24H", "ordinary": "7D", "complex": "15D"},
    ):
        some["clocks"]["resolve"]["limit"] = limit
        rule = Policy.parse(some).clocks["resolve"]
        assert all(rule.limit_for(kind) for kind in get_args(names.Kind) if "any" in limit)


def test_the_limit_of_a_line_goes_before_that_of_a_kind() -> None:
    some = document()
    some["clocks"]["resolve"]["limit"]["党务"] = "30WD"
    rule = Policy.parse(some).clocks["resolve"]
    assert rule.limit_for("enquiry", "党务") == Limit.parse("30WD")
    assert rule.limit_for("enquiry", "政务") == rule.limit_for("enquiry") == Limit.parse("3WD")


def test_a_clock_that_an_event_dates_needs_no_limit() -> None:
    promise = Policy.preset().clocks["promise"]
    assert promise.dated_by == {"promised"}
    assert promise.limit == {}
    assert promise.limit_for("complaint") is None


def test_a_clock_by_its_full_name_has_the_rule_of_its_sort() -> None:
    policy = Policy.preset()
    assert policy.rule("assist:north") is policy.clocks["assist"]
    assert policy.rule("order:order-12") is policy.clocks["order"]
    assert policy.rule("resolve") is policy.clocks["resolve"]
    assert policy.rule("gone:north") is None


def test_the_caps_and_who_may_read_what_is_confidential() -> None:
    policy = Policy.preset()
    assert {name: str(limit) for name, limit in policy.at_most.items()} == {
        "extension": "10WD",
        "suspension": "180D",
        "promise": "365D",
        "imposed": "365D",
    }
    assert policy.times == {
        "redo": 2,
        "reopening": 2,
        "extension": 1,
        "suspension": 2,
        "promise": 2,
    }
    assert policy.closed_lines == {"党务"}
    assert policy.confidants == {"moderator", "dispatcher", "supervisor", "leader", "auditor"}


def test_the_machine_merges_nothing_unless_the_city_says_from_where_on() -> None:
    assert Policy.preset().merge_from is None
    assert Policy.parse(document() | {"merge_from": "none"}).merge_from is None
    assert Policy.parse(document() | {"merge_from": 85}).merge_from == 85
    some = document()
    del some["merge_from"]
    assert Policy.parse(some).merge_from is None


@pytest.mark.parametrize("value", [49, 101, 0.9, "90", True, None, "all"])
def test_a_likeness_to_merge_from_is_none_or_50_to_100(value: object) -> None:
    with pytest.raises(PolicyError, match="merge_from"):
        Policy.parse(document() | {"merge_from": value})


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
        assert rule.stops_on or rule.during, rule.name
        used = frozenset().union(*(getattr(rule, trigger) for trigger in TRIGGERS))
        assert used <= events.EVENT_TYPES, rule.name


def test_what_pauses_a_clock_is_followed_by_what_resumes_it() -> None:
    for rule in Policy.preset().clocks.values():
        assert bool(rule.pauses_on) == bool(rule.resumes_on), rule.name
    pausing = {rule.name for rule in Policy.preset().clocks.values() if rule.pauses_on}
    assert pausing == {"resolve", "redo", "level"}


def test_what_runs_for_each_runs_while_there_is_one() -> None:
    """The events that start it name which one; what it runs beside is kept by the same key."""
    fields = {"unit": "unit", "order": "order", "alert": "alert"}
    for rule in Policy.preset().clocks.values():
        if rule.per is None:
            continue
        assert rule.during is not None, rule.name
        for name in rule.starts_on | rule.restarts_on:
            event = next(
                kind
                for kind in get_args(get_args(events.Event)[0])
                if kind.model_fields["type"].default == name
            )
            assert fields[rule.per] in event.model_fields, (rule.name, name)


def test_only_danger_orders_and_what_is_owed_to_followers_outlive_the_case() -> None:
    beside = {rule.name for rule in Policy.preset().clocks.values() if rule.beside}
    assert beside == {"alert", "alert_open", "order", "order_check", "pass_on"}


def test_a_levels_time_and_a_helpers_are_inside_the_promise_and_nothing_else_is() -> None:
    within = {rule.name: rule.within for rule in Policy.preset().clocks.values() if rule.within}
    assert within == {"level": "resolve", "assist": "resolve"}


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
        (lambda d: d["times"].update(merging=1), "times"),
        (lambda d: d["times"].pop("extension"), "times"),
        (lambda d: d.pop("at_most"), "at_most"),
        (lambda d: d["at_most"].pop("promise"), "at_most"),
        (lambda d: d["at_most"].update(redo="1D"), "at_most"),
        (lambda d: d["at_most"].update(suspension="180"), "at_most.suspension"),
        (lambda d: d["windows"].pop("unmasking"), "windows"),
        (lambda d: d.pop("closed_lines"), "closed_lines"),
        (lambda d: d.update(closed_lines="党务"), "closed_lines"),
        (lambda d: d.update(closed_lines=["机密"]), "closed_lines"),
        (lambda d: d.pop("confidants"), "confidants"),
        (lambda d: d.update(confidants=["mayor"]), "confidants"),
        (lambda d: d.update(clocks={}), "clocks"),
        (lambda d: d["clocks"].update(resolve="15WD"), "clocks.resolve"),
        (lambda d: d["clocks"]["claim"].pop("limit"), "clocks.claim.limit.any"),
        (lambda d: d["clocks"]["resolve"]["limit"].update(机密="7WD"), "clocks.resolve.limit.机密"),
        (lambda d: d["clocks"]["resolve"]["limit"].update(help="7"), "clocks.resolve.limit.help"),
        (lambda d: d["clocks"]["resolve"]["limit"].update(hlep="7WD"), "clocks.resolve.limit.hlep"),
        (lambda d: d["clocks"]["resolve"].update(owner="mayor"), "clocks.resolve.owner"),
        (lambda d: d["clocks"]["resolve"].update(ladder="steep"), "clocks.resolve.ladder"),
        (lambda d: d["clocks"]["resolve"].update(at_due="delete"), "clocks.resolve.at_due"),
        (lambda d: d["clocks"]["level"].update(within="resolved"), "clocks.level.within"),
        (lambda d: d["clocks"]["level"].update({"while": "sleeping"}), "clocks.level.while"),
        (lambda d: d["clocks"]["level"].update({"while": ["delegated"]}), "clocks.level.while"),
        (lambda d: d["clocks"]["assist"].update(per="citizen"), "clocks.assist.per"),
        (lambda d: d["clocks"]["assist"].update(per="order"), "clocks.assist.per"),
        (lambda d: d["clocks"]["assist"].pop("per"), "clocks.assist.per"),
        (lambda d: d["clocks"]["assist"].pop("while"), "clocks.assist.per"),
        (lambda d: d["clocks"]["level"].update(per="unit"), "clocks.level.per"),
        (lambda d: d["clocks"]["resolve"].pop("resumes_on"), "clocks.resolve.resumes_on"),
        (lambda d: d["clocks"]["alert"].update(beside="yes"), "clocks.alert.beside"),
        (lambda d: d["clocks"]["alert"].update(beside=1), "clocks.alert.beside"),
        (lambda d: d["clocks"]["promise"].update(dated_by=["promise"]), "clocks.promise.dated_by"),
        (lambda d: d["clocks"]["promise"].update(dated_by=[]), "clocks.promise.limit.any"),
        (lambda d: d["clocks"]["promise"].update(at_due="resumes"), "clocks.promise.at_due"),
        (
            lambda d: d["clocks"]["resolve"].update(pauses_on="suspended"),
            "clocks.resolve.pauses_on",
        ),
        (
            lambda d: d["clocks"]["resolve"].update(resumes_on=["resume"]),
            "clocks.resolve.resumes_on",
        ),
        (lambda d: d["clocks"]["level"].update(within="level"), "clocks.level.within"),
        (lambda d: d["clocks"]["level"].update(within=["resolve"]), "clocks.level.within"),
        (lambda d: d["clocks"]["level"].update(within=5), "clocks.level.within"),
        (lambda d: d["clocks"]["claim"].update(within="level"), "clocks.claim.within"),
        (lambda d: d["clocks"]["resolve"].update(stop_on=[]), "clocks.resolve.stop_on"),
        (lambda d: d["clocks"]["resolve"].update(stops_on="replied"), "clocks.resolve.stops_on"),
        (lambda d: d["clocks"]["resolve"].update(stops_on=["replid"]), "clocks.resolve.stops_on"),
        (lambda d: d["clocks"]["resolve"].update(starts_on=[]), "clocks.resolve"),
        (lambda d: d["clocks"]["claim"].update(limit={}), "clocks.claim.limit.any"),
        # `assist:police` is the assist of the police; a clock of that name no tick would find
        (lambda d: d["clocks"].update({"a:b": d["clocks"]["claim"]}), "clocks.a:b"),
        (lambda d: d["clocks"].update({"a.b": d["clocks"]["claim"]}), "clocks.a.b"),
        # the clock that starts anew on what its tick records is never late
        (
            lambda d: d["clocks"]["claim"].update(restarts_on=["overdue"]),
            "clocks.claim.restarts_on",
        ),
        # silence ends nothing but where the citizen is silent, and moves what nobody has dispatched
        (lambda d: d["clocks"]["resolve"].update(at_due="close"), "clocks.resolve.at_due"),
        (lambda d: d["clocks"]["claim"].update(at_due="resume"), "clocks.claim.at_due"),
        (lambda d: d["clocks"]["claim"].update(at_due="district"), "clocks.claim.at_due"),
        # what no event says, no clock can be dated by
        (
            lambda d: d["clocks"]["promise"].update(dated_by=["promised", "claimed"]),
            "clocks.promise.dated_by",
        ),
        # a pause that one of its ends leaves standing lasts for ever
        (
            lambda d: d["clocks"]["resolve"].update(resumes_on=["resumed", "taken-away"]),
            "clocks.resolve.resumes_on",
        ),
        (
            lambda d: d["clocks"]["resolve"].update(resumes_on=["termination-asked", "taken-away"]),
            "clocks.resolve.resumes_on",
        ),
        (
            lambda d: d["clocks"]["redo"].update(resumes_on=["resumed", "termination-asked"]),
            "clocks.redo.resumes_on",
        ),
        (lambda d: d["clocks"]["level"].update(resumes_on=["resumed"]), "clocks.level.resumes_on"),
        # a citizen whose kind of request has no limit is promised nothing
        (lambda d: d["clocks"]["resolve"]["limit"].pop("praise"), "clocks.resolve.limit"),
        (lambda d: d["clocks"]["resolve"].update(limit={"政务": "7WD"}), "clocks.resolve.limit"),
        (lambda d: d["clocks"]["resolve"].update(limit={"ordinary": "7D"}), "clocks.resolve.limit"),
        (lambda d: d["clocks"]["resolve"].pop("limit"), "clocks.resolve.limit"),
        # supervision that nobody hears of
        (lambda d: d["ladders"]["short"][1].pop("who"), "ladders.short"),
        (lambda d: d["ladders"]["default"][4].update(who=[]), "ladders.default"),
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
