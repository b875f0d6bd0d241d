"""Counted anew: a notice or a policy has changed, and every running clock is counted by it.

Dates move later and earlier. What somebody decided stays, what stands still stands still, what has
fired has fired; and where nothing moves, nothing is committed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from casework.cases.rules import Rules
from casework.clock.book import whole
from casework.clock.policy import Policy
from schemas import events as e
from schemas.commands import (
    AskExtension,
    AskSuspension,
    DecideExtension,
    DecideSuspension,
    LiftSuspension,
    Reclassify,
    RecordContact,
    Recount,
)
from tests.cases.telling import (
    AGENT,
    ALERTED,
    CITIZEN,
    CLOSED,
    DELEGATED,
    DISPATCHER,
    HANDLING,
    HEAD,
    LI,
    MACHINE,
    MODERATOR,
    ORDERED,
    PASTS,
    PROMISED,
    REDO,
    REPLIED,
    RULES,
    SUPERVISOR,
    SUSPENDED,
    Steps,
    Story,
    booked,
    given,
    on,
    with_days_off,
    with_days_worked,
)

LONGER = with_days_off("2026-10-08", "2026-10-09")
"""The holiday is made two working days longer."""
SHORTER = with_days_worked("2026-10-06", "2026-10-07")
"""And here two shorter."""
WAS = on("2026-10-28 00:00")
LATER, EARLIER = on("2026-10-30 00:00"), on("2026-10-24 00:00")


def handled() -> Story:
    return given(*HANDLING).when(RecordContact(how="phone", result="reached"), by=LI)


def under_way(story: Story, rules: Rules, at: str | None = None) -> Story:
    """The city's rules have changed, and the machine has the case counted anew."""
    changed = replace(story, rules=rules)
    return changed.when(Recount(), by=MACHINE, at=at)


def policy(**clocks: Any) -> Rules:
    """The general policy with these clocks otherwise."""
    document = whole({"name": "ours", "extends": "12345-general", "clocks": clocks}, {})
    return replace(RULES, policy=replace(Policy.parse(document), spread=RULES.policy.spread))


# -- dates move ----------------------------------------------------------------------------------


def test_days_that_became_free_move_the_promise_on() -> None:
    story = under_way(handled(), LONGER).then(e.RulesChanged())
    clock = story.clock("resolve")
    assert (clock.since, clock.due) == (on("2026-09-30 10:00"), LATER)
    assert clock.next == on("2026-10-20 12:00"), "and its reminders with it"


def test_days_that_are_worked_after_all_bring_it_nearer() -> None:
    story = under_way(handled(), SHORTER).then(e.RulesChanged())
    assert story.clock("resolve").due == EARLIER


def test_a_date_that_has_passed_by_the_new_count_is_late_at_the_next_tick() -> None:
    story = under_way(handled(), SHORTER, "2026-10-25 09:00")
    assert story.clock("resolve").next == on("2026-10-25 09:00:01")
    late = story.tick("2026-10-25 09:01")
    assert e.Overdue(clock="resolve") in late.happened
    (reminded,) = [event for event in late.happened if isinstance(event, e.Reminded)]
    assert reminded.rungs == (0, 1, 2)
    assert late.happened[-1] == e.CallBackDue()
    assert late.tick("2026-10-25 09:02").happened == []


def test_another_limit_counts_from_the_same_start() -> None:
    story = under_way(handled(), policy(resolve={"limit": "5WD"}), "2026-10-08 09:00")
    assert story.clock("resolve").since == on("2026-09-30 10:00")
    assert story.clock("resolve").due == on("2026-10-14 00:00")


def test_a_levels_time_stays_within_the_promise_that_moved() -> None:
    story = given(*DELEGATED)
    shorter = under_way(story, policy(resolve={"limit": "2WD"}))
    assert shorter.clock("resolve").due == shorter.clock("level").due == on("2026-10-10 00:00")


def test_a_clock_that_the_policy_no_longer_has_is_put_away() -> None:
    clocks = {name: r for name, r in RULES.policy.clocks.items() if name != "first_contact"}
    without = replace(RULES, policy=replace(RULES.policy, clocks=clocks))
    story = under_way(given(*HANDLING), without)
    assert set(story.case.clocks) == {"resolve"}


# -- what stays ----------------------------------------------------------------------------------


def test_a_date_that_was_granted_stays() -> None:
    ask = AskExtension(reason="complex", until=date(2026, 11, 6), text="需要检测。")
    extended = handled().when(ask, by=LI).when(DecideExtension(approve=True), by=SUPERVISOR)
    for rules in (LONGER, SHORTER):
        story = under_way(extended, rules)
        assert story.clock("resolve") == extended.clock("resolve")


@pytest.mark.parametrize(
    ("story", "clock"),
    [
        (given(*HANDLING, until=on("2026-10-13 00:00")), "resolve"),
        (given(*PROMISED), "promise"),
        (given(*SUSPENDED), "review_date"),
    ],
    ids=["imposed from above", "promised", "the review date of a pause"],
)
def test_a_date_that_somebody_named_stays(story: Story, clock: str) -> None:
    assert under_way(story, LONGER).clock(clock) == story.clock(clock)


def test_a_clock_that_stands_still_is_counted_when_it_goes_on() -> None:
    """Fifteen working days were left of it when the pause began, and fifteen are left at its end."""
    paused = given(*SUSPENDED)
    story = under_way(paused, LONGER, "2026-10-05 09:00")
    assert story.clock("resolve") == paused.clock("resolve")
    lifted = story.when(LiftSuspension(text="提前开工。"), by=LI, at="2026-10-12 09:00")
    assert lifted.clock("resolve").due == on("2026-11-03 00:00")


def test_one_that_goes_on_again_is_counted_still_and_its_pause_with_it() -> None:
    """Nobody decided its date: a pause was approved, and moves whatever is counted."""
    resumed = given(*SUSPENDED).tick("2026-10-21 00:00")
    assert resumed.clock("resolve").due == on("2026-11-12 00:00")
    moved = under_way(resumed, with_days_off("2026-11-02", "2026-11-03"))
    assert moved.clock("resolve").due == on("2026-11-14 00:00")
    assert moved.clock("resolve").stood == resumed.clock("resolve").stood
    assert under_way(moved, RULES).clock("resolve").due == on("2026-11-12 00:00")


def test_nor_does_a_pause_keep_what_turns_out_urgent_from_its_hours() -> None:
    resumed = given(*SUSPENDED, rules=booked()).tick("2026-10-21 00:00")
    urgent = resumed.when(Reclassify(urgency="utilities"), by=DISPATCHER, at="2026-10-21 08:00")
    # 24 hours from the 30th of September, ten in the morning, when it was suspended at once
    assert urgent.clock("resolve").due == on("2026-10-22 00:00")


def test_two_pauses_move_what_is_counted_one_after_the_other() -> None:
    again = given(*SUSPENDED).tick("2026-10-21 00:00")
    for command, by, at in (
        (AskSuspension(reason="season", until=date(2026, 10, 30), text="停工。"), LI, 22),
        (DecideSuspension(approve=True), SUPERVISOR, 23),
    ):
        again = again.when(command, by=by, at=f"2026-10-{at} 10:00")
    resumed = again.tick("2026-10-31 00:00")
    # five more, from the 26th to the 30th
    assert resumed.clock("resolve").due == on("2026-11-19 00:00")
    assert under_way(resumed, RULES).happened == []


def test_so_is_one_whose_kind_was_corrected_meanwhile() -> None:
    story = given(*SUSPENDED).when(Reclassify(kind="enquiry"), by=DISPATCHER)
    lifted = story.when(LiftSuspension(text="提前开工。"), by=LI, at="2026-10-12 09:00")
    assert lifted.clock("resolve").due == on("2026-10-16 00:00"), "three working days"


# -- nothing fires twice, and none is left out ---------------------------------------------------


def rungs(story: Story) -> list[int]:
    return [
        rung
        for commit in story.journal
        for event in commit.events
        if isinstance(event, e.Reminded) and event.clock == "resolve"
        for rung in event.rungs
    ]


def test_who_was_reminded_is_not_reminded_again_when_the_date_moves_on() -> None:
    half = handled().tick("2026-10-16 12:00")
    story = under_way(half, LONGER)
    assert story.clock("resolve").fired == 1
    for day in ("2026-10-20 12:00", "2026-10-27 00:00", "2026-10-30 00:00"):
        story = story.tick(day)
    assert rungs(story) == [0, 1, 2]


def test_what_is_late_and_stays_late_keeps_its_level_and_its_card() -> None:
    late = handled().tick("2026-10-28 00:00")
    assert late.case.level == 1
    for rules in (SHORTER, LONGER):
        story = under_way(late, rules, "2026-10-30 00:00")
        assert story.clock("resolve").late
        assert story.case.level == 1
        again = story.tick("2026-10-30 00:01")
        assert not [event for event in again.happened if isinstance(event, e.Overdue)]
    story = under_way(late, SHORTER, "2026-10-30 00:00").tick("2026-10-30 00:01")
    assert (rungs(story), story.case.level) == ([0, 1, 2, 3], 2), (
        "red, three days after the new one"
    )


def test_a_due_time_that_lies_ahead_again_takes_its_level_back_and_calls_for_it_anew() -> None:
    late = handled().tick("2026-10-28 00:00")
    story = under_way(late, LONGER, "2026-10-28 09:00")
    assert (story.case.level, story.clock("resolve").late) == (0, False)
    assert story.clock("resolve").fired == 2, "but nobody is reminded again"
    again = story.tick("2026-10-30 00:00")
    assert e.Overdue(clock="resolve") in again.happened
    assert again.case.level == 1


def test_a_due_time_that_comes_back_is_missed_as_it_was() -> None:
    """A notice that is taken back within the day: the yellow card stays one."""
    late = handled().tick("2026-10-28 00:00")
    story = under_way(under_way(late, LONGER, "2026-10-28 09:00"), RULES, "2026-10-28 10:00")
    assert (story.case.level, story.clock("resolve").late) == (1, True)
    assert story.clock("resolve").next == on("2026-10-31 00:00")
    assert rungs(story.tick("2026-10-28 10:01")) == [0, 1, 2]


def told_under(ladder: str, story: Story, at: str) -> list[int]:
    """The rungs that are told once the city has put another ladder under the clock, in the weeks on."""
    changed = under_way(story, policy(resolve={"ladder": ladder}), at)
    told = rungs(story)
    for day in ("2026-10-28 00:00", "2026-11-02 00:00", "2026-11-04 00:00", "2026-11-12 00:00"):
        changed = changed.tick(day) if on(day) > changed.now else changed
    return rungs(changed)[len(told) :]


@pytest.mark.parametrize(
    ("ladder", "told"), [("card-wuhu", [0, 1]), ("urge-bureau", [1, 2]), ("short", [1])]
)
def test_another_ladder_leaves_no_level_out(ladder: str, told: list[int]) -> None:
    """Two reminders have gone out; the second rung of each of these is a level all the same."""
    reminded = handled().tick("2026-10-16 12:00").tick("2026-10-23 00:00")
    assert rungs(reminded) == [0, 1]
    assert told_under(ladder, reminded, "2026-10-23 09:00") == told


@pytest.mark.parametrize(
    ("ladder", "told"), [("card-wuhu", [1]), ("urge-bureau", [2]), ("short", [])]
)
def test_nor_repeats_it_one_that_was_reached(ladder: str, told: list[int]) -> None:
    late = handled().tick("2026-10-28 00:00")
    assert late.case.level == 1
    assert told_under(ladder, late, "2026-10-28 09:00") == told


# -- where nothing moves -------------------------------------------------------------------------


@pytest.mark.parametrize("past", PASTS.values(), ids=PASTS.keys())
def test_under_the_same_rules_nothing_is_committed(past: Steps) -> None:
    for days in ("2026-09-30 10:00", "2026-10-09 12:00", "2026-11-20 09:00"):
        story = given(*past).tick(days)
        if not story.case.is_open:
            continue
        again = under_way(story, RULES)
        assert again.last == ()
        assert again.case is story.case


@pytest.mark.parametrize("past", [REPLIED, REDO], ids=["natural days", "over before"])
def test_what_did_not_count_the_day_is_left_alone(past: Steps) -> None:
    story = given(*past)
    assert under_way(story, with_days_off("2026-12-09")).last == ()


def test_under_a_book_of_policies_too() -> None:
    rules = booked(c0204="12345-flat5")
    story = given(*HANDLING, rules=rules)
    assert under_way(story, rules).last == ()


# -- who does it, and who is told ----------------------------------------------------------------


@pytest.mark.parametrize("by", [AGENT, CITIZEN, DISPATCHER, HEAD, LI, MODERATOR, SUPERVISOR])
def test_nobody_counts_anew_by_hand(by: Any) -> None:
    replace(handled(), rules=LONGER).when(Recount(), by=by).refused("role")


def test_what_has_ended_has_no_dates_to_move() -> None:
    for past in (CLOSED, (*CLOSED, *ALERTED)):
        under_way(given(*past), LONGER).then()


def test_an_order_that_outlives_its_case_is_counted_too() -> None:
    story = given(*CLOSED, *ORDERED)
    assert story.clock("order:order-9").due == on("2026-10-11 00:00")
    moved = under_way(story, LONGER).leaves("CLOSED")
    assert moved.clock("order:order-9").due == on("2026-10-14 00:00")


def test_a_commit_says_which_clocks_moved_and_where_to() -> None:
    story = under_way(handled(), LONGER)
    (moved,) = [event for event in story.journal[-1].events if isinstance(event, e.ClocksChanged)]
    assert moved.started["resolve"].due == LATER
    assert (moved.stopped, moved.paused) == ((), ())
