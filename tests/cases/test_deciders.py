"""A city changes who decides, within the law's bounds; what goes beyond them is refused by line."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import event
from hypothesis import given as over
from hypothesis import strategies as st

from casework.cases.deciders import COLUMNS, decided
from casework.cases.rules import Rules
from casework.cases.table import TABLE, Row
from casework.catalogue.tables import CityError, Line
from schemas import commands as c
from schemas import events as e
from schemas import names
from tests.cases.telling import (
    EXTENSION_ASKED,
    HEAD,
    POLICE_HEAD,
    RULES,
    STREET_HANDLES,
    SUPERVISOR,
    given,
    on,
    staff,
    step,
)

GRANT = c.DecideExtension(approve=True)


def lines(*rows: str) -> list[Line]:
    """Rows of deciders.csv, the first on line 2."""
    return [
        Line("deciders.csv", n, dict(zip(COLUMNS, row.split(","), strict=True)))
        for n, row in enumerate(rows, 2)
    ]


def rules(*rows: str) -> Rules:
    return replace(RULES, table=decided(lines(*rows)))


def said(*rows: str) -> list[str]:
    """What is wrong with these rows."""
    with pytest.raises(CityError) as refused:
        decided(lines(*rows))
    return [str(fault) for fault in refused.value.faults]


# -- a city that leaves the extension to the unit's own head -----------------------------------

TO_THE_HEAD = "decide-extension,holder,,head,"


def test_by_itself_the_unit_does_not_decide_its_extensions() -> None:
    story = given(*EXTENSION_ASKED)

    assert "decide-extension" not in story.may(HEAD)
    story.when(GRANT, by=HEAD).refused("role")


def test_a_city_can_leave_it_to_the_head() -> None:
    story = given(*EXTENSION_ASKED, rules=rules(TO_THE_HEAD))

    assert "decide-extension" in story.may(HEAD)
    story.when(GRANT, by=HEAD).then(
        e.Extended(reason="works_under_way", until=on("2026-11-05 00:00"))
    )


def test_to_the_head_of_that_unit_and_no_other() -> None:
    story = given(*EXTENSION_ASKED, rules=rules(TO_THE_HEAD))

    story.when(GRANT, by=POLICE_HEAD).refused("not_yours")


def test_the_hotline_office_goes_on_deciding() -> None:
    given(*EXTENSION_ASKED, rules=rules(TO_THE_HEAD)).when(GRANT, by=SUPERVISOR).leaves("HANDLING")


def test_a_head_who_asks_does_not_decide_it() -> None:
    asking = e.ExtensionAsked(reason="complex", until=on("2026-11-05 00:00"))
    head = staff("head", "tang", "elm-street")
    story = given(*STREET_HANDLES, step(asking, by=head), rules=rules(TO_THE_HEAD))

    assert "decide-extension" not in story.may(head)
    story.when(GRANT, by=head).refused("same_person")


# -- other changes ---------------------------------------------------------------------------


def test_without_a_line_the_table_is_as_it_was() -> None:
    assert decided([]).rows == TABLE.rows


def test_a_line_changes_its_own_row_and_none_beside_it() -> None:
    changed = decided(lines("dispatch,city,TRIAGE,dispatcher,"))

    assert [
        (old, new) for old, new in zip(TABLE.rows, changed.rows, strict=True) if old != new
    ] == [
        (
            TABLE.commands["dispatch"][0],
            replace(TABLE.commands["dispatch"][0], roles=frozenset({"dispatcher"})),
        )
    ]


def test_what_a_rule_wants_can_be_narrowed() -> None:
    (row,) = decided(lines("decide-objection,city,,supervisor,")).commands["decide-objection"]

    assert row.roles == {"supervisor"}
    assert row.different_person
    assert row.different_unit


def test_the_level_above_can_leave_returns_to_the_hotline_office() -> None:
    changed = decided(lines("decide-return,delegator,,,"))

    assert {row.relation: bool(row.roles) for row in changed.commands["decide-return"]} == {
        "delegator": False,
        "city": True,
    }


def test_another_person_can_be_asked_for() -> None:
    reassigned = decided(lines("reclassify,city,HANDLING,dispatcher;supervisor,true"))

    assert [row.different_person for row in reassigned.commands["reclassify"]] == [
        False,
        False,
        True,
    ]


# -- what is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "zh", "en"),
    [
        ("decide,city,,supervisor,", "没有命令“decide”", "no command “decide”"),
        (",city,,supervisor,", "没有命令“”", "no command “”"),
        ("object,own,,,", "不由城市调整", "not a city's to give"),
        ("tick,system,,system,", "不由城市调整", "not a city's to give"),
        ("claim,city,,supervisor,", "只能是：holder", "it has: holder"),
        ("dispatch,city,,dispatcher,", "在 state 里写明", "name one in `state`"),
        ("dispatch,city,CLOSED,dispatcher,", "没有 dispatch", "no dispatch in state “CLOSED”"),
        ("redo,city,,boss,", "没有角色“boss”", "no role “boss”"),
        ("redo,city,,officer,", "不会是“officer”", "nobody is “officer” in the relation city"),
        ("decide-termination,city,,leader,", "超出规定（WF 21）", "beyond the rule (WF 21)"),
        ("decide-return,delegator,,integration,", "超出规定（WF 22）", "beyond the rule (WF 22)"),
        ("decide-extension,city,,,", "不能没有人决定", "Somebody must be able to"),
        ("claim,holder,,,", "不能没有人决定", "Somebody must be able to"),
        ("decide-extension,city,,supervisor,false", "不能关闭", "stays on"),
        ("redo,city,,supervisor,true", "请留空", "leave different_person empty"),
        ("redo,city,,supervisor,maybe", "只能写 true", "is true or empty"),
    ],
)  # fmt: skip
def test_what_goes_too_far_is_named_with_its_line(row: str, zh: str, en: str) -> None:
    (fault,) = said("publish,city,,moderator,", row)

    assert fault.startswith("deciders.csv:3: ")
    assert zh in fault
    assert en in fault


def test_a_row_said_twice_is_named_with_the_first() -> None:
    assert said("redo,city,,supervisor,", "redo,city,FOLLOW_UP,moderator,") == [
        "deciders.csv:3: 与第 2 行是同一项，请删去一行。 / "
        "Line 2 says it already; remove one of them."
    ]


def test_all_faults_are_told_at_once() -> None:
    faults = said("redo,city,,boss;officer,", "nothing,city,,agent,", TO_THE_HEAD)

    assert [fault.split(":")[1] for fault in faults] == ["2", "2", "3"]


# -- whatever a city writes ------------------------------------------------------------------


@st.composite
def changes(draw: st.DrawFn) -> Line:
    """A line about some row, its roles often but not always such as the row may have."""
    row = draw(st.sampled_from(TABLE.rows))
    lawful = st.sets(st.sampled_from(sorted(row.may)), min_size=1)
    roles = draw(lawful | st.sets(st.sampled_from(names.ROLES), max_size=2))
    cells = {
        "command": row.command,
        "relation": row.relation,
        "state": draw(st.sampled_from(sorted(row.states))),
        "roles": ";".join(sorted(roles)),
        "different_person": draw(st.sampled_from(("", "", "true", "false"))),
    }
    return Line("deciders.csv", 2, cells)


@over(st.lists(changes(), max_size=2))
def test_no_city_loosens_what_the_law_wants_or_leaves_a_case_to_nobody(rows: list[Line]) -> None:
    """Given any lines at all, each is refused, or the bounds hold."""
    try:
        changed = decided(rows)
    except CityError:
        event("refused")
        return
    event("in force")

    for old, new in zip(TABLE.rows, changed.rows, strict=True):
        assert replace(new, roles=old.roles, different_person=old.different_person) == old
        assert new.roles <= old.may
        assert new.different_person or not old.different_person
        if old.relation in ("own", "system"):
            assert new == old
        assert new.roles or not old.roles or _by_the_office(new, changed.commands[new.command])


def _by_the_office(row: Row, rows: tuple[Row, ...]) -> bool:
    return any(r.relation == "city" and r.roles and row.states <= r.states for r in rows)
