"""Citizens' messages with the department's answers, as a public board keeps them, from a CSV file."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from infra.cli.tables import read_sheet
from schemas.base import TEXT_LIMIT, TITLE_LIMIT, clean

COLUMNS = ("id", "user", "title", "body", "reply")
"""Further columns (the board's times) may be there: filing and reply happen now."""


@dataclass(frozen=True)
class Message:
    """What a citizen wrote and what the department answered, within the service's limits."""

    id: str
    user: str
    title: str
    text: str
    reply: str


def read_messages(path: Path, limit: int | None) -> tuple[list[Message], Counter[str]]:
    """The first `limit` messages, and how many were shortened or passed over, by what.

    Raises Stop for a file that is not there, cannot be read or has other columns.
    """
    counted: Counter[str] = Counter()
    messages: dict[str, Message] = {}
    for row in read_sheet(path, COLUMNS).rows:
        if limit is not None and len(messages) == limit:
            break
        message = _message(row.cells, counted)
        if message is not None and message.id in messages:
            counted["repeated"] += 1
        elif message is not None:
            messages[message.id] = message
    return list(messages.values()), counted


def _message(row: dict[str, str], counted: Counter[str]) -> Message | None:
    """The row as a message; None, and counted, if there is nothing to file or to answer."""
    cells = {name: str(clean(row[name])) for name in COLUMNS}
    for name in ("id", "body", "reply"):
        if not cells[name]:
            counted[f"no_{name}"] += 1
            return None
    title, text, reply = cells["title"], cells["body"], cells["reply"]
    if len(title) > TITLE_LIMIT:
        counted["title"] += 1
        title = title[: TITLE_LIMIT - 1] + "…"
    if len(text) > TEXT_LIMIT:
        counted["body"] += 1
    if len(reply) > TEXT_LIMIT:
        counted["reply"] += 1
    user = cells["user"] or "anonymous"
    return Message(cells["id"], user, title, text[:TEXT_LIMIT], reply[:TEXT_LIMIT])
