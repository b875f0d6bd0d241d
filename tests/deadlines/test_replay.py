"""Real cases replayed: what was in time, what late, and no reminder missed nor sent twice, however the
sweep came round. And the audit that says so would find one that is."""

from __future__ import annotations

import csv
import gzip
import json
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from casework.clock.calendar import Calendar
from infra.cli.app import app
from infra.deadlines.audit import Audit
from infra.deadlines.command import CATEGORY, UNIT, rules
from infra.deadlines.replay import Replay, Report, Sweeps, parts
from infra.deadlines.rows import Row, read
from schemas import events as e
from schemas.events import Commit

SHARED = Path(__file__).resolve().parents[3] / "shared"
BOSTON = SHARED / "data" / "boston311" / "requests_2011h2.csv.gz"
RULES = rules()
BEGIN = datetime(2011, 9, 28, 1, tzinfo=UTC)
"""A Wednesday; the National Day holiday lies in the weeks that follow."""
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
OUTAGE = (BEGIN + 2 * DAY, BEGIN + 2 * DAY + 15 * HOUR)


@cache
def cases(seed: int = 7, n: int = 60) -> tuple[Row, ...]:
    """Some of each: closed before half the time, before it is due, long after, and never."""
    chance = random.Random(seed)
    rows = []
    for line in range(2, n + 2):
        opened = BEGIN + chance.randrange(5 * 24 * 60) * MINUTE
        target = opened + chance.choice([HOUR, 9 * HOUR, 2 * DAY, 5 * DAY, 14 * DAY])
        share = chance.choice([0.2, 0.7, 0.95, 1.0, 1.3, 4.0, None])
        closed = None if share is None else opened + (target - opened) * share
        rows.append(Row(line, opened, target, closed))
    return tuple(sorted(rows, key=lambda row: (row.opened, row.line)))


def replayed(sweeps: Sweeps, rows: tuple[Row, ...] = ()) -> tuple[Replay, Report]:
    run = Replay(rows or cases(), RULES, UNIT, CATEGORY, sweeps)
    return run, run.run()


# -- what was in time ----------------------------------------------------------------------------


def test_each_case_is_in_time_or_late_as_it_really_was() -> None:
    _, report = replayed(Sweeps())
    ends = max(max(row.opened, row.closed or row.opened) for row in cases())
    closed = [row for row in cases() if row.closed is not None]
    in_time = {row.line for row in closed if row.closed and row.closed < row.target}
    assert report.cases == len(cases()) == 60
    assert report.on_time_lines == in_time
    assert (report.closed_on_time, report.closed_late) == (
        len(in_time),
        len(closed) - len(in_time),
    )
    still = [row for row in cases() if row.closed is None]
    assert report.open_overdue == sum(row.target <= ends for row in still)
    assert report.open_overdue + report.open_in_time == len(still)
    assert min(report.closed_on_time, report.closed_late, report.open_overdue) > 0


@pytest.mark.parametrize(
    ("closed", "in_time"), [(-timedelta(seconds=1), 1), (timedelta(0), 0), (MINUTE, 0)]
)
def test_what_is_closed_at_its_due_time_is_late(closed: timedelta, in_time: int) -> None:
    """The hour it is due is no longer within it, as everywhere."""
    row = Row(2, BEGIN, BEGIN + DAY, BEGIN + DAY + closed)
    _, report = replayed(Sweeps(), (row,))
    assert (report.closed_on_time, report.closed_late) == (in_time, 1 - in_time)


def test_a_date_decades_ahead_is_in_time_all_the_while() -> None:
    far = Row(2, BEGIN, datetime(2059, 12, 31, tzinfo=UTC), None)
    later = Row(3, BEGIN + 400 * DAY, BEGIN + 401 * DAY, BEGIN + 402 * DAY)
    _, report = replayed(Sweeps(), (far, later))
    assert (report.open_in_time, report.closed_late) == (1, 1)
    assert report.missed == report.doubled == 0


# -- none missed, none twice ---------------------------------------------------------------------

ROUNDS = {
    "every minute": Sweeps(MINUTE),
    "every hour": Sweeps(HOUR),
    "every seven minutes": Sweeps(7 * MINUTE),
    "not for fifteen hours": Sweeps(MINUTE, OUTAGE),
    "not for fifteen hours, and then by the hour": Sweeps(HOUR, OUTAGE),
}


@pytest.mark.parametrize("shuffled", [None, 1, 2], ids=["in order", "shuffled", "otherwise"])
@pytest.mark.parametrize("sweeps", ROUNDS.values(), ids=ROUNDS.keys())
def test_no_reminder_is_missed_and_none_comes_twice(sweeps: Sweeps, shuffled: int | None) -> None:
    disorder = None if shuffled is None else random.Random(shuffled)
    _, report = replayed(replace(sweeps, disorder=disorder))
    assert (report.missed, report.doubled) == (0, 0)
    assert all(report.reminders.values()), "of every level there is something to miss"


def test_however_the_sweep_comes_round_what_stays_late_has_had_every_level() -> None:
    """The outage delays what is told, and changes nothing of what is."""
    never = tuple(replace(row, closed=None) for row in cases()[:20])
    last = Row(999, BEGIN + 60 * DAY, BEGIN + 90 * DAY, None)
    counts = [
        replayed(sweeps, (*never, last))[1].reminders
        for sweeps in (Sweeps(MINUTE, OUTAGE), Sweeps(HOUR, OUTAGE), Sweeps(DAY))
    ]
    assert counts[0] == {0: 2 * len(never), 1: len(never), 2: len(never), 3: len(never)}
    assert all(count == counts[0] for count in counts)


def test_cases_dealt_out_over_runs_are_the_same_cases() -> None:
    whole = replayed(Sweeps(HOUR))[1]
    dealt = [replayed(Sweeps(HOUR), tuple(part))[1] for part in parts(cases(), 3)]
    together = dealt[0].and_(dealt[1]).and_(dealt[2])
    assert together.on_time_lines == whole.on_time_lines
    assert (together.cases, together.missed, together.doubled) == (60, 0, 0)
    assert together.closed_late == whole.closed_late


# -- the audit would find it ---------------------------------------------------------------------


@cache
def run() -> Replay:
    return replayed(Sweeps())[0]


def with_reminders() -> list[int]:
    """The cases that were reminded of."""
    return [i for i in range(len(cases())) if any(_reminders(run().journal(i)[1]))]


def _reminders(journal: tuple[Commit, ...]) -> list[tuple[int, e.Reminded]]:
    """(place in the journal, event) of every one that told anybody anything."""
    return [
        (place, event)
        for place, commit in enumerate(journal)
        for event in commit.events
        if isinstance(event, e.Reminded) and event.rungs
    ]


def _without(commit: Commit, event: e.Event) -> Commit:
    kept = tuple(one for one in commit.events if one is not event)
    return commit.model_copy(update={"events": kept})


def _again(commit: Commit, event: e.Event) -> Commit:
    twice = (one for each in commit.events for one in ((each, each) if each is event else (each,)))
    return commit.model_copy(update={"events": tuple(twice)})


def audited(number: str, journal: tuple[Commit, ...]) -> tuple[int, int]:
    found = Audit(RULES, run().swept).of(number, journal)
    return found.missed, found.doubled


def test_a_journal_as_it_is_has_no_fault() -> None:
    assert len(with_reminders()) > 30
    for i in with_reminders():
        assert audited(*run().journal(i)) == (0, 0)


def test_a_reminder_that_is_taken_out_is_missed() -> None:
    """Every single one of every case, in turn."""
    for i in with_reminders():
        number, journal = run().journal(i)
        for place, event in _reminders(journal):
            less = (*journal[:place], _without(journal[place], event), *journal[place + 1 :])
            assert audited(number, less) == (len(event.rungs), 0)


def test_a_reminder_that_comes_again_is_doubled() -> None:
    for i in with_reminders():
        number, journal = run().journal(i)
        for place, event in _reminders(journal):
            more = (*journal[:place], _again(journal[place], event), *journal[place + 1 :])
            assert audited(number, more) == (0, len(event.rungs))


def test_a_sweep_that_forgets_a_case_is_found_out() -> None:
    """The last resort: the machine itself leaves reminders out, before commands too."""
    forgetful = Replay(cases(), RULES, UNIT, CATEGORY, Sweeps())
    tick = forgetful._service.tick
    forgetful._service._ticked = lambda head, now: head  # type: ignore[method-assign]
    lost = sorted(with_reminders())[:5]

    def ticked(number: str) -> Any:
        forgotten = number in {forgetful._numbers.get(i) for i in lost}
        return tick(number) if not forgotten or forgetful._now > BEGIN + 40 * DAY else None

    forgetful._service.tick = ticked  # type: ignore[method-assign]
    forgetful._next_sweep = _by_the_hour(forgetful)  # type: ignore[method-assign]
    assert forgetful.run().missed > 0


def _by_the_hour(run: Replay) -> Any:
    """Rounds that come whether or not something is due, so that what nobody ticks holds nothing up."""

    def after() -> datetime:
        return (run.swept[-1] if run.swept else BEGIN) + HOUR

    return after


def test_what_came_while_the_sweep_was_away_is_there_before_the_reply_that_ends_it() -> None:
    """Due and replied to within one outage: the reply's own look found it, and the audit asks for it."""
    row = Row(2, OUTAGE[0] - DAY, OUTAGE[0] + 5 * HOUR, OUTAGE[1] - HOUR)
    run, report = replayed(Sweeps(MINUTE, OUTAGE), (row,))
    assert (report.missed, report.doubled, report.closed_late) == (0, 0, 1)
    assert report.reminders[1] == 1
    number, journal = run.journal(0)
    for place, event in _reminders(journal):
        less = (*journal[:place], _without(journal[place], event), *journal[place + 1 :])
        assert Audit(RULES, run.swept).of(number, less).missed == len(event.rungs)
    careless = Replay((row,), RULES, UNIT, CATEGORY, Sweeps(MINUTE, OUTAGE))
    careless._service._ticked = lambda head, now: head  # type: ignore[method-assign]
    assert careless.run().missed > 0


# -- the command ---------------------------------------------------------------------------------


def lianxin(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["deadlines", "replay", *arguments])


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Two usable rows, and one that is due before it was opened."""
    file = tmp_path / "small.csv"
    with file.open("w", newline="") as out:
        lines = csv.writer(out)
        lines.writerow(["open_dt", "target_dt", "closed_dt"])
        lines.writerow(["2011-10-10 09:00", "2011-10-12 09:00", "2011-10-11 09:00"])
        lines.writerow(["2011-10-10 09:00", "2011-10-12 09:00", "2011-10-14 09:00"])
        lines.writerow(["2011-10-10 09:00", "2011-10-09 09:00", "2011-10-14 09:00"])
    return file


def test_the_command_prints_what_the_issue_asks_for(small: Path) -> None:
    said = lianxin(str(small), "--interval", "60", "--json")
    assert said.exit_code == 0, said.output
    (line,) = [line for line in said.output.splitlines() if line.startswith("{")]
    assert json.loads(line) == {
        "cases": 2,
        "closed_on_time": 1,
        "closed_late": 1,
        "open_overdue": 0,
        "open_in_time": 0,
        # half time of one, 80 % too of the other, and its yellow card
        "reminders": {"0": 2, "1": 1, "2": 0, "3": 0},
        "missed": 0,
        "doubled": 0,
        "unusable": [{"line": 4, "reason": "it is due before it was opened"}],
    }


def test_and_says_it_in_both_languages(small: Path) -> None:
    said = lianxin(
        *(str(small), "--limit", "1", "--shuffle", "3"),
        *("--outage", "2011-10-10T08:00+08:00", "2011-10-10T23:00+08:00"),
    )
    assert said.exit_code == 0, said.output
    for words in ("重放 1 件", "1 cases replayed", "按期办结 closed on time: 1", "漏掉 missed: 0"):
        assert words in said.output
    assert "应办结时间不晚于受理时间 it is due before it was opened: 1（行 lines 4）" in said.output


@pytest.mark.parametrize(
    "outage",
    [
        ("2011-10-10T08:00", "2011-10-10T23:00"),
        ("2011-10-10T23:00+08:00", "2011-10-10T08:00+08:00"),
        ("morning", "night"),
    ],
    ids=["no zone", "ends before it begins", "no times"],
)
def test_an_outage_that_is_none_is_refused(small: Path, outage: tuple[str, str]) -> None:
    refused = lianxin(str(small), "--outage", *outage)
    assert refused.exit_code != 0
    assert "--outage" in str(refused.exception) or "zone" in str(refused.exception)


def test_a_file_of_which_nothing_can_be_used_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "none.csv"
    file.write_text("open_dt,target_dt,closed_dt\n2011-10-10 09:00,,\n")
    refused = lianxin(str(file))
    assert "No row can be used" in str(refused.exception)


# -- twenty thousand real ones -------------------------------------------------------------------

boston = pytest.mark.skipif(not BOSTON.is_file(), reason="../shared is not there")


@boston
def test_real_cases_are_in_time_or_late_by_the_citys_own_flag() -> None:
    """Boston, the second half of 2011: `ontime` of each closed row that has a target.

    Some hundreds of the 20 000 here; `lianxin deadlines replay` takes minutes for them all.
    """
    rows, _ = read(BOSTON, Calendar.seeded())
    year = timedelta(days=365)
    some = tuple(row for row in rows[::40] if row.closed and row.closed < row.opened + year)
    assert len(some) > 300
    _, report = replayed(Sweeps(HOUR), some)
    flags = _flags()
    for row in some:
        if flags[row.line]:
            assert (flags[row.line] == "ONTIME") == (row.line in report.on_time_lines), row
    assert (report.missed, report.doubled) == (0, 0)


@boston
def test_every_closed_row_with_a_target_and_a_flag_agrees() -> None:
    """All of them: what the replay calls in time is what Boston did."""
    rows, unusable = read(BOSTON, Calendar.seeded())
    flags = _flags()
    compared = 0
    for row in rows:
        if row.closed is not None and flags[row.line]:
            compared += 1
            assert (flags[row.line] == "ONTIME") == (row.closed < row.target), row
    assert compared == 14_992
    assert len(rows) + len(unusable) == 20_000


def _flags() -> dict[int, str]:
    with gzip.open(BOSTON, "rt", encoding="utf-8-sig", newline="") as text:
        reader = csv.DictReader(text)
        return dict(_flag(reader) for _ in range(20_000))


def _flag(reader: csv.DictReader[str]) -> tuple[int, str]:
    flag = next(reader)["ontime"]
    return reader.line_num, flag
