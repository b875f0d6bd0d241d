"""Levels and arbitration as people are shown them: the desk all of it, the citizen who has the case."""

from __future__ import annotations

from itertools import count

import pytest

from casework.outcomes import Request
from casework.views.cases import citizen_case, desk_case
from casework.words import Language
from schemas import commands as c
from schemas.names import Kind
from schemas.views import CitizenCase, DeskCase
from tests.support.stories import (
    AT_DISTRICT,
    AT_RIVAL,
    AT_STREET,
    DELEGATE,
    DELEGATED,
    DESIGNATE,
    DISPATCHER,
    DISPUTED,
    POSITION,
    RIVAL,
    TO_DISTRICT,
    UNIT,
    UNSURE,
    Step,
    file,
)
from tests.support.world import CITIZEN, MemoryWorld

RIVAL_POSITION: Step = (c.StatePosition(text="线路完好，是灯具坏了。"), AT_RIVAL)
ASKED_BACK: Step = (c.Return(reason="not_our_duty", text="街道管不了路灯。"), AT_STREET)
UP: Step = (c.DecideReturn(approve=True, text="区里来办。"), AT_DISTRICT)
RECALL: Step = (c.Recall(text="街道人手不够。"), AT_DISTRICT)
INSIDE = ("职责", "各管", "线路", "牵头", "现场核实", "街道", "区里")
"""Of the texts above, what units said among themselves."""


def told(*steps: Step, kind: Kind = "complaint") -> tuple[MemoryWorld, str]:
    world = MemoryWorld()
    number = file(world.service, kind=kind).number
    for (command, by), place in zip(steps, count(), strict=False):
        world.now.advance(minutes=1)
        world.service.change(number, command, Request(by, str(place)))
    return world, number


def desk(world: MemoryWorld, number: str, language: Language = "zh-CN") -> DeskCase:
    dossier = world.service.store.dossier(number)
    assert dossier is not None
    return desk_case(dossier, {}, DISPATCHER, world.rules, language, world.now())


def citizen(world: MemoryWorld, number: str, language: Language = "zh-CN") -> CitizenCase:
    dossier = world.service.store.dossier(number)
    assert dossier is not None
    return citizen_case(dossier, CITIZEN, world.rules, language, world.now())


def said(case: CitizenCase) -> list[str]:
    return [entry.words for entry in case.timeline]


def test_the_desk_sees_level_by_level_who_has_the_case() -> None:
    seen = desk(*told(*DELEGATED))

    assert [unit.name for unit in seen.chain] == ["汀南区人民政府", "听雨街道办事处"]
    assert seen.department == seen.chain[-1]
    assert [unit.code for unit in desk(*told(*DELEGATED, RECALL)).chain] == ["tingnan"]


def test_the_desk_sees_to_whom_a_dispatch_was_copied() -> None:
    straight: Step = (c.Dispatch(unit="tingyu", category="0205"), DISPATCHER)

    [copied] = desk(*told(UNSURE, straight), "en").copies

    assert (copied.code, copied.name) == ("tingnan", "Tingnan District People's Government")
    assert desk(*told(UNSURE, TO_DISTRICT)).copies == []


def test_the_desk_sees_whom_an_arbitration_hears_and_who_has_been_heard() -> None:
    seen = desk(*told(*DISPUTED, POSITION))

    assert [unit.name for unit in seen.parties] == ["城管局", "供电公司"]
    assert [unit.name for unit in seen.heard] == ["城管局"]
    assert not seen.binding
    assert desk(*told(*DISPUTED, POSITION, DESIGNATE)).binding


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "zh-CN",
            [
                *("提请会商（责任有争议）：城管局、供电公司", "城管局陈述了意见"),
                *("供电公司陈述了意见", "指定城管局承办（路灯照明）"),
            ],
        ),
        (
            "en",
            [
                "To arbitration (responsibility is disputed): Urban Management Bureau, "
                "Power Supply Company",
                *("Urban Management Bureau stated its position",),
                *("Power Supply Company stated its position",),
                "Urban Management Bureau designated (Street lighting)",
            ],
        ),
    ],
)
def test_the_desk_reads_the_whole_arbitration_with_what_was_said(
    language: Language, expected: list[str]
) -> None:
    seen = desk(*told(*DISPUTED, POSITION, RIVAL_POSITION, DESIGNATE), language)

    assert said(seen)[-4:] == expected
    assert [entry.text for entry in seen.timeline[-4:]] == [
        *("灯杆与线路各管一半。", "故障在供电线路上。"),
        *("线路完好，是灯具坏了。", "由城管局牵头。"),
    ]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh-CN", ["诉求已提交", "已受理", "已交城管局办理（路灯照明）"]),
        (
            "en",
            ["Request filed", "Accepted", "Given to Urban Management Bureau (Street lighting)"],
        ),
    ],
)
def test_the_citizen_reads_who_has_the_case_and_nothing_of_the_dispute(
    language: Language, expected: list[str]
) -> None:
    seen = citizen(*told(*DISPUTED, POSITION, RIVAL_POSITION, DESIGNATE), language)

    assert said(seen) == expected
    assert seen.department is not None
    assert seen.department.code == UNIT
    assert not [word for word in INSIDE if word in seen.model_dump_json(exclude={"text"})]
    assert RIVAL not in seen.model_dump_json()


@pytest.mark.parametrize("after", [(RECALL,), (ASKED_BACK, UP), (ASKED_BACK, RECALL)])
def test_the_citizen_reads_that_a_district_gave_it_on_and_none_of_their_talk(
    after: tuple[Step, ...],
) -> None:
    world, number = told(UNSURE, TO_DISTRICT, DELEGATE)
    assert said(citizen(world, number))[-1] == "已交听雨街道办事处具体办理"
    assert said(citizen(world, number, "en"))[-1] == "Given on to Tingyu Subdistrict Office"

    world, number = told(UNSURE, TO_DISTRICT, DELEGATE, *after)

    seen = citizen(world, number)
    assert seen.department is not None
    assert seen.department.code == "tingnan"
    assert [entry.text for entry in seen.timeline if entry.text] == []
    assert len([entry for entry in desk(world, number).timeline if entry.text]) == 1 + len(after)


def test_a_levels_working_ends_where_its_time_does() -> None:
    """Three working days of the citizen's leave no five to a level below."""
    world, number = told(*DELEGATED, kind="enquiry")
    shown = {deadline.clock: deadline for deadline in desk(world, number).deadlines}
    level, promise = shown["level"], shown["resolve"]

    assert level.due_at == promise.due_at
    assert level.working.counted == promise.working.counted
    assert level.working.skipped == promise.working.skipped


def test_nobody_but_the_desk_is_told_of_a_levels_time() -> None:
    world, number = told(*DELEGATED, (c.Claim(), AT_STREET))

    assert "level" in {deadline.clock for deadline in desk(world, number).deadlines}
    assert {deadline.clock for deadline in citizen(world, number).deadlines} == {"resolve"}
