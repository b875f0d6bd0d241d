"""What a unit did is judged outside: by nobody of its holder, nor of a unit that delegated it.

Sources: LIFECYCLE, Who decides; 济南市12345市民服务热线条例 art. 27.
"""

from __future__ import annotations

from datetime import date

import pytest

from schemas import events as e
from schemas.commands import (
    Close,
    Command,
    DecideExtension,
    DecideObjection,
    DecideReply,
    DecideSuspension,
    DecideTermination,
    Promise,
    Rate,
)
from schemas.names import Role
from tests.cases.telling import STREET_HANDLES, SUPERVISOR, YU, Steps, given, on, staff, step

_UNTIL = on("2026-11-05 00:00")
_REPLIED: Steps = (step(e.Replied(outcome="resolved"), e.Invited(), by=YU),)
_BAD = e.Rated(contacted=True, resolved="no", overall=1)
_FOLLOWED: Steps = (*_REPLIED, step(_BAD, e.FollowUpBegun(reason="unresolved")))
_SIGNED = step(e.Closed(how="explained", explanation="lawful"), by=SUPERVISOR)
JUDGED: dict[str, tuple[Steps, Role, Command]] = {
    "a reply": (
        (step(e.ReplyDrafted(outcome="resolved", text="TEXT#yu#1"), by=YU),),
        "moderator",
        DecideReply(approve=True),
    ),
    "more time": (
        (step(e.ExtensionAsked(reason="complex", until=_UNTIL), by=YU),),
        "supervisor",
        DecideExtension(approve=True),
    ),
    "a pause": (
        (step(e.SuspensionAsked(reason="season", until=_UNTIL), by=YU),),
        "supervisor",
        DecideSuspension(approve=True),
    ),
    "an early end": (
        (step(e.TerminationAsked(reason="matter_gone"), by=YU),),
        "supervisor",
        DecideTermination(approve=True, text="原址已拆除。"),
    ),
    "the citizen's judgement": (_REPLIED, "agent", Rate(contacted=True, resolved="yes", overall=5)),
    "a date agreed afterwards": (
        _FOLLOWED,
        "supervisor",
        Promise(until=date(2026, 10, 30), text="月底前完成。"),
    ),
    "a last word": (_FOLLOWED, "supervisor", Close(explanation="lawful", text="处理合规。")),
    "an objection": (
        (*_FOLLOWED, _SIGNED, step(e.Objected())),
        "moderator",
        DecideObjection(grant=False, text="理由不成立。"),
    ),
}


@pytest.mark.parametrize("unit", ["elm-street", "north"])
@pytest.mark.parametrize("what", JUDGED)
def test_nobody_of_the_holder_or_of_who_delegated_it_judges(what: str, unit: str) -> None:
    past, role, command = JUDGED[what]
    story = given(*STREET_HANDLES, *past)
    inside = staff(role, "fang", unit)
    story.when(command, by=inside).refused("own_unit")
    assert command.type not in story.may(inside)  # type: ignore[attr-defined]


@pytest.mark.parametrize("unit", [None, "gov", "roads"])
@pytest.mark.parametrize("what", JUDGED)
def test_whoever_had_no_hand_in_it_does(what: str, unit: str | None) -> None:
    past, role, command = JUDGED[what]
    story = given(*STREET_HANDLES, *past)
    assert story.when(command, by=staff(role, "fang", unit)).happened
