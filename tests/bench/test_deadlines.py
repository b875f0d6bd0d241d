"""The sweep's figures: real ticks, real units, and a sum on paper that follows from them."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from casework.store.table import ALARM, Taken
from infra.bench import deadlines
from infra.bench.deadline_units import acts, asking, idle
from infra.bench.deadlines import BACKLOG, Drained, Figures, Flat, drain, flatness
from infra.bench.metered import MeteredTable
from infra.bench.model import Measured, scales
from infra.bench.open_cases import MINUTE, OpenCases


@pytest.fixture(scope="module")
def figures() -> Figures:
    flat = [Flat(1_000, 864, 320.0), Flat(10_000, 864, 330.0)]
    return Figures(flat, Drained(1_000, 0.5), acts(), {n: idle(n) for n in (16, 256)}, asking())


def test_cases_come_due_so_many_a_minute_and_the_rest_later() -> None:
    town = OpenCases(count=100, due=12, minutes=3, shards=4)

    def due(minute: int) -> int:
        at = town.due_at + minute * MINUTE
        return sum(len(town.service.store.due(shard, at, 99)) for shard in range(4))

    assert [due(minute) for minute in (-1, 0, 1, 2, 3, 1000)] == [0, 12, 24, 36, 36, 36]


def test_what_a_due_case_costs_does_not_grow_with_those_that_are_open() -> None:
    """As the bench measures it, over a tenfold, with room for a busy machine."""
    small, large = flatness((1_000, 10_000))

    assert (small.due, large.due) == (864, 864)
    assert large.microseconds < 1.5 * small.microseconds


def test_a_backlog_is_drained_to_the_last_case() -> None:
    drained = drain(400, now=iter((10.0, 12.0)).__next__)

    assert (drained.due, drained.rate) == (400, 200)


def test_a_changed_deadline_moves_the_alarm_index_by_two_units(figures: Figures) -> None:
    assert figures.act("tick").alarm == 2
    assert sorted(figures.act("tick").puts) == ["COMMIT", "HEAD"]


def test_a_cancelled_deadline_writes_nothing_of_its_own(figures: Figures) -> None:
    assert figures.act("claim").alarm == 0, "another clock comes as early"
    assert figures.act("contact").alarm == 2, "the alarm moves to the next clock"
    assert figures.act("end").alarm == 1, "the alarm goes"
    assert [len(figures.act(name).puts) for name in ("claim", "contact", "end")] == [2, 2, 2]


def test_an_entry_that_the_index_shows_too_long_costs_a_read(figures: Figures) -> None:
    stale = figures.act("stale")
    assert (stale.read, stale.written) == (1, 0)


@pytest.mark.parametrize(("shards", "units"), [(1, 0.5), (16, 8), (256, 128)])
def test_a_shard_with_nothing_due_costs_half_a_unit(shards: int, units: float) -> None:
    assert idle(shards) == units


def test_to_see_whether_the_rules_have_changed_costs_a_unit_a_minute_for_all_shards() -> None:
    assert asking() == 1


def test_the_metered_table_bills_what_is_refused_too() -> None:
    table = MeteredTable()
    item = {"pk": "1", "sk": "#HEAD", "version": 1, "alarm_shard": "0", "next_due": "a"}
    table.put_new(item)
    assert (table.units.written, table.units.index) == (2, {ALARM.name: 1})
    table.take()

    with pytest.raises(Taken):
        table.put_new(item)
    with pytest.raises(Taken):
        table.put_at(item, 7)

    assert (table.units.written, table.units.index) == (2, {})


def test_figures_within_the_limits_have_no_fault(figures: Figures) -> None:
    assert figures.faults == []
    assert figures.steepness == pytest.approx(330 / 320)


def test_what_is_over_a_limit_is_named_and_fails(
    figures: Figures, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[tuple[list[int], int]] = []

    def measure(sizes: list[int], backlog: int) -> Figures:
        asked.append((sizes, backlog))
        return figures

    monkeypatch.setattr(deadlines, "measure", measure)
    assert deadlines.main(json=True, model=True, largest=10_000) == 0
    document = json.loads(capsys.readouterr().out)
    assert asked == [([1_000, 10_000], 10_000)]
    assert document["drained"]["rate"] == 2_000
    assert [scale["name"] for scale in document["model"]] == ["城市 city", "全国 country"]

    figures = replace(figures, flat=[*figures.flat, Flat(100_000, 864, 500.0)])
    assert deadlines.main(model=True) == 1
    printed = capsys.readouterr()
    assert "flat within 10 %: 1.562" in printed.err
    assert "全国 country" in printed.out
    assert asked[-1] == ([1_000, 10_000, 100_000, 1_000_000], BACKLOG)


# -- on paper ----------------------------------------------------------------------------------

TICK = Measured(cpu_ms=0.5, write_units=5, read_units=1, idle_read_units=0.5)


def test_both_years_drain_a_long_outage_within_a_quarter_of_an_hour() -> None:
    for scale in scales(TICK):
        assert scale.value("drained after") <= 15
        assert scale.value("fewest shards for 15 min") <= scale.shards


def test_a_slower_tick_takes_longer_to_drain_and_needs_more_shards() -> None:
    for fast, slow in zip(scales(TICK), scales(replace(TICK, cpu_ms=20)), strict=True):
        for title in ("drained after", "fewest shards for 15 min", "a tick in Lambda"):
            assert fast.value(title) < slow.value(title)


def test_spreading_takes_the_storm_down_to_what_the_shards_can_do() -> None:
    for scale in scales(TICK):
        unspread = scale.value("storm at the close of a working day, unspread")
        spread = scale.value("the same, spread")
        assert spread < scale.value("ticks of all shards") < unspread


def test_a_line_shows_the_sum_that_it_is() -> None:
    city, _ = scales(TICK)
    (line,) = (one for one in city.lines if one.title == "ticks: DynamoDB")
    assert line.sum == "60,000,000 × (5 WU × 0.625 + 1 RU × 0.125) / million"
    assert line.value == pytest.approx(60 * (5 * 0.625 + 0.125))
