"""What a city changes of who decides, within the law's bounds: it says who, never whether.

A line names one row of the table and the roles that have it from now on. The citizen's own
commands and the machine's are not a city's to give; what a regulation wants (`law`) can only be
narrowed; a second person can be asked for and never done without; and nothing that a case may wait
for is left without anybody who can do it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain

import casework.cases.acts  # noqa: F401 - they say whose wishes the commands decide on
from casework.cases.registry import WHOSE
from casework.cases.table import RELATIONS, TABLE, Row, Table
from casework.catalogue.tables import CityError, Fault, Line, listed
from schemas import names

COLUMNS = ("command", "relation", "state", "roles", "different_person")
"""`state` names any state of the row meant, and is needed only where a command has several rows for
a relation; `roles` are all who have it then; `different_person` true: not who asked for it."""
_NOT_THE_CITYS = ("own", "system")


def decided(lines: Iterable[Line], table: Table = TABLE) -> Table:
    """The table with a city's changes. Raises CityError with every fault; then nothing changes."""
    faults: list[Fault] = []
    changed: dict[Row, tuple[Row, Line]] = {}
    for line in lines:
        row = _meant(line, table)
        found = [row] if isinstance(row, Fault) else [*_faults(line, row, table)]
        if isinstance(row, Row) and row in changed:
            found.append(_twice(line, changed[row][1]))
        faults += found
        if isinstance(row, Row) and not found:
            changed[row] = _changed(row, line), line
    if faults:
        raise CityError(faults)
    return Table(tuple(changed[row][0] if row in changed else row for row in table.rows))


def _changed(row: Row, line: Line) -> Row:
    roles = listed(line.cells.get("roles", ""))
    return replace(
        row,
        roles=frozenset(role for role in names.ROLES if role in roles),
        different_person=row.different_person or line.cells.get("different_person") == "true",
    )


# -- which row is meant ----------------------------------------------------------------------


def _meant(line: Line, table: Table) -> Row | Fault:
    command, relation = line.cells.get("command", ""), line.cells.get("relation", "")
    state = line.cells.get("state", "")
    if command not in table.commands:
        return line.fault(
            f"没有命令“{command}”，命令见 decisions.md。",
            f"There is no command “{command}”; decisions.md lists them.",
        )
    if relation in _NOT_THE_CITYS:
        return line.fault(
            "诉求人自己的权利和系统的动作不由城市调整，请删去这一行。",
            "What is the citizen's own, or the machine's, is not a city's to give; remove the line.",
        )
    rows = table.commands[command]
    mine = [row for row in rows if row.relation == relation]
    if not mine:
        known = _list({row.relation for row in rows}.difference(_NOT_THE_CITYS), RELATIONS)
        return line.fault(
            f"{command} 的 relation 不能是“{relation}”，只能是：{known}。",
            f"{command} has no relation “{relation}”; it has: {known}.",
        )
    if not state and len(mine) > 1:
        each = " | ".join(_list(row.states, names.STATES) for row in mine)
        return line.fault(
            f"{command} 在不同状态下由不同的人决定，请在 state 里写明其一：{each}。",
            f"Who may {command} differs by state; name one in `state`: {each}.",
        )
    here = [row for row in mine if not state or state in row.states]
    if not here:
        known = _list(frozenset(chain.from_iterable(row.states for row in mine)), names.STATES)
        return line.fault(
            f"状态“{state}”下没有 {command}，只有：{known}。",
            f"There is no {command} in state “{state}”, only in: {known}.",
        )
    return here[0]


def _twice(line: Line, first: Line) -> Fault:
    return line.fault(
        f"与第 {first.number} 行是同一项，请删去一行。",
        f"Line {first.number} says it already; remove one of them.",
    )


# -- whether it may be so --------------------------------------------------------------------


def _faults(line: Line, row: Row, table: Table) -> Iterator[Fault]:
    yield from _role_faults(line, row)
    if not listed(line.cells.get("roles", "")) and row.roles and not _covered(row, table):
        yield line.fault(
            f"{row.command} 不能没有人决定，请至少留一个角色。",
            f"Somebody must be able to {row.command}; leave it at least one role.",
        )
    yield from _person_faults(line, row)


def _role_faults(line: Line, row: Row) -> Iterator[Fault]:
    for role in listed(line.cells.get("roles", "")):
        if role in row.may:
            continue
        known = _list(row.may, names.ROLES)
        if role not in names.ROLES:
            zh, en = f"没有角色“{role}”", f"There is no role “{role}”"
        elif row.law:
            zh, en = f"“{role}”超出规定（{row.law}）", f"“{role}” goes beyond the rule ({row.law})"
        else:
            zh = f"relation 为 {row.relation} 时不会是“{role}”"
            en = f"nobody is “{role}” in the relation {row.relation}"
        yield line.fault(f"{zh}，可以是：{known}。", f"{en}; it may be: {known}.")


def _person_faults(line: Line, row: Row) -> Iterator[Fault]:
    match line.cells.get("different_person", ""):
        case "":
            pass
        case "true":
            if row.command not in WHOSE:
                yield line.fault(
                    f"{row.command} 不是对他人申请的决定，different_person 请留空。",
                    f"{row.command} decides on nobody's wish; leave different_person empty.",
                )
        case "false":
            if row.different_person:
                yield line.fault(
                    "不得由申请人自己决定：different_person 不能关闭，请留空。",
                    "Nobody decides on an own wish: different_person stays on; leave it empty.",
                )
        case other:
            yield line.fault(
                f"different_person 只能写 true 或留空，不能写“{other}”。",
                f"different_person is true or empty, not “{other}”.",
            )


def _covered(row: Row, table: Table) -> bool:
    """Whether the hotline office can do it wherever the row could; it is always there."""
    return row.relation != "city" and any(
        other.relation == "city" and other.roles and row.states <= other.states
        for other in table.commands[row.command]
    )


def _list(some: Iterable[str], order: Iterable[str]) -> str:
    present = set(some)
    return ", ".join(each for each in order if each in present)
