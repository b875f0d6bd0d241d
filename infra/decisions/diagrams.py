"""The moves of a case as Mermaid flowcharts, a phase of its life each, the usual way drawn thick."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from casework.views.names import command_name, state_name
from casework.words import Language
from infra.decisions.explore import Found
from schemas import names
from schemas.names import State

USUAL: tuple[State, ...] = ("SUBMITTED", "ASSIGNED", "HANDLING", "AWAITING_RATING", "CLOSED")
"""How most cases go."""
MANY = 4
"""What leads to one state from so many is told once, and not drawn from each of them."""


class Phase(NamedTuple):
    """Some states of a case's life, under one heading in Chinese and in English."""

    zh: str
    en: str
    states: tuple[State, ...]


PHASES = (
    Phase(
        "受理与派单",
        "Acceptance and dispatch",
        (
            *("SUBMITTED", "IN_REVIEW", "NEEDS_INFO", "ACCEPTED"),
            *("TRIAGE", "ARBITRATION", "FOLLOWING"),
        ),
    ),
    Phase(
        "承办",
        "With the unit",
        ("ASSIGNED", "HANDLING", "RETURN_ASKED", "SUSPENDED", "TERMINATION_ASKED"),
    ),
    Phase(
        "答复与评价",
        "The answer, and the citizen's judgement",
        ("REPLY_REVIEW", "PROMISED", "AWAITING_RATING", "FOLLOW_UP", "REDO"),
    ),
    Phase(
        "办结与救济",
        "Ends, and ways back",
        ("CLOSED", "DECLINED", "HANDED_OVER", "TERMINATED", "WITHDRAWN", "OBJECTED"),
    ),
)
"""Every state stands in one, and so every move is drawn once: with the state it leaves."""
_SPACED = '%%{init: {"flowchart": {"nodeSpacing": 45, "rankSpacing": 75}}}%%'
_CLASSES = (
    "classDef usual fill:#dbeafe,stroke:#1d4ed8,color:#0f172a,stroke-width:2px",
    "classDef ended fill:#e2e8f0,stroke:#475569,color:#0f172a",
    "classDef other fill:#ffffff,stroke:#64748b,color:#0f172a",
    "classDef elsewhere fill:#ffffff,stroke:#94a3b8,color:#475569,stroke-dasharray:4 3",
)
_USUAL_MOVES = frozenset(pairwise(USUAL))
Drawn = Mapping[tuple[State, State], Sequence[str]]
"""The moves of one drawing, each with its commands."""
Converging = Mapping[tuple[str, State], tuple[State, ...]]
"""(command, state it leads to): the many states that it leads there from."""


def converging(found: Found) -> Converging:
    """What is told once instead of drawn."""
    sources: dict[tuple[str, State], list[State]] = {}
    for (source, target), commands in found.moves.items():
        for command in commands:
            sources.setdefault((command, target), []).append(source)
    return {
        move: tuple(state for state in names.STATES if state in leaving)
        for move, leaving in sources.items()
        if len(leaving) >= MANY
    }


def flowchart(phase: Phase, found: Found, language: Language) -> str:
    """The moves that leave the phase's states, in Mermaid."""
    told = converging(found)
    drawn = {
        (source, target): shown
        for (source, target), commands in _in_order(found)
        if source in phase.states
        and (shown := [command for command in commands if (command, target) not in told])
    }
    present = {*phase.states, *(state for move in drawn for state in move)}
    nodes = [
        _node(state, language, _look(state) if state in phase.states else "elsewhere")
        for state in names.STATES
        if state in present
    ]
    return _mermaid(nodes, drawn, language)


def overview(found: Found, language: Language) -> str:
    """The usual way, and whence in a case's life each other state can first be reached."""
    drawn: dict[tuple[State, State], Sequence[str]] = {}
    for target in names.STATES:
        for move, commands in _in_order(found):
            if move[1] == target and (target not in USUAL or move in _USUAL_MOVES):
                drawn[move] = commands[:1]
                break
    nodes = [_node(state, language, _look(state)) for state in names.STATES]
    return _mermaid(nodes, drawn, language)


def _mermaid(nodes: list[str], drawn: Drawn, language: Language) -> str:
    return "\n".join(
        (
            _SPACED,
            "flowchart LR",
            *nodes,
            *(
                f"  {source} {'==>' if (source, target) in _USUAL_MOVES else '-->'}"
                f'|"{_label(commands, language)}"| {target}'
                for (source, target), commands in drawn.items()
            ),
            *(f"  {line}" for line in _CLASSES),
        )
    )


def _in_order(found: Found) -> Iterable[tuple[tuple[State, State], tuple[str, ...]]]:
    """The moves in the order of a case's life, so that the same drawing comes out every time."""
    order = names.STATES.index
    return sorted(found.moves.items(), key=lambda move: (order(move[0][0]), order(move[0][1])))


def _look(state: State) -> str:
    if state in USUAL:
        return "usual"
    return "ended" if state in names.ENDS else "other"


def _node(state: State, language: Language, look: str) -> str:
    return f'  {state}["{state_name(state, language)}<br/>{state}"]:::{look}'


def _label(commands: Sequence[str], language: Language) -> str:
    if language == "en":
        return "<br/>".join(commands)
    between = "<br/>" if len(commands) == 1 else " "
    return "<br/>".join(f"{command_name(one, language)}{between}{one}" for one in commands)
