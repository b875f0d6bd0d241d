"""Where each command and each event says what it means: the topics of `casework.cases.acts` fill it."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from casework.cases.access import At, Doers
from casework.cases.rules import Refusal
from casework.cases.state import Case
from schemas.events import Actor, Event

Guard = Callable[[At, Any], Refusal | None]
"""What the table cannot say of a command. It gets the command, or None when the question is only
whether it could be given at all."""
Handler = Callable[[At, Any], Iterable[Event]]
"""What a command makes happen, once the table and its guard have let it through."""
Change = dict[str, Any]
Step = Callable[[Case, Any, Actor, datetime], Change]
"""What an event changes of a case. Total: it never fails on what a handler gave."""
Whose = Callable[[Case, Any], Doers]
"""Who did what a command decides on; gets the command or None."""

GUARDS: dict[str, Guard] = {}
HANDLERS: dict[str, Handler] = {}
STEPS: dict[type[Event], Step] = {}
WHOSE: dict[str, Whose] = {}


def guards(*commands: str) -> Callable[[Guard], Guard]:
    def register(guard: Guard) -> Guard:
        GUARDS.update(dict.fromkeys(commands, guard))
        return guard

    return register


def handles(*commands: str) -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        HANDLERS.update(dict.fromkeys(commands, handler))
        return handler

    return register


def on(*kinds: type[Event]) -> Callable[[Step], Step]:
    def register(step: Step) -> Step:
        STEPS.update(dict.fromkeys(kinds, step))
        return step

    return register


def done_by(*commands: str) -> Callable[[Whose], Whose]:
    def register(whose: Whose) -> Whose:
        WHOSE.update(dict.fromkeys(commands, whose))
        return whose

    return register
