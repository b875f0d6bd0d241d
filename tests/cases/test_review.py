"""Before acceptance (审核): accept, ask the citizen, answer, decline with a path, hand over."""

import pytest

from casework.cases.access import By
from schemas import events as e
from schemas.commands import (
    Accept,
    Answer,
    Decline,
    HandOver,
    RequestInfo,
    Route,
    SendMessage,
    Withdraw,
)
from tests.cases.telling import (
    ACCEPTED,
    AGENT,
    CITIZEN,
    DISPATCHER,
    HANDLING,
    IN_REVIEW,
    LI,
    MACHINE,
    MODERATOR,
    NEEDS_INFO,
    SUBMITTED,
    SUPERVISOR,
    TRIAGE,
    Steps,
    given,
    on,
    under,
)

SURE = Route(category="0204", unit="roads", confidence=0.91, confident=True, words=("路灯",))
DOUBTFUL = SURE.model_copy(update={"suspicious": "little_text"})
TO_ROADS = e.Dispatched(
    unit="roads", category="0204", automatic=True, confidence=0.91, words=("路灯",)
)


# -- the city's choice: none, the suspicious ones, or all are read first ----------------------


def test_without_review_even_a_suspicious_request_is_accepted_and_dispatched_at_once() -> None:
    given(rules=under(review="none")).when(DOUBTFUL, by=MACHINE).then(
        e.Accepted(), TO_ROADS
    ).leaves("ASSIGNED")


def test_of_the_suspicious_a_person_reads_the_suspicious() -> None:
    rules = under(review="suspicious")
    given(rules=rules).when(DOUBTFUL, by=MACHINE).then(e.ReviewBegun(reason="little_text")).leaves(
        "IN_REVIEW"
    )
    given(rules=rules).when(SURE, by=MACHINE).leaves("ASSIGNED")


def test_of_all_a_person_reads_all() -> None:
    given(rules=under(review="all")).when(SURE, by=MACHINE).then(
        e.ReviewBegun(reason="all")
    ).leaves("IN_REVIEW")


def test_what_was_read_and_accepted_is_not_read_again() -> None:
    given(*ACCEPTED, rules=under(review="all")).when(DOUBTFUL, by=MACHINE).then(TO_ROADS)


# -- the moderator ----------------------------------------------------------------------------


@pytest.mark.parametrize("by", [MODERATOR, SUPERVISOR])
def test_a_moderator_accepts(by: By) -> None:
    story = given(*IN_REVIEW).when(Accept(), by=by).then(e.Accepted()).leaves("ACCEPTED")
    assert set(story.case.clocks) == {"dispatch", "resolve"}


def test_declining_names_the_lawful_path() -> None:
    """BJ art. 11: declining is routing."""
    declined = Decline(reason="judicial", path="court", text="此事已由法院立案，请向法院反映。")
    given(*IN_REVIEW).when(declined, by=MODERATOR).then(
        e.Declined(reason="judicial", path="court")
    ).leaves("DECLINED")


def test_a_dispatcher_who_finds_no_duty_of_the_city_declines_too() -> None:
    declined = Decline(reason="not_government", path="another_city", text="属邻市管辖。")
    given(*TRIAGE).when(declined, by=DISPATCHER).leaves("DECLINED")
    given(*TRIAGE).when(declined, by=MODERATOR).refused("state")


def test_the_citizen_is_asked_for_more_and_answers() -> None:
    asked = (
        given(*IN_REVIEW)
        .when(RequestInfo(text="请问是哪个路口？"), by=MODERATOR)
        .then(e.InfoRequested())
        .leaves("NEEDS_INFO")
    )
    assert asked.clock("info").due == on("2026-10-14 00:00")
    assert "review" not in asked.case.clocks
    answered = asked.when(SendMessage(text="人民路口"), by=CITIZEN, at="2026-10-08 09:00")
    answered.then(e.InfoGiven()).leaves("IN_REVIEW")
    assert answered.case.unread
    assert "info" not in answered.case.clocks
    assert answered.clock("review").since == on("2026-10-08 09:00")


def test_an_agent_may_take_the_answer_down_on_the_phone() -> None:
    given(*NEEDS_INFO).when(SendMessage(text="是人民路口"), by=AGENT).then(e.InfoGiven())


def test_a_question_that_nobody_answers_closes_the_case_after_five_working_days() -> None:
    asked = given(*NEEDS_INFO)
    reminded = asked.tick("2026-10-10 12:00")
    assert [event.type for event in reminded.happened] == ["reminded"]
    reminded.leaves("NEEDS_INFO").tick("2026-10-13 23:59").then()
    closed = reminded.tick("2026-10-14 00:00").leaves("CLOSED")
    assert closed.happened[-1] == e.Closed(how="no_answer")
    assert closed.case.clocks == {}


# -- danger is handed over, before a unit has it ------------------------------------------------


@pytest.mark.parametrize("past", [SUBMITTED, IN_REVIEW, ACCEPTED, TRIAGE])
def test_danger_is_handed_over_with_its_receipt(past: Steps) -> None:
    given(*past).when(HandOver(service="119", receipt="119-0042"), by=AGENT).then(
        e.HandedOver(service="119", receipt="119-0042")
    ).leaves("HANDED_OVER")


def test_what_a_unit_handles_is_not_handed_over() -> None:
    given(*HANDLING).when(HandOver(service="119", receipt="119-0042"), by=AGENT).refused("state")


# -- enquiries are answered from the knowledge base ---------------------------------------------

ANSWER = Answer(article="A1", article_version=3, text="请带身份证到窗口办理。")


@pytest.mark.parametrize("past", [SUBMITTED, IN_REVIEW, ACCEPTED, TRIAGE])
def test_an_enquiry_is_answered_with_the_article_and_its_version(past: Steps) -> None:
    story = given(*past, kind="enquiry").when(ANSWER, by=MODERATOR)
    story.then(e.Answered(article="A1", article_version=3), e.Invited()).leaves("AWAITING_RATING")
    assert set(story.case.clocks) == {"rating"}


def test_a_complaint_is_not_answered_from_the_knowledge_base() -> None:
    given(*TRIAGE, kind="complaint").when(ANSWER, by=MODERATOR).refused("only_enquiries")


# -- who may not --------------------------------------------------------------------------------


def test_a_citizen_does_not_accept_and_is_told_what_they_may_do() -> None:
    given(*IN_REVIEW).when(Accept(), by=CITIZEN).refused("role")
    assert given(*IN_REVIEW).may(CITIZEN) == {"message", "urge", "withdraw"}


def test_a_unit_that_does_not_hold_the_case_is_told_so_and_nothing_more() -> None:
    story = given(*IN_REVIEW).when(Accept(), by=LI).refused("role")
    assert getattr(story.last, "allowed", None) == ()


def test_what_is_allowed_instead_stands_in_the_refusal() -> None:
    story = given(*ACCEPTED).when(Accept(), by=MODERATOR).refused("state")
    assert set(getattr(story.last, "allowed", ())) == story.may(MODERATOR)
    assert "hand-over" in story.may(MODERATOR)


def test_the_citizen_withdraws_while_the_city_still_reads() -> None:
    given(*IN_REVIEW).when(Withdraw(reason="mistaken"), by=CITIZEN).leaves("WITHDRAWN")
