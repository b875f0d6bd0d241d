"""The times in which the promise stood still: since when, until when, why, and who approved it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from casework.cases.access import By
from casework.outcomes import Request
from casework.views.cases import citizen_case, desk_case
from casework.words import Language
from schemas import commands as c
from schemas.commands import Command
from schemas.views import Deadline, Pause
from tests.support.soundness import sound
from tests.support.stories import HANDLED, HEAD_OF_UNIT, OFFICER, SUPERVISOR, UNIT, file
from tests.support.world import CITIZEN, MemoryWorld, staff

DAY = timedelta(days=1)
UNTIL = date(2026, 10, 16)
ASK = c.AskSuspension(reason="season", until=UNTIL, text="只给单位看的话")
YES = c.DecideSuspension(approve=True, text="只给单位看的话")
REVIEW = "2026-10-17T00:00:00+08:00"
"""When the review date has passed."""


class Told:
    """A complaint that is handled, on the 28th of September; each step comes a day after the last."""

    def __init__(self) -> None:
        self.world = MemoryWorld()
        self.number = file(self.world.service, kind="complaint").number
        self._steps = 0
        for command, by in HANDLED:
            self._does(command, by)

    def then(self, command: Command, by: By) -> Told:
        self.world.now.now += DAY
        self._does(command, by)
        return self

    def passes(self, days: float) -> Told:
        """Time goes by, and what is due is ticked."""
        self.world.now.now += days * DAY
        self.world.service.tick(self.number)
        return self

    def _does(self, command: Command, by: By) -> None:
        self._steps += 1
        self.world.service.change(self.number, command, Request(by, str(self._steps)))

    def pauses(self, language: Language = "zh-CN") -> list[Pause]:
        """As the citizen reads them, and the desk alike."""
        world, dossier = self.world, sound(self.world.service, self.number)
        rules, now = world.rules, world.now()
        shown = citizen_case(dossier, CITIZEN, rules, language, now).pauses
        assert desk_case(dossier, {}, SUPERVISOR, rules, language, now).pauses == shown
        assert "只给单位看的话" not in str(shown)
        return shown

    def promise(self) -> Deadline:
        world, dossier = self.world, sound(self.world.service, self.number)
        shown = citizen_case(dossier, CITIZEN, world.rules, "zh-CN", world.now()).deadlines
        (promise,) = [one for one in shown if one.clock == "resolve"]
        return promise

    @property
    def stands_still(self) -> bool:
        clocks = sound(self.world.service, self.number).head.case.clocks
        return "resolve" in clocks and clocks["resolve"].paused is not None


def suspended(by: By = SUPERVISOR) -> Told:
    return Told().then(ASK, OFFICER).then(YES, by)


def test_what_is_only_asked_for_or_refused_is_no_pause() -> None:
    asked = Told().then(ASK, OFFICER)
    assert asked.pauses() == []

    no = c.DecideSuspension(approve=False, text="并无客观障碍。")
    assert asked.then(no, SUPERVISOR).pauses() == []


@pytest.mark.parametrize(
    ("language", "reason", "who"),
    [("zh-CN", "受季节或天气限制", "督办人员"), ("en", "season or weather", "supervisor")],
)
def test_while_it_lasts_it_is_open_up_to_its_review_date(
    language: Language, reason: str, who: str
) -> None:
    told = suspended()

    (pause,) = told.pauses(language)

    assert told.stands_still
    assert pause.since == "2026-09-30T10:00:00+08:00"
    assert (pause.until, pause.resumed) == (REVIEW, False)
    assert (pause.reason.lower(), pause.approved_by.lower()) == (reason, who)


def test_an_office_answers_for_it_by_its_name_and_never_a_person_by_theirs() -> None:
    told = suspended(staff("supervisor", "song-xiaoming", "hotline"))

    office = told.world.rules.city.units["hotline"].name
    assert [pause.approved_by for pause in told.pauses()] == [office]
    assert told.pauses("en")[0].approved_by == told.world.rules.city.units["hotline"].name_en


def test_it_goes_on_by_itself_when_the_review_date_has_come() -> None:
    """Seen at half past seven: it ended at midnight."""
    told = suspended().passes(16.9)
    (pause,) = told.pauses()
    assert (pause.until, pause.resumed) == ("2026-10-17T00:00:00+08:00", True)
    assert not told.stands_still


@pytest.mark.parametrize(
    ("language", "why"),
    [("zh-CN", "暂缓办理（含恢复当日）"), ("en", "on hold, the day it went on included")],
)
def test_the_working_counts_no_day_on_which_it_stood_still(language: Language, why: str) -> None:
    told = suspended().passes(16.9)
    dossier, world = sound(told.world.service, told.number), told.world

    shown = citizen_case(dossier, CITIZEN, world.rules, language, world.now()).deadlines
    (promise,) = [one for one in shown if one.clock == "resolve"]

    assert promise.limit == "15WD"
    assert len(promise.working.counted) == 15
    held = [day.date for day in promise.working.skipped if day.reason == why]
    assert held[0] == "2026-10-08"
    assert held[-1] == "2026-10-16"


def test_a_promise_that_was_missed_before_it_stood_still_is_shown_as_missed() -> None:
    """So it is while it stands still, and when it goes on; one that was not is late in neither."""
    for days, missed in ((1, False), (30, True)):
        told = Told().passes(days)
        ask = ASK.model_copy(update={"until": date(2026, 12, 1)})
        told = told.then(ask, OFFICER).then(YES, SUPERVISOR)
        assert told.stands_still
        assert told.promise().late is missed
        told.world.now.now = datetime(2026, 12, 1, 16, tzinfo=UTC)
        told.passes(0)
        assert not told.stands_still
        assert told.promise().late is missed


def test_it_is_lifted_before_and_ends_then() -> None:
    told = suspended().then(c.LiftSuspension(text="提前复工。"), HEAD_OF_UNIT)

    (pause,) = told.pauses()

    assert (pause.since, pause.until) == ("2026-09-30T10:00:00+08:00", "2026-10-01T10:00:00+08:00")
    assert pause.resumed
    assert not told.stands_still


END = c.AskTermination(reason="matter_gone", text="已拆除。")
ACCUSED = c.NameSubjects(units=[UNIT], text="举报的就是承办单位。")


@pytest.mark.parametrize(
    ("command", "by"),
    [
        (c.Withdraw(reason="solved"), CITIZEN),
        (END, OFFICER),
        (ACCUSED, SUPERVISOR),
    ],
)
def test_whatever_takes_the_case_out_of_it_ends_it(command: Command, by: By) -> None:
    told = suspended().then(command, by)
    assert sound(told.world.service, told.number).head.case.state != "SUSPENDED"

    (pause,) = told.pauses()

    assert (pause.until, pause.resumed) == ("2026-10-01T10:00:00+08:00", True)
    assert not told.stands_still


@pytest.mark.parametrize(
    ("command", "by"),
    [
        (c.SendMessage(text="怎么停了？"), CITIZEN),
        (c.Urge(), CITIZEN),
        (c.Note(text="再等等。"), SUPERVISOR),
        (c.RecordContact(how="phone", result="reached"), OFFICER),
    ],
)
def test_what_is_said_meanwhile_does_not_end_it(command: Command, by: By) -> None:
    told = suspended().then(command, by)
    assert told.stands_still
    assert [(pause.until, pause.resumed) for pause in told.pauses()] == [(REVIEW, False)]


def test_each_of_two_is_shown_with_its_own_times() -> None:
    told = suspended().then(c.LiftSuspension(text="提前复工。"), OFFICER)
    again = ASK.model_copy(update={"reason": "funds", "until": date(2026, 10, 30)})

    told.then(again, OFFICER).then(YES, SUPERVISOR)

    first, second = told.pauses()
    assert (first.until, first.resumed) == ("2026-10-01T10:00:00+08:00", True)
    assert second.since == "2026-10-03T10:00:00+08:00"
    assert (second.until, second.resumed) == ("2026-10-31T00:00:00+08:00", False)
    assert first.reason != second.reason
