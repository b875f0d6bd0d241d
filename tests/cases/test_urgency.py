"""Urgency (紧急程度): what is urgent counts in hours and minutes, by night and through the holidays.

The staff say so: at the filing, at the dispatch, or when it turns out. Every running clock is then
counted anew from its own start; what has fired has fired, and nothing fires twice.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from casework.cases.access import By
from casework.cases.decide import file
from casework.cases.evolve import evolve_all
from casework.cases.rules import Refusal, Rules
from schemas import events as e
from schemas.commands import (
    AskExtension,
    DecideExtension,
    Dispatch,
    File,
    From,
    Reclassify,
    RecordContact,
    Reply,
)
from schemas.events import Event
from tests.cases.telling import (
    AGENT,
    CITIZEN,
    DISPATCHER,
    HANDLING,
    LI,
    NUMBER,
    RULES,
    START,
    SUPERVISOR,
    SUSPENDED,
    TRIAGE,
    Steps,
    Story,
    booked,
    given,
    on,
    staff,
    step,
)

CITY = booked()
TEXT = "小区泵房进水，整栋楼停电，楼上有两位靠呼吸机的老人。"
LIFE = Reclassify(urgency="life_and_safety")
CALM = Reclassify(urgency="ordinary")
PROMISE = on("2026-10-28 00:00")
DISPATCHED: Steps = (
    step(
        e.Accepted(),
        e.Dispatched(unit="roads", category="0204"),
        at="2026-10-01 23:30",
    ),
)
"""On the first night of the holiday."""


def dues(story: Story) -> dict[str, datetime]:
    return {name: clock.due for name, clock in story.case.clocks.items()}


def fired(story: Story) -> list[tuple[str, datetime, int]]:
    """Each rung that the journal has, with the clock and the due time it was reached for."""
    found = []
    case = None
    for commit in story.journal:
        for event in commit.events:
            if isinstance(event, e.Reminded) and case is not None:
                due = case.clocks[event.clock].due
                found += [(event.clock, due, rung) for rung in event.rungs]
            case = evolve_all(case, (event,), NUMBER, commit.actor, commit.at)
    return found


# -- who says so ---------------------------------------------------------------------------------


def filed(filing: File, by: By = AGENT, rules: Rules = CITY) -> list[Event] | Refusal:
    return file(NUMBER, filing, "help", by, rules, START)


def clocks(events: list[Event] | Refusal) -> dict[str, e.ClockSet]:
    assert not isinstance(events, Refusal), events
    (set_going,) = [event for event in events if isinstance(event, e.ClocksChanged)]
    return set_going.started


def test_an_agent_files_what_is_urgent_and_minutes_run_at_once() -> None:
    started = clocks(filed(File(text=TEXT, channel="hotline", urgency="life_and_safety")))
    assert started["dispatch"].due == on("2026-09-30 10:10")
    assert started["resolve"].due == on("2026-09-30 12:00")


def test_the_citizen_describes_it_and_does_not_rank_it() -> None:
    for urgency in ("life_and_safety", "utilities", "complex"):
        refusal = filed(File(text=TEXT, urgency=urgency), by=CITIZEN)
        assert isinstance(refusal, Refusal)
        assert (refusal.code, refusal.pointer) == ("urgency_staff_only", "/urgency")
    assert not isinstance(filed(File(text=TEXT, urgency="ordinary"), by=CITIZEN), Refusal)


def test_a_dispatcher_says_so_with_the_dispatch() -> None:
    story = given(*TRIAGE, rules=CITY).when(
        Dispatch(unit="roads", category="0204", urgency="utilities"), by=DISPATCHER
    )
    assert story.happened[0] == e.Reclassified(
        kind="complaint", category="0204", urgency="utilities"
    )
    assert story.case.urgency == "utilities"
    assert story.clock("claim").due == on("2026-09-30 10:30")
    assert story.clock("resolve").due == on("2026-10-01 10:00")


def test_a_dispatch_that_says_it_again_changes_nothing_of_it() -> None:
    story = given(*TRIAGE, rules=CITY).when(
        Dispatch(unit="roads", category="0204", urgency="ordinary"), by=DISPATCHER
    )
    assert [event.type for event in story.happened] == ["dispatched"]


def test_after_the_dispatch_nobody_of_the_unit_says_so() -> None:
    story = given(*HANDLING, rules=CITY)
    story.when(LIFE, by=LI).refused("role")
    story.when(LIFE, by=staff("dispatcher", "ding", "roads")).refused("own_unit")
    story.when(CALM, by=DISPATCHER).refused("nothing_changes")


def test_a_correction_says_at_least_one_thing() -> None:
    with pytest.raises(ValidationError, match="kind_category_urgency_or_area"):
        Reclassify()


# -- counted anew, from its own start ------------------------------------------------------------


def test_every_running_clock_counts_in_minutes_by_night_and_holiday() -> None:
    story = given(*DISPATCHED, rules=CITY, kind="help")
    assert dues(story) == {
        "claim": on("2026-10-09 00:00"),
        "first_contact": on("2026-10-09 00:00"),
        "resolve": on("2026-10-16 00:00"),
    }
    urgent = story.when(LIFE, by=DISPATCHER, at="2026-10-01 23:40")
    assert dues(urgent) == {
        "claim": on("2026-10-02 00:00"),
        "first_contact": on("2026-10-02 00:30"),
        "resolve": on("2026-09-30 12:00"),
    }
    assert urgent.clock("claim").since == on("2026-10-01 23:30"), "from its own start"
    assert urgent.clock("claim").next == on("2026-10-01 23:45"), "half of thirty minutes"


def test_what_has_passed_by_the_new_limit_is_recorded_at_once() -> None:
    """Two hours from Wednesday morning: on Thursday night every level has come."""
    story = given(*DISPATCHED, rules=CITY).when(LIFE, by=DISPATCHER, at="2026-10-01 23:40")
    assert story.clock("resolve").next == on("2026-10-01 23:40:01")
    late = story.tick("2026-10-01 23:41")
    assert e.Overdue(clock="resolve") in late.happened
    (reminded,) = [event for event in late.happened if isinstance(event, e.Reminded)]
    assert (reminded.rungs, reminded.level, reminded.card) == ((0, 1, 2, 3), 3, "red")
    assert "duty_desk" in reminded.who
    assert late.case.level == 3


def test_a_second_look_in_the_night_finds_the_next_rung() -> None:
    story = given(*DISPATCHED, rules=CITY).when(LIFE, by=DISPATCHER, at="2026-10-01 23:40")
    story = story.tick("2026-10-01 23:41").tick("2026-10-01 23:45")
    assert [event.clock for event in story.happened if isinstance(event, e.Reminded)] == ["claim"]
    story = story.tick("2026-10-02 00:00")
    assert e.Overdue(clock="claim") in story.happened


def test_called_ordinary_again_it_has_the_dates_it_would_have_had() -> None:
    story = given(*DISPATCHED, rules=CITY)
    back = story.when(LIFE, by=DISPATCHER, at="2026-10-01 23:35").when(
        CALM, by=DISPATCHER, at="2026-10-01 23:36"
    )
    assert back.case.urgency == "ordinary"
    assert back.case.clocks == story.case.clocks


def test_what_turned_out_harmless_is_supervised_no_longer() -> None:
    late = given(*HANDLING, rules=CITY).when(LIFE, by=DISPATCHER, at="2026-09-30 14:00")
    late = late.tick("2026-09-30 14:01")
    assert late.case.level == 2
    calm = late.when(CALM, by=SUPERVISOR, at="2026-09-30 15:30")
    assert calm.case.level == 0
    assert calm.clock("resolve").due == on("2026-10-28 00:00")
    assert not calm.clock("resolve").late


def test_going_to_and_fro_nobody_is_told_anything_twice() -> None:
    """Neither the card of the first two hours, nor the reminder of the half time."""
    story = given(*HANDLING, rules=CITY).tick("2026-10-17 09:00")
    assert story.clock("resolve").fired == 1
    for minute in range(0, 50, 10):
        command = LIFE if minute % 20 == 0 else CALM
        story = story.when(command, by=DISPATCHER, at=f"2026-10-17 10:{minute:02}")
        story = story.tick(f"2026-10-17 10:{minute + 5:02}")
    told = fired(story)
    assert len(told) == len(set(told))
    ordinary = [rung for clock, due, rung in told if (clock, due) == ("resolve", PROMISE)]
    assert ordinary == [0]
    assert story.case.level == 3, "urgent again, it is as late as it was"
    assert sum(isinstance(event, e.Overdue) for event in events(story, "resolve")) == 1


def events(story: Story, clock: str) -> list[Event]:
    return [
        event
        for commit in story.journal
        for event in commit.events
        if getattr(event, "clock", None) == clock
    ]


def test_its_own_levels_come_though_the_others_reminders_were_more() -> None:
    """Two reminders of the ordinary ladder are not the first two rungs of the urgent one."""
    story = given(*HANDLING, rules=CITY).when(
        RecordContact(how="phone", result="reached"), by=LI, at="2026-10-22 08:00"
    )
    story = story.tick("2026-10-27 09:00")
    assert story.clock("resolve").fired == 2
    urgent = story.when(LIFE, by=DISPATCHER).tick("2026-10-27 09:01")
    (reminded,) = [event for event in urgent.happened if isinstance(event, e.Reminded)]
    assert (reminded.rungs, reminded.level) == ((1, 2, 3), 3)


# -- what it does not move -----------------------------------------------------------------------


def test_a_date_that_was_granted_stays() -> None:
    ask = AskExtension(reason="complex", until=on("2026-11-06 12:00").date(), text="需要检测。")
    story = given(*HANDLING, rules=CITY).when(ask, by=LI)
    extended = story.when(DecideExtension(approve=True), by=SUPERVISOR)
    urgent = extended.when(LIFE, by=DISPATCHER)
    assert urgent.clock("resolve").due == on("2026-11-07 00:00")


def test_a_clock_that_stands_still_stands_still() -> None:
    story = given(*SUSPENDED, rules=CITY)
    urgent = story.when(LIFE, by=DISPATCHER, at="2026-10-02 03:00")
    assert urgent.clock("resolve") == story.clock("resolve")


def test_an_instant_imposed_from_above_wins() -> None:
    """批〔2026〕7号: by noon of the holiday, whatever the policy says of what is urgent."""
    noon = datetime(2026, 10, 1, 4, 0, tzinfo=UTC)
    origin = From(system="leader", number="批〔2026〕7号", due_at=noon)
    for urgency in ("ordinary", "life_and_safety"):
        filing = File(text=TEXT, channel="hotline", urgency=urgency, origin=origin)
        resolve = clocks(filed(filing))["resolve"]
        assert (resolve.due, resolve.decided) == (noon, True)


@pytest.mark.parametrize(
    ("due_at", "code"),
    [("2026-09-30 09:59", "past"), ("2026-09-30 10:00", "past"), ("2027-10-02 10:00", "too_far")],
)
def test_such_an_instant_lies_ahead_and_can_be_counted_to(due_at: str, code: str) -> None:
    refusal = filed(File(text=TEXT, origin=From(system="leader", due_at=on(due_at))))
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.pointer) == (code, "/origin/due_at")


def test_a_day_or_an_instant_is_imposed_and_not_both() -> None:
    with pytest.raises(ValidationError, match="one_due"):
        From(system="leader", due=on("2026-10-09 00:00").date(), due_at=on("2026-10-09 00:00"))


# -- by category, and by Beijing's classes -------------------------------------------------------


@pytest.mark.parametrize(
    ("urgency", "due"),
    [
        ("ordinary", "2026-10-08 00:00"),  # 7D
        ("complex", "2026-10-16 00:00"),  # 15D
        ("utilities", "2026-10-01 10:00"),  # 24H
        ("life_and_safety", "2026-09-30 12:00"),  # 2H
    ],
)
def test_where_limits_go_by_urgency_each_class_has_its_own(urgency: Any, due: str) -> None:
    story = given(*HANDLING, rules=booked(c0204="jiesujiban"), kind="help")
    if urgency != "ordinary":
        story = story.when(Reclassify(urgency=urgency), by=DISPATCHER)
    assert story.clock("resolve").due == on(due)


def test_a_category_brings_its_policy_with_it() -> None:
    rules = booked(c0203="12345-flat5")
    story = given(*HANDLING, rules=rules)
    assert story.clock("resolve").due == PROMISE
    moved = story.when(Reclassify(category="0203"), by=DISPATCHER)
    assert moved.clock("resolve").due == on("2026-10-14 00:00")
    assert moved.when(Reclassify(category="0204"), by=DISPATCHER).case.clocks == story.case.clocks


def test_fifteen_days_in_all_where_the_policy_counts_an_extension_from_the_start() -> None:
    story = given(*HANDLING, rules=booked(c0204="12345-1-5-15"))
    assert story.clock("resolve").due == on("2026-10-14 00:00")
    last = AskExtension(reason="complex", until=on("2026-10-27 12:00").date(), text="需要检测。")
    day = last.until
    beyond = last.model_copy(update={"until": day.replace(day=28)})
    story.when(beyond, by=LI).refused("too_far", "/until")
    asked = story.when(last, by=LI)
    granted = asked.when(DecideExtension(approve=True), by=SUPERVISOR)
    assert granted.clock("resolve").due == PROMISE


def test_a_city_without_a_book_has_one_policy_for_all() -> None:
    story = given(*DISPATCHED, rules=RULES)
    urgent = story.when(LIFE, by=DISPATCHER)
    assert dues(urgent) == dues(story)
    assert urgent.case.urgency == "life_and_safety"


def test_the_answer_ends_the_haste() -> None:
    story = given(*HANDLING, rules=CITY).when(LIFE, by=DISPATCHER)
    reply = Reply(outcome="resolved", text="已抽水、恢复供电。")
    replied = story.when(reply, by=LI, at="2026-09-30 11:30")
    assert "resolve" not in replied.case.clocks
