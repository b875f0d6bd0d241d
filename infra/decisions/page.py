"""The page that says who decides what and where it leads, in one language, as Markdown."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from casework.cases.table import ANY, OPEN, TAKES, Row, Table
from casework.views.names import command_name, role_name, state_name
from casework.words import Language, pick
from infra.decisions.diagrams import PHASES, converging, flowchart, overview
from infra.decisions.explore import Found
from infra.decisions.words import HEADINGS, LAWS, RELATION_NAMES, RELATIONS, SAID, TOPICS
from schemas import commands as c
from schemas import names
from schemas.names import State

FEW = 5
"""All open states but so few are said by those that are left out."""


def page(table: Table, found: Found, language: Language) -> str:
    """The whole page."""
    return "\n".join(
        (
            f"# {_say('title', language)}",
            "",
            _say("intro", language),
            "",
            *_states(found, language),
            *_deciders(table, language),
        )
    )


def _say(key: str, language: Language) -> str:
    return pick(SAID[key], language)


# -- the states ------------------------------------------------------------------------------


def _states(found: Found, language: Language) -> Iterator[str]:
    yield from (f"## {_say('states', language)}", "", _say("states intro", language), "")
    yield from (f"### {_say('overview', language)}", "")
    yield from ("```mermaid", overview(found, language), "```", "")
    for phase in PHASES:
        yield from (f"### {pick((phase.zh, phase.en), language)}", "")
        yield from ("```mermaid", flowchart(phase, found, language), "```", "")
    yield from (f"### {_say('converging', language)}", "")
    yield from _rows("converging", language)
    for (command, target), sources in converging(found).items():
        yield _row(_command(command, language), _list(sources, language), _state(target, language))
    yield from ("", f"### {_say('moves', language)}", "")
    yield from _rows("moves", language)
    for state in names.STATES:
        leads: dict[str, list[State]] = {}
        for target in names.STATES:
            for command in found.moves.get((state, target), ()):
                leads.setdefault(command, []).append(target)
        yield _row(
            f"{_state(state, language)}<br>`{state}`",
            "<br>".join(
                f"{_command(command, language)} → {_list(targets, language)}"
                for command, targets in leads.items()
            ),
        )
    yield ""


# -- who decides -----------------------------------------------------------------------------


def _deciders(table: Table, language: Language) -> Iterator[str]:
    yield from (f"## {_say('deciders', language)}", "", _say("deciders intro", language), "")
    for relation, meaning in RELATIONS.items():
        name, roles = pick(RELATION_NAMES[relation], language), _roles(TAKES[relation], language)
        yield f"- **{name}** `{relation}`: {pick(meaning, language)} ({roles})"
    yield from ("", _say("sources", language), "")
    for topic, rows in groupby(_by_topic(table), key=lambda row: _topic(row.command)):
        yield from (f"### {pick(TOPICS[topic], language)}", "")
        yield from _rows("deciders", language)
        for _, alike in groupby(rows, key=_what):
            yield _decision(list(alike), language)
        yield ""


def _by_topic(table: Table) -> list[Row]:
    topics = list(TOPICS)
    return sorted(table.rows, key=lambda row: topics.index(_topic(row.command)))


def _topic(command: str) -> str:
    return c.COMMANDS[command].__module__.rsplit(".", 1)[-1]


def _what(row: Row) -> tuple[object, ...]:
    """All of a row but who: rows that differ in that alone are one line."""
    return (
        row.command,
        row.states,
        row.asked_by,
        row.different_person,
        row.different_unit,
        row.law,
    )


def _decision(rows: list[Row], language: Language) -> str:
    row = rows[0]
    besides = [
        _say(key, language)
        for key, so in (
            ("another person", row.different_person),
            ("another unit", row.different_unit),
        )
        if so
    ]
    return _row(
        f"{_command(row.command, language)}<br>`{row.command}`"
        if language == "zh-CN"
        else f"`{row.command}`",
        _where(row.states, language),
        "<br>".join(_who(each, language) for each in rows),
        _command(row.asked_by, language) if row.asked_by else "",
        pick(("、", ", "), language).join(besides),
        pick(LAWS.get(row.law, (row.law, row.law)), language) if row.law else "",
        "<br>".join(dict.fromkeys(_may_be(each, language) for each in rows)),
    )


_FIXED = ("own", "system")


def _who(row: Row, language: Language) -> str:
    relation = pick(RELATION_NAMES[row.relation], language)
    if row.relation in _FIXED:
        return relation
    named = _roles(row.roles, language) or _say("nobody", language)
    return f"{relation}{pick(('：', ': '), language)}{named}"


def _roles(roles: Iterable[str], language: Language) -> str:
    return _comma((role_name(role, language) for role in names.ROLES if role in roles), language)


def _may_be(row: Row, language: Language) -> str:
    """Anybody who stands in the relation; or fewer than now."""
    if row.relation in _FIXED:
        return ""
    if row.may == row.roles:
        return _say("narrowed", language)
    return pick(RELATION_NAMES[row.relation], language)


def _where(states: frozenset[State], language: Language) -> str:
    if states == ANY:
        return _say("any", language)
    without = OPEN - states
    if not without <= OPEN or len(without) > FEW:
        return _list([state for state in names.STATES if state in states], language)
    ended = [state for state in names.STATES if state in states - OPEN]
    said = _say("open", language)
    if without:
        but = _list([state for state in names.STATES if state in without], language)
        said += pick((f"，除{but}", f" but {but}"), language)
    return said + (pick(("；", "; "), language) + _list(ended, language) if ended else "")


# -- words and tables ------------------------------------------------------------------------


def _command(command: str, language: Language) -> str:
    return f"`{command}`" if language == "en" else command_name(command, language)


def _state(state: State, language: Language) -> str:
    return state_name(state, language)


def _list(states: Iterable[State], language: Language) -> str:
    return _comma((_state(state, language).replace("，", "") for state in states), language)


def _comma(parts: Iterable[str], language: Language) -> str:
    return pick(("、", ", "), language).join(parts)


def _rows(table: str, language: Language) -> Iterator[str]:
    headings = [pick(heading, language) for heading in HEADINGS[table]]
    yield _row(*headings)
    yield _row(*("---" for _ in headings))


def _row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"
