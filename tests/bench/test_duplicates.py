"""The measure of looking for duplicates measures what it says."""

from __future__ import annotations

import json

import pytest

from infra.bench import duplicates


def test_made_messages_are_the_same_each_time_and_one_in_ten_is_a_copy() -> None:
    rows, copies = duplicates.made(300, seed=7)

    assert (rows, copies) == duplicates.made(300, seed=7)
    assert len(rows) == 300
    assert len(copies) == 29
    bodies = {row.id: row.body for row in rows}
    changed = sum(bodies[a] != bodies[b] for a, b in copies)
    assert changed >= 0.9 * len(copies), "a copy is near, and hardly ever the same"


def test_copies_are_found_and_a_filing_costs_one_read_and_one_write_a_band() -> None:
    measured = duplicates.measure(1_500)

    assert measured.copies_found >= 0.95
    assert measured.kept
    assert (measured.read_units, measured.write_units) == (6.0, 12)
    assert measured.signed > 0
    assert measured.looked_up > 0


def test_the_figures_are_printed_and_judged(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert duplicates.main(json=True, messages=1_000) == 0
    assert json.loads(capsys.readouterr().out)["messages"] == 1_000

    monkeypatch.setattr(duplicates, "LEAST_FOUND", 1.01)
    assert duplicates.main(messages=1_000) == 1
    assert "✗" in capsys.readouterr().out
