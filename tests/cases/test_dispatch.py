"""Dispatch (交办), triage (待派), return and redispatch (退单, 改派), reclassifying."""

import pytest

from casework.cases.access import By
from casework.cases.rules import Refusal
from schemas import events as e
from schemas.commands import (
    AskTermination,
    AskUnmasking,
    Claim,
    Command,
    DecideReturn,
    DecideTermination,
    DecideUnmasking,
    Dispatch,
    NameSubjects,
    Reclassify,
    Return,
    Route,
)
from schemas.events import Choice
from tests.cases.telling import (
    ACCEPTED,
    AGENT,
    ASSIGNED,
    CITIZEN,
    DISPATCHER,
    HANDLING,
    IN_REVIEW,
    LI,
    MACHINE,
    MODERATOR,
    POLICE,
    RETURN_ASKED,
    SUBMITTED,
    SUPERVISOR,
    TRIAGE,
    Steps,
    given,
    on,
    returned_by,
    staff,
    step,
)

CHOICES = tuple(Choice(category=c, unit="roads", score=0.3) for c in ("0203", "0204", "0208"))
SURE = Route(category="0204", unit="roads", confidence=0.987654, confident=True, words=("井盖",))
UNSURE = Route(category="0204", unit="roads", confidence=0.31, choices=(*CHOICES, CHOICES[0]))


# -- by the machine -----------------------------------------------------------------------------


def test_what_the_router_is_sure_of_goes_to_its_unit_with_the_reason() -> None:
    story = given(*ACCEPTED).when(SURE, by=MACHINE).leaves("ASSIGNED")
    story.then(
        e.Dispatched(
            unit="roads", category="0204", automatic=True, confidence=0.99, words=("井盖",)
        )
    )
    assert story.case.unit == "roads"
    assert story.case.queue == "unit:roads"
    assert set(story.case.clocks) == {"claim", "first_contact", "resolve"}


def test_doubt_is_left_to_a_person_with_three_choices_at_most() -> None:
    story = given().when(UNSURE, by=MACHINE).then(e.Accepted(), e.Queued(choices=CHOICES))
    story.leaves("TRIAGE")
    assert story.case.queue == "triage"
    assert story.case.choices == CHOICES


@pytest.mark.parametrize(
    "found",
    [
        SURE.model_copy(update={"unit": None}),
        SURE.model_copy(update={"category": None}),
        SURE.model_copy(update={"unit": "nobody"}),
        SURE.model_copy(update={"unit": "parks"}),
        SURE.model_copy(update={"category": "9999"}),
    ],
    ids=["no unit", "no category", "unknown unit", "dissolved unit", "unknown category"],
)
def test_a_finding_that_the_catalogue_does_not_bear_out_is_left_to_a_person(found: Route) -> None:
    given(*ACCEPTED).when(found, by=MACHINE).leaves("TRIAGE")


def test_a_case_is_not_routed_twice() -> None:
    given(*TRIAGE).when(SURE, by=MACHINE).refused("state")
    given(*ASSIGNED).when(SURE, by=MACHINE).refused("state")


# -- by a person --------------------------------------------------------------------------------


@pytest.mark.parametrize("by", [DISPATCHER, SUPERVISOR])
@pytest.mark.parametrize("past", [ACCEPTED, TRIAGE])
def test_a_dispatcher_gives_the_case_to_a_unit(past: Steps, by: By) -> None:
    story = given(*past).when(Dispatch(unit="police", category="0208"), by=by)
    story.then(e.Dispatched(unit="police", category="0208")).leaves("ASSIGNED")
    assert story.case.choices == ()


def test_what_the_machine_leaves_lying_comes_to_the_dispatchers_eyes() -> None:
    story = given(*SUBMITTED)
    assert story.case.queue is None, "automatic dispatch has it"
    late = story.tick(at="2026-10-01 00:00")
    assert late.case.queue == "triage"
    told = late.when(Dispatch(unit="police", category="0208"), by=DISPATCHER)
    told.then(e.Accepted(), e.Dispatched(unit="police", category="0208")).leaves("ASSIGNED")


@pytest.mark.parametrize("past", [ASSIGNED, HANDLING])
def test_no_case_is_stuck_with_a_unit_that_cannot_act(past: Steps) -> None:
    story = given(*past).when(Dispatch(unit="police", category="0208"), by=SUPERVISOR)
    story.then(e.Dispatched(unit="police", category="0208")).leaves("ASSIGNED")
    assert {"claim", "first_contact", "resolve"} == set(story.case.clocks)
    given(*past).when(Dispatch(unit="police", category="0208"), by=DISPATCHER).refused("state")
    same = Dispatch(unit="roads", category="0204")
    given(*past).when(same, by=SUPERVISOR).refused("same_unit", "/unit")


def test_the_dispatcher_may_set_the_kind_right_in_the_same_step() -> None:
    story = given(*TRIAGE, kind="complaint")
    told = story.when(Dispatch(unit="roads", category="0204", kind="enquiry"), by=DISPATCHER)
    told.then(
        e.Reclassified(kind="enquiry", category="0204"), e.Dispatched(unit="roads", category="0204")
    )
    assert told.clock("resolve").due == on("2026-10-11 00:00")


def test_a_category_that_the_citizen_chose_need_not_be_said_again() -> None:
    story = given(*TRIAGE, category="0204").when(Dispatch(unit="roads"), by=DISPATCHER)
    story.then(e.Dispatched(unit="roads", category="0204"))


@pytest.mark.parametrize(
    ("command", "code", "pointer"),
    [
        (Dispatch(unit="roads"), "category_needed", "/category"),
        (Dispatch(unit="nobody", category="0204"), "unknown_unit", "/unit"),
        (Dispatch(unit="parks", category="0204"), "retired_unit", "/unit"),
        (Dispatch(unit="roads", category="9999"), "unknown_category", "/category"),
    ],
)
def test_a_dispatch_into_the_void_is_refused(command: Dispatch, code: str, pointer: str) -> None:
    given(*TRIAGE).when(command, by=DISPATCHER).refused(code, pointer)


# -- a unit returns it --------------------------------------------------------------------------

ASKED = Return(reason="not_our_duty", unit="police", text="属公安职责。")


@pytest.mark.parametrize(("past", "back"), [(ASSIGNED, "ASSIGNED"), (HANDLING, "HANDLING")])
def test_a_return_is_asked_and_when_refused_the_case_is_where_it_was(
    past: Steps, back: str
) -> None:
    asked = given(*past).when(ASKED, by=LI)
    asked.then(e.ReturnAsked(reason="not_our_duty", unit="police")).leaves("RETURN_ASKED")
    assert asked.clock("return").due == on("2026-10-10 00:00")
    refused = asked.when(DecideReturn(approve=False), by=DISPATCHER).then(e.ReturnRefused())
    assert refused.case.state == back
    assert refused.case.unit == "roads"
    assert "return" not in refused.case.clocks


def test_approved_without_a_unit_it_is_dispatched_anew() -> None:
    story = given(*RETURN_ASKED).when(DecideReturn(approve=True), by=DISPATCHER)
    story.then(e.Returned()).leaves("ACCEPTED")
    assert story.case.unit is None
    claimed = given(*HANDLING, step(e.ReturnAsked(reason="not_our_duty")), step(e.Returned()))
    assert claimed.case.officer is None
    assert set(story.case.clocks) == {"dispatch", "resolve"}


def test_approved_with_a_unit_it_goes_there_and_only_the_units_clocks_start_again() -> None:
    story = given(*RETURN_ASKED).when(
        DecideReturn(approve=True, unit="police"), by=SUPERVISOR, at="2026-10-08 10:00"
    )
    story.then(e.Returned(), e.Dispatched(unit="police", category="0204")).leaves("ASSIGNED")
    assert story.clock("claim").since == on("2026-10-08 10:00")
    assert story.clock("resolve").since == on("2026-09-30 10:00")


def test_even_within_one_second_the_next_unit_has_its_clocks() -> None:
    story = given(*RETURN_ASKED).when(DecideReturn(approve=True, unit="police"), by=DISPATCHER)
    assert set(story.case.clocks) == {"claim", "first_contact", "resolve"}


def test_nobody_decides_on_their_own_return() -> None:
    twice = staff("dispatcher", "li", "roads")
    given(*RETURN_ASKED).when(DecideReturn(approve=True), by=twice).refused("same_person")
    assert "decide-return" not in given(*RETURN_ASKED).may(twice)


@pytest.mark.parametrize(
    ("command", "code", "pointer"),
    [
        (DecideReturn(approve=False, unit="police"), "unit_only_if_approved", "/unit"),
        (DecideReturn(approve=True, unit="roads"), "same_unit", "/unit"),
        (DecideReturn(approve=True, unit="nobody"), "unknown_unit", "/unit"),
        (DecideReturn(approve=True, unit="parks"), "retired_unit", "/unit"),
    ],
)
def test_a_decision_on_a_return_names_a_unit_that_can_take_it(
    command: DecideReturn, code: str, pointer: str
) -> None:
    given(*RETURN_ASKED).when(command, by=DISPATCHER).refused(code, pointer)


@pytest.mark.parametrize(
    ("unit", "code"),
    [("roads", "same_unit"), ("nobody", "unknown_unit"), ("parks", "retired_unit")],
)
def test_a_return_names_another_unit_that_exists(unit: str, code: str) -> None:
    command = Return(reason="not_our_duty", unit=unit, text="不归我们管。")
    given(*ASSIGNED).when(command, by=LI).refused(code, "/unit")


def test_only_the_holder_returns_a_case() -> None:
    given(*ASSIGNED).when(ASKED, by=POLICE).refused("not_yours")


def test_silence_on_a_return_escalates_and_never_approves() -> None:
    silent = given(*RETURN_ASKED).tick("2026-10-09 14:24").tick("2026-10-10 00:00")
    silent.leaves("RETURN_ASKED")
    assert e.Overdue(clock="return") in silent.happened
    assert silent.case.level == 1
    assert silent.case.unit == "roads"


# -- and is not chosen again --------------------------------------------------------------------


def test_a_unit_that_returned_the_case_is_not_chosen_again_by_the_machine() -> None:
    given(*returned_by("roads")).when(SURE, by=MACHINE).leaves("TRIAGE")


def test_another_unit_may_be_chosen_by_the_machine() -> None:
    other = SURE.model_copy(update={"unit": "police", "category": "0208"})
    given(*returned_by("roads")).when(other, by=MACHINE).leaves("ASSIGNED")


def test_after_two_units_have_returned_it_they_are_heard() -> None:
    other = SURE.model_copy(update={"unit": "gov"})
    story = given(*returned_by("roads", "police")).when(other, by=MACHINE).leaves("ARBITRATION")
    assert story.case.returned_by == story.case.parties == ("roads", "police")


def test_a_unit_that_returns_it_twice_is_one_unit() -> None:
    story = given(*returned_by("roads", "roads"))
    assert story.case.returned_by == ("roads",)
    other = SURE.model_copy(update={"unit": "police", "category": "0208"})
    story.when(other, by=MACHINE).leaves("ASSIGNED")


def test_a_person_may_send_it_back_to_a_unit_that_returned_it() -> None:
    story = given(*returned_by("roads"), step(e.Queued()))
    story.when(Dispatch(unit="roads", category="0204"), by=DISPATCHER).leaves("ASSIGNED")


def test_the_unit_that_returned_it_cannot_claim_it_any_more() -> None:
    given(*returned_by("roads"), step(e.Dispatched(unit="police", category="0208"))).when(
        Claim(), by=LI
    ).refused("not_yours")


# -- reclassifying ------------------------------------------------------------------------------


def test_a_new_kind_counts_the_promise_anew_from_the_original_start() -> None:
    story = given(*HANDLING, kind="complaint").when(
        Reclassify(kind="enquiry"), by=DISPATCHER, at="2026-10-08 10:00"
    )
    story.then(e.Reclassified(kind="enquiry")).leaves("HANDLING")
    assert story.clock("resolve").since == on("2026-09-30 10:00")
    assert story.clock("resolve").due == on("2026-10-11 00:00")
    assert story.clock("first_contact") == given(*HANDLING).clock("first_contact")


def test_a_shorter_promise_that_has_passed_already_is_recorded_at_the_next_tick() -> None:
    story = given(*HANDLING, kind="complaint").when(
        Reclassify(kind="enquiry"), by=DISPATCHER, at="2026-10-20 10:00"
    )
    assert story.clock("resolve").next == on("2026-10-20 10:00:01")
    late = story.tick("2026-10-20 10:01")
    assert e.Overdue(clock="resolve") in late.happened
    assert late.clock("resolve").late


def test_a_new_category_alone_moves_no_promise_and_repeats_no_reminder() -> None:
    reminded = given(*HANDLING, category="0204").tick("2026-10-20 12:00")
    assert reminded.clock("resolve").fired == 1
    told = reminded.when(Reclassify(category="0203"), by=DISPATCHER, at="2026-10-20 13:00")
    told.then(e.Reclassified(kind="complaint", category="0203"))
    assert told.clock("resolve") == reminded.clock("resolve")
    told.tick("2026-10-20 13:01").then()


@pytest.mark.parametrize(
    ("past", "by"), [(IN_REVIEW, MODERATOR), (TRIAGE, DISPATCHER), (HANDLING, SUPERVISOR)]
)
def test_reclassifying_must_change_something_known(past: Steps, by: By) -> None:
    story = given(*past, category="0204")
    story.when(Reclassify(kind="complaint", category="0204"), by=by).refused("nothing_changes")
    story.when(Reclassify(category="9999"), by=by).refused("unknown_category", "/category")
    story.when(Reclassify(category="0203"), by=by).then(
        e.Reclassified(kind="complaint", category="0203")
    )


@pytest.mark.parametrize("by", [LI, CITIZEN, AGENT, MODERATOR])
def test_after_dispatch_reclassifying_is_decided_outside_the_unit(by: By) -> None:
    told = given(*HANDLING).when(Reclassify(kind="enquiry"), by=by)
    assert getattr(told.last, "code", None) in ("role", "state")


# -- where it is --------------------------------------------------------------------------------


def test_the_router_finds_the_area_that_nobody_chose() -> None:
    found = SURE.model_copy(update={"area": "990102001"})
    story = given(*ACCEPTED).when(found, by=MACHINE).leaves("ASSIGNED")
    assert story.happened[0] == e.Located(area="990102001")
    assert story.case.area == "990102001"


def test_in_doubt_too_the_area_is_known_and_in_time_the_district_takes_the_case() -> None:
    found = UNSURE.model_copy(update={"area": "990102001"})
    story = given(*ACCEPTED).when(found, by=MACHINE)
    story.then(e.Located(area="990102001"), e.Queued(choices=CHOICES)).leaves("TRIAGE")
    assert story.tick(at="2026-10-10 10:00").case.unit == "north"


@pytest.mark.parametrize(
    ("chosen", "found", "after"),
    [
        ("990102", "990102001", "990102001"),
        ("990102001", "990102", "990102001"),
        ("990103", "990102001", "990103"),
        ("990103", "990199", "990103"),
        (None, "990199", None),
    ],
    ids=["more exact", "wider", "elsewhere", "unknown", "unknown, none chosen"],
)
def test_the_machine_makes_a_chosen_area_more_exact_and_moves_it_nowhere(
    chosen: str | None, found: str, after: str | None
) -> None:
    routed = SURE.model_copy(update={"area": found})
    assert given(*ACCEPTED, area=chosen).when(routed, by=MACHINE).case.area == after


def test_a_person_sets_the_area_right() -> None:
    story = given(*HANDLING, area="990102").when(Reclassify(area="990103"), by=SUPERVISOR)
    story.then(e.Located(area="990103")).leaves("HANDLING")
    assert story.case.area == "990103"
    dispatch = Dispatch(unit="roads", category="0204", area="990102001")
    told = given(*TRIAGE, area="990103").when(dispatch, by=DISPATCHER)
    told.then(e.Located(area="990102001"), e.Dispatched(unit="roads", category="0204"))


def test_an_area_that_is_unknown_or_the_same_is_refused() -> None:
    story = given(*TRIAGE, area="990103")
    story.when(Reclassify(area="990103"), by=DISPATCHER).refused("nothing_changes")
    story.when(Reclassify(area="990199"), by=DISPATCHER).refused("unknown_area", "/area")
    lost = Dispatch(unit="roads", category="0204", area="990199")
    story.when(lost, by=DISPATCHER).refused("unknown_area", "/area")


def test_what_a_rule_of_the_city_calls_urgent_is_counted_so_from_its_start() -> None:
    urgent = SURE.model_copy(update={"urgency": "utilities"})
    story = given(*ACCEPTED).when(urgent, by=MACHINE)
    story.then(
        e.Reclassified(kind="complaint", urgency="utilities"),
        e.Dispatched(
            unit="roads", category="0204", automatic=True, confidence=0.99, words=("井盖",)
        ),
    )
    assert story.case.urgency == "utilities"


def test_what_a_person_said_of_the_urgency_stays() -> None:
    urgent = SURE.model_copy(update={"urgency": "utilities"})
    story = given(*ACCEPTED, urgency="life_and_safety").when(urgent, by=MACHINE)
    assert story.case.urgency == "life_and_safety"


# -- what does not get lost on the way -------------------------------------------------------------


@pytest.mark.parametrize("unit", ["roads", "police"])
def test_who_asked_who_the_citizen_is_waits_for_an_answer_whoever_has_the_case(unit: str) -> None:
    """Silence never approves, and it does not drop what was asked either."""
    sealed = given(*ACCEPTED, kind="report", identity="sealed")
    story = sealed.when(AskUnmasking(reason="verify", text="需核实身份。"), by=MODERATOR)
    due = story.clock("unmasking")
    steps: tuple[tuple[Command, By], ...] = (
        (Dispatch(unit=unit, category="0204"), DISPATCHER),
        (Return(reason="not_our_duty", text="不归我们管。"), staff("officer", "x", unit)),
        (DecideReturn(approve=False), DISPATCHER),
        (Claim(), staff("officer", "x", unit)),
        (AskTermination(reason="matter_gone", text="已拆除。"), staff("officer", "x", unit)),
        (DecideTermination(approve=False, text="请继续办理。"), SUPERVISOR),
        (NameSubjects(units=[unit]), DISPATCHER),
    )
    for command, by in steps:
        story = story.when(command, by=by)
        assert not isinstance(story.last, Refusal)
        assert story.case.asks["unmasking"].by == "mo"
        assert story.clock("unmasking") == due
    granted = story.when(DecideUnmasking(approve=True), by=SUPERVISOR)
    assert [grant.to for grant in granted.case.grants] == ["mo"]
