"""Who is told when a rung of a ladder is reached: found by the tree of units, and never nobody in silence.

The staff is that of `tests.catalogue.small_city`; unless a story says otherwise it is told on a
working day, of the clock of the citizen's promise.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given as whatever
from hypothesis import strategies as st

from casework.cases.recipients import MOST, NEXT_UP, Told, told
from casework.cases.rules import Rules
from casework.cases.state import Case
from casework.catalogue.city import City, Row
from casework.clock.ladder import ROLES
from schemas import events as e
from tests.cases.telling import (
    ASSIGNED,
    CALLED,
    HANDLING,
    ORDER_ANSWERED,
    PASTS,
    REPLY_REVIEW,
    RULES,
    SEALED,
    STREET_HANDLES,
    STREET_RETURNS,
    SUBMITTED,
    TRIAGE,
    Steps,
    Story,
    given,
    on,
    step,
    under,
)
from tests.catalogue.small_city import small_city, small_staff

THURSDAY = on("2026-10-08 09:00")
NIGHT = on("2026-10-08 23:00")
HOLIDAY = on("2026-10-05 09:00")


def with_staff(rows: Iterable[Row], rules: Rules = RULES) -> Rules:
    """The rules of the small city with this staff."""
    return replace(rules, city=City.from_document({**small_city(), "staff": [*rows]}))


def without(*accounts: str, rules: Rules = RULES) -> Rules:
    """The small city after these people have left."""
    return with_staff((row for row in small_staff() if row["code"] not in accounts), rules)


def person(code: str, role: str, unit: str, **more: str) -> Row:
    return {"code": code, "name": code, "role": role, "unit": unit, **more}


ALL = with_staff(small_staff())


def case_of(*past: Steps, **filed: object) -> Case:
    """A case with this past."""
    return given(*(one for steps in past for one in steps), **filed).case  # type: ignore[arg-type]


def tell(
    *roles: str,
    case: Case,
    clock: str = "resolve",
    rules: Rules = ALL,
    now: datetime = THURSDAY,
) -> Told:
    return told(roles, clock, case, rules, now)


# -- the officer ---------------------------------------------------------------------------------


def test_the_officer_is_who_handles_the_case() -> None:
    assert tell("officer", case=case_of(HANDLING)) == Told(("li",))


def test_as_long_as_nobody_has_claimed_it_every_officer_of_the_unit_is_told() -> None:
    assert tell("officer", case=case_of(ASSIGNED)) == Told(("li", "lv", "wang"))


def test_when_its_officer_has_left_or_gone_to_another_unit_the_colleagues_are_told() -> None:
    moved = [row | {"unit": "police"} if row["code"] == "li" else row for row in small_staff()]
    for rules in (without("li"), with_staff(moved)):
        assert tell("officer", case=case_of(HANDLING), rules=rules) == Told(("lv", "wang"))


def test_a_head_who_handles_the_case_is_told_as_its_officer() -> None:
    case = case_of(ASSIGNED, (step(e.Claimed(officer="he")),))
    assert tell("officer", case=case) == Told(("he",))


def test_a_connected_system_that_has_claimed_the_case_reads_no_reminders() -> None:
    case = case_of(ASSIGNED, (step(e.Claimed(officer="roads-system")),))
    assert tell("officer", case=case) == Told(("li", "lv", "wang"))


# -- the head ------------------------------------------------------------------------------------


def test_the_head_is_that_of_the_holder() -> None:
    assert tell("head", case=case_of(HANDLING)) == Told(("he",))


def test_a_unit_without_a_head_has_that_of_the_nearest_unit_above() -> None:
    """Given a street without a head, below a district with one, below a city with another."""
    street = case_of(STREET_HANDLES)
    assert tell("head", case=street) == Told(("hu",))
    assert tell("head", case=street, rules=without("hu")) == Told(("guo",))


# -- the supervision office, the leader ----------------------------------------------------------


def test_no_unit_is_supervised_by_its_own_supervisor() -> None:
    """Given Song, a supervisor inside the roads office."""
    assert tell("supervision_office", case=case_of(HANDLING)) == Told(("su",))
    assert tell("supervision_office", case=case_of(STREET_HANDLES)) == Told(("song", "su"))


def test_a_districts_supervisor_hears_of_the_districts_cases_only() -> None:
    """Given Sun, who supervises for the north district, and a case in its elm street or nowhere."""
    elsewhere, here = case_of(HANDLING, area="990103"), case_of(HANDLING, area="990102001")
    assert tell("supervision_office", case=elsewhere) == Told(("su",))
    assert tell("supervision_office", case=here) == Told(("su", "sun"))


def test_the_leader_is_that_of_the_nearest_unit_above() -> None:
    assert tell("leader", case=case_of(STREET_HANDLES)) == Told(("lin",))
    assert tell("leader", case=case_of(HANDLING)) == Told(("long",))


def test_where_nobody_leads_above_it_is_the_leader_of_the_city() -> None:
    """Given the city government itself as the holder, which nothing stands above."""
    gov = (step(e.Accepted()), step(e.Dispatched(unit="gov", category="0501")))
    assert tell("leader", case=case_of(gov)) == Told(("long",))


# -- whose clock it is ---------------------------------------------------------------------------


@pytest.mark.parametrize("clock", ["assist_report:police", "assist:police"])
def test_a_unit_that_was_called_to_help_is_told_of_its_own_clock(clock: str) -> None:
    case = case_of(HANDLING, CALLED)
    assert tell("officer", "head", case=case, clock=clock) == Told(("peng", "guo"))


def test_an_order_is_for_the_unit_that_must_answer_it() -> None:
    case = case_of(STREET_HANDLES, (step(e.OrderIssued(order="order-9", unit="north", level=1)),))
    assert tell("officer", "head", case=case, clock="order:order-9") == Told(("nan", "hu"))


def test_what_the_hotline_must_decide_it_is_told_and_not_the_unit_that_waits() -> None:
    """Given a reply in review: not Li, who drafted it, but those who review and dispatch."""
    case = case_of(REPLY_REVIEW)
    assert tell("officer", "head", case=case, clock="reply_review") == Told(("dai", "guo", "mo"))


def test_the_answer_to_an_order_is_checked_by_others_than_who_gave_it() -> None:
    case = case_of(HANDLING, ORDER_ANSWERED)
    clock = next(name for name in case.clocks if name.startswith("order_check"))
    assert tell("officer", case=case, clock=clock) == Told(("dai", "mo"))


def test_the_level_above_decides_on_the_return_of_what_it_delegated() -> None:
    case = case_of(STREET_RETURNS)
    assert tell("officer", "head", case=case, clock="return") == Told(("nan", "hu"))


@pytest.mark.parametrize("past", [SUBMITTED, TRIAGE])
def test_a_case_that_no_unit_holds_is_the_desks(past: Steps) -> None:
    assert tell("officer", case=case_of(past)) == Told(("dai", "mo"))


def test_danger_is_told_to_the_duty_desk() -> None:
    """Given Deng on duty for the city, and Lü on duty for the roads office alone."""
    assert tell("duty_desk", case=case_of(SUBMITTED), clock="alert:hazard-1") == Told(("deng",))


def test_the_citizen_has_no_account_here() -> None:
    assert tell("citizen", case=case_of(HANDLING)) == Told()
    assert tell("citizen", "officer", case=case_of(HANDLING)) == Told(("li",))


# -- by night and on holidays --------------------------------------------------------------------


def test_on_a_day_off_the_units_duty_staff_are_told_too() -> None:
    case = case_of(HANDLING)
    assert tell("officer", case=case, now=HOLIDAY) == Told(("li", "lv"))
    assert tell("head", case=case, now=HOLIDAY) == Told(("he", "lv"))


def test_a_day_off_is_one_by_the_citys_calendar() -> None:
    """Given Saturday the 10th of October, made up for."""
    case = case_of(HANDLING)
    assert "lv" in tell("officer", case=case, now=on("2026-10-07 09:00")).accounts
    assert "lv" not in tell("officer", case=case, now=on("2026-10-10 09:00")).accounts
    assert "lv" in tell("officer", case=case, now=on("2026-10-11 09:00")).accounts


@pytest.mark.parametrize(
    ("clock", "on_duty"),
    [
        ("00:00", True),
        ("08:59", True),
        ("09:00", False),
        ("12:30", False),  # who is at table comes back
        ("17:29", False),
        ("17:30", True),
        ("23:59", True),
    ],
)
@pytest.mark.parametrize("role", ["officer", "head"])
def test_by_night_too_from_the_close_of_office_to_its_opening(
    role: str, clock: str, *, on_duty: bool
) -> None:
    told_of = tell(role, case=case_of(HANDLING), now=on(f"2026-10-08 {clock}")).accounts
    assert ("lv" in told_of) is on_duty
    assert {"officer": "li", "head": "he"}[role] == told_of[0], "beside those whose matter it is"


@pytest.mark.parametrize("urgency", ["life_and_safety", "utilities"])
def test_what_is_urgent_reaches_those_on_duty_on_any_day(urgency: str) -> None:
    case = case_of(HANDLING, urgency=urgency)
    assert tell("officer", "head", case=case) == Told(("li", "he", "lv"))


@pytest.mark.parametrize("role", ["supervision_office", "leader"])
def test_those_on_duty_are_not_told_of_what_is_said_above_them(role: str) -> None:
    case = case_of(HANDLING, urgency="life_and_safety")
    assert "lv" not in tell(role, case=case, now=HOLIDAY).accounts


def test_on_a_day_that_no_calendar_knows_they_are_told() -> None:
    assert tell("officer", case=case_of(HANDLING), now=on("2099-10-08 09:00")) == Told(("li", "lv"))


def test_what_waits_at_the_desk_on_a_day_off_is_told_to_the_duty_desk() -> None:
    assert tell("officer", case=case_of(TRIAGE), now=HOLIDAY) == Told(("dai", "deng", "mo"))


# -- where nobody is found -----------------------------------------------------------------------


def test_where_a_level_has_nobody_the_next_one_up_is_told_and_the_gap_is_recorded() -> None:
    """Given a police without an officer, then without any head above it, then without a supervisor."""
    police = (step(e.Accepted()), step(e.Dispatched(unit="police", category="0208")))
    case, gone = case_of(police), ["peng"]
    assert tell("officer", case=case, rules=without(*gone)) == Told(("guo",), ("officer",))
    gone += ["guo"]
    up = Told(("song", "su"), ("officer", "head"))
    assert tell("officer", case=case, rules=without(*gone)) == up
    gone += ["su", "song"]
    up = Told(("long",), ("officer", "head", "supervision_office"))
    assert tell("officer", case=case, rules=without(*gone)) == up


def test_without_a_duty_desk_the_supervision_office_is_told() -> None:
    found = tell("duty_desk", case=case_of(HANDLING), rules=without("deng"))
    assert found == Told(("su",), ("duty_desk",))


def test_a_unit_whose_only_supervisor_is_its_own_is_supervised_by_the_leader() -> None:
    found = tell("supervision_office", case=case_of(HANDLING), rules=without("su"))
    assert found == Told(("long",), ("supervision_office",))


def test_where_there_is_nobody_at_all_every_level_is_a_gap() -> None:
    nobody = with_staff([person("shen", "auditor", "gov")])
    found = tell("officer", "duty_desk", case=case_of(HANDLING), rules=nobody)
    gaps = ("officer", "head", "supervision_office", "leader", "duty_desk")
    assert found == Told((), gaps)


def test_of_a_crowd_twenty_are_told_and_no_level_is_crowded_out() -> None:
    crowd = [person(f"road-{n:02}", "officer", "roads") for n in range(30)]
    rules = with_staff([*small_staff(), *crowd])
    found = tell("officer", "head", "leader", case=case_of(ASSIGNED), rules=rules, now=HOLIDAY)
    assert len(found.accounts) == MOST == len(set(found.accounts))
    assert {"he", "long", "lv"} <= set(found.accounts)
    assert found.gaps == ()


# -- whoever the case is about -------------------------------------------------------------------


def test_an_officer_whom_the_case_is_about_is_not_told_of_it() -> None:
    about = (step(e.SubjectsNamed(persons=("li",))),)
    assert tell("officer", case=case_of(ASSIGNED, about)) == Told(("lv", "wang"))


def test_nobody_of_a_unit_that_the_case_is_about_is_told_its_head_included() -> None:
    """Given a report against the north district, whose street would have to handle it."""
    about = (step(e.SubjectsNamed(units=("north",))),)
    found = tell("officer", "head", "leader", case=case_of(STREET_HANDLES, about))
    assert found == Told(("guo", "long"), ("officer",))


def test_not_even_on_duty() -> None:
    about = (step(e.SubjectsNamed(persons=("lv",))),)
    assert tell("officer", case=case_of(HANDLING, about), now=HOLIDAY) == Told(("li",))


def test_of_a_sealed_case_nobody_is_told_who_may_not_read_it() -> None:
    """Given a city where only moderators and supervisors read what is confidential."""
    few = under(confidants=frozenset({"moderator", "supervisor"}))
    case, rules = case_of(HANDLING, SEALED, identity="sealed"), with_staff(small_staff(), few)
    assert tell("officer", "supervision_office", "leader", case=case, rules=rules) == Told(
        ("li", "su"), ("leader",)
    )
    assert tell("officer", case=case, clock="reply_review", rules=rules) == Told(("mo",))


# -- what a tick records -------------------------------------------------------------------------


def reminders(story: Story) -> dict[str, e.Reminded]:
    """What the last tick recorded, by clock."""
    return {ev.clock: ev for ev in story.happened if isinstance(ev, e.Reminded)}


def test_a_tick_records_who_is_told_and_where_nobody_was_found() -> None:
    rules = without("he", "guo")
    late = given(*HANDLING, rules=rules).tick("2026-10-28 00:00")
    assert reminders(late)["resolve"].who == ("officer", "head", "supervision_office")
    assert reminders(late)["resolve"].told == ("li", "su", "lv"), "and by night who is on duty"
    assert reminders(late)["resolve"].gaps == ("head",)


def test_rungs_that_were_missed_together_are_told_once_to_all_whom_they_name() -> None:
    """Given an outage from September to the end of October."""
    found = reminders(given(*HANDLING, rules=ALL).tick("2026-10-31 09:00"))
    assert found["resolve"].rungs == (0, 1, 2, 3)
    assert set(found["resolve"].told) == {"li", "he", "su", "long", "lv"}


def test_a_look_at_a_ladder_that_is_climbed_tells_nobody() -> None:
    """Given a promise of which everything has been said, and a week more."""
    story = given(*HANDLING, rules=ALL).tick("2026-12-01 09:00").tick("2026-12-01 09:01")
    looked = reminders(story.tick("2026-12-08 09:01"))["resolve"]
    assert (looked.rungs, looked.told, looked.gaps) == ((), (), ())


def test_a_city_that_keeps_no_list_of_its_staff_stores_nothing_about_it() -> None:
    found = reminders(given(*HANDLING).tick("2026-10-31 09:00"))["resolve"]
    assert not {"told", "gaps"} & found.model_dump().keys()


# -- whatever the staff --------------------------------------------------------------------------

UNITS = ("gov", "roads", "police", "north", "elm-street")
AT = {name: given(*past).case for name, past in PASTS.items()}
ACCOUNTS = [row["code"] for row in small_staff()]
PEOPLE = st.lists(
    st.builds(
        person,
        st.sampled_from(ACCOUNTS),
        st.sampled_from(
            ["officer", "head", "supervisor", "leader", "dispatcher", "agent", "integration"]
        ),
        st.sampled_from(UNITS),
        area=st.sampled_from(["", "990102", "990103"]),
        duty=st.sampled_from(["", "true"]),
    ),
    unique_by=lambda row: row["code"],
    max_size=12,
)
WHO = st.lists(st.sampled_from(ROLES), unique=True)
ABOUT = st.builds(
    e.SubjectsNamed,
    units=st.lists(st.sampled_from(UNITS), max_size=1).map(tuple),
    persons=st.lists(st.sampled_from(ACCOUNTS), max_size=2).map(tuple),
)
MAY_BE = {
    "officer": {"officer", "head", "dispatcher"},
    "head": {"head"},
    "supervision_office": {"supervisor"},
    "leader": {"leader"},
    "duty_desk": {"agent", "dispatcher", "supervisor", "leader"},
}
"""The roles in which people may stand at each level."""


@whatever(
    people=PEOPLE,
    roles=WHO,
    about=ABOUT,
    place=st.sampled_from(sorted(AT)),
    now=st.sampled_from([THURSDAY, NIGHT, HOLIDAY]),
    data=st.data(),
)
def test_no_level_of_a_rung_is_ever_dropped_in_silence(
    people: list[Row],
    roles: list[str],
    about: e.SubjectsNamed,
    place: str,
    now: datetime,
    data: st.DataObject,
) -> None:
    """Of every level somebody is told, or it is a gap and so on up; and none whom the case is about."""
    case = AT[place]
    clock = data.draw(st.sampled_from(sorted({*case.clocks, "resolve", "reply_review"})))
    accused = e.SubjectsNamed.model_dump(about)
    case = case.model_validate(
        {
            **case.model_dump(),
            "subjects": {key: accused.get(key, []) for key in ("units", "persons")},
        },
        strict=False,
    )
    rules = with_staff(people)

    found = tell(*roles, case=case, clock=clock, rules=rules, now=now)

    staff = rules.city.staff
    as_what = {staff[account].role for account in found.accounts}
    for level in {*roles, *found.gaps} - {"citizen"}:
        assert level in found.gaps or as_what & MAY_BE[level], f"{level} was dropped"
    for gap in found.gaps:
        up = NEXT_UP.get(gap)
        assert up is None or up in found.gaps or as_what & MAY_BE[up], f"nobody above {gap}"
    assert not set(found.accounts) & set(about.persons)
    for account in found.accounts:
        unit = staff[account].unit
        above = {up for up in rules.city.ancestors(unit) if rules.city.units[up].kind != "city"}
        assert not {unit, *above} & set(about.units)
    assert len(found.accounts) == len(set(found.accounts)) <= MOST

    again = tell(*roles, case=case, clock=clock, rules=with_staff(people[::-1]), now=now)
    assert again == found, "the order of the list does not matter"
