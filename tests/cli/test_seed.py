"""The sample city's past: sixty cases, each at its stage, by what people did and time passed."""

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


def stored(one: Seeded) -> Case:
    assert one.case is not None
    head = runtime.world().service.store.head(one.case.number)
    assert head is not None
    return head.case


@pytest.mark.slow
class TestTheSeededCity:
    def test_every_case_is_at_its_stage(self, old_city: LocalCity) -> None:
        assert len(old_city.seeded) == 60
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

        assert found.states == Counter(stored(one).state for one in old_city.seeded)
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
