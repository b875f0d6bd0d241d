"""Levels (逐级交办): delegate, recall, officers named by their head, returns one level up, copies."""

import pytest

from casework.cases.access import By, may_read
from schemas import events as e
from schemas.commands import (
    AssignOfficer,
    Claim,
    DecideReturn,
    Delegate,
    Designate,
    Dispatch,
    Recall,
    Reclassify,
    Reopen,
    Reply,
    Return,
    Withdraw,
)
from tests.cases.telling import (
    ACCEPTED,
    AGENT,
    ARBITRATION,
    ASSIGNED,
    AT_NORTH,
    CITIZEN,
    DELEGATED,
    DISPATCHER,
    HANDLING,
    HEAD,
    HU,
    LI,
    MODERATOR,
    NAN,
    NING,
    NORTH_HANDLES,
    POLICE,
    REDO,
    REPLY_REVIEW,
    STREET_HANDLES,
    STREET_RETURNS,
    SUPERVISOR,
    WANG,
    YU,
    ZHOU,
    Steps,
    Story,
    given,
    on,
    retired,
    staff,
    step,
    under,
)

DOWN = Delegate(unit="elm-street", text="请街道现场处理。")
BACK = Return(reason="not_our_area", text="不在本街道。")
NORTHS_SYSTEM = staff("integration", "north-system", "north")


def chain(story: Story) -> list[str]:
    return [link.unit for link in story.case.chain]


# -- one level down, along the tree ----------------------------------------------------------------


@pytest.mark.parametrize("by", [NAN, HU])
@pytest.mark.parametrize("past", [AT_NORTH, NORTH_HANDLES])
def test_a_district_delegates_to_its_street_and_stays_in_the_chain(past: Steps, by: By) -> None:
    story = given(*past).when(DOWN, by=by).then(e.Delegated(unit="elm-street")).leaves("ASSIGNED")
    assert chain(story) == ["north", "elm-street"]
    assert story.case.officer is None
    assert story.case.queue == "unit:elm-street"
    assert set(story.case.clocks) == {"claim", "first_contact", "level", "resolve"}


def test_the_city_delegates_to_a_district_and_the_district_to_a_street() -> None:
    mayor = staff("officer", "ma", "gov")
    at_gov = step(e.Accepted(), e.Dispatched(unit="gov", category="0204"))
    story = given(at_gov).when(Delegate(unit="north"), by=mayor).when(DOWN, by=NAN)
    assert chain(story) == ["gov", "north", "elm-street"]
    story.when(Recall(), by=mayor).refused("not_yours")
    assert chain(story.when(Recall(), by=NAN)) == ["gov", "north"]
    up = story.when(BACK, by=YU).when(DecideReturn(approve=True), by=NAN)
    assert chain(up.then(e.ReturnedUp())) == ["gov", "north"]
    assert chain(up.when(Recall(), by=mayor).leaves("HANDLING")) == ["gov"]


@pytest.mark.parametrize(
    ("unit", "code"),
    [
        ("roads", "not_below"),
        ("gov", "not_below"),
        ("north", "not_below"),
        ("nobody", "unknown_unit"),
        ("parks", "retired_unit"),
    ],
    ids=["outside its subtree", "its own superior", "itself", "unknown", "dissolved"],
)
def test_a_case_is_not_pushed_sideways_upwards_or_into_the_void(unit: str, code: str) -> None:
    told = given(*NORTH_HANDLES).when(Delegate(unit=unit), by=NAN).refused(code, "/unit")
    assert told.case == given(*NORTH_HANDLES).case


def test_no_level_is_left_out() -> None:
    at_gov = step(e.Accepted(), e.Dispatched(unit="gov", category="0204"))
    given(at_gov).when(DOWN, by=staff("officer", "ma", "gov")).refused("not_below", "/unit")


@pytest.mark.parametrize("day", ["2026-09-29", "2026-09-30"])
def test_a_unit_dissolved_yesterday_or_this_morning_gets_nothing(day: str) -> None:
    story = given(*NORTH_HANDLES, rules=retired("north", day))
    story.when(Delegate(unit="gone"), by=NAN).refused("retired_unit", "/unit")
    tomorrow = given(*NORTH_HANDLES, rules=retired("north", "2026-10-01"))
    tomorrow.when(Delegate(unit="gone"), by=NAN).leaves("ASSIGNED")


def test_where_nobody_is_below_nothing_is_delegated_nor_offered() -> None:
    given(*HANDLING).when(Delegate(unit="police"), by=LI).refused("nobody_below")
    assert "delegate" not in given(*HANDLING).may(LI)
    assert "delegate" in given(*NORTH_HANDLES).may(NAN)


def test_a_dissolved_unit_is_nobody_to_delegate_to() -> None:
    story = given(*HANDLING, rules=retired("roads", "2026-09-29"))
    assert "delegate" not in story.may(LI)
    story.when(Delegate(unit="police"), by=LI).refused("nobody_below")


@pytest.mark.parametrize("past", [STREET_RETURNS, ACCEPTED, ARBITRATION])
def test_what_a_unit_has_asked_to_return_or_does_not_hold_it_does_not_delegate(past: Steps) -> None:
    told = given(*past).when(DOWN, by=NAN)
    assert getattr(told.last, "code", None) in ("state", "not_yours")


def test_only_the_holders_people_delegate() -> None:
    given(*NORTH_HANDLES).when(DOWN, by=YU).refused("not_yours")
    given(*NORTH_HANDLES).when(DOWN, by=DISPATCHER).refused("role")
    given(*NORTH_HANDLES).when(DOWN, by=NORTHS_SYSTEM).refused("role")
    given(*DELEGATED).when(DOWN, by=NAN).refused("not_yours")


# -- recall ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", [NAN, NING, HU])
@pytest.mark.parametrize("past", [DELEGATED, STREET_HANDLES, STREET_RETURNS])
def test_who_delegated_takes_the_case_back_and_handles_it(past: Steps, by: By) -> None:
    story = given(*past).when(Recall(), by=by).then(e.Recalled(officer=by.actor.id))
    story.leaves("HANDLING")
    assert chain(story) == ["north"]
    assert story.case.officer == by.actor.id
    assert set(story.case.clocks) == {"first_contact", "resolve"}
    story.when(Claim(), by=YU).refused("not_yours")


def test_nobody_recalls_what_they_did_not_delegate() -> None:
    given(*STREET_HANDLES).when(Recall(), by=YU).refused("not_yours")
    given(*STREET_HANDLES).when(Recall(), by=POLICE).refused("not_yours")
    given(*STREET_HANDLES).when(Recall(), by=DISPATCHER).refused("role")
    given(*NORTH_HANDLES).when(Recall(), by=NAN).refused("not_yours")


def test_a_reply_that_is_read_is_not_recalled_from_under_its_readers() -> None:
    reply = step(e.ReplyDrafted(outcome="resolved", text="TEXT#yu#1"), by=YU)
    given(*STREET_HANDLES, reply).when(Recall(), by=NAN).refused("state")


# -- officers --------------------------------------------------------------------------------------


@pytest.mark.parametrize("past", [ASSIGNED, HANDLING, REDO])
def test_the_head_names_the_officer_and_names_another(past: Steps) -> None:
    story = given(*past).when(AssignOfficer(officer="wang"), by=HEAD)
    story.then(e.OfficerAssigned(officer="wang")).leaves("HANDLING")
    assert story.case.officer == "wang"
    assert "claim" not in story.case.clocks
    again = story.when(AssignOfficer(officer="zhang"), by=HEAD).leaves("HANDLING")
    assert again.case.officer == "zhang"
    again.when(AssignOfficer(officer="zhang"), by=HEAD).refused("nothing_changes", "/officer")


def test_only_a_head_at_or_above_the_holder_names_officers() -> None:
    name = AssignOfficer(officer="zhou")
    given(*DELEGATED).when(name, by=HU).leaves("HANDLING")
    given(*DELEGATED).when(name, by=HEAD).refused("not_yours")
    for by in (YU, SUPERVISOR, CITIZEN):
        given(*DELEGATED).when(name, by=by).refused("role")


def test_naming_an_officer_is_no_way_around_a_pending_return_or_review() -> None:
    given(*STREET_RETURNS).when(AssignOfficer(officer="zhou"), by=HU).refused("state")
    given(*REPLY_REVIEW).when(AssignOfficer(officer="wang"), by=HEAD).refused("state")


# -- a return goes one level up --------------------------------------------------------------------


@pytest.mark.parametrize("by", [NAN, HU, DISPATCHER, SUPERVISOR])
def test_a_streets_return_goes_to_its_district_and_no_higher(by: By) -> None:
    story = given(*STREET_RETURNS).when(DecideReturn(approve=True), by=by)
    story.then(e.ReturnedUp()).leaves("ASSIGNED")
    assert chain(story) == ["north"]
    assert story.case.officer is None
    assert story.case.returned_by == ("elm-street",)
    assert story.case.queue == "unit:north"
    assert set(story.case.clocks) == {"claim", "first_contact", "resolve"}


def test_a_refused_return_leaves_the_street_its_case_and_its_time() -> None:
    story = given(*STREET_RETURNS).when(DecideReturn(approve=False), by=NAN, at="2026-10-08 09:00")
    story.then(e.ReturnRefused()).leaves("HANDLING")
    assert chain(story) == ["north", "elm-street"]
    assert story.clock("level") == given(*STREET_HANDLES).clock("level")
    assert "return" not in story.case.clocks


def test_nobody_decides_their_own_return() -> None:
    both = staff("dispatcher", "yu", "elm-street")
    given(*STREET_RETURNS).when(DecideReturn(approve=True), by=both).refused("same_person")
    given(*STREET_RETURNS).when(DecideReturn(approve=True), by=YU).refused("not_yours")
    given(*STREET_RETURNS).when(DecideReturn(approve=True), by=ZHOU).refused("not_yours")
    by_head = step(e.ReturnAsked(reason="not_our_duty"), by=HU)
    story = given(*STREET_HANDLES, by_head)
    story.when(DecideReturn(approve=True), by=HU).refused("same_person")
    assert "decide-return" not in story.may(HU)


def test_a_districts_own_return_is_decided_by_the_hotline_office_alone() -> None:
    story = given(*NORTH_HANDLES).when(BACK, by=NAN).leaves("RETURN_ASKED")
    for by in (NING, HU):
        story.when(DecideReturn(approve=True), by=by).refused("not_yours")
    story.when(DecideReturn(approve=True), by=DISPATCHER).then(e.Returned()).leaves("ACCEPTED")


def test_a_district_does_not_get_rid_of_a_case_by_approving_its_streets_return() -> None:
    """To another unit is the hotline office's word; else it would decide a return of its own."""
    elsewhere = DecideReturn(approve=True, unit="police")
    for by in (NAN, HU):
        given(*STREET_RETURNS).when(elsewhere, by=by).refused("own_unit", "/unit")
    story = given(*STREET_RETURNS).when(elsewhere, by=DISPATCHER)
    story.then(e.Returned(), e.Dispatched(unit="police", category="0204")).leaves("ASSIGNED")
    assert chain(story) == ["police"]
    assert "level" not in story.case.clocks


def test_silence_on_a_streets_return_escalates_and_never_approves() -> None:
    silent = given(*STREET_RETURNS).tick("2026-10-10 00:00").leaves("RETURN_ASKED")
    assert e.Overdue(clock="return") in silent.happened
    assert chain(silent) == ["north", "elm-street"]


# -- a level's own time ----------------------------------------------------------------------------


def test_a_level_has_five_working_days_of_its_own() -> None:
    story = given(*NORTH_HANDLES).when(DOWN, by=NAN, at="2026-10-08 10:00")
    assert story.clock("level").due == on("2026-10-15 00:00")
    assert story.clock("resolve") == given(*NORTH_HANDLES).clock("resolve")
    up = story.when(BACK, by=YU).when(DecideReturn(approve=True), by=NAN, at="2026-10-09 10:00")
    assert "level" not in up.case.clocks, "the first level has the citizen's promise"


@pytest.mark.parametrize("at", ["2026-10-26 10:00", "2026-10-27 23:59"])
def test_a_levels_time_ends_with_the_citizens_promise_however_late_it_is_delegated(at: str) -> None:
    promise = on("2026-10-28 00:00")
    story = given(*NORTH_HANDLES).when(DOWN, by=NAN, at=at)
    assert story.clock("level").due == story.clock("resolve").due == promise
    late = story.tick("2026-11-02 10:01")
    assert {clock.late for clock in late.case.clocks.values()} >= {True}
    assert late.clock("level").late
    late.tick("2026-11-02 10:01").then()


def test_a_level_that_gets_the_case_when_the_promise_has_passed_has_its_own_days() -> None:
    """Else its ladder would be climbed before anybody there has read the case."""
    late = given(*NORTH_HANDLES).tick("2026-10-28 00:00")
    story = late.when(DOWN, by=NAN, at="2026-11-02 10:00")
    assert story.clock("level").due == on("2026-11-10 00:00")
    assert story.clock("resolve").late
    assert story.case.level == 1


def test_a_promise_that_becomes_shorter_takes_the_levels_time_with_it() -> None:
    shorter = Reclassify(kind="enquiry")
    story = given(*STREET_HANDLES, kind="complaint").when(shorter, by=DISPATCHER)
    assert story.clock("resolve").due == story.clock("level").due == on("2026-10-11 00:00")
    assert story.clock("level").since == on("2026-09-30 10:00")
    longer = story.when(Reclassify(kind="complaint"), by=DISPATCHER, at="2026-10-08 10:00")
    assert longer.clock("level") == given(*STREET_HANDLES, kind="complaint").clock("level")


def test_in_a_second_handling_a_levels_time_ends_with_the_second_promise() -> None:
    story = given(*again_at_north()).when(DOWN, by=NING)
    assert "resolve" not in story.case.clocks
    assert story.clock("level").due == story.clock("redo").due == on("2026-10-11 00:00")


def test_a_reply_stops_the_levels_clock() -> None:
    done = Reply(outcome="resolved", text="已修好。")
    story = given(*STREET_HANDLES, rules=under(reply_review="none")).when(done, by=YU)
    assert set(story.leaves("AWAITING_RATING").case.clocks) == {"rating"}


# -- a second handling is another officer's, on every level (JN 27) --------------------------------

_BAD = e.Rated(contacted=True, resolved="no", overall=1)


def again(past: Steps, by: By) -> Steps:
    """Replied by this officer, rated badly and sent back."""
    return (
        *past,
        step(e.Replied(outcome="resolved"), e.Invited(), by=by),
        step(_BAD, e.FollowUpBegun(reason="unresolved")),
        step(e.RedoOrdered(reason="follow_up")),
    )


def again_at_north() -> Steps:
    return (*again(NORTH_HANDLES, NAN), step(e.Claimed(officer="ning"), by=NING))


def test_who_replied_does_not_get_the_second_handling_back_by_way_of_a_recall() -> None:
    story = given(*again_at_north()).when(DOWN, by=NING).leaves("ASSIGNED")
    story.when(Recall(), by=NAN).refused("same_person")
    assert "recall" not in story.may(NAN)
    assert story.when(Recall(), by=NING).leaves("HANDLING").case.officer == "ning"
    given(*STREET_HANDLES).when(Recall(), by=NAN).leaves("HANDLING")


def test_who_replied_is_not_named_for_the_second_handling() -> None:
    story = given(*again(STREET_HANDLES, YU))
    story.when(AssignOfficer(officer="yu"), by=HU).refused("same_person", "/officer")
    story.when(AssignOfficer(officer="zhou"), by=HU).leaves("HANDLING")


def test_a_second_handling_in_the_street_is_another_officers() -> None:
    story = given(*again(STREET_HANDLES, YU)).when(Claim(), by=YU).refused("same_person")
    story.when(Claim(), by=ZHOU).leaves("HANDLING")


# -- a dispatch straight to a street is copied to its district (BJ 12) ------------------------------

TO_STREET = Dispatch(unit="elm-street", category="0204")


def test_what_goes_straight_to_a_street_its_district_may_read() -> None:
    story = given(*ACCEPTED).when(TO_STREET, by=DISPATCHER)
    story.then(e.Dispatched(unit="elm-street", category="0204", copies=("north",)))
    assert chain(story) == ["elm-street"]
    assert may_read(story.case, NAN, story.rules)
    assert not may_read(story.case, POLICE, story.rules)
    assert not may_read(story.case, staff("officer", "ou", "north-roads"), story.rules)


def test_to_read_along_is_not_to_hold() -> None:
    story = given(*ACCEPTED).when(TO_STREET, by=DISPATCHER)
    assert story.may(NAN) == set()
    for command in (Claim(), Recall(), Delegate(unit="elm-street")):
        story.when(command, by=NAN).refused("not_yours")


@pytest.mark.parametrize("unit", ["roads", "north", "north-roads"])
def test_what_goes_elsewhere_is_copied_to_nobody(unit: str) -> None:
    story = given(*ACCEPTED).when(Dispatch(unit=unit, category="0204"), by=DISPATCHER)
    assert story.case.copies == ()


def test_a_street_that_is_designated_is_copied_too() -> None:
    to_street = Designate(unit="elm-street", category="0204", text="由街道办理。")
    story = given(*ARBITRATION).when(to_street, by=SUPERVISOR)
    assert story.case.copies == ("north",)


def test_the_district_reads_no_longer_once_the_street_has_returned_it() -> None:
    sent = given(*ACCEPTED).when(TO_STREET, by=DISPATCHER).when(BACK, by=YU)
    back = sent.when(DecideReturn(approve=True), by=DISPATCHER).leaves("ACCEPTED")
    assert back.case.copies == ()
    assert not may_read(back.case, NAN, back.rules)


# -- who may read along ----------------------------------------------------------------------------


def test_everyone_in_the_chain_reads_and_nobody_beside_it() -> None:
    story = given(*STREET_HANDLES)
    for by in (YU, ZHOU, NAN, HU, staff("head", "guo", "gov"), AGENT, MODERATOR):
        assert may_read(story.case, by, story.rules), by
    for by in (
        LI,
        WANG,
        POLICE,
        HEAD,
        staff("officer", "ou", "north-roads"),
        staff("officer", "x"),
    ):
        assert not may_read(story.case, by, story.rules), by


def test_a_street_from_which_the_case_was_taken_reads_it_no_longer() -> None:
    for story in (
        given(*STREET_HANDLES).when(Recall(), by=NAN),
        given(*STREET_RETURNS).when(DecideReturn(approve=True), by=NAN),
    ):
        assert not may_read(story.case, YU, story.rules)


# -- ends and ways back leave nothing behind -------------------------------------------------------


def test_a_case_taken_up_again_has_nothing_left_of_its_levels() -> None:
    story = given(*ACCEPTED).when(TO_STREET, by=DISPATCHER).when(Claim(), by=YU)
    ended = story.when(Withdraw(reason="solved"), by=CITIZEN).leaves("WITHDRAWN")
    assert ended.case.clocks == {}
    opened = ended.when(Reopen(text="又坏了。"), by=CITIZEN).leaves("IN_REVIEW")
    case = opened.case
    assert (case.chain, case.copies, case.officer, case.asks) == ((), (), None, {})
    for by in (YU, NAN):
        assert not may_read(case, by, opened.rules)


@pytest.mark.parametrize("past", [DELEGATED, STREET_HANDLES, STREET_RETURNS])
def test_a_delegated_case_is_withdrawn_with_all_its_clocks(past: Steps) -> None:
    story = given(*past).when(Withdraw(reason="solved"), by=CITIZEN).leaves("WITHDRAWN")
    assert story.case.clocks == {}
    assert story.case.next_due is None
    assert story.case.queue is None
