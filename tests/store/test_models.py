"""The city's own model: damaged ones never go in, and one that is damaged there is told and not used."""

from __future__ import annotations

import logging
import random

import pytest

from casework.routing.artefact import ModelError
from casework.store import models
from casework.store.memory import MemoryTable
from casework.store.models import MODEL, REFRESH, CurrentModel, Models
from casework.store.settings import SETTINGS
from casework.store.table import Table, Taken, Unavailable
from tests.support.faults import Moment, StepTable
from tests.support.models import model_of

LAMPS = model_of({"路灯": "0205", "井盖": "0204"})
DOGS = model_of({"路灯": "0205", "遛狗": "0208"})


def test_the_model_that_was_put_last_is_in_force(table: Table) -> None:
    assert (Models(table).version(), Models(table).read()) == (0, None)

    versions = [Models(table).put(data) for data in (LAMPS, DOGS, DOGS)]

    assert versions == [1, 2, 3]
    assert (Models(table).version(), Models(table).read()) == (3, DOGS)
    assert table.partition(SETTINGS) == [], "no function but dispatch reads it"


def test_a_model_is_forgotten_and_another_learned(table: Table) -> None:
    assert not Models(table).forget(), "there is none"
    Models(table).put(LAMPS)

    assert Models(table).forget()
    assert Models(table).read() is None
    assert not Models(table).forget()
    assert Models(table).put(LAMPS) == 3
    assert Models(table).read() == LAMPS


def test_what_cannot_be_used_does_not_go_in(table: Table) -> None:
    Models(table).put(LAMPS)

    for data in (b"nonsense", LAMPS[:-3]):
        with pytest.raises(ModelError):
            Models(table).put(data)

    assert (Models(table).version(), Models(table).read()) == (1, LAMPS)


def test_a_model_that_no_item_holds_is_refused(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "LARGEST", len(LAMPS) - 1)

    with pytest.raises(ModelError, match="fewer categories"):
        Models(table).put(LAMPS)
    assert Models(table).version() == 0


def test_the_largest_model_fits_into_an_item(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    data = random.Random(7).randbytes(models.LARGEST)
    monkeypatch.setattr(models, "load", lambda data: None)

    Models(table).put(data)

    assert Models(table).read() == data


def test_of_two_who_put_a_model_at_once_the_second_is_told_and_the_first_stays(
    table: Table,
) -> None:
    overtaken: list[str] = []

    def step(name: str, moment: Moment) -> None:
        if (name, moment) == ("put_new", "before") and not overtaken:
            overtaken.append(name)
            Models(table).put(LAMPS)

    with pytest.raises(Taken):
        Models(StepTable(table, step)).put(DOGS)

    assert Models(table).read() == LAMPS


# -- as dispatch reads it -----------------------------------------------------------------


class Counting(MemoryTable):
    """A table that counts its readings, and is away when told."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[str] = []
        self.away = False

    def partition(self, pk: str, prefix: str = "") -> list[dict[str, object]]:
        if self.away:
            raise Unavailable("away")
        self.read.append(prefix)
        return super().partition(pk, prefix)


@pytest.fixture
def own() -> Counting:
    return Counting()


@pytest.fixture
def time() -> list[float]:
    return [0.0]


@pytest.fixture
def current(own: Counting, time: list[float]) -> CurrentModel:
    return CurrentModel(Models(own), monotonic=lambda: time[0])


def labels(current: CurrentModel) -> tuple[str, ...] | None:
    model = current()
    return model.labels if model else None


def test_a_city_that_has_learned_nothing_costs_one_look_a_while(
    own: Counting, current: CurrentModel
) -> None:
    assert [labels(current), labels(current)] == [None, None]
    assert current.fault is None
    assert len(own.read) <= 2


def test_the_bytes_are_read_once_for_each_model(
    own: Counting, current: CurrentModel, time: list[float]
) -> None:
    Models(own).put(LAMPS)
    assert labels(current) == ("0204", "0205")
    read = len(own.read)
    time[0] += REFRESH
    assert labels(current) == ("0204", "0205")
    assert len(own.read) == read + 1, "one look that nothing has changed"

    Models(own).put(DOGS)
    assert labels(current) == ("0204", "0205"), "in force within five minutes"
    time[0] += REFRESH
    assert labels(current) == ("0205", "0208")
    Models(own).forget()
    time[0] += REFRESH
    assert labels(current) is None


@pytest.mark.parametrize("damage", ["other bytes", "no bytes"])
def test_a_model_that_is_damaged_there_is_told_and_the_packaged_one_counts_alone(
    own: Counting,
    current: CurrentModel,
    time: list[float],
    damage: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    Models(own).put(LAMPS)
    (item,) = own.partition(MODEL, "artefact#")
    name = str(item["sk"])
    bad = {"pk": MODEL, "sk": name, "bytes": LAMPS[:-5]}
    own.put(bad if damage == "other bytes" else {**bad, "sk": "artefact#gone"})
    if damage == "no bytes":
        own.put({"pk": MODEL, "sk": "category", "version": 2, "artefact": "artefact#lost"})

    with caplog.at_level(logging.ERROR):
        assert labels(current) is None

    assert current.fault is not None
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    Models(own).put(DOGS)
    time[0] += REFRESH
    assert labels(current) == ("0205", "0208")
    assert current.fault is None, "mended"


def test_while_the_settings_are_away_the_present_model_stays(
    own: Counting, current: CurrentModel, time: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    own.away = True
    with pytest.raises(Unavailable):
        current()
    own.away = False
    Models(own).put(LAMPS)
    assert labels(current) == ("0204", "0205"), "tried again at once"

    own.away, time[0] = True, REFRESH
    with caplog.at_level(logging.ERROR):
        assert labels(current) == ("0204", "0205")
    assert len(caplog.records) == 1
