"""The citizen judges (评价): good closes, bad is followed up, unheard is handled again at once."""

import pytest

from casework.cases.access import By
from schemas import events as e
from schemas.commands import (
    Claim,
    Close,
    Rate,
    RecordContact,
    Redo,
    Reply,
    SendMessage,
    Stars,
    Withdraw,
)
from tests.cases.telling import (
    AGENT,
    ANSWERED,
    CITIZEN,
    DISPATCHER,
    FOLLOW_UP,
    LI,
    MODERATOR,
    OTHER_AGENT,
    OTHER_SUPERVISOR,
    REPLIED,
    RULES,
    STREET_HANDLES,
    SUPERVISOR,
    WANG,
    YU,
    Step,
    Steps,
    Story,
    given,
    on,
    second_handling,
    staff,
    step,
    under,
)

GOOD = Rate(contacted=True, resolved="yes", overall=5)
UNRESOLVED = Rate(contacted=True, resolved="no", overall=2)
UNHEARD = Rate(contacted=False, resolved="no", overall=1)


def rated(rate: Rate, by: By = CITIZEN) -> e.Rated:
    return e.Rated(
        contacted=rate.contacted,
        resolved=rate.resolved,
        overall=rate.overall,
        collected_by=by.actor.role,
    )


def again(officer: str, unit: str = "roads") -> tuple[Step, ...]:
    """Unheard, handled again by this officer, replied."""
    by = staff("officer", officer, unit)
    return (
        step(rated(UNHEARD), e.RedoOrdered(reason="not_contacted")),
        step(e.Claimed(officer=officer), by=by),
        step(e.Replied(outcome="resolved"), e.Invited(), by=by),
    )


TWICE: Steps = (*REPLIED, *again("wang"), *again("li"))


@pytest.mark.parametrize(("resolved", "overall"), [("yes", 3), ("yes", 5), ("partly", 4)])
def test_satisfied_closes_the_case(resolved: str, overall: int) -> None:
    rate = Rate.model_validate({"contacted": True, "resolved": resolved, "overall": overall})
    story = given(*REPLIED).when(rate, by=CITIZEN)
    story.then(rated(rate), e.Closed(how="rated")).leaves("CLOSED")
    assert story.case.clocks == {}
    assert story.case.next_due is None


@pytest.mark.parametrize(
    ("resolved", "overall", "reason"),
    [("no", 5, "unresolved"), ("yes", 2, "dissatisfied"), ("partly", 1, "dissatisfied")],
)
def test_unresolved_or_dissatisfied_is_followed_up_by_the_hotline(
    resolved: str, overall: int, reason: str
) -> None:
    rate = Rate.model_validate({"contacted": True, "resolved": resolved, "overall": overall})
    story = given(*REPLIED).when(rate, by=CITIZEN)
    story.then(rated(rate), e.FollowUpBegun.model_validate({"reason": reason}))
    story.leaves("FOLLOW_UP")
    assert story.case.queue == "follow_up"
    assert story.clock("follow_up").due == on("2026-10-10 00:00")


def test_nobody_contacted_me_is_handled_again_at_once() -> None:
    story = given(*REPLIED).when(UNHEARD, by=CITIZEN)
    story.then(rated(UNHEARD), e.RedoOrdered(reason="not_contacted")).leaves("REDO")
    assert story.case.queue == "unit:roads"
    assert story.clock("redo").due == on("2026-10-11 00:00")
    assert {"claim", "first_contact", "redo"} == set(story.case.clocks)


def test_stars_and_reasons_are_kept_each_once() -> None:
    rate = UNRESOLVED.model_copy(
        update={"stars": Stars(outcome=1, speed=2), "reasons": ["late", "unresolved", "late"]}
    )
    (happened, _) = given(*REPLIED).when(rate, by=CITIZEN).happened
    assert isinstance(happened, e.Rated)
    assert happened.stars == {"outcome": 1, "speed": 2}
    assert happened.reasons == ("late", "unresolved")


def test_handled_again_at_most_twice_then_a_person_takes_it() -> None:
    story = given(*TWICE)
    assert story.case.redo == 2
    followed = story.when(UNHEARD, by=CITIZEN)
    followed.then(rated(UNHEARD), e.FollowUpBegun(reason="redo_exhausted")).leaves("FOLLOW_UP")
    assert {"redo", "close"} <= followed.may(SUPERVISOR)


def test_after_two_second_handlings_the_unit_one_level_up_has_it() -> None:
    followed = given(*TWICE).when(UNHEARD, by=CITIZEN)
    up = followed.when(Redo(text="请市政府牵头"), by=SUPERVISOR)
    up.then(e.RedoOrdered(reason="follow_up", unit="gov")).leaves("REDO")
    assert [link.unit for link in up.case.chain] == ["gov"]
    assert up.case.queue == "unit:gov"
    assert {"claim", "redo"} <= set(up.case.clocks)
    up.when(Claim(), by=WANG).refused("not_yours")
    up.when(Claim(), by=staff("officer", "ma", "gov")).leaves("HANDLING")


def test_above_the_highest_unit_nobody_handles_it_again() -> None:
    followed = at_the_top().when(UNHEARD, by=CITIZEN).leaves("FOLLOW_UP")
    followed.when(Redo(text="再办一次"), by=DISPATCHER).refused("redo_used_up")
    assert "redo" not in followed.may(DISPATCHER)
    assert "close" in followed.may(OTHER_SUPERVISOR)


def test_a_delegated_case_goes_back_to_who_delegated_it() -> None:
    twice = (*again("zhou", "elm-street"), *again("yu", "elm-street"))
    replied = step(e.Replied(outcome="resolved"), e.Invited(), by=YU)
    followed = given(*STREET_HANDLES, replied, *twice).when(UNHEARD, by=CITIZEN)
    up = followed.when(Redo(text="请北区牵头"), by=SUPERVISOR)
    up.then(e.RedoOrdered(reason="follow_up", unit="north"))
    assert [link.unit for link in up.case.chain] == ["north"]
    assert "level" not in up.case.clocks


def test_the_unit_above_does_not_get_what_it_is_accused_of() -> None:
    accused = step(e.SubjectsNamed(units=("gov",)), by=MODERATOR)
    followed = given(*TWICE, accused).when(UNHEARD, by=CITIZEN)
    followed.when(Redo(text="再办一次"), by=DISPATCHER).refused("redo_used_up")


def at_the_top() -> Story:
    """The city's own office has handled it three times."""
    at_gov = step(e.Accepted(), e.Dispatched(unit="gov", category="0204"))
    claimed = step(e.Claimed(officer="ma"), by=staff("officer", "ma", "gov"))
    replied = step(e.Replied(outcome="resolved"), e.Invited(), by=staff("officer", "ma", "gov"))
    twice = (*again("mi", "gov"), *again("ma", "gov"))
    return given(at_gov, claimed, replied, *twice)


def test_a_city_that_allows_no_second_handling_follows_up() -> None:
    story = given(*REPLIED, rules=under(times={**RULES.policy.times, "redo": 0}))
    story.when(UNHEARD, by=CITIZEN).leaves("FOLLOW_UP")


# -- answered from the knowledge base ------------------------------------------------------------


@pytest.mark.parametrize("rate", [UNRESOLVED, UNHEARD])
def test_an_answer_that_does_not_satisfy_becomes_a_case_to_dispatch(rate: Rate) -> None:
    story = given(*ANSWERED, kind="enquiry").when(rate, by=CITIZEN)
    story.then(rated(rate), e.Accepted()).leaves("ACCEPTED")
    assert set(story.case.clocks) == {"dispatch", "resolve"}
    assert not story.case.answered


def test_an_answer_that_satisfies_closes_it() -> None:
    given(*ANSWERED, kind="enquiry").when(GOOD, by=CITIZEN).leaves("CLOSED")


def test_a_second_handling_that_ends_in_an_answer_runs_no_units_clock() -> None:
    """An enquiry handled again, returned by its unit and then answered by the hotline."""
    answered = given(
        *second_handling(),
        step(e.ReturnAsked(reason="not_our_duty")),
        step(e.Returned()),
        step(e.Answered(article="A1", article_version=3), e.Invited()),
        kind="enquiry",
    )
    assert set(answered.case.clocks) == {"rating"}


# -- who collects a rating -----------------------------------------------------------------------


def test_an_agent_takes_a_rating_down_and_it_says_so() -> None:
    given(*REPLIED).when(GOOD, by=AGENT).then(rated(GOOD, AGENT), e.Closed(how="rated"))


def test_a_rating_is_never_collected_by_the_handling_unit() -> None:
    given(*REPLIED).when(GOOD, by=LI).refused("role")
    given(*REPLIED).when(GOOD, by=staff("agent", "lan", "roads")).refused("own_unit")


def test_an_agent_does_not_collect_the_rating_of_their_own_answer() -> None:
    story = given(*ANSWERED, kind="enquiry")
    story.when(GOOD, by=AGENT).refused("same_person")
    assert "rate" not in story.may(AGENT)
    story.when(GOOD, by=OTHER_AGENT).leaves("CLOSED")


def test_who_judges_does_not_withdraw_instead() -> None:
    given(*REPLIED).when(Withdraw(reason="solved"), by=CITIZEN).refused("state")


# -- follow-up -----------------------------------------------------------------------------------


@pytest.mark.parametrize("by", [MODERATOR, DISPATCHER, SUPERVISOR])
def test_the_hotline_orders_a_second_handling(by: By) -> None:
    story = given(*FOLLOW_UP).when(Redo(text="请重新核实"), by=by)
    story.then(e.RedoOrdered(reason="follow_up")).leaves("REDO")
    assert story.case.redo == 1
    assert story.case.officer is None
    assert "follow_up" not in story.case.clocks


EXPLAINED = Close(explanation="lawful", text="经复核，处理符合规定。")


def test_a_supervisor_closes_with_an_explanation() -> None:
    """JN 27: lawful, unfounded or beyond the city's power."""
    given(*FOLLOW_UP).when(EXPLAINED, by=SUPERVISOR).then(
        e.Closed(how="explained", explanation="lawful")
    ).leaves("CLOSED")
    given(*FOLLOW_UP).when(EXPLAINED, by=MODERATOR).refused("role")


def test_an_explanation_is_signed_outside_the_handling_unit() -> None:
    given(*FOLLOW_UP).when(EXPLAINED, by=staff("supervisor", "sun", "roads")).refused("own_unit")


def test_who_replied_does_not_sign_that_the_reply_was_right() -> None:
    given(*FOLLOW_UP).when(EXPLAINED, by=staff("supervisor", "li")).refused("same_person")


def test_a_second_handling_that_is_replied_to_is_rated_again() -> None:
    story = given(*second_handling(), rules=under(reply_review="none"))
    replied = story.when(Reply(outcome="resolved", text="已更换灯杆。"), by=WANG)
    replied.leaves("AWAITING_RATING").when(GOOD, by=CITIZEN).leaves("CLOSED")
    assert set(replied.case.clocks) == {"rating"}


def test_half_solved_and_unheard_is_handled_again_however_mild_the_judge() -> None:
    mild = Rate(contacted=False, resolved="partly", overall=3)
    given(*REPLIED).when(mild, by=CITIZEN).leaves("REDO")
    heard = Rate(contacted=True, resolved="partly", overall=3)
    given(*REPLIED).when(heard, by=CITIZEN).leaves("CLOSED")


def test_what_the_citizen_writes_after_the_reply_comes_before_the_hotline_office() -> None:
    story = given(*REPLIED)
    assert story.case.queue is None
    written = story.when(SendMessage(text="又坏了"), by=CITIZEN)
    assert written.case.queue == "follow_up"
    missed = written.when(RecordContact(how="phone", result="no_answer"), by=MODERATOR)
    assert missed.case.queue == "follow_up"
    called = written.when(RecordContact(how="phone", result="reached"), by=MODERATOR)
    assert called.case.queue is None


# -- the window is over --------------------------------------------------------------------------

WINDOW_OVER = "2026-10-16 00:00"


def test_who_says_nothing_for_fifteen_days_leaves_it_unrated() -> None:
    story = given(*REPLIED)
    story.tick("2026-10-15 23:59").leaves("AWAITING_RATING")
    closed = story.tick(WINDOW_OVER).leaves("CLOSED")
    assert closed.happened[-1] == e.Closed(how="unrated")


def test_what_the_citizen_wrote_and_nobody_answered_is_followed_up_and_not_closed_unrated() -> None:
    written = given(*REPLIED).when(SendMessage(text="没有修好。"), by=CITIZEN)
    story = written.tick(WINDOW_OVER).leaves("FOLLOW_UP")
    assert story.happened[-1] == e.FollowUpBegun(reason="unresolved")
    assert set(story.case.clocks) == {"follow_up"}, "and the rating's clock has stopped"
    assert {"redo", "promise", "close"} <= story.may(SUPERVISOR)
    heard = written.when(RecordContact(how="phone", result="reached"), by=MODERATOR)
    heard.tick(WINDOW_OVER).leaves("CLOSED")


def test_what_was_written_to_an_answer_of_no_unit_finds_one() -> None:
    """In a follow-up nobody could handle it again: no unit has handled it."""
    written = given(*ANSWERED, kind="enquiry").when(SendMessage(text="不是这样的。"), by=CITIZEN)
    story = written.tick(WINDOW_OVER).leaves("ACCEPTED")
    assert story.happened[-1] == e.Accepted()
    assert set(story.case.clocks) == {"dispatch", "resolve"}
    assert story.case.unread
