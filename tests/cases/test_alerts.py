"""Danger (BJ 29, XF 25): the duty desk is called within minutes, whatever the state of the case."""

import pytest
from pydantic import ValidationError

from casework.cases.access import By
from casework.cases.decide import decide, file
from casework.cases.evolve import evolve_all
from casework.cases.rules import Refusal
from schemas import events as e
from schemas.commands import (
    AcknowledgeAlert,
    File,
    Object,
    RaiseAlert,
    Rate,
    Reopen,
    ResolveAlert,
    SendMessage,
    Withdraw,
)
from schemas.names import State
from tests.cases.telling import (
    AGENT,
    ALERTED,
    CALLED,
    CITIZEN,
    CLOSED,
    DISPATCHER,
    HANDLING,
    HEAD,
    HISTORIES,
    LEADER,
    LI,
    MODERATOR,
    NAN,
    NUMBER,
    POLICE,
    REPLIED,
    RULES,
    START,
    SUBMITTED,
    SUPERVISOR,
    Story,
    given,
    on,
    staff,
)

RAISE = RaiseAlert(kind="hazard", text="楼道里燃气味很重。")
ALERT = "hazard-4"
"""The commit that raises it is the fourth."""
ACKNOWLEDGE = AcknowledgeAlert(alert=ALERT)
TAKEN_OVER = ResolveAlert(alert=ALERT, service="119", receipt="119-20260930-3", text="消防已到场。")
FALSE_ALARM = ResolveAlert(alert=ALERT, service="false_alarm", text="系下水道异味。")


def raised(by: By = AGENT) -> Story:
    return given(*HANDLING).when(RAISE, by=by)


def heard(story: Story, words: str, *kinds: str, by: By = CITIZEN) -> list[object]:
    """What a message does that speaks of these dangers."""
    told = decide(
        story.case,
        SendMessage(text=words),
        by,
        story.rules,
        story.now,
        "TEXT#1",
        dangers=kinds,
    )
    assert not isinstance(told, Refusal)
    return [event for event in told if not isinstance(event, e.ClocksChanged)]


# -- raised ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", [AGENT, MODERATOR, DISPATCHER, SUPERVISOR, LEADER, LI, HEAD])
def test_whoever_learns_of_danger_raises_an_alert_and_the_case_stays_where_it_is(by: By) -> None:
    story = raised(by).then(e.AlertRaised(alert=ALERT, kind="hazard")).leaves("HANDLING")
    assert story.clock(f"alert:{ALERT}").due == on("2026-09-30 10:10")
    assert story.clock(f"alert_open:{ALERT}").due == on("2026-09-30 12:00")
    assert story.case.asides == {"alerts": on("2026-09-30 10:10")}
    assert story.case.queue == "unit:roads"
    assert story.clock("resolve") == given(*HANDLING).clock("resolve")


def test_a_unit_that_was_called_raises_one_and_a_unit_that_has_nothing_to_do_with_it_does_not() -> (
    None
):
    given(*HANDLING, *CALLED).when(RAISE, by=POLICE).leaves("HANDLING")
    given(*HANDLING).when(RAISE, by=NAN).refused("not_yours")
    given(*HANDLING).when(RAISE, by=staff("auditor", "shen")).refused("role")


@pytest.mark.parametrize("state", HISTORIES)
def test_danger_is_heard_in_every_state(state: State) -> None:
    story = given(*HISTORIES[state]).when(RAISE, by=AGENT).leaves(state)
    assert "alerts" in story.case.asides
    due = story.case.next_due
    assert due is not None
    assert due <= on("2026-09-30 10:05")


def test_danger_that_waits_is_not_raised_twice_but_another_is() -> None:
    story = raised()
    told = story.when(RAISE, by=SUPERVISOR).refused("alert_waits", "/kind")
    assert told.case == story.case
    other = story.when(RaiseAlert(kind="group", text="百人聚集。"), by=SUPERVISOR)
    assert [alert.id for alert in other.case.alerts] == [ALERT, "group-5"]


def test_danger_that_was_acknowledged_may_come_again() -> None:
    again = raised().when(ACKNOWLEDGE, by=AGENT).when(RAISE, by=AGENT)
    assert [alert.id for alert in again.case.alerts] == [ALERT, "hazard-6"]


def test_ten_minutes_run_through_nights_and_holidays() -> None:
    story = given(*HANDLING).when(RAISE, by=AGENT, at="2026-10-03 03:00")
    assert story.clock(f"alert:{ALERT}").due == on("2026-10-03 03:10")


# -- by the citizen's words ------------------------------------------------------------------------


def test_words_of_danger_ring_in_the_same_commit() -> None:
    assert heard(given(*HANDLING), "我不想活了。", "self_harm") == [
        e.MessageReceived(),
        e.AlertRaised(alert="self_harm-4", kind="self_harm"),
    ]


def test_several_dangers_are_several_alerts_and_one_that_waits_is_not_repeated() -> None:
    story = given(*HANDLING, *ALERTED)
    assert heard(story, "再不来就同归于尽！", "hazard", "violence", "group") == [
        e.MessageReceived(),
        e.AlertRaised(alert="violence-5", kind="violence"),
        e.AlertRaised(alert="group-5", kind="group"),
    ]


def test_a_filing_of_danger_rings_with_its_first_commit() -> None:
    filing = File(text="家里煤气泄漏，快来人！")
    told = file(NUMBER, filing, "help", CITIZEN, RULES, START, dangers=["hazard"])
    assert not isinstance(told, Refusal)
    assert e.AlertRaised(alert="hazard-1", kind="hazard") in told
    case = evolve_all(None, told, NUMBER, CITIZEN.actor, START)
    assert case.clocks["alert:hazard-1"].due == on("2026-09-30 10:10")


def test_a_rating_that_closes_the_case_rings_all_the_same() -> None:
    story = given(*REPLIED)
    rate = Rate(contacted=True, resolved="yes", overall=5, text="不想活了，谢谢你们。")
    told = decide(story.case, rate, CITIZEN, RULES, story.now, "TEXT#1", dangers=["self_harm"])
    assert not isinstance(told, Refusal)
    after = story._committed(told, CITIZEN).leaves("CLOSED")
    assert [alert.kind for alert in after.case.alerts] == ["self_harm"]
    assert after.case.next_due == on("2026-09-30 10:05")


# -- acknowledged, resolved ------------------------------------------------------------------------


@pytest.mark.parametrize("by", [AGENT, MODERATOR, DISPATCHER, SUPERVISOR])
def test_the_duty_desk_answers_and_the_alert_stays_open(by: By) -> None:
    story = raised().when(ACKNOWLEDGE, by=by).then(e.AlertAcknowledged(alert=ALERT))
    assert f"alert:{ALERT}" not in story.case.clocks
    assert story.clock(f"alert_open:{ALERT}").due == on("2026-09-30 12:00")
    assert story.case.asides == {"alerts": on("2026-09-30 12:00")}
    story.when(ACKNOWLEDGE, by=by).refused("no_alert")


def test_with_the_receipt_of_who_took_it_over_it_is_done() -> None:
    story = raised().when(ACKNOWLEDGE, by=AGENT).when(TAKEN_OVER, by=AGENT)
    story.then(e.AlertResolved(alert=ALERT, service="119", receipt="119-20260930-3"))
    assert (story.case.alerts, story.case.asides) == ((), {})
    assert not [name for name in story.case.clocks if name.startswith("alert")]


def test_what_is_taken_over_at_once_needs_no_acknowledgement_before() -> None:
    story = raised().when(TAKEN_OVER, by=DISPATCHER)
    assert not [name for name in story.case.clocks if name.startswith("alert")]


def test_a_service_gives_a_receipt_and_a_false_alarm_has_none() -> None:
    with pytest.raises(ValidationError, match="receipt_needed"):
        ResolveAlert(alert=ALERT, service="110", text="已报警。")
    raised().when(FALSE_ALARM, by=AGENT).then(e.AlertResolved(alert=ALERT, service="false_alarm"))


def test_who_is_not_on_duty_does_not_acknowledge() -> None:
    for by in (LI, HEAD, LEADER, CITIZEN):
        raised().when(ACKNOWLEDGE, by=by).refused("role")
        raised().when(TAKEN_OVER, by=by).refused("role")


def test_an_alert_is_named() -> None:
    given(*HANDLING).when(ACKNOWLEDGE, by=AGENT).refused("no_alert")
    given(*HANDLING).when(TAKEN_OVER, by=AGENT).refused("no_alert")
    unknown = AcknowledgeAlert(alert="group-9")
    told = raised().when(unknown, by=AGENT).refused("unknown_alert", "/alert")
    assert isinstance(told.last, Refusal)
    assert told.last.details == {"alert": "group-9", "known": ALERT}
    assert not {"acknowledge-alert", "resolve-alert"} & given(*HANDLING).may(AGENT)
    assert {"acknowledge-alert", "resolve-alert"} <= raised().may(AGENT)


def test_of_two_each_has_its_own_clocks() -> None:
    story = raised().when(
        RaiseAlert(kind="group", text="百人聚集。"), by=AGENT, at="2026-09-30 10:04"
    )
    assert story.clock("alert:group-5").due == on("2026-09-30 10:14")
    first = story.when(TAKEN_OVER, by=AGENT)
    assert {n for n in first.case.clocks if n.startswith("alert")} == {
        "alert:group-5",
        "alert_open:group-5",
    }


# -- nobody answers --------------------------------------------------------------------------------


def test_silence_climbs_in_minutes() -> None:
    story = raised()
    half = story.tick("2026-09-30 10:05")
    half.then(
        e.Reminded(
            clock=f"alert:{ALERT}", rungs=(0,), who=("duty_desk",), next=on("2026-09-30 10:10")
        )
    )
    due = half.tick("2026-09-30 10:10")
    assert e.Overdue(clock=f"alert:{ALERT}") in due.happened
    assert due.case.level == 1
    red = due.tick("2026-09-30 10:20")
    assert red.case.level == 2
    reminded = [ev for ev in red.happened if isinstance(ev, e.Reminded)]
    assert reminded[0].who == ("supervision_office", "leader")
    assert red.case.alerts == story.case.alerts


# -- beside a case that has ended ------------------------------------------------------------------


def test_an_alert_of_a_closed_case_keeps_an_alarm_until_it_is_resolved() -> None:
    story = given(*CLOSED).when(RAISE.model_copy(update={"kind": "group"}), by=AGENT)
    story.leaves("CLOSED")
    name = story.case.alerts[0].id
    assert set(story.case.clocks) == {f"alert:{name}", f"alert_open:{name}"}
    assert story.case.next_due == on("2026-09-30 10:05")
    late = story.tick("2026-09-30 10:10").leaves("CLOSED")
    assert e.Overdue(clock=f"alert:{name}") in late.happened
    assert late.case.next_due is not None
    done = late.when(
        ResolveAlert(alert=name, service="110", receipt="110-1", text="民警已到。"), by=AGENT
    )
    assert (done.case.clocks, done.case.next_due) == ({}, None)
    done.tick("2026-10-30 10:00").then()


def test_what_ends_the_case_does_not_end_the_danger() -> None:
    story = raised().when(Withdraw(reason="mistaken"), by=CITIZEN).leaves("WITHDRAWN")
    assert set(story.case.clocks) == {f"alert:{ALERT}", f"alert_open:{ALERT}"}
    assert story.case.asides == {"alerts": on("2026-09-30 10:10")}
    story.when(ACKNOWLEDGE, by=AGENT).then(e.AlertAcknowledged(alert=ALERT))


def test_nor_does_what_takes_it_up_again() -> None:
    ended = raised().when(Withdraw(reason="mistaken"), by=CITIZEN)
    opened = ended.when(Reopen(text="又有气味。"), by=CITIZEN).leaves("IN_REVIEW")
    assert opened.clock(f"alert:{ALERT}") == ended.clock(f"alert:{ALERT}")
    closed = given(*CLOSED, *ALERTED).when(Object(text="没有修好。"), by=CITIZEN)
    assert "alert:hazard-9" in closed.leaves("OBJECTED").case.clocks


def test_a_forgotten_alert_has_a_heartbeat_for_good() -> None:
    story = given(*SUBMITTED, *ALERTED).when(Withdraw(reason="mistaken"), by=CITIZEN)
    late = story.tick("2026-10-08 10:00")
    assert late.case.next_due is not None
    assert late.case.next_due > late.now
    again = late.tick("2026-10-15 10:00")
    assert again.journal != late.journal
    assert again.case.next_due is not None
