"""Extension (延期): asked before expiry, decided by another, so often and so far as the policy says."""

from dataclasses import replace
from datetime import date

import pytest
from pydantic import ValidationError

from casework.cases.access import By
from casework.cases.rules import Refusal, Rules
from casework.cases.table import Table
from schemas import events as e
from schemas.commands import (
    AskExtension,
    AskSuspension,
    Claim,
    DecideExtension,
    Delegate,
    Reclassify,
    RecordContact,
    Reopen,
    Reply,
    Return,
    SendMessage,
    Urge,
    Withdraw,
)
from tests.cases.telling import (
    ACCEPTED,
    ASSIGNED,
    CITIZEN,
    DISPATCHER,
    EXTENSION_ASKED,
    HANDLING,
    HEAD,
    LEADER,
    LI,
    MODERATOR,
    NAN,
    NORTH_HANDLES,
    OTHER_SUPERVISOR,
    POLICE,
    PROMISED,
    RULES,
    SUPERVISOR,
    WANG,
    YU,
    Steps,
    Story,
    given,
    on,
    second_handling,
    staff,
    under,
)

ASK = AskExtension(
    reason="works_under_way", until=date(2026, 11, 6), text="管道已挖开，需两周回填。"
)
UNTIL = on("2026-11-07 00:00")
YES = DecideExtension(approve=True)
NO = DecideExtension(approve=False, text="可以按期完成。")
EXTENDED = e.Extended(reason="works_under_way", until=UNTIL)
PROMISE = on("2026-10-28 00:00")
ROADS_SYSTEM = staff("integration", "roads-system", "roads")


def asked() -> Story:
    return given(*HANDLING).when(ASK, by=LI)


# -- asked -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", [LI, WANG, HEAD, ROADS_SYSTEM])
def test_the_holder_asks_and_the_case_is_handled_on(by: By) -> None:
    before = given(*HANDLING)
    story = before.when(ASK, by=by)
    story.then(e.ExtensionAsked(reason="works_under_way", until=UNTIL)).leaves("HANDLING")
    assert story.case.queue == "unit:roads"
    assert story.clock("extension").due == on("2026-10-09 00:00")
    assert story.case.asides == {"approvals": on("2026-10-09 00:00")}


def test_to_have_asked_gains_nothing() -> None:
    assert asked().clock("resolve") == given(*HANDLING).clock("resolve")


def test_who_does_not_hold_it_does_not_ask() -> None:
    given(*HANDLING).when(ASK, by=POLICE).refused("not_yours")
    given(*HANDLING).when(ASK, by=DISPATCHER).refused("role")
    given(*HANDLING).when(ASK, by=CITIZEN).refused("role")


@pytest.mark.parametrize("past", [ASSIGNED, PROMISED])
def test_only_what_is_handled_is_extended(past: Steps) -> None:
    given(*past).when(ASK, by=LI).refused("state")


def test_it_is_asked_before_expiry_and_not_a_second_later() -> None:
    later = AskExtension(reason="complex", until=date(2026, 11, 6), text="还需检测。")
    given(*HANDLING).when(later, by=LI, at="2026-10-27 23:59").leaves("HANDLING")
    story = given(*HANDLING).when(later, by=LI, at="2026-10-28 00:00").refused("expired")
    assert "ask-extension" not in story.may(LI)


@pytest.mark.parametrize("day", [date(2026, 9, 1), date(2026, 10, 20), date(2026, 10, 27)])
def test_an_extension_ends_later_than_what_it_extends(day: date) -> None:
    command = ASK.model_copy(update={"until": day})
    told = given(*HANDLING).when(command, by=LI).refused("no_later", "/until")
    assert isinstance(told.last, Refusal)
    assert told.last.details == {"due": "2026-10-27"}


def test_it_reaches_ten_working_days_beyond_the_due_date_and_no_further() -> None:
    """28, 29, 30 October; 2 to 6, 9 and 10 November."""
    last = ASK.model_copy(update={"until": date(2026, 11, 10)})
    given(*HANDLING).when(last, by=LI).leaves("HANDLING")
    beyond = ASK.model_copy(update={"until": date(2026, 11, 11)})
    told = given(*HANDLING).when(beyond, by=LI).refused("too_far", "/until")
    assert isinstance(told.last, Refusal)
    assert told.last.details == {"until": "2026-11-11", "limit": "10WD", "latest": "2026-11-10"}
    assert told.case == given(*HANDLING).case


def test_one_is_decided_before_another_is_asked_for() -> None:
    story = asked().when(ASK, by=HEAD).refused("asked_already")
    assert "ask-extension" not in story.may(LI)


def test_a_second_handling_and_a_broken_promise_have_no_time_to_extend() -> None:
    given(*second_handling()).when(ASK, by=WANG).refused("nothing_to_extend")
    broken = given(*PROMISED).tick("2026-11-01 00:00").leaves("HANDLING")
    broken.when(ASK, by=LI).refused("nothing_to_extend")


# -- decided ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", [SUPERVISOR, OTHER_SUPERVISOR])
def test_a_supervisor_approves_and_the_promise_ends_on_the_new_date(by: By) -> None:
    """Told to the citizen with its reason (BJ 15) and the new date (JN 24): the event has both."""
    story = asked().when(YES, by=by).then(EXTENDED).leaves("HANDLING")
    assert (story.clock("resolve").due, story.clock("resolve").decided) == (UNTIL, True)
    assert story.clock("resolve").since == given(*HANDLING).clock("resolve").since
    assert (story.case.asks, story.case.asides) == ({}, {})
    assert "extension" not in story.case.clocks


def test_a_refusal_leaves_the_promise_as_it_was_and_says_why() -> None:
    story = asked().when(NO, by=SUPERVISOR).then(e.ExtensionRefused()).leaves("HANDLING")
    assert story.clock("resolve") == given(*HANDLING).clock("resolve")
    assert "extension" not in story.case.clocks
    story.when(ASK, by=LI).leaves("HANDLING")
    with pytest.raises(ValidationError, match="text_says_why"):
        DecideExtension(approve=False)


def test_nobody_decides_their_own_extension() -> None:
    both = staff("supervisor", "li", "roads")
    story = asked().when(YES, by=both).refused("same_person")
    assert "decide-extension" not in story.may(both)
    for by in (HEAD, DISPATCHER, MODERATOR, LEADER):
        asked().when(YES, by=by).refused("role")


def test_where_nothing_was_asked_nothing_is_decided() -> None:
    story = given(*HANDLING).when(YES, by=SUPERVISOR).refused("nothing_asked")
    assert "decide-extension" not in story.may(SUPERVISOR)


def left_to_the_head() -> Rules:
    """A city whose heads decide on the extensions of their officers."""
    rows = (
        replace(row, roles=frozenset({"head"}))
        if (row.command, row.relation) == ("decide-extension", "holder")
        else row
        for row in RULES.table.rows
    )
    return replace(RULES, table=Table(tuple(rows)))


def test_a_city_may_leave_it_to_the_head_who_still_does_not_decide_an_own_wish() -> None:
    rules = left_to_the_head()
    given(*EXTENSION_ASKED, rules=rules).when(YES, by=HEAD).leaves("HANDLING")
    given(*EXTENSION_ASKED, rules=rules).when(YES, by=WANG).refused("role")
    given(*EXTENSION_ASKED, rules=rules).when(YES, by=staff("head", "pu", "police")).refused(
        "not_yours"
    )
    given(*HANDLING, rules=rules).when(ASK, by=HEAD).when(YES, by=HEAD).refused("same_person")


def test_silence_escalates_and_never_approves() -> None:
    silent = asked().tick("2026-10-09 00:00").leaves("HANDLING")
    assert e.Overdue(clock="extension") in silent.happened
    assert silent.case.asks.keys() == {"extension"}
    assert silent.clock("resolve").due == PROMISE
    late = silent.tick("2026-10-28 00:00")
    assert e.Overdue(clock="resolve") in late.happened
    assert late.case.level == 1
    assert not any(isinstance(ev, e.Extended) for ev in late.happened)


def test_who_asked_in_time_does_not_suffer_from_who_decided_late() -> None:
    late = asked().tick("2026-10-28 00:00")
    assert late.case.level == 1
    extended = late.when(YES, by=SUPERVISOR, at="2026-11-02 10:00").then(EXTENDED)
    assert extended.clock("resolve").due == UNTIL
    assert not extended.clock("resolve").late
    assert extended.clock("resolve").level == 0


def test_what_is_decided_after_the_new_date_can_only_be_refused() -> None:
    late = asked().at("2026-11-07 00:00")
    late.when(YES, by=SUPERVISOR).refused("expired")
    assert "decide-extension" in late.may(SUPERVISOR)
    late.when(NO, by=SUPERVISOR).then(e.ExtensionRefused())


def test_a_case_is_extended_once() -> None:
    story = asked().when(YES, by=SUPERVISOR)
    again = AskExtension(reason="other", until=date(2026, 11, 12), text="再延几天。")
    story.when(again, by=LI).refused("granted_already")
    assert "ask-extension" not in story.may(LI)
    twice = under(times={**RULES.policy.times, "extension": 2})
    replace(story, rules=twice).when(again, by=LI).leaves("HANDLING")


def test_a_case_taken_up_again_may_be_extended_again() -> None:
    ended = asked().when(YES, by=SUPERVISOR).when(Withdraw(reason="solved"), by=CITIZEN)
    opened = ended.when(Reopen(text="又坏了。"), by=CITIZEN).leaves("IN_REVIEW")
    assert opened.case.granted == {}


# -- the ladder ------------------------------------------------------------------------------------


def test_what_has_fired_has_fired_and_the_other_rungs_move_on() -> None:
    quiet = given(*HANDLING).when(RecordContact(how="phone", result="reached"), by=LI)
    half = quiet.tick("2026-10-16 12:00")
    assert half.clock("resolve").fired == 1
    extended = half.when(ASK, by=LI, at="2026-10-19 10:00").when(YES, by=SUPERVISOR)
    clock = extended.clock("resolve")
    assert clock.fired == 1
    assert on("2026-10-30 00:00") <= clock.next < on("2026-10-31 00:00")  # 80% of 37 days
    extended.tick("2026-10-23 00:00").then()  # where the second rung stood
    most = extended.at("2026-10-30 23:00").tick("2026-10-30 23:00")
    assert [(ev.clock, ev.rungs) for ev in most.happened if isinstance(ev, e.Reminded)] == [
        ("resolve", (1,))
    ]
    due = most.tick("2026-11-07 00:00")
    assert e.Overdue(clock="resolve") in due.happened
    assert due.case.level == 1


def test_being_late_is_told_anew_when_the_new_date_is_missed_too() -> None:
    late = asked().tick("2026-10-28 00:00")
    extended = late.when(YES, by=SUPERVISOR, at="2026-10-29 10:00")
    again = extended.tick("2026-11-07 00:00")
    assert e.Overdue(clock="resolve") in again.happened
    assert again.case.level == 1


def test_a_level_that_was_squeezed_by_the_promise_has_its_own_days_again() -> None:
    """Five working days after 26 October, once the promise no longer ends before them."""
    down = given(*NORTH_HANDLES).when(Delegate(unit="elm-street"), by=NAN, at="2026-10-26 10:00")
    assert down.clock("level").due == PROMISE
    asking = down.when(Claim(), by=YU).when(ASK, by=YU)
    extended = asking.when(YES, by=SUPERVISOR)
    assert extended.clock("resolve").due == UNTIL
    assert extended.clock("level").due == on("2026-11-03 00:00")


# -- what ends the wish ----------------------------------------------------------------------------


def test_who_gives_the_case_down_asks_no_longer() -> None:
    story = given(*NORTH_HANDLES).when(ASK, by=NAN)
    down = story.when(Delegate(unit="elm-street"), by=NAN)
    assert down.case.asks == {}
    assert "extension" not in down.case.clocks


@pytest.mark.parametrize(
    "command",
    [
        Reply(outcome="resolved", text="已修好。"),
        Return(reason="not_our_duty", text="不归我们管。"),
        Reply(outcome="promised", until=date(2026, 12, 1), text="十二月一日前完成。"),
    ],
)
def test_a_wish_falls_away_when_the_handling_is_over(command: Reply | Return) -> None:
    story = asked().when(command, by=LI)
    assert "extension" not in story.case.asks
    assert "extension" not in story.case.clocks
    assert "decide-extension" not in story.may(SUPERVISOR)


def test_a_wish_for_a_pause_stands_beside_it() -> None:
    pause = AskSuspension(reason="season", until=date(2026, 12, 1), text="等材料。")
    story = asked().when(pause, by=LI).leaves("HANDLING")
    assert set(story.case.asks) == {"extension", "suspension"}
    assert set(story.when(YES, by=SUPERVISOR).case.asks) == {"suspension"}


@pytest.mark.parametrize(
    ("command", "by"),
    [
        (SendMessage(text="请问进度？"), CITIZEN),
        (SendMessage(text="正在办。"), LI),
        (Urge(), CITIZEN),
    ],
)
def test_messages_stop_no_clock_but_the_first_contacts(command: SendMessage, by: By) -> None:
    story = asked()
    told = story.when(command, by=by)
    for name in ("resolve", "extension"):
        assert told.clock(name) == story.clock(name)


# -- a due date from above -------------------------------------------------------------------------

IMPOSED = on("2026-10-13 00:00")


def from_above(*past: object) -> Story:
    return given(*past, origin="leader", external="批〔2026〕7号", until=IMPOSED)  # type: ignore[arg-type]


def test_a_due_date_from_above_goes_before_the_policys_and_survives_reclassification() -> None:
    story = from_above(*HANDLING)
    assert (story.clock("resolve").due, story.clock("resolve").decided) == (IMPOSED, True)
    for kind in ("enquiry", "help", "complaint"):
        changed = story.when(Reclassify.model_validate({"kind": kind}), by=SUPERVISOR)
        assert changed.clock("resolve").due == IMPOSED


def test_a_due_date_from_above_is_told_late_like_any_other() -> None:
    late = from_above(*HANDLING).tick("2026-10-13 00:00")
    assert e.Overdue(clock="resolve") in late.happened
    assert late.case.level == 1


def test_it_is_extended_from_where_it_was_imposed() -> None:
    """Ten working days after the 12th: 13 to 16, 19 to 23, 26."""
    story = from_above(*HANDLING)
    beyond = ASK.model_copy(update={"until": date(2026, 10, 27)})
    story.when(beyond, by=LI).refused("too_far", "/until")
    last = ASK.model_copy(update={"until": date(2026, 10, 26)})
    extended = story.when(last, by=LI).when(YES, by=SUPERVISOR)
    assert extended.clock("resolve").due == on("2026-10-27 00:00")


def test_an_extended_promise_is_not_counted_anew_either() -> None:
    story = asked().when(YES, by=SUPERVISOR).when(Reclassify(kind="enquiry"), by=OTHER_SUPERVISOR)
    assert story.clock("resolve").due == UNTIL


def test_without_a_decided_date_a_reclassified_case_is_counted_from_its_start() -> None:
    story = given(*ACCEPTED).when(Reclassify(kind="help"), by=SUPERVISOR, at="2026-10-09 10:00")
    assert story.clock("resolve").since == on("2026-09-30 10:00")
    assert story.clock("resolve").due == on("2026-10-16 00:00")
