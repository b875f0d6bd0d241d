"""The sample city's past: its cases, each at its stage, by what people did and time passed."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from casework import runtime
from casework.cases.chain import whole
from casework.cases.state import Case
from infra.local.acting import Seeded
from infra.local.city import LocalCity
from infra.local.inventory import take
from infra.local.page import FUNCTIONS
from infra.local.seed import STATES
from schemas.events import Split


def stored(one: Seeded) -> Case:
    assert one.case is not None
    head = runtime.world().service.store.head(one.case.number)
    assert head is not None
    return head.case


def parts_of(city: LocalCity) -> list[Case]:
    """The cases that were split off from one of the file's."""
    store = runtime.world().service.store
    found = []
    for one in city.seeded:
        dossier = store.dossier(stored(one).number)
        assert dossier is not None
        made = [n for _, event in dossier.events if isinstance(event, Split) for n in event.into]
        found += [head.case for number in made if (head := store.head(number))]
    return found


@pytest.mark.slow
class TestTheSeededCity:
    def test_every_case_is_at_its_stage(self, old_city: LocalCity) -> None:
        assert len(old_city.seeded) == 71
        assert {one.stage for one in old_city.seeded} == set(STATES), "one of each at the least"
        assert [one for one in old_city.seeded if one.fault] == []

        for one in old_city.seeded:
            case = stored(one)
            unclaimed = one.stage == "overdue" and case.officer is None
            assert case.state == ("ASSIGNED" if unclaimed else STATES[one.stage]), one

    def test_time_did_what_only_time_does(self, old_city: LocalCity) -> None:
        by_stage = {one.stage: stored(one) for one in old_city.seeded}

        assert by_stage["overdue"].level > 0
        assert by_stage["overdue"].clocks["resolve"].late
        journal = runtime.world().service.store.journal(by_stage["closed_unrated"].number)
        assert journal[-1].actor.role == "system"
        assert journal[-1].at < datetime.now(UTC) - timedelta(days=5)

    def test_the_whole_life_of_a_case_is_to_be_seen(self, old_city: LocalCity) -> None:
        by_stage = {one.stage: stored(one) for one in old_city.seeded}

        assert by_stage["extended"].clocks["resolve"].decided
        assert by_stage["suspended"].clocks["resolve"].paused
        assert by_stage["promised"].clocks["promise"].due > datetime.now(UTC) + timedelta(days=20)
        assert {aid.state for aid in by_stage["assisting"].aids} == {"requested", "reported_in"}
        assert [order.level for order in by_stage["ordered"].orders] == [2]
        assert [alert.kind for alert in by_stage["danger"].alerts] == ["hazard"]
        assert by_stage["following"].follows == by_stage["leading"].number
        assert by_stage["sealed"].identity == "sealed"
        assert by_stage["sealed"].unit == "chengguan", "and not the office that it is about"

    def test_each_journal_is_whole_and_none_reaches_into_the_future(
        self, old_city: LocalCity
    ) -> None:
        now = datetime.now(UTC)
        for one in old_city.seeded:
            dossier = runtime.world().service.store.dossier(stored(one).number)
            assert dossier is not None
            journal = list(dossier.journal)
            assert whole(journal)
            assert all(commit.at <= now for commit in journal)

    def test_each_is_called_as_the_service_calls_it(self, old_city: LocalCity) -> None:
        """The front page offers cases by these titles: one that is cut says so."""
        for one in old_city.seeded:
            dossier = runtime.world().service.store.dossier(stored(one).number)
            assert dossier is not None
            assert one.title == dossier.body.title
        assert any(one.title.endswith("…") for one in old_city.seeded)

    def test_the_clock_is_the_real_one_afterwards(self, old_city: LocalCity) -> None:
        assert abs(old_city.stack.now() - datetime.now(UTC)) < timedelta(seconds=2)

    def test_nothing_ended_in_a_dead_letter_queue(self, old_city: LocalCity) -> None:
        dead = [queue for queue in take(old_city.stack).queues if queue.dead_letters]

        assert len(dead) > 5
        assert [queue for queue in dead if queue.waiting] == []

    def test_the_inventory_counts_what_the_table_holds(self, old_city: LocalCity) -> None:
        found = take(old_city.stack)

        of_the_file = Counter(stored(one).state for one in old_city.seeded)
        parts = Counter(case.state for case in parts_of(old_city))
        assert parts.total() == 2
        assert found.states == of_the_file + parts
        assert {table.name: table.stream for table in found.tables} == {
            "CasesTable": True,
            "SettingsTable": False,
        }
        assert set(found.functions) == set(FUNCTIONS)

    def test_the_front_page_offers_cases_that_can_be_opened(self, old_city: LocalCity) -> None:
        page = old_city.front()

        for sample in old_city.samples():
            assert sample.code in page
            answer = old_city.stack.request(
                "GET", f"/v1/cases/{sample.number}", {"Access-Code": sample.code}
            )
            assert answer.status == 200, answer.text
        assert len(old_city.samples()) >= 5

    def test_the_front_page_needs_nothing_from_elsewhere(self, old_city: LocalCity) -> None:
        page = old_city.front()

        assert "<script" not in page
        loaded = re.findall(r"""(?:src|href|url)\s*[=(]\s*["']?([^"')\s>]+)""", page)
        assert [one for one in loaded if not one.startswith(("/", "data:"))] == []
