"""What each command asks for and makes happen, and what each event changes, topic by topic.

A topic holds the guards, the handlers and the steps of its commands and events; importing this
package fills `casework.cases.registry` with them all.
"""

from casework.cases.acts import (
    alerts,
    assistance,
    board,
    clockwork,
    dispatching,
    ends,
    levels,
    orders,
    pausing,
    promises,
    relations,
    replying,
    returning,
    review,
    subjects,
    talk,
)

__all__ = [
    "alerts",
    "assistance",
    "board",
    "clockwork",
    "dispatching",
    "ends",
    "levels",
    "orders",
    "pausing",
    "promises",
    "relations",
    "replying",
    "returning",
    "review",
    "subjects",
    "talk",
]
