"""A unit handles the case (办理): claim, contact, talk, note, look, reply, and the reply's review."""

import pytest
from pydantic import ValidationError

from casework.cases.access import Bound, By
from casework.cases.rules import Refusal
from schemas import events as e
from schemas.commands import (
    Claim,
    DecideReply,
    KeepPromise,
    Note,
    RecordContact,
    Reply,
    Reveal,
    SendMessage,
    Urge,
)
from schemas.events import Evidence
from tests.cases.telling import (
    AGENT,
    ASSIGNED,
    CITIZEN,
    DISPATCHER,
    HANDLING,
    HEAD,
    HISTORIES,
    LI,
    MODERATOR,
    NEEDS_INFO,
    NUMBER,
    POLICE,
    PROMISED,
    REDO,
    REPLIED,
    REPLY_REVIEW,
    STRANGER,
    SUPERVISOR,
    WANG,
    Steps,
    given,
    second_handling,
    staff,
    step,
    under,
)

DONE = Reply(outcome="resolved", text="路灯已于昨晚修好。")
GOES_OUT = (e.Replied(outcome="resolved"), e.Invited())
WAITS = (e.ReplyDrafted(outcome="resolved", text="TEXT#1"),)
REACHED = RecordContact(how="phone", result="reached", call_id="call-1")
MISSED = RecordContact(how="visit", result="no_answer")

# -- claim --------------------------------------------------------------------------------------


def test_an_officer_of_the_unit_claims_the_case() -> None:
    story = given(*ASSIGNED).when(Claim(), by=LI).then(e.Claimed(officer="li")).leaves("HANDLING")
    assert story.case.officer == "li"
    assert set(story.case.clocks) == {"first_contact", "resolve"}


def test_of_two_who_claim_the_second_is_told_that_it_is_handled() -> None:
    story = given(*ASSIGNED).when(Claim(), by=LI).when(Claim(), by=WANG).refused("state")
    assert story.case.officer == "li"


def test_the_head_of_a_unit_above_may_claim_for_a_unit_below() -> None:
    below = (step(e.Accepted(), e.Dispatched(unit="north-roads", category="0204")),)
    given(*below).when(Claim(), by=staff("head", "hu", "north")).leaves("HANDLING")
    given(*below).when(Claim(), by=staff("officer", "hu", "north")).refused("not_yours")
    given(*ASSIGNED).when(Claim(), by=staff("head", "hu", "north")).refused("not_yours")


def test_a_head_of_a_unit_that_the_catalogue_has_forgotten_still_holds_its_own() -> None:
    gone = (step(e.Accepted(), e.Dispatched(unit="gone", category="0204")),)
    given(*gone).when(Claim(), by=staff("head", "hu", "gone")).leaves("HANDLING")


def test_a_units_own_system_claims_and_replies() -> None:
    system = staff("integration", "roads-system", "roads")
    given(*ASSIGNED, rules=under(reply_review="none")).when(Claim(), by=system).when(
        DONE, by=system
    ).leaves("AWAITING_RATING")


def test_an_officer_of_another_unit_or_of_none_does_not_claim() -> None:
    given(*ASSIGNED).when(Claim(), by=POLICE).refused("not_yours")
    given(*ASSIGNED).when(Claim(), by=staff("officer", "lu")).refused("not_yours")


def test_a_second_handling_is_another_officers() -> None:
    """JN 27."""
    given(*REDO).when(Claim(), by=LI).refused("same_person")
    assert "claim" not in given(*REDO).may(LI)
    given(*REDO).when(Claim(), by=WANG).leaves("HANDLING")


def test_a_return_in_a_second_handling_does_not_bring_the_first_officer_back() -> None:
    story = given(
        *second_handling(replied_by=LI),
        step(e.ReturnAsked(reason="not_our_duty"), by=WANG),
        step(e.Returned()),
        step(e.Dispatched(unit="roads", category="0204"), by=DISPATCHER),
    )
    story.leaves("ASSIGNED").when(Claim(), by=LI).refused("same_person")
    story.when(Claim(), by=WANG).leaves("HANDLING")


def test_who_replied_before_does_not_reply_again_behind_the_colleague_who_claimed() -> None:
    """Else a colleague's claim would be a formality."""
    story = given(*second_handling(replied_by=LI))
    story.when(DONE, by=LI).refused("same_person")
    assert "reply" not in story.may(LI)
    story.when(DONE, by=WANG).leaves("REPLY_REVIEW")


def test_a_head_who_replied_may_see_to_the_second_handling() -> None:
    story = given(*second_handling(replied_by=HEAD)[:-1]).when(Claim(), by=HEAD)
    story.leaves("HANDLING").when(DONE, by=HEAD).leaves("REPLY_REVIEW")


# -- with the citizen ---------------------------------------------------------------------------


def test_each_attempt_to_reach_the_citizen_is_recorded_and_the_first_stops_its_clock() -> None:
    story = given(*HANDLING).when(REACHED, by=LI)
    story.then(e.Contacted(how="phone", result="reached", call_id="call-1")).leaves("HANDLING")
    assert "first_contact" not in story.case.clocks
    story.when(MISSED, by=LI).then(e.Contacted(how="visit", result="no_answer"))


@pytest.mark.parametrize("state", ["IN_REVIEW", "NEEDS_INFO", "FOLLOW_UP"])
def test_the_hotline_calls_where_no_unit_does(state: str) -> None:
    story = given(*dict(HISTORIES)[state])  # type: ignore[index]
    story.when(REACHED, by=AGENT).leaves(story.case.state)
    story.when(REACHED, by=SUPERVISOR).leaves(story.case.state)


def test_messages_go_both_ways_and_the_units_answer_is_what_marks_them_read() -> None:
    asked = given(*HANDLING).when(SendMessage(text="请问门牌号？"), by=LI).then(e.MessageSent())
    assert "first_contact" not in asked.case.clocks
    told = asked.when(SendMessage(text="12 号"), by=CITIZEN).then(e.MessageReceived())
    assert told.case.unread
    assert not told.when(SendMessage(text="谢谢"), by=LI).case.unread
    assert not told.when(REACHED, by=LI).case.unread
    assert told.when(MISSED, by=LI).case.unread, "who was not reached has had no answer"
    assert not told.when(DONE, by=LI).case.unread
    urged = given(*ASSIGNED).when(Urge(), by=CITIZEN)
    assert not urged.when(Claim(), by=LI).case.unread


def test_the_citizens_message_does_not_count_as_the_units_contact() -> None:
    story = given(*HANDLING).when(SendMessage(text="有人吗？"), by=CITIZEN)
    assert "first_contact" in story.case.clocks


def test_a_stranger_writes_into_nobodys_case() -> None:
    given(*HANDLING).when(SendMessage(text="在吗"), by=STRANGER).refused("not_yours")
    given(*HANDLING, citizen="p-1").when(
        Urge(), by=By(CITIZEN.actor, bindings=(Bound("p-2"),))
    ).refused("not_yours")


def test_the_citizen_is_known_by_access_code_or_by_account() -> None:
    given(*HANDLING, citizen="p-1").when(
        Urge(), by=By(CITIZEN.actor, bindings=(Bound("p-1"),))
    ).then(e.Urged())
    given(*HANDLING).when(Urge(), by=CITIZEN).then(e.Urged())


def test_a_case_without_a_known_person_belongs_to_nobody_who_signs_in() -> None:
    given(*HANDLING).when(Urge(), by=By(CITIZEN.actor)).refused("not_yours")


def test_an_urge_marks_the_case_unread_and_moves_no_clock() -> None:
    before = given(*HANDLING)
    urged = before.when(Urge(text="还没修"), by=CITIZEN).then(e.Urged()).leaves("HANDLING")
    assert urged.case.unread
    assert urged.case.clocks == before.case.clocks


def test_an_urge_in_words_answers_what_was_asked_before_acceptance() -> None:
    """What the citizen has said is not ended as if nothing had been said."""
    asked = given(*NEEDS_INFO)
    told = asked.when(Urge(text="就在榆树街 12 号门口，快点。"), by=CITIZEN)
    told.then(e.InfoGiven()).leaves("IN_REVIEW")
    assert "info" not in told.case.clocks
    asked.when(Urge(text="我说过了。"), by=AGENT).leaves("IN_REVIEW")
    asked.when(Urge(), by=CITIZEN).then(e.Urged()).leaves("NEEDS_INFO")


def test_what_waits_for_the_citizen_is_not_urged() -> None:
    given(*REPLIED).when(Urge(), by=CITIZEN).refused("state")


@pytest.mark.parametrize("by", [LI, HEAD, AGENT, MODERATOR, staff("leader", "long")])
def test_the_desk_notes_and_nothing_moves(by: By) -> None:
    before = given(*HANDLING)
    noted = before.when(Note(text="已约明早现场查看"), by=by).then(e.Noted())
    assert noted.case.clocks == before.case.clocks


def test_a_look_at_the_citizens_phone_number_is_recorded_with_its_reason() -> None:
    given(*HANDLING).when(Reveal(reason="visit"), by=LI).then(e.Revealed(reason="visit"))
    given(*HANDLING).when(Reveal(reason="visit"), by=POLICE).refused("not_yours")


@pytest.mark.parametrize("role", ["leader", "auditor", "admin", "dispatcher"])
def test_not_everyone_at_the_desk_sees_a_phone_number(role: str) -> None:
    given(*HANDLING).when(
        Reveal(reason="verify"),
        by=staff(role, "x"),  # type: ignore[arg-type]
    ).refused("role")


# -- reply and its review -----------------------------------------------------------------------


def test_without_review_a_reply_goes_out_with_its_invitation() -> None:
    story = given(*HANDLING, rules=under(reply_review="none")).when(DONE, by=LI)
    story.then(*GOES_OUT).leaves("AWAITING_RATING")
    assert set(story.case.clocks) == {"rating"}


def test_with_review_of_all_it_waits_for_another_pair_of_eyes() -> None:
    story = given(*HANDLING, rules=under(reply_review="all")).when(DONE, by=LI)
    story.then(*WAITS).leaves("REPLY_REVIEW")
    assert story.case.queue == "replies"
    assert {"reply_review", "resolve"} <= set(story.case.clocks)


@pytest.mark.parametrize(
    ("digits", "share", "drawn"),
    [("09", 10, True), ("10", 10, False), ("00", 0, False), ("99", 100, True)],
)
def test_a_sample_is_drawn_by_the_number_which_nobody_chooses(
    digits: str, share: int, drawn: bool
) -> None:
    rules = under(reply_review="sampled", reply_sample=share)
    story = given(*HANDLING, rules=rules, number=NUMBER[:13] + digits + "0").when(DONE, by=LI)
    story.then(*(WAITS if drawn else GOES_OUT))


def test_where_a_sample_is_drawn_a_second_handling_is_always_read() -> None:
    rules = under(reply_review="sampled", reply_sample=0)
    given(*second_handling(), rules=rules).when(DONE, by=WANG).leaves("REPLY_REVIEW")


@pytest.mark.parametrize("by", [MODERATOR, SUPERVISOR])
def test_an_approved_reply_goes_out_under_its_first_writer(by: By) -> None:
    story = given(*REPLY_REVIEW).when(DecideReply(approve=True), by=by)
    story.then(e.Replied(outcome="resolved", text="TEXT#li#1"), e.Invited())
    story.leaves("AWAITING_RATING")
    assert story.case.replied_by == "li"


def test_a_reply_that_is_sent_back_has_gained_no_time() -> None:
    drafted = given(*REPLY_REVIEW)
    back = drafted.when(
        DecideReply(approve=False, text="没有说明原因"), by=MODERATOR, at="2026-10-08 10:00"
    )
    back.then(e.ReplySentBack()).leaves("HANDLING")
    assert back.case.draft is None
    assert "reply_review" not in back.case.clocks
    assert back.clock("resolve") == drafted.clock("resolve")


def test_nobody_approves_their_own_reply() -> None:
    also = staff("moderator", "li", "roads")
    given(*REPLY_REVIEW).when(DecideReply(approve=True), by=also).refused("same_person")
    assert "decide-reply" not in given(*REPLY_REVIEW).may(also)
    given(*REPLY_REVIEW).when(DecideReply(approve=True), by=LI).refused("role")


@pytest.mark.parametrize("outcome", ["adopted", "not_adopted"])
def test_only_suggestions_are_adopted(outcome: str) -> None:
    command = Reply.model_validate({"outcome": outcome, "text": "已采纳您的建议。"})
    story = given(*HANDLING, kind="complaint").when(command, by=LI)
    story.refused("only_suggestions", "/outcome")
    given(*HANDLING, kind="suggestion", rules=under(reply_review="none")).when(
        command, by=LI
    ).leaves("AWAITING_RATING")


@pytest.mark.parametrize("outcome", ["resolved", "partly"])
def test_a_suggestion_is_adopted_or_not_and_never_just_done(outcome: str) -> None:
    command = Reply.model_validate({"outcome": outcome, "text": "已办理。"})
    given(*HANDLING, kind="suggestion").when(command, by=LI).refused("adopted_or_not", "/outcome")


# -- outcomes and evidence ----------------------------------------------------------------------

CLEANING: Steps = (
    step(e.Accepted(), e.Dispatched(unit="roads", category="0203")),
    step(e.Claimed(officer="li")),
)
"""A case of a category that asks for a photo."""
PHOTO = Evidence(kind="photo", reference="IMG-7")
DOCUMENT = Evidence(kind="document", reference="DOC-7")


@pytest.mark.parametrize("outcome", ["resolved", "partly"])
@pytest.mark.parametrize("evidence", [[], [DOCUMENT]])
def test_what_was_done_is_shown_where_the_category_asks_for_it(
    outcome: str, evidence: list[Evidence]
) -> None:
    command = Reply.model_validate({"outcome": outcome, "text": "已清扫。", "evidence": evidence})
    told = given(*CLEANING).when(command, by=LI).refused("evidence_needed", "/evidence")
    assert isinstance(told.last, Refusal)
    assert told.last.details == {"evidence": ["photo"]}


def test_a_photo_goes_out_with_the_reply_and_through_its_review() -> None:
    shown = DONE.model_copy(update={"evidence": [DOCUMENT, PHOTO]})
    given(*CLEANING, rules=under(reply_review="none")).when(shown, by=LI).then(
        e.Replied(outcome="resolved", evidence=(DOCUMENT, PHOTO)), e.Invited()
    )
    read = given(*CLEANING, rules=under(reply_review="all")).when(shown, by=LI)
    read.leaves("REPLY_REVIEW").when(DecideReply(approve=True), by=MODERATOR).then(
        e.Replied(outcome="resolved", text="TEXT#1", evidence=(DOCUMENT, PHOTO)), e.Invited()
    )


@pytest.mark.parametrize("outcome", ["unfounded", "unreachable", "explained"])
def test_where_nothing_was_done_there_is_nothing_to_show(outcome: str) -> None:
    command = Reply.model_validate({"outcome": outcome, "text": "经核实，情况说明如下。"})
    given(*CLEANING).when(command, by=LI).leaves("AWAITING_RATING")


def test_what_the_policy_does_not_support_cites_it() -> None:
    with pytest.raises(ValidationError, match="policy_with_not_supported"):
        Reply(outcome="not_supported", text="不支持。")
    cited = Reply(outcome="not_supported", policy="《城市道路管理条例》第三十条", text="不在范围。")
    given(*HANDLING).when(cited, by=LI).then(e.Replied(outcome="not_supported"), e.Invited())
    assert cited.free_text is not None
    assert "第三十条" in cited.free_text, "the citizen reads it"


def test_who_wants_no_reply_is_not_asked_to_judge_one() -> None:
    """A clock that cannot run never starts."""
    drafted = given(*HANDLING, reply_wanted=False).when(DONE, by=LI)
    story = drafted.when(DecideReply(approve=True), by=MODERATOR)
    story.then(e.Replied(outcome="resolved", text="TEXT#1"), e.Closed(how="no_reply_wanted"))
    assert (story.leaves("CLOSED").case.clocks, story.case.next_due) == ({}, None)


@pytest.mark.parametrize("reading", ["none", "sampled", "all"])
@pytest.mark.parametrize("past", [HANDLING, PROMISED])
def test_what_the_citizen_will_not_judge_is_read_by_another_before_it_ends_the_case(
    reading: str, past: Steps
) -> None:
    """No unit closes a case by itself, whatever the city reads of other replies."""
    rules = under(reply_review=reading, reply_sample=0)
    done = KeepPromise(text="已修复。") if past is PROMISED else DONE
    drafted = given(*past, rules=rules, reply_wanted=False).when(done, by=LI)
    drafted.then(*WAITS).leaves("REPLY_REVIEW")
    drafted.when(DecideReply(approve=True), by=staff("supervisor", "sun", "roads")).refused(
        "own_unit"
    )


def test_a_colleague_may_reply_for_the_officer_who_claimed() -> None:
    given(*HANDLING).when(DONE, by=WANG).leaves("AWAITING_RATING")


@pytest.mark.parametrize("past", [ASSIGNED, REDO])
def test_what_nobody_claimed_is_not_replied_to(past: Steps) -> None:
    given(*past).when(DONE, by=WANG).refused("state")
