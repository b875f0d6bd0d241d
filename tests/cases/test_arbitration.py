"""Arbitration (会商): a case nobody wants is heard, and one unit is designated, binding (WF 22)."""

from dataclasses import replace

import pytest

from casework.cases.access import By, may_read
from schemas import events as e
from schemas.commands import (
    Arbitrate,
    Claim,
    DecideObjection,
    DecideReturn,
    Delegate,
    Designate,
    Dispatch,
    Object,
    Reopen,
    Return,
    Route,
    StatePosition,
    Withdraw,
)
from tests.cases.telling import (
    ACCEPTED,
    ARBITRATION,
    CITIZEN,
    DESIGNATED,
    DISPATCHER,
    HANDLING,
    HEARD,
    LI,
    MACHINE,
    MODERATOR,
    NAN,
    OTHER_MODERATOR,
    POLICE,
    RETURN_ASKED,
    STREET_RETURNS,
    SUPERVISOR,
    TRIAGE,
    WANG,
    YU,
    Steps,
    Story,
    given,
    on,
    retired,
    returned_by,
    staff,
    step,
)

SURE = Route(category="0204", unit="gov", confidence=0.97, confident=True)
DISPUTE = Arbitrate(units=["roads", "police"], text="两家都说归对方。")
OURS_NOT = StatePosition(text="该路段已移交公安管理。")
TO_ROADS = Designate(unit="roads", category="0204", text="按职责分工由市政处办理。")
BACK = Return(reason="not_our_duty", text="不归我们管。")


# -- how it comes to that --------------------------------------------------------------------------


def test_a_case_that_two_units_have_returned_is_heard_and_not_dispatched_a_third_time() -> None:
    story = given(*returned_by("roads", "police")).when(SURE, by=MACHINE)
    story.then(e.ArbitrationBegun(reason="returned_twice", units=("roads", "police")))
    story.leaves("ARBITRATION")
    assert story.case.queue == "arbitration"
    assert story.case.unit is None
    assert story.clock("arbitration").due == on("2026-10-10 00:00")
    assert set(story.case.clocks) == {"arbitration", "resolve"}


def test_a_unit_that_is_accused_meanwhile_is_not_heard_and_its_return_does_not_count() -> None:
    """XF 30: never to the accused, and it does not get a say in whose the case is either."""
    accused = step(e.SubjectsNamed(units=("police",)), by=MODERATOR)
    once = given(*returned_by("roads", "police"), accused).when(SURE, by=MACHINE)
    once.leaves("ASSIGNED")
    twice = given(*returned_by("roads", "police", "north"), accused).when(SURE, by=MACHINE)
    twice.then(e.ArbitrationBegun(reason="returned_twice", units=("roads", "north")))


def test_a_case_bounced_twice_is_heard_designated_and_stays() -> None:
    """The whole story, as the desks live it."""
    story = given(*ACCEPTED)
    for unit, officer in (("roads", LI), ("police", POLICE)):
        story = story.when(Dispatch(unit=unit, category="0204"), by=DISPATCHER)
        story = story.when(BACK, by=officer).when(DecideReturn(approve=True), by=DISPATCHER)
    story = story.when(SURE, by=MACHINE).leaves("ARBITRATION")
    story = story.when(OURS_NOT, by=LI).when(OURS_NOT, by=POLICE).leaves("ARBITRATION")
    story = story.when(TO_ROADS, by=SUPERVISOR).leaves("ASSIGNED")
    story.when(BACK, by=LI).refused("binding")
    story.when(Claim(), by=LI).leaves("HANDLING").when(BACK, by=WANG).refused("binding")


def test_a_case_that_a_person_would_give_back_to_who_returned_it_is_heard_instead() -> None:
    """A to B to A: the second return ends the ping-pong, by whomever it is decided."""
    story = given(*ACCEPTED).when(Dispatch(unit="roads", category="0204"), by=DISPATCHER)
    to_police = DecideReturn(approve=True, unit="police")
    story = story.when(BACK, by=LI).when(to_police, by=DISPATCHER).leaves("ASSIGNED")
    story = story.when(BACK, by=POLICE)

    back = story.when(DecideReturn(approve=True, unit="roads"), by=DISPATCHER)
    back.then(
        e.Returned(), e.ArbitrationBegun(reason="returned_twice", units=("roads", "police"))
    ).leaves("ARBITRATION")

    to_a_third = story.when(DecideReturn(approve=True, unit="north"), by=DISPATCHER)
    to_a_third.leaves("ASSIGNED")


@pytest.mark.parametrize("by", [DISPATCHER, SUPERVISOR])
@pytest.mark.parametrize("past", [ACCEPTED, TRIAGE, RETURN_ASKED, STREET_RETURNS])
def test_the_hotline_office_has_a_dispute_heard(past: Steps, by: By) -> None:
    story = given(*past).when(DISPUTE, by=by)
    holder = given(*past).case.unit
    heard = tuple(dict.fromkeys(("roads", "police", *([holder] if holder else []))))
    story.then(e.ArbitrationBegun(reason="dispute", units=heard))
    story.leaves("ARBITRATION")
    assert set(story.case.clocks) == {"arbitration", "resolve"}
    assert (story.case.chain, story.case.officer, story.case.asks) == ((), None, {})


def test_what_a_unit_handles_is_not_disputed_behind_its_back() -> None:
    given(*HANDLING).when(DISPUTE, by=DISPATCHER).refused("state")
    given(*RETURN_ASKED).when(DISPUTE, by=LI).refused("role")


@pytest.mark.parametrize(
    ("units", "code", "pointer"),
    [
        (["roads", "roads"], "same_unit", "/units"),
        (["roads", "police", "roads"], "same_unit", "/units"),
        (["roads", "nobody"], "unknown_unit", "/units/1"),
        (["parks", "roads"], "retired_unit", "/units/0"),
    ],
)
def test_who_is_heard_exists_and_is_named_once(units: list[str], code: str, pointer: str) -> None:
    told = given(*TRIAGE).when(Arbitrate(units=units, text="请说明。"), by=DISPATCHER)
    told.refused(code, pointer)
    assert told.case == given(*TRIAGE).case
    if code == "same_unit":
        assert getattr(told.last, "details", None) == {"unit": "roads"}


# -- the units are heard ---------------------------------------------------------------------------


def test_each_unit_is_heard_once_and_then_has_nothing_more_to_do() -> None:
    story = given(*ARBITRATION)
    assert set(story.case.asides) == {"unit:roads", "unit:police"}
    assert story.may(LI) == {"state-position"}
    heard = story.when(OURS_NOT, by=LI).then(e.PositionGiven(unit="roads")).leaves("ARBITRATION")
    assert heard.case.asides == {"unit:police": story.clock("arbitration").due}
    assert heard.may(LI) == heard.may(WANG) == set()
    heard.when(OURS_NOT, by=WANG).refused("not_yours")
    assert heard.when(OURS_NOT, by=POLICE).case.asides == {}


def test_to_be_heard_moves_no_clock() -> None:
    story = given(*ARBITRATION).when(OURS_NOT, by=LI, at="2026-10-08 09:00")
    assert story.case.clocks == given(*ARBITRATION).case.clocks


def test_who_is_no_party_is_not_heard() -> None:
    given(*ARBITRATION).when(OURS_NOT, by=NAN).refused("not_yours")
    given(*ARBITRATION).when(OURS_NOT, by=staff("officer", "x")).refused("not_yours")
    given(*ARBITRATION).when(OURS_NOT, by=DISPATCHER).refused("role")
    system = staff("integration", "roads-system", "roads")
    given(*ARBITRATION).when(OURS_NOT, by=system).refused("role")


def test_nobody_is_heard_before_or_after() -> None:
    given(*RETURN_ASKED).when(OURS_NOT, by=LI).refused("not_yours")
    given(*DESIGNATED).when(OURS_NOT, by=POLICE).refused("not_yours")


def test_the_units_heard_read_the_case_and_others_do_not() -> None:
    for past in (ARBITRATION, HEARD):
        story = given(*past)
        assert may_read(story.case, LI, story.rules)
        assert may_read(story.case, POLICE, story.rules)
        assert not may_read(story.case, NAN, story.rules)


def test_while_it_is_heard_nobody_holds_it() -> None:
    story = given(*ARBITRATION)
    for by in (LI, staff("head", "he", "roads")):
        for command in (Claim(), BACK, Delegate(unit="north")):
            story.when(command, by=by).refused("not_yours")


def test_time_that_passes_designates_nobody_but_is_told() -> None:
    late = given(*ARBITRATION).tick("2026-10-10 00:00").leaves("ARBITRATION")
    assert e.Overdue(clock="arbitration") in late.happened
    assert late.case.level == 1
    assert late.case.next_due is not None
    assert late.case.next_due > late.now


# -- one is designated, binding --------------------------------------------------------------------


def test_a_supervisor_designates_and_the_units_time_begins() -> None:
    story = given(*HEARD).when(TO_ROADS, by=SUPERVISOR, at="2026-10-08 10:00")
    story.then(e.Dispatched(unit="roads", category="0204", binding=True)).leaves("ASSIGNED")
    assert story.case.binding
    assert story.case.asides == {}
    assert story.case.queue == "unit:roads"
    assert set(story.case.clocks) == {"claim", "first_contact", "resolve"}
    assert story.clock("resolve") == given(*HEARD).clock("resolve")
    assert story.clock("claim").since == on("2026-10-08 10:00")


def test_a_unit_that_was_not_heard_may_be_designated_and_silence_blocks_nobody() -> None:
    elsewhere = Designate(unit="north", category="0204", text="由北区办理。")
    given(*ARBITRATION).when(elsewhere, by=SUPERVISOR).leaves("ASSIGNED")


@pytest.mark.parametrize("by", [DISPATCHER, MODERATOR, staff("leader", "long")])
def test_only_a_supervisor_designates(by: By) -> None:
    given(*HEARD).when(TO_ROADS, by=by).refused("role")


def test_nobody_of_a_unit_that_is_heard_designates() -> None:
    """Nobody decides their own dispute, whichever hat they wear."""
    for unit in ("roads", "police"):
        judge = staff("supervisor", "li", unit)
        story = given(*HEARD).when(TO_ROADS, by=judge).refused("own_unit")
        assert "designate" not in story.may(judge)


@pytest.mark.parametrize(
    ("command", "code", "pointer"),
    [
        (TO_ROADS.model_copy(update={"unit": "nobody"}), "unknown_unit", "/unit"),
        (TO_ROADS.model_copy(update={"unit": "gone"}), "retired_unit", "/unit"),
        (TO_ROADS.model_copy(update={"category": "9999"}), "unknown_category", "/category"),
    ],
    ids=["unknown", "dissolved yesterday", "unknown category"],
)
def test_a_designation_into_the_void_is_refused(
    command: Designate, code: str, pointer: str
) -> None:
    story = given(*HEARD, rules=retired("gov", "2026-09-29"))
    assert story.when(command, by=SUPERVISOR).refused(code, pointer).case == story.case


def test_a_designation_names_the_category_where_the_case_has_none() -> None:
    disputed = given(*TRIAGE).when(DISPUTE, by=DISPATCHER)
    bare = Designate(unit="roads", text="由市政处办理。")
    disputed.when(bare, by=SUPERVISOR).refused("category_needed", "/category")
    given(*HEARD).when(bare, by=SUPERVISOR).leaves("ASSIGNED")


def test_the_designated_unit_neither_returns_nor_disputes() -> None:
    story = given(*DESIGNATED).when(BACK, by=LI).refused("binding")
    assert "return" not in story.may(LI)
    handles = story.when(Claim(), by=LI)
    handles.when(BACK, by=LI).refused("binding")
    assert "return" not in handles.may(LI)


def designated_district() -> Story:
    """North was designated, and has given the case to its street, which wants to return it."""
    to_north = step(e.Dispatched(unit="north", category="0204", binding=True), by=SUPERVISOR)
    down = step(e.Delegated(unit="elm-street"))
    asked = step(e.ReturnAsked(reason="not_our_duty"), by=YU)
    return given(*HEARD, to_north, down, asked)


def test_a_designated_district_may_delegate_and_its_street_may_return_it_to_the_district() -> None:
    up = designated_district().when(DecideReturn(approve=True), by=NAN).then(e.ReturnedUp())
    assert up.case.unit == "north"
    assert up.case.binding
    up.when(BACK, by=NAN).refused("binding")


def test_no_return_of_its_street_carries_a_designated_case_elsewhere() -> None:
    story = designated_district()
    elsewhere = DecideReturn(approve=True, unit="police")
    told = story.when(elsewhere, by=DISPATCHER).refused("binding", "/unit")
    assert getattr(told.last, "details", None) == {"unit": "north"}
    disputed = story.when(DISPUTE, by=DISPATCHER).refused("binding")
    assert getattr(disputed.last, "details", None) == {"unit": "north"}
    assert "arbitrate" not in story.may(DISPATCHER)


# -- ends and ways back leave nothing behind -------------------------------------------------------


def assert_nothing_left(story: Story) -> None:
    case = story.case
    assert (case.chain, case.officer, case.binding) == ((), None, False)
    assert (case.copies, case.parties, case.heard) == ((), (), ())
    for by in (LI, POLICE):
        assert not may_read(case, by, story.rules)


@pytest.mark.parametrize("past", [ARBITRATION, HEARD])
def test_a_case_withdrawn_while_it_is_heard_is_heard_no_longer(past: Steps) -> None:
    story = given(*past).when(Withdraw(reason="solved"), by=CITIZEN).leaves("WITHDRAWN")
    assert story.case.clocks == {}
    assert story.case.asides == {}
    assert story.case.queue is None
    assert_nothing_left(story)
    story.when(OURS_NOT, by=POLICE).refused("not_yours")


@pytest.mark.parametrize("past", [ARBITRATION, HEARD, DESIGNATED])
def test_a_withdrawn_case_taken_up_again_is_bound_to_nobody(past: Steps) -> None:
    story = given(*past).when(Withdraw(reason="mistaken"), by=CITIZEN)
    opened = story.when(Reopen(text="又坏了。"), by=CITIZEN).leaves("IN_REVIEW")
    assert_nothing_left(opened)
    assert set(opened.case.clocks) == {"review", "resolve"}


def closed() -> Story:
    """Roads was designated, replied, and the citizen was content."""
    good = e.Rated(contacted=True, resolved="yes", overall=5)
    return given(
        *DESIGNATED,
        step(e.Claimed(officer="li")),
        step(e.Replied(outcome="resolved"), e.Invited()),
        step(good, e.Closed(how="rated")),
    )


def test_a_closed_case_is_read_by_who_handled_it_and_no_longer_by_who_was_only_heard() -> None:
    story = closed()
    assert may_read(story.case, LI, story.rules)
    assert not may_read(story.case, POLICE, story.rules)


def test_a_reopened_case_is_bound_to_nobody_and_can_be_disputed_anew() -> None:
    opened = closed().when(Reopen(text="又坏了。"), by=CITIZEN).leaves("IN_REVIEW")
    assert_nothing_left(opened)
    accepted = opened._committed([e.Accepted()], MODERATOR)
    accepted.when(DISPUTE, by=DISPATCHER).leaves("ARBITRATION")


def test_a_granted_objection_frees_the_case_of_its_designation() -> None:
    objected = closed().when(Object(text="没有修好。"), by=CITIZEN)
    granted = objected.when(DecideObjection(grant=True, text="成立。"), by=OTHER_MODERATOR)
    assert_nothing_left(granted.leaves("ACCEPTED"))
    sent = granted.when(Dispatch(unit="police", category="0208"), by=DISPATCHER)
    sent.when(BACK, by=POLICE).leaves("RETURN_ASKED")


def test_a_refused_objection_leaves_the_end_as_it_was() -> None:
    story = closed()
    objected = story.when(Object(text="没有修好。"), by=CITIZEN)
    refused = objected.when(DecideObjection(grant=False, text="不成立。"), by=OTHER_MODERATOR)
    kept = {"version", "changed_at", "objected"}
    assert refused.case.model_dump(exclude=kept) == story.case.model_dump(exclude=kept)


def test_a_second_hearing_hears_its_own_units_anew() -> None:
    story = replace(closed(), now=on("2026-10-08 09:00"))
    opened = story.when(Reopen(text="又坏了。"), by=CITIZEN)._committed([e.Accepted()], MODERATOR)
    again = opened.when(Arbitrate(units=["roads", "north"], text="请说明。"), by=DISPATCHER)
    assert set(again.case.asides) == {"unit:roads", "unit:north"}
    assert not may_read(again.case, POLICE, again.rules)


def test_a_designation_settles_the_matter_also_for_a_life_after_the_end() -> None:
    story = given(*ACCEPTED)
    for unit, officer in (("roads", LI), ("police", POLICE)):
        story = story.when(Dispatch(unit=unit, category="0204"), by=DISPATCHER)
        story = story.when(BACK, by=officer).when(DecideReturn(approve=True), by=DISPATCHER)
    story = story.when(SURE, by=MACHINE).leaves("ARBITRATION")
    story = story.when(TO_ROADS, by=SUPERVISOR)
    assert story.case.returned_by == ()


def test_other_units_can_be_named_while_nobody_is_designated() -> None:
    """Else a dispute of the two offices that designate could never end."""
    story = given(*ACCEPTED).when(DISPUTE, by=DISPATCHER).leaves("ARBITRATION")
    others = Arbitrate(units=["police", "north"], text="请两家说明。")
    again = story.when(others, by=SUPERVISOR)
    assert again.case.to_be_heard == {"police", "north"}
    assert set(again.case.clocks) == {"arbitration", "resolve"}


def test_a_supervisor_who_moves_a_designated_case_designates_anew() -> None:
    moved = given(*DESIGNATED).when(Dispatch(unit="police", category="0204"), by=SUPERVISOR)
    moved.then(e.Dispatched(unit="police", category="0204", binding=True))
    assert moved.case.binding


def test_nobody_takes_the_own_return_before_the_arbitrators() -> None:
    asked = given(*RETURN_ASKED)
    inside = staff("dispatcher", "xu", "roads")
    asked.when(DISPUTE, by=inside).refused("own_unit")


def test_the_level_above_has_the_return_that_it_decides_on_its_worklist() -> None:
    story = given(*STREET_RETURNS)
    assert story.case.asides == {"unit:north": story.clock("return").due}
    assert story.case.shown_to == ("unit:north",)
    assert given(*RETURN_ASKED).case.asides == {}
