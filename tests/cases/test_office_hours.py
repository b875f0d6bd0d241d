"""Each unit's own office hours: what counts in working time counts by those of who has to act.

The city of the stories is open from nine to twelve and from half past one to half past five; the
north district works round the clock, and its elm street, which says nothing, as the district does.
The roads office opens at eight and closes at noon.
"""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from casework.cases.recipients import told
from casework.cases.rules import Rules
from casework.catalogue.city import City
from casework.clock.book import whole
from casework.clock.office import OFFICE, Office
from casework.clock.policy import Policy
from schemas import events as e
from schemas.commands import AskExtension, Claim, DecideExtension, Recount
from tests.cases.telling import (
    AT_NORTH,
    CALLED,
    DELEGATED,
    HANDLING,
    LI,
    MACHINE,
    RULES,
    SUPERVISOR,
    Steps,
    Story,
    given,
    on,
)
from tests.catalogue.small_city import small_city, small_staff

NOONS = "08:00-12:00"
ALWAYS = "00:00-24:00"


def city(**hours: str) -> City:
    """The small city where these units say when they are open."""
    document = small_city()
    rows = [row | {"hours": hours.get(row["code"], "")} for row in document["units"]]
    return City.from_document({**document, "units": rows, "staff": small_staff()})


def policy(day_ends: str = "24:00", **clocks: Any) -> Policy:
    document = {"name": "ours", "extends": "12345-general", "spread": "none", "clocks": clocks}
    return Policy.parse(whole({**document, "day_ends": day_ends}, {}))


OURS = city(roads=NOONS, north=ALWAYS)
HOURLY = policy(
    claim={"limit": "5WH"}, first_contact={"limit": "5WH"}, assist_report={"limit": "5WH"}
)
RULES_OURS = replace(RULES, policy=HOURLY, city=OURS)


def happened(past: Steps, rules: Rules = RULES_OURS) -> Story:
    """What happened to a case on that 30th of September, at ten in the morning."""
    return given(*past, rules=rules)


def due_of(story: Story, clock: str) -> datetime:
    return story.case.clocks[clock].due


def overdue(story: Story, at: str) -> list[str]:
    """The clocks that a tick then finds late."""
    return [event.clock for event in story.tick(at).happened if isinstance(event, e.Overdue)]


class TestAUnit:
    def test_is_open_when_it_says(self) -> None:
        assert OURS.office("roads") == Office.parse(NOONS)

    def test_is_open_as_the_one_above_where_it_says_nothing(self) -> None:
        assert OURS.office("elm-street") == OURS.office("north") == Office.parse(ALWAYS)

    @pytest.mark.parametrize("unit", ["police", "gov", None, "nobody"])
    def test_is_open_as_the_city_where_nobody_says_anything(self, unit: str | None) -> None:
        assert OURS.office(unit) == OFFICE
        assert city(gov=NOONS).office(unit) == Office.parse(NOONS)

    def test_keeps_its_hours_in_the_settings(self) -> None:
        again = City.from_document(OURS.document())
        assert {code: unit.hours for code, unit in again.units.items()} == {
            code: unit.hours for code, unit in OURS.units.items()
        }


class TestALimitInWorkingHours:
    @pytest.mark.parametrize(
        ("past", "clock", "expected"),
        [
            # by the roads office: two hours until noon, and three after the holiday
            (given, "claim", "2026-10-08 11:00"),
            (AT_NORTH, "claim", "2026-09-30 15:00"),
            (DELEGATED, "claim", "2026-09-30 15:00"),
        ],
    )
    def test_counts_by_who_has_to_act(self, past: Any, clock: str, expected: str) -> None:
        steps = HANDLING[:-1] if past is given else past
        assert due_of(happened(steps), clock) == on(expected)

    def test_of_a_unit_that_helps_counts_by_its_own(self) -> None:
        story = happened((*HANDLING, *CALLED))
        assert due_of(story, "assist_report:north") == on("2026-09-30 15:00")
        # the police say nothing: two hours until noon, three after lunch
        assert due_of(story, "assist_report:police") == on("2026-09-30 16:30")

    def test_is_counted_anew_when_a_unit_changes_its_hours(self) -> None:
        story = happened(HANDLING[:-1])
        longer = replace(RULES_OURS, city=city(roads="08:00-20:00"))
        story = replace(story, rules=longer).when(Recount(), by=MACHINE)
        assert due_of(story, "claim") == on("2026-09-30 15:00")

    def test_of_another_unit_is_left_alone(self) -> None:
        story = happened(HANDLING[:-1])
        other = replace(RULES_OURS, city=city(roads=NOONS))
        assert replace(story, rules=other).when(Recount(), by=MACHINE).happened == []

    def test_is_counted_by_the_next_unit_when_the_case_changes_hands(self) -> None:
        """Of five hours the street, open until half past ten, takes a half, two and a half, two."""
        rules = replace(RULES_OURS, city=city(**{"north": ALWAYS, "elm-street": "08:00-10:30"}))
        assert due_of(happened(AT_NORTH, rules), "first_contact") == on("2026-09-30 15:00")
        story = happened(DELEGATED, rules)
        assert due_of(story, "first_contact") == on("2026-10-09 10:00")
        assert story.when(Recount(), by=MACHINE).happened == [], "so it was counted already"

    def test_keeps_its_rungs_until_it_is_counted_anew(self) -> None:
        """A tick that comes between a change of hours and the recount goes by the stored time."""
        longer = replace(RULES_OURS, city=city(roads="08:00-20:00"))
        story = replace(happened(HANDLING[:-1]), rules=longer)
        assert overdue(story, "2026-10-08 10:59") == []
        assert overdue(story, "2026-10-08 11:00") == ["claim", "first_contact"]


class TestTheCloseOfOfficeHours:
    CLOSING = replace(RULES_OURS, policy=policy("close"))

    def test_ends_what_a_unit_has_in_working_days(self) -> None:
        story = happened(HANDLING[:-1], self.CLOSING)
        assert due_of(story, "claim") == on("2026-10-08 12:00")
        assert due_of(happened(AT_NORTH, self.CLOSING), "claim") == on("2026-10-09 00:00")

    def test_ends_the_citizens_promise_by_the_citys_hours_whoever_has_the_case(self) -> None:
        assert due_of(happened(HANDLING, self.CLOSING), "resolve") == on("2026-10-27 17:30")
        assert due_of(happened(AT_NORTH, self.CLOSING), "resolve") == on("2026-10-27 17:30")

    def test_is_late_from_then_on(self) -> None:
        story = happened(HANDLING[:-1], self.CLOSING)
        assert overdue(story, "2026-10-08 11:59") == []
        assert overdue(story, "2026-10-08 12:00") == ["claim", "first_contact"]

    def test_lets_who_claims_before_it_be_in_time(self) -> None:
        story = happened(HANDLING[:-1], self.CLOSING)
        story = story.when(Claim(), by=LI, at="2026-10-08 11:59")
        assert "claim" not in story.case.clocks

    def test_ends_the_day_to_which_the_promise_is_extended(self) -> None:
        """The rest of the evening of its last day would be no extension."""
        story = happened(HANDLING, self.CLOSING)
        ask = AskExtension(reason="complex", until=date(2026, 10, 27), text="还需检测。")
        story.when(ask, by=LI).refused("no_later", "/until")
        longer = ask.model_copy(update={"until": date(2026, 11, 3)})
        granted = story.when(longer, by=LI).when(DecideExtension(approve=True), by=SUPERVISOR)
        assert due_of(granted, "resolve") == on("2026-11-03 17:30")


def test_who_is_on_duty_is_told_outside_the_units_own_hours() -> None:
    # given that somebody of the roads office is on duty, and three in the afternoon
    rows = [row | {"duty": "true"} if row["code"] == "he" else row for row in small_staff()]
    assert any(row.get("duty") for row in rows)
    case = happened(HANDLING).case
    afternoon = on("2026-10-08 15:00")

    def accounts(hours: str) -> tuple[str, ...]:
        document = {**city(roads=hours).document(), "staff": rows}
        rules = replace(RULES_OURS, city=City.from_document(document))
        return told(["officer"], "resolve", case, rules, afternoon).accounts

    # then only while the office is closed is the duty officer told beside the one who has the case
    assert "he" in accounts("08:00-12:00")
    assert "he" not in accounts("08:00-18:00")
