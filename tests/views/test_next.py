"""What may be done next is told with the address that takes it: each reader's own."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from casework.cases.access import By
from casework.outcomes import Request
from casework.views.cases import citizen_case, desk_case, done
from schemas import api
from schemas import commands as c
from tests.support.stories import AGENT, HANDLED, OFFICER, REPLIED, SUPERVISOR, file
from tests.support.world import CITIZEN, MemoryWorld


def test_the_citizens_commands_stand_at_the_routes_of_the_contract() -> None:
    routes = {
        c.name_of(route.body): route.path.rpartition("/")[2]
        for route in api.ROUTES
        if route.body is not None and route.changes
    }

    assert routes == c.CITIZEN_PATHS


@pytest.fixture(scope="module")
def answered() -> tuple[MemoryWorld, str]:
    """A case with a reply that waits to be rated."""
    world = MemoryWorld()
    number = file(world.service).number
    for step, (command, by) in enumerate(REPLIED):
        world.service.change(number, command, Request(by, str(step)))
    return world, number


def paths(answered: tuple[MemoryWorld, str], by: By, *, desk: bool) -> dict[str, str]:
    world, number = answered
    dossier = world.service.store.dossier(number)
    assert dossier is not None
    case, now = dossier.head.case, world.now()
    shown = (
        desk_case(dossier, {}, by, world.rules, "zh-CN", now)
        if desk
        else citizen_case(dossier, by, world.rules, "zh-CN", now)
    )
    # an answer to a command says the same as the page of the case
    assert shown.next == done(case, by, world.rules, "zh-CN", now, desk=desk).next
    return {one.command: one.path.replace(number, "N") for one in shown.next}


def test_the_citizen_is_sent_to_the_citizens_routes(answered: tuple[MemoryWorld, str]) -> None:
    assert paths(answered, CITIZEN, desk=False) == {
        "message": "/v1/cases/N/messages",
        "rate": "/v1/cases/N/rating",
    }


def test_an_officer_is_sent_to_the_desk(answered: tuple[MemoryWorld, str]) -> None:
    found = paths(answered, OFFICER, desk=True)

    assert found["note"] == "/v1/desk/cases/N/note"
    assert {path.startswith("/v1/desk/") for path in found.values()} == {True}


def test_an_agent_rates_for_a_citizen_where_citizens_do(
    answered: tuple[MemoryWorld, str],
) -> None:
    found = paths(answered, AGENT, desk=True)

    assert found["rate"] == "/v1/cases/N/rating"
    assert found["message"] == "/v1/desk/cases/N/message"


def test_what_is_offered_is_what_will_be_taken_where_something_is_due() -> None:
    """The review date has passed, and the sweep has not come round: it can be replied to."""
    world = MemoryWorld()
    number = file(world.service).number
    ask = c.AskSuspension(reason="season", until=date(2026, 10, 20), text="冻土不能开挖。")
    suspended = (*HANDLED, (ask, OFFICER), (c.DecideSuspension(approve=True), SUPERVISOR))
    for step, (command, by) in enumerate(suspended):
        world.service.change(number, command, Request(by, str(step)))
    assert "reply" not in paths((world, number), OFFICER, desk=True)

    world.now.now = datetime(2026, 10, 20, 17, tzinfo=UTC)

    offered = paths((world, number), OFFICER, desk=True)
    assert "reply" in offered
    assert "lift-suspension" not in offered
    reply, by = REPLIED[-1]
    world.service.change(number, reply, Request(by, "reply"))
